"""A run that is computed piece by piece and may change its optimizer on the way; each piece makes it a Trajectory."""

from typing import NamedTuple

from adamax_viz.core.engine import Optimizer, Runner
from adamax_viz.core.trajectory import Trajectory, held_bytes
from adamax_viz.core.types import Array
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.giving_way import ANSWERS, BACKGROUND
from adamax_viz.study.training_spec import TrainingSpec

ARRAYS, WEIGHT_BYTES = 10, 4  # of a record with everything on: arrays of parameters, and bytes of a float32
BITES = 20  # of a piece; before each of them others are answered
LONGEST_WAIT = 0.05  # seconds for that: where answers never end, a training goes on all the same
STEP_BYTES = 64  # counters, rates and losses of a micro-step


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
    so far, complete and unchanging, None before the first piece is over; `runner` is None until there is room.

    Args:
        problem: the model on its data.
        spec: how it is optimized.
    """

    def __init__(self, problem: ModelProblem, spec: TrainingSpec) -> None:
        self.problem = problem
        self.segments = [Segment(0, spec)]
        self.trajectory: Trajectory | None = None
        self.runner: Runner | None = None
        self._reached = 0  # where a record that was let go had come to

    @property
    def spec(self) -> TrainingSpec:
        """How it is optimized now."""
        return self.segments[-1].spec

    @property
    def step(self) -> int:
        """Micro-steps that are over."""
        return self._reached if self.runner is None else self.runner.step

    @property
    def recorded_bytes(self) -> int:
        """What the arrays of its record take, with the room for steps to come; 0 before the first piece is over."""
        return held_bytes(self.trajectory.arrays.values()) if self.trajectory else 0

    def most_bytes(self, total: int) -> int:
        """What the record of so many micro-steps takes at most, whatever is switched on meanwhile."""
        return (total + 1) * (ARRAYS * len(self.problem.coordinates) * WEIGHT_BYTES + STEP_BYTES)

    def reserve(self, total: int, budget: int, start: Array | None = None) -> None:
        """Room for so many micro-steps in so many bytes, see `adamax_viz.core.engine.Runner`.

        It begins at the weights `start (D,)`, if it has not begun.
        """
        if self.runner is None:
            assert start is not None
            self.runner = Runner(self.problem, self.spec.optimizer(), start[None], **self.spec.run_options())
        self.runner.reserve(total, budget)

    def let_go(self) -> None:
        """Drop what is recorded; how far it had come stays known."""
        self._reached = self.step
        self.runner = self.trajectory = None

    def advance(self, steps: int) -> None:
        """So many micro-steps more, while nobody else is being answered; nothing once it has diverged."""
        if self.runner is None or not self.runner.running:
            return
        bite = -(-steps // BITES)
        for done in range(0, steps, bite):
            ANSWERS.wait(LONGEST_WAIT)
            with BACKGROUND:
                self.runner.advance(min(bite, steps - done))
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
