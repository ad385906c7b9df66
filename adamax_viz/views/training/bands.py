"""How a training's steps and gradients are spread: percentiles of |Δ|/α_t, norms before and after the clip."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.training.sampling import Steps, sampled, update_rows

PERCENTILES = (5, 25, 50, 75, 95)
MOST = 400  # steps shown


class Bands(NamedTuple):
    """At `steps (n,)`: percentiles over all parameters of |Δ|/α_t ``(5, n)``, and the part whose max |g| won ``(n,)``.

    `branch` is None under a rule that takes no max.
    """

    steps: Steps
    ratio: NDArray[np.float64]
    branch: NDArray[np.float64] | None


class Norms(NamedTuple):
    """Norm of each variable's gradient ``(n, V)`` as the clip meets it and as it leaves it, at `steps (n,)`."""

    steps: Steps
    variables: tuple[str, ...]
    before: NDArray[np.float64]
    after: NDArray[np.float64]


def bands(run: Trajectory, most: int = MOST) -> Bands:
    """Percentiles at evenly spread updates; parameters whose step is not finite are left out."""
    run = run.happened()
    steps = _updates(run, most)
    with np.errstate(all="ignore"):
        ratio = np.abs(run["step"][0, steps]).astype(np.float64) / np.abs(run["lr_t"][0, steps])[:, None]
    finite = np.isfinite(ratio).all(axis=1)
    steps, ratio = steps[finite], ratio[finite]
    spread = np.percentile(ratio, PERCENTILES, axis=1) if steps.size else np.empty((len(PERCENTILES), 0))
    return Bands(steps, spread, run["u_branch"][0, steps].mean(axis=1) if "u_branch" in run else None)


def norms(run: Trajectory, most: int = MOST) -> Norms:
    """Norms at evenly spread updates."""
    run = run.happened()
    steps = _updates(run, most)

    def each_variable(field: str) -> NDArray[np.float64]:
        values = run[field][0, steps].astype(np.float64)
        columns = [np.linalg.norm(values[:, where], axis=1) for where in run.variables.values()]
        return np.stack(columns, axis=1)

    with np.errstate(all="ignore"):
        return Norms(steps, tuple(run.variables), each_variable("grad_accumulated"), each_variable("grad_clipped"))


def _updates(run: Trajectory, most: int) -> Steps:
    rows = update_rows(run)
    return rows[sampled(len(rows), most)]
