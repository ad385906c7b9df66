"""From Adam to Adamax: the same gradients and the same surface under every norm between, as the engine computes them.

The rules are those of `adamax_viz.core.rules.p_norm`: p = 2 is Adam with beta_2 squared, p = infinity is Adamax.
"""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamax_viz.core import engine
from adamax_viz.core.rules import p_norm
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec

INTERVALS = 80  # between p = 2 and infinity, equal steps of 1/p
SHOWN = 48  # gradients that the bars have room for
LONGEST = 300  # steps of a path
# Where whoever comes without settings of their own begins: u forgets soon enough to see it.
START = from_query("surface=rosenbrock&learning_rate=0.05&beta_2=0.9&steps=150").settings


class Source(NamedTuple):
    """Gradients to try the norms on."""

    key: str
    title: str
    gradients: NDArray[np.float64]  # (T,)


def stops() -> tuple[float, ...]:
    """The values of p along the slider: 1/p falls evenly from 1/2 to 0, so both limits have their places."""
    return tuple(2 * INTERVALS / (INTERVALS - i) if i < INTERVALS else inf for i in range(INTERVALS + 1))


def nearest_stop(p: float) -> int:
    """The place on the slider for a p of a link."""
    return min(INTERVALS, max(0, round(INTERVALS * (1 - 2 / max(p, 2.0)))))


def unrolled(gradients: ArrayLike, p: float, beta_2: float) -> float:
    """``((1 - beta_2^p) sum_i beta_2^(p (t - i)) |g_i|^p)^(1/p)`` after the last gradient, as section 7.1 writes it."""
    sizes = np.abs(np.asarray(gradients, np.float64))
    with np.errstate(all="ignore"):
        faded = beta_2 ** np.arange(len(sizes) - 1, -1, -1.0) * sizes
        largest = float(faded.max())
        if largest == 0 or p == inf:
            return largest
        share = ((faded / largest) ** p).sum()
        return float(largest * ((1 - np.float64(beta_2) ** p) * share) ** (1 / p))


def in_front(p: float, beta_2: float) -> float:
    """The root ``(1 - beta_2^p)^(1/p)`` that leaves the sum; NaN where a beta_2 beyond 1 leaves none."""
    with np.errstate(all="ignore"):
        return float((1 - np.float64(beta_2) ** p) ** (1 / p))


def on_surface(settings: RunSpec, ps: Sequence[float]) -> Trajectory:
    """The settings' run under each p, side by side: same surface, start and noise; a dynamic loss scale is left out.

    With ``keep="all"``, of at most `LONGEST` steps.
    """
    optimizer = settings.optimizer().adamax.with_rule(p_norm(np.array(ps)[:, None]))
    starts = np.tile(settings.start_point(), (len(ps), 1))
    return engine.run(settings.problem(), optimizer, starts, min(settings.steps, LONGEST), **settings.run_options())


def sources(problem: SurfaceProblem, run: Trajectory) -> list[Source]:
    """Gradients of a run on a surface, coordinate by coordinate, and two that show a memory."""
    gradients = run["grad_unscaled"][0, :SHOWN]
    along = [
        Source(f"surface_{c}", f"{problem.surface.title}, along {c}", column)
        for c, column in zip(problem.coordinates, gradients.T, strict=True)
        if np.isfinite(column).all() and column.size > 1
    ]
    outlier = np.full(SHOWN, 0.5)
    outlier[8] = 4.0
    calm = np.where(np.arange(SHOWN) % 2 == 0, 1.0, -1.0)
    calm[SHOWN // 2 :] *= 0.2
    return [*along, Source("outlier", "One outlier", outlier), Source("calm", "Large, then small", calm)]


def limits_table(gradients: NDArray[np.float64], beta_2: float) -> list[dict[str, float]]:
    """Section 7.1 in numbers, at the last gradient: how each p's accumulator nears the max."""
    largest = unrolled(gradients, inf, beta_2)
    return [
        {"p": p, "factor": in_front(p, beta_2), "u": (u := unrolled(gradients, p, beta_2)), "gap": u - largest}
        for p in (2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0)
    ] + [{"p": inf, "factor": 1.0, "u": largest, "gap": 0.0}]
