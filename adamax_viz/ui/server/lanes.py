"""Where requests compute: lanes of their own for links, short and long work, each with so many at once and waiting.

Who finds no room is told so at once. Who has gone leaves the queue, and what runs for them ends.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeVar

import anyio
from anyio import from_thread
from anyio.to_thread import run_sync
from starlette.requests import Request

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.functions import PATIENCE

Result = TypeVar("Result")


class BusyError(Exception):
    """No room: a sentence for whoever asked, who may ask again in a moment."""


class GoneError(Exception):
    """Nobody waits for the answer any more."""


class Lane:
    """Threads that so many requests may use at once, first come, first served.

    Args:
        at_once: requests that compute.
        waiting: requests that wait; one more is refused.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._limiter = anyio.CapacityLimiter(at_once)
        self._waiting = waiting
        self._scopes: set[anyio.CancelScope] = set()
        self._began: list[float] = []
        self.ended = 0  # pieces of work, so far
        self._closed = False

    async def run(self, request: Request, work: Callable[[], Result]) -> Result:
        """What the work gives, for a request whose body has been read.

        Raises:
            BusyError: too many wait already, or the server ends.
            GoneError: the client did not wait for it.
        """
        if self._closed or self._limiter.statistics().tasks_waiting >= self._waiting:
            raise BusyError("Too much is being computed here just now; please try again in a moment.")
        with anyio.CancelScope() as scope:
            self._scopes.add(scope)
            leaving = asyncio.create_task(_cancel_when_gone(request, scope))
            try:
                return await run_sync(self._timed, work, limiter=self._limiter)
            finally:
                leaving.cancel()
                self._scopes.discard(scope)
        if self._closed:
            raise BusyError("The server is about to end; please try again in a moment.")
        raise GoneError

    async def probe(self, work: Callable[[], Result]) -> Result:
        """What the work gives when its turn comes, however many wait; if time runs out meanwhile it is left alone."""
        return await run_sync(self._timed, work, limiter=self._limiter, abandon_on_cancel=True)

    def _timed(self, work: Callable[[], Result]) -> Result:
        PATIENCE.set(0)  # a route is asked again by whoever finds a formula's worker busy
        began = time.monotonic()
        self._began.append(began)
        try:
            return work()
        finally:
            self._began.remove(began)
            self.ended += 1

    @property
    def longest(self) -> float:
        """Seconds for which the oldest work has been under way."""
        now = time.monotonic()
        return now - min(self._began, default=now)

    def close(self) -> None:
        """End what runs, send away who waits and who comes."""
        self._closed = True
        for scope in self._scopes:
            scope.cancel()


async def _cancel_when_gone(request: Request, scope: anyio.CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def go_on(_: int = 0) -> None:
    """Between two pieces of work in a lane: end it if nobody waits for it any more. Elsewhere nothing happens."""
    with suppress(RuntimeError):  # no thread of a lane
        from_thread.check_cancelled()


# Computing takes the interpreter: a second long run at once would make none faster and the short ones slower.
LINKS = Lane(LIMITS.links_at_once, LIMITS.links_waiting)
FORMULAS = Lane(LIMITS.formula_links_at_once, LIMITS.formula_links_waiting)
QUICK = Lane(LIMITS.quick_at_once, LIMITS.quick_waiting)
LONG = Lane(LIMITS.long_at_once, LIMITS.long_waiting)
LANES = {"links": LINKS, "formulas": FORMULAS, "quick": QUICK, "long": LONG}


def reading(params: Mapping[str, str]) -> Lane:
    """Where a link is read: apart from all others if there may be a formula in it, which may take seconds."""
    text = str(params)
    return FORMULAS if "formula" in text or "\\" in text else LINKS  # JSON may hide a word behind backslashes
