"""A run in a sentence, for the page and for those who can't see the pictures."""

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.words.numbers import counted, number, point
from adamax_viz.words.symptoms import nearest_minimum, place_of


def summary(run: Trajectory, problem: SurfaceProblem) -> str:
    """Where a single run went and how it ended, computed from it."""
    status, theta, loss = run.status[0], run["theta"][0], run["loss"][0]
    path = f"From {point(theta[0])} to {point(theta[-1])}; the loss went from {number(loss[0])} to {number(loss[-1])}."
    if not np.isfinite(loss[0]):
        path = f"The loss is not finite at the start, {point(theta[0])}."
    if status.kind == "diverged":
        what = f"The run diverged at step {status.step}: {status.quantity} is not finite."
        return f"{what} It rests where it was. {path}"
    steps = status.step + (status.kind == "converged")
    words = f"The run {status.kind} after {counted(steps, 'step')}. {path}"
    nearest = nearest_minimum(problem, theta[-1], steps)
    if nearest is None:
        return words
    distance, minimum = nearest
    kind = "global" if minimum.is_global else "local"
    return f"{words} The end is {number(distance)} away from the {kind} minimum at {place_of(minimum)}."
