"""A run of a study as findings look at it, and the measures and words that several of them share."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import STEP_FIELDS, Trajectory
from adamax_viz.runs.run import Outcome
from adamax_viz.words.numbers import listed
from adamax_viz.words.symptoms import tail_of

SAME = 1e-9  # paths that are nowhere farther apart are one path, but for rounding


class VariantRun:
    """A run of a study: its letter, spec and trajectory, without the empty rows after a stop."""

    def __init__(self, outcome: Outcome) -> None:
        assert outcome.run is not None
        self.letter, self.spec = outcome.letter, outcome.spec
        self.ended: Trajectory = outcome.run
        self.run = outcome.run.happened()

    def __getitem__(self, name: str) -> NDArray[np.floating]:
        """An array of the run without its leading axis."""
        array = self.run[name]
        return array if name in STEP_FIELDS else array[0]

    @property
    def end(self) -> NDArray[np.floating]:
        """The last weights."""
        return np.asarray(self["theta"][-1])

    @property
    def tail(self) -> slice:
        """The last quarter of the micro-steps."""
        return slice(-tail_of(self.run), None)


Runs = Sequence[VariantRun]


def with_u(runs: Runs) -> Runs:
    """Those whose rule keeps an infinity norm; of Adam's there is nothing to say about u."""
    return [r for r in runs if "u_branch" in r.run]


def by_letter(runs: Runs, value: Callable[[VariantRun], str]) -> str:
    """``0.1 in A, 0.2 in B and 0.3 in C``."""
    return listed([f"{value(r)} in {r.letter}" for r in runs])


def times(count: int) -> str:
    """``once``, ``3 times``."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def median(values: NDArray[np.floating]) -> float:
    """The median of the finite values; NaN if there are none."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else np.nan


def distances(a: VariantRun, b: VariantRun) -> NDArray[np.floating]:
    """How far two paths are apart, before each step that both have and after the last."""
    points = min(len(a["theta"]), len(b["theta"]))
    return np.asarray(np.hypot(*(a["theta"][:points] - b["theta"][:points]).T))


def surface_gradients(r: VariantRun) -> NDArray[np.floating]:
    """The surface's own gradient at the weights before each micro-step, without noise, ``(T, D)``."""
    problem, theta = r.spec.changed(noise="none").problem(), np.asarray(r["theta"][:-1])
    if not problem.functions.moves:
        return problem.evaluate(theta, 0)[1]
    return np.concatenate([problem.evaluate(theta[k : k + 1], k)[1] for k in range(len(theta))])
