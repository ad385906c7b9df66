"""Values made once for all who ask for the same; those that nobody asked for longest go where they take too much."""

import math
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Shelf(Generic[Value]):
    """Values by key; nobody waits for the making of another. The newest stays whatever it takes.

    Args:
        most: what all of them take at most, in the unit of `size`.
        size: what one takes.
        count: how many there are at most.
        shared: failures that whoever waits has too; after any other the next of them tries it.
    """

    def __init__(
        self,
        most: int,
        size: Callable[[Value], int],
        *,
        count: float = math.inf,
        shared: tuple[type[Exception], ...] = (),
    ) -> None:
        self._most, self._size, self._count, self._shared = most, size, count, shared
        self._lock = Lock()
        self._futures: dict[Hashable, Future[Value]] = {}  # the longest not asked for first; some under way
        self._sizes: dict[Hashable, int] = {}  # of those that are made
        self.taken = 0  # what all of them take

    def __len__(self) -> int:
        return len(self._sizes)

    def __contains__(self, key: Hashable) -> bool:
        """Whether the value of a key is there."""
        with self._lock:
            return key in self._sizes

    def is_begun(self, key: Hashable) -> bool:
        """Whether the value of a key is there, or being made."""
        with self._lock:
            return key in self._futures

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key: made earlier, by another call under way, or by this one.

        Raises:
            Exception: what `make` raises; it is tried anew when the key is next asked for.
        """
        while True:
            with self._lock:
                found = self._futures.pop(key, None)
                self._futures[key] = future = Future() if found is None else found
            if found is None:
                return self._made(key, make, future)
            error = future.exception()
            if error is None:
                return future.result()
            if isinstance(error, self._shared):
                raise error
            # It was made for somebody who has gone, perhaps.

    def clear(self) -> None:
        """Let go of all that is made; what is being made stays."""
        with self._lock:
            for key in self._sizes:
                del self._futures[key]
            self._sizes.clear()
            self.taken = 0

    def _made(self, key: Hashable, make: Callable[[], Value], future: Future[Value]) -> Value:
        try:
            value = make()
            size = self._size(value)
        except BaseException as error:
            with self._lock:
                del self._futures[key]
            future.set_exception(error)
            raise
        with self._lock:
            self._sizes[key] = size
            self.taken += size
            self._make_room(key)
        future.set_result(value)
        return value

    def _make_room(self, newest: Hashable) -> None:
        for key in [key for key in self._futures if key in self._sizes and key != newest]:
            if self.taken <= self._most and len(self._sizes) <= self._count:
                return
            del self._futures[key]
            self.taken -= self._sizes.pop(key)
