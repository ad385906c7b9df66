"""How good a model is along its training: loss and accuracy over whole parts of the data, at the exact weights.

The EMA weights of a step are those after the update that led to it; before the first step both are the same.
"""

from typing import NamedTuple

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.problem import Measured, ModelProblem, Part
from adamax_viz.views.training.sampling import Steps, sampled, theta_steps

PARTS: tuple[Part, ...] = ("train", "validation")


class Scores(NamedTuple):
    """Measured at `steps (n,)`, by part of the data; `ema` is empty while no average is kept."""

    steps: Steps
    raw: dict[Part, Measured]
    ema: dict[Part, Measured]

    @property
    def has_labels(self) -> bool:
        """Whether there is an accuracy."""
        return bool(np.isfinite(self.raw["train"].accuracy).any())


def scores(model: ModelProblem, run: Trajectory, most: int) -> Scores:
    """Scores at evenly spread steps, the first and the last always among them."""
    run = run.happened()
    rows = sampled(len(run["theta"][0]), most)
    theta = run["theta"][0][rows]
    raw = {part: model.measure(theta, part) for part in PARTS}
    ema = {}
    if not np.isnan(run["ema"]).all():
        average = np.concatenate([run["theta"][0][:1], run["ema"][0]])[rows]
        ema = {part: model.measure(average, part) for part in PARTS}
    return Scores(theta_steps(run)[rows], raw, ema)
