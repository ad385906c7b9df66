"""Which runs have stopped, and how: what tells a run that is over from one that goes on."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.pipeline import Info
from adamax_viz.core.trajectory import Status
from adamax_viz.core.types import Array

FEW = 8
# In the order of the pipeline: the first that is not finite is what a diverged run reports.
QUANTITIES = {
    "loss": "the loss",
    "grad": "the gradient",
    "grad_unscaled": "the unscaled gradient",
    "grad_accumulated": "the accumulated gradient",
    "grad_clipped": "the clipped gradient",
    "m": "m",
    "u": "u",
    "v": "v",
    "step": "the step",
    "ema": "the average",
}


class Ends:
    """How each of R runs ended, if it did; the first end counts."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.status: dict[int, Status] = {}
        self.resting = np.empty(0, np.intp)

    def of(self, total: int, loss: Array) -> list[Status]:
        """Of each run, after `total` micro-steps; one whose loss is not finite there diverges at the step to come."""
        finished, lost = Status("finished", total), Status("diverged", total, QUANTITIES["loss"])
        return [self.status.get(r, finished if finite else lost) for r, finite in enumerate(np.isfinite(loss))]

    def diverge(self, micro_step: int, loss: Array, moved: Array, info: Info) -> bool:
        """Stop the runs whose loss or next weights are not finite; whether there are any."""
        # One sum finds a run in trouble (it may also overflow by itself: then nothing is found inside).
        if math.isfinite(_total(loss) + _total(moved)):
            return False
        values = {"loss": loss} | info._asdict() | info.moments._asdict()
        stages = {name: values[name] for name in QUANTITIES if values.get(name) is not None}
        return self._stop(
            ~(np.isfinite(moved).all(axis=1) & np.isfinite(loss)),
            lambda r: Status("diverged", micro_step, first_bad({name: value[r] for name, value in stages.items()})),
        )

    def converge(self, micro_step: int, grad: Array, tolerance: float) -> bool:
        """Stop the runs whose gradient is within the tolerance; whether there are any."""
        within = np.abs(grad).max(axis=1) <= tolerance
        return self._stop(within, lambda _: Status("converged", micro_step))

    def _stop(self, runs: NDArray[np.bool_], status: Callable[[int], Status]) -> bool:
        runs[self.resting] = False
        new = runs.nonzero()[0].tolist()
        if not new:
            return False
        self.status |= {r: status(r) for r in new}
        self.resting = np.concatenate([self.resting, new])
        return True


def held(after: Array, before: Array, resting: NDArray[np.intp]) -> Array:
    """Weights or losses after a step, those of the runs at rest as they were: a surface may move on without them."""
    if resting.size:
        after = after.copy(order="K")
        after[resting] = before[resting]
    return after


def first_bad(values: Mapping[str, Any]) -> str:
    """Which quantity of a micro-step, by field name and in the pipeline's order, is the first that is not finite."""
    bad = (QUANTITIES[name] for name in QUANTITIES if name in values and not np.isfinite(values[name]).all())
    return next(bad, "a weight")


def _total(values: Array) -> float:
    """The sum of all entries; a few of them Python adds faster than NumPy."""
    return sum(values.ravel().tolist()) if values.size <= FEW else float(values.sum())
