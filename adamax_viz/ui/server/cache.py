"""Runs and landscapes computed once for everybody who looks at the same thing."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from functools import partial
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np

from adamax_viz.limits import LIMITS
from adamax_viz.player.scene import surface_key
from adamax_viz.runs.run import Outcome, Run, runs_of, steps_in_a_row
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import lanes, long_pages
from adamax_viz.ui.server.sessions import session
from adamax_viz.views.run.landscape import Landscape, landscape

Value = TypeVar("Value")
LEAST = 20_000  # bytes of an outcome without its arrays, or with small ones: objects, sentences, its key


class Shelf(Generic[Value]):
    """Values by key, each made once for all who ask; those that nobody asked for longest go where they take too much.

    Args:
        most: bytes of all of them; the newest stays whatever it takes.
        size: bytes of one.
    """

    def __init__(self, most: int, size: Callable[[Value], int]) -> None:
        self.most, self.size = most, size
        self._lock = Lock()
        self._kept: dict[str, Future[Value]] = {}  # the longest not asked for first
        self._sizes: dict[str, int] = {}

    @property
    def bytes(self) -> int:
        """What all of them take."""
        return sum(self._sizes.values())

    def has(self, key: str) -> bool:
        """Whether the value of a key is there, or being made."""
        with self._lock:
            return key in self._kept

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        """The value of a key, made by this call, or by another under way; where that fails, by this one."""
        while True:
            with self._lock:
                found = self._kept.pop(key, None)
                self._kept[key] = future = Future() if found is None else found
            if found is None:
                self._make(key, make, future)
                return future.result()
            with suppress(BaseException):  # it was made for somebody who has gone, perhaps
                return found.result()

    def _make(self, key: str, make: Callable[[], Value], future: Future[Value]) -> None:
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                self._kept.pop(key, None)
            future.set_exception(error)
            return
        future.set_result(value)
        with self._lock:
            if self._kept.get(key) is future:
                self._sizes[key] = self.size(value)
            for old in [other for other in self._kept if other in self._sizes and other != key]:
                if self.bytes <= self.most:
                    return
                del self._kept[old], self._sizes[old]


def outcomes(study: Study) -> list[Outcome]:
    """The recorded runs of a study; a page waits for its turn where they are long and nobody has begun them yet."""
    key = to_query(study)
    if not session():  # a lane has given it its place
        return _OUTCOMES.get(key, lambda: runs_of(study.specs(), progress=lanes.go_on))
    begun = partial(_OUTCOMES.has, key)
    waits = not begun() and steps_in_a_row(study.specs()) > LIMITS.quick_steps
    with long_pages.turn(needless=begun) if waits else nullcontext():
        return _OUTCOMES.get(key, lambda: runs_of(study.specs(), progress=long_pages.go_on))


def run(spec: RunSpec) -> Run:
    """The recorded run of a spec.

    Raises:
        ValueError: no run can be made of it.
    """
    alone = outcomes(Study(spec))[0]
    if alone.run is None:
        raise ValueError(alone.refusal)
    return alone.run


def surface_view(spec: RunSpec, step: float = 0) -> Landscape:
    """The landscape of a spec; one that moves as it is at a step."""
    t = step if spec.problem().functions.moves else 0
    return _LANDSCAPES.get(surface_key(spec, t), lambda: landscape(spec.problem(), t))


def _bytes(values: Iterable[Any]) -> int:
    """Of the arrays among these, each once; one number that is seen many times takes none."""
    arrays = {id(value): value for value in values if isinstance(value, np.ndarray) and 0 not in value.strides}
    return sum(array.nbytes for array in arrays.values())


def _of_outcomes(kept: list[Outcome]) -> int:
    return sum(LEAST + (_bytes(outcome.run.arrays.values()) if outcome.run else 0) for outcome in kept)


_OUTCOMES: Shelf[list[Outcome]] = Shelf(LIMITS.run_bytes, _of_outcomes)
_LANDSCAPES: Shelf[Landscape] = Shelf(LIMITS.landscape_bytes, _bytes)
