"""Whose turn it is: so many may be at work at once, the others wait in a fair order.

First come, first served, by person: somebody's second piece of work never goes before another's first.
"""

import logging
import threading
from collections.abc import Callable, Hashable
from operator import itemgetter
from typing import NamedTuple


class Ticket(NamedTuple):
    """Somebody's wish to work."""

    person: Hashable
    begin: Callable[["Ticket"], None]  # called when its turn has come, by whoever made room


class Turns:
    """Who is at work and who waits. All methods may be called from any thread.

    Each ticket belongs to a round, somebody's next one to the next round; who comes late joins the present one.

    Args:
        at_once: how many may be at work.
    """

    def __init__(self, at_once: int) -> None:
        self.at_once = at_once
        self._lock = threading.Lock()
        self._working: list[Ticket] = []
        self._waiting: list[tuple[int, Ticket]] = []  # with their rounds, the next one first
        self._round = 0
        self._last: dict[Hashable, int] = {}  # round of everybody's last ticket

    def ask(self, ticket: Ticket) -> None:
        """Wait for a turn; it comes at once where there is room."""
        with self._lock:
            mine = max(self._round, self._last.get(ticket.person, -1) + 1)
            self._last[ticket.person] = mine
            self._waiting.append((mine, ticket))
            self._waiting.sort(key=itemgetter(0))  # in a round they stay as they came
        self._call()

    def end(self, ticket: Ticket) -> None:
        """Work no more, or wait no more: the next one may."""
        with self._lock:
            self._working = [other for other in self._working if other is not ticket]
            self._waiting = [(its, other) for its, other in self._waiting if other is not ticket]
            if not (self._working or self._waiting):
                self._round = 0
                self._last.clear()
        self._call()

    def before(self, ticket: Ticket) -> int:
        """How many come before this one: those at work and those that wait in front of it; 0 for one at work."""
        with self._lock:
            place = next((n for n, (_, other) in enumerate(self._waiting) if other is ticket), None)
            return 0 if place is None else len(self._working) + place

    @property
    def idle(self) -> bool:
        """Whether nobody is at work or waits."""
        return not (self._working or self._waiting)

    def _call(self) -> None:
        while True:
            with self._lock:
                if len(self._working) >= self.at_once or not self._waiting:
                    return
                self._round, ticket = self._waiting.pop(0)
                self._working.append(ticket)
            try:
                ticket.begin(ticket)
            except Exception:  # a thread that can't be started must not block the queue
                logging.getLogger(__name__).exception("A turn could not begin")
                self.end(ticket)
