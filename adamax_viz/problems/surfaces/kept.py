"""Results that are kept: each is made once, whoever asks, and the ones not asked for longest are thrown away."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

from adamax_viz.problems.surfaces.formula_text import FormulaError

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """Results and refusals by key, at most so many, and of at most so much weight altogether."""

    def __init__(self, most: int, weight: int, weigh: Callable[[Result], int]) -> None:
        self._most, self._weight, self._weigh = most, weight, weigh
        self._lock = threading.Lock()
        self._outcomes: OrderedDict[Hashable, Result | FormulaError] = OrderedDict()
        self._being_made: dict[Hashable, Future[Result | FormulaError]] = {}
        self._total = 0

    def __len__(self) -> int:
        return len(self._outcomes)

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result of this key; nobody waits for the making of another.

        Raises:
            FormulaError: what `make` raises, now or earlier; other exceptions are not kept.
        """
        with self._lock:
            if key in self._outcomes:
                self._outcomes.move_to_end(key)
                return _result(self._outcomes[key])
            promise, is_mine = self._being_made.get(key), False
            if promise is None:
                promise, is_mine = Future(), True
                self._being_made[key] = promise
        if is_mine:
            self._make(key, make, promise)
        return _result(promise.result())

    def _make(self, key: Hashable, make: Callable[[], Result], promise: "Future[Result | FormulaError]") -> None:
        outcome: Result | FormulaError
        try:
            try:
                outcome = make()
            except FormulaError as error:
                outcome = error.again()
        except BaseException as error:
            with self._lock:
                del self._being_made[key]
            promise.set_exception(error)
            raise
        with self._lock:
            del self._being_made[key]
            self._outcomes[key] = outcome
            self._total += self._weight_of(outcome)
            while len(self._outcomes) > 1 and (len(self._outcomes) > self._most or self._total > self._weight):
                self._total -= self._weight_of(self._outcomes.popitem(last=False)[1])
        promise.set_result(outcome)

    def _weight_of(self, outcome: Result | FormulaError) -> int:
        return len(str(outcome)) if isinstance(outcome, FormulaError) else self._weigh(outcome)


def _result(outcome: Result | FormulaError) -> Result:
    if isinstance(outcome, FormulaError):
        raise outcome.again()
    return outcome
