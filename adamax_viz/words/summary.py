"""A run in a sentence, for the page and for those who can't see the pictures."""

from __future__ import annotations

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.words.numbers import number, point


def summary(trajectory: Trajectory, problem: SurfaceProblem, run: int = 0) -> str:
    """Where the run went and how it ended, computed from it."""
    status = trajectory.status[run]
    theta, loss = trajectory["theta"][run], trajectory["loss"][run]
    if np.isfinite(loss[0]):
        sentence = (
            f"From {point(theta[0])} to {point(theta[-1])}; the loss went from {number(loss[0])} to {number(loss[-1])}."
        )
    else:
        sentence = f"The loss is not finite at the start, {point(theta[0])}."
    steps = status.step + (status.kind == "converged")
    if status.kind == "diverged":
        what = f"The run diverged at step {status.step}: {status.quantity} is not finite."
        return f"{what} It rests where it was. {sentence}"
    ended = "The run converged" if status.kind == "converged" else "The run finished"
    count = f"{steps} step{'s' if steps != 1 else ''}"
    return f"{ended} after {count}. {sentence}{_nearest_minimum(problem, theta[-1], steps)}"


def _nearest_minimum(problem: SurfaceProblem, end: np.ndarray, t: int) -> str:
    minima = problem.minima(t)
    if not minima or not np.isfinite(end).all():
        return ""
    distance, nearest = min((float(np.hypot(end[0] - m.x, end[1] - m.y)), m) for m in minima)  # type: ignore[operator]
    kind = "global" if nearest.is_global else "local"
    at = point(np.array([nearest.x, nearest.y]))
    return f" The end is {number(distance)} away from the {kind} minimum at {at}."
