"""A run that is computed piece by piece and may change its optimizer on the way; each piece makes it a Trajectory."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from adamax_viz.core.engine import Optimizer, Runner
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.study.training_spec import TrainingSpec


class Segment(NamedTuple):
    """The spec from a micro-step on."""

    first: int
    spec: TrainingSpec

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of these steps."""
        return self.spec.optimizer()


class GrowingRun:
    """One run of a model, as far as it has come.

    `segments` are the specs it was made with, each from its first micro-step on; `trajectory` (R = 1) is what happened
    so far, complete and unchanging, None before the first piece is over.

    Args:
        problem: the model on its data.
        spec: how it is optimized.
        budget: bytes that recording may take, see `adamax_viz.core.engine.Runner`.
    """

    def __init__(self, problem: ModelProblem, spec: TrainingSpec, budget: int) -> None:
        self.problem = problem
        self.segments = [Segment(0, spec)]
        self.trajectory: Trajectory | None = None
        self._budget = budget
        self._runner: Runner | None = None

    @property
    def spec(self) -> TrainingSpec:
        """How it is optimized now."""
        return self.segments[-1].spec

    @property
    def step(self) -> int:
        """Micro-steps that are over."""
        return 0 if self._runner is None else self._runner.step

    @property
    def prepared(self) -> bool:
        """Whether it can be advanced."""
        return self._runner is not None

    @property
    def recorded_bytes(self) -> int:
        """What its record takes so far."""
        return 0 if self.trajectory is None else recorded_bytes(self.trajectory)

    def prepare(self, start: np.ndarray, total: int) -> None:
        """Stand at the weights `start (D,)`, with room for so many micro-steps."""
        options = self.spec.run_options()
        self._runner = Runner(self.problem, self.spec.optimizer(), start[None], budget=self._budget, **options)
        self._runner.reserve(total)

    def reserve(self, total: int) -> None:
        """Make room for so many micro-steps altogether."""
        if self._runner is not None:
            self._runner.reserve(total)

    def advance(self, steps: int) -> None:
        """So many micro-steps more; nothing once it has diverged."""
        runner = self._runner
        if runner is not None and runner.running:
            runner.advance(steps)
            self.trajectory = runner.trajectory()

    def change(self, spec: TrainingSpec) -> None:
        """Another spec of the optimizer from here on.

        Raises:
            ValueError: what can't change in the middle of a run; nothing is changed then.
        """
        if self._runner is not None:
            self._runner.change(spec.optimizer())
            self._runner.gradient_dtype = spec.run_options()["gradient_dtype"]
        # A new list, not a changed one: a page may be reading the old.
        self.segments = [*(s for s in self.segments if s.first < self.step), Segment(self.step, spec)]


def recorded_bytes(trajectory: Trajectory) -> int:
    """What the arrays of a trajectory take; those that share their memory count once."""
    sizes: dict[int, int] = {}
    for array in trajectory.arrays.values():
        base = array if array.base is None else array.base
        while isinstance(base, np.ndarray) and base.base is not None:
            base = base.base
        sizes[id(base)] = max(sizes.get(id(base), 0), array.nbytes if 0 not in array.strides else 0)
    return sum(sizes.values())
