"""How far apart two records are, of one quantity or of whole runs: the arithmetic of every comparison."""

from typing import NamedTuple

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.core.types import Array

COMPARED = ("theta", "loss", "grad", "grad_clipped", "m", "u", "v", "lr", "lr_t", "step", "ema")


class Difference(NamedTuple):
    """How far apart two records of one quantity are."""

    largest: float  # largest absolute difference; infinite where only one of the two is NaN
    step: int  # the micro-step at which it is
    relative_to_peak: float  # divided by the largest finite absolute value of the second
    per_step: Array  # largest of each micro-step that counts

    @property
    def first(self) -> int | None:
        """The first micro-step at which they differ at all."""
        differing = np.flatnonzero(self.per_step > 0)
        return int(differing[0]) if differing.size else None


class RunDifference(NamedTuple):
    """Two runs beside each other."""

    quantities: dict[str, Difference]  # by the name of the array
    unshared: list[str]  # quantities that only one of them has
    steps: int  # compared: as many as both have


def difference(first: Array, second: Array) -> Difference:
    """The difference of two ``(T, D)`` arrays; NaN in both places is none, NaN in one is an infinite one."""
    a, b = first.astype(np.float64), second.astype(np.float64)
    with np.errstate(all="ignore"):
        apart = np.abs(a - b)
    apart[(a == b) | (np.isnan(a) & np.isnan(b))] = 0.0  # equal infinities too
    apart[np.isnan(apart)] = np.inf
    per_step = apart.max(axis=1, initial=0.0)
    step = int(per_step.argmax()) if per_step.size else 0
    largest = float(per_step[step]) if per_step.size else 0.0
    peak = float(np.abs(b[np.isfinite(b)]).max(initial=0.0))
    relative = 0.0 if largest == 0 else largest / peak if peak else np.inf
    return Difference(largest, step, relative, per_step)


def compare_runs(a: Trajectory, b: Trajectory) -> RunDifference:
    """Compare the quantities that both first runs recorded, over the steps that both have."""
    a, b = a.only(0).happened(), b.only(0).happened()
    steps = min(a.steps, b.steps)
    quantities, unshared = {}, []
    for name in COMPARED:
        rows = [_rows(run, name, steps + (name in ("theta", "loss"))) for run in (a, b) if name in run]
        recorded = [not np.isnan(values).all() for values in rows]
        if len(recorded) == 2 and all(recorded):
            quantities[name] = difference(*rows)
        elif any(recorded):
            unshared.append(name)
    return RunDifference(quantities, unshared, steps)


def _rows(run: Trajectory, name: str, count: int) -> Array:
    """The first rows of a quantity, ``(count, D)`` or ``(count, 1)``."""
    values = run[name][0, :count]
    return values.reshape(len(values), -1)
