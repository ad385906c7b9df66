"""A run that is computed piece by piece and may change its optimizer on the way; each piece makes it a Trajectory."""

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
    so far, complete and unchanging, None before the first piece is over; `runner` is None until it is prepared.

    Args:
        problem: the model on its data.
        spec: how it is optimized.
        budget: bytes that recording may take, see `adamax_viz.core.engine.Runner`.
    """

    def __init__(self, problem: ModelProblem, spec: TrainingSpec, budget: int) -> None:
        self.problem, self.budget = problem, budget
        self.segments = [Segment(0, spec)]
        self.trajectory: Trajectory | None = None
        self.runner: Runner | None = None

    @property
    def spec(self) -> TrainingSpec:
        """How it is optimized now."""
        return self.segments[-1].spec

    @property
    def step(self) -> int:
        """Micro-steps that are over."""
        return 0 if self.runner is None else self.runner.step

    @property
    def recorded_bytes(self) -> int:
        """What the arrays of its record take so far; those that share their memory count once."""
        sizes: dict[int, int] = {}
        for array in self.trajectory.arrays.values() if self.trajectory else ():
            owner = array
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            sizes[id(owner)] = max(sizes.get(id(owner), 0), array.nbytes if 0 not in array.strides else 0)
        return sum(sizes.values())

    def prepare(self, start: np.ndarray, total: int) -> None:
        """Stand at the weights `start (D,)`, with room for so many micro-steps."""
        options = self.spec.run_options()
        self.runner = Runner(self.problem, self.spec.optimizer(), start[None], budget=self.budget, **options)
        self.runner.reserve(total)

    def advance(self, steps: int) -> None:
        """So many micro-steps more; nothing once it has diverged."""
        if self.runner is not None and self.runner.running:
            self.runner.advance(steps)
            self.trajectory = self.runner.trajectory()

    def change(self, spec: TrainingSpec) -> None:
        """Another spec of the optimizer from here on.

        Raises:
            ValueError: what can't change in the middle of a run; nothing is changed then.
        """
        if self.runner is not None:
            self.runner.change(spec.optimizer())
            self.runner.gradient_dtype = spec.run_options()["gradient_dtype"]
        # A new list, not a changed one: a page may be reading the old.
        self.segments = [*(s for s in self.segments if s.first < self.step), Segment(self.step, spec)]
