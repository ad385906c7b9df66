"""Bytes that the records of all trainings of a process take together, reserved before they are allocated."""

import threading
from typing import Protocol
from weakref import WeakKeyDictionary

from adamax_viz.limits import LIMITS


class Owner(Protocol):
    """Whoever has a record."""

    @property
    def looked(self) -> float:
        """When somebody last looked, on any clock that all owners share."""

    @property
    def watched(self) -> bool:
        """Whether somebody has it on the screen."""

    def let_go(self) -> bool:
        """Drop the record, unless it is at work on it; whether that was done."""


class SharedMemory:
    """Who has reserved how much. All methods may be called from any thread; what an owner has ends with it.

    Args:
        most: bytes of all together.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._taken: WeakKeyDictionary[Owner, int] = WeakKeyDictionary()

    @property
    def taken(self) -> int:
        """Bytes that are reserved."""
        return sum(self._taken.values())

    def reserve(self, owner: Owner, wanted: int) -> int:
        """Bytes for this owner in place of those it had: as many as it wants, or what there is; at least one.

        Where they don't suffice, records at rest are let go: those that nobody has on the screen until all fits, the
        others only until a coarse record does, each time the one that was longest not looked at.
        """
        with self._lock:
            self._taken.pop(owner, None)
            others = sorted(self._taken, key=lambda other: (other.watched, other.looked))
            for other in others:
                enough = min(wanted, LIMITS.coarse_bytes) if other.watched else wanted
                if self._free() >= enough:
                    break
                if other.let_go():
                    del self._taken[other]
            granted = max(1, min(wanted, self._free()))
            self._taken[owner] = granted
            return granted

    def release(self, owner: Owner) -> None:
        """Give back what this owner had."""
        with self._lock:
            self._taken.pop(owner, None)

    def _free(self) -> int:
        return self.most - self.taken
