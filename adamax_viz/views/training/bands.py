"""How a training's steps are spread: percentiles of |Δ|/α_t, and how often |g| won the max."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.training.sampling import Steps, sampled_updates

PERCENTILES = (5, 25, 50, 75, 95)


class Bands(NamedTuple):
    """At `steps (n,)`: percentiles over all parameters of |Δ|/α_t ``(5, n)``, and the part whose max |g| won ``(n,)``.

    `branch` is None under a rule that takes no max.
    """

    steps: Steps
    ratio: NDArray[np.float64]
    branch: NDArray[np.float64] | None


def bands(run: Trajectory) -> Bands:
    """Percentiles at evenly spread updates; parameters whose step is not finite are left out."""
    run = run.happened()
    steps = sampled_updates(run)
    with np.errstate(all="ignore"):
        ratio = np.abs(run["step"][0, steps]).astype(np.float64) / np.abs(run["lr_t"][0, steps])[:, None]
    finite = np.isfinite(ratio).all(axis=1)
    steps, ratio = steps[finite], ratio[finite]
    spread = np.percentile(ratio, PERCENTILES, axis=1) if steps.size else np.empty((len(PERCENTILES), 0))
    return Bands(steps, spread, run["u_branch"][0, steps].mean(axis=1) if "u_branch" in run else None)
