"""What the page knows of a training and wants to be shown."""

from collections.abc import Sequence
from typing import NamedTuple

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.growing_run import Segment
from adamax_viz.views.training.plane import Plane


class TrainingView(NamedTuple):
    """A training, R = 1, up to what happened so far; without a trajectory there is only the data."""

    problem: ModelProblem
    trajectory: Trajectory | None = None
    segments: Sequence[Segment] = ()
    rule: str = "adamax"
    rival: Trajectory | None = None  # another rule on the same batches
    rival_rule: str = "adam"
    picked: tuple[int, ...] = (0,)
    plane: Plane | None = None
    rest: int | None = None  # the step at which the playhead rests: its picture is among the others
    live: bool = False  # whether it goes on: then fewer steps are measured, and the next picture comes soon
