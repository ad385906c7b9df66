"""The charts of a training: losses, accuracies, how steps are spread, rates, and each variable's gradient norm."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.run.panels import is_clipped
from adamax_viz.views.training.bands import bands, norms
from adamax_viz.views.training.sampling import Steps, sampled
from adamax_viz.views.training.scores import PARTS, Scores

MOST = 400
RIVAL = " Adam"
SHORT = {"train": "train", "validation": "val"}


class Series(NamedTuple):
    """Values `(n,)` known at `steps (n,)`; each holds until the next. `upper`: an area from the values up to these."""

    quantity: str
    label: str
    steps: Steps
    values: NDArray[Any]
    dashed: bool = False
    upper: NDArray[Any] | None = None
    rival: bool = False  # of the other rule on the same batches


class Chart(NamedTuple):
    """One chart over the micro-steps."""

    key: str
    title: str
    help: str
    logarithmic: bool
    series: tuple[Series, ...]


def charts(trajectory: Trajectory, measured: Scores, rival: Scores | None = None, run: int = 0) -> tuple[Chart, ...]:
    """The charts beside the picture; `rival` is measured along the other rule's training."""
    one = trajectory.only(run).happened()
    made = [_score("loss", "Loss", measured, rival)]
    if measured.has_labels:
        made.append(_score("accuracy", "Accuracy", measured, rival))
    return (*made, *_spread(one), _rates(one))


def norm_charts(trajectory: Trajectory, run: int = 0) -> tuple[Chart, ...]:
    """One small chart a variable: the norm as the clip meets it, and as it leaves it where a clip changed anything."""
    one = trajectory.only(run).happened()
    seen, clipped = norms(one), is_clipped(one)
    steps = one["micro_step"][seen.steps]
    made = []
    for v, name in enumerate(seen.variables):
        series = [Series("grad", "‖g‖", steps, seen.before[:, v])]
        if clipped:
            series.append(Series("grad_clipped", "‖ĝ‖", steps, seen.after[:, v]))
        finite = seen.before[np.isfinite(seen.before[:, v]), v]
        wide = bool(finite.size > 0 and finite.min() > 0)
        made.append(
            Chart(name, name, "Norm of the variable's gradient, before and after the clip.", wide, tuple(series))
        )
    return tuple(made)


def _score(key: str, title: str, measured: Scores, rival: Scores | None) -> Chart:
    lines = [(measured, measured.ema, "ema", " θ̄"), (measured, measured.raw, "loss", "")]
    if rival is not None:
        lines.insert(0, (rival, rival.raw, "loss", RIVAL))
    series = [
        Series(quantity, SHORT[part] + suffix, at.steps, getattr(found[part], key), part == "validation", None,
               suffix == RIVAL)
        for at, found, quantity, suffix in lines
        for part in (PARTS if found else ())
    ]  # fmt: skip
    values = np.concatenate([s.values for s in series])
    values = values[np.isfinite(values)]
    wide = key == "loss" and values.size > 0 and values.min() > 0
    what = "Of the whole training part and of the points held back, at the exact weights of the step"
    if len(measured.steps) <= measured.steps[-1]:
        what += f", measured at {len(measured.steps)} steps: each value holds until the next"
    average = "; θ̄: of the averaged weights" if measured.ema else ""
    return Chart(key, title, f"{what}{average}.", bool(wide), tuple(series))


def _spread(one: Trajectory) -> tuple[Chart, ...]:
    seen = bands(one)
    steps = one["micro_step"][seen.steps]
    low, lower, middle, upper, high = seen.ratio
    ratio = (
        Series("step", "", steps, low, upper=high),
        Series("step", "", steps, lower, upper=upper),
        Series("step", "median", steps, middle),
    )
    help_line = "Of all parameters: the middle one, and where half and nine tenths of them lie. At 1 the step is α_t."
    share = (Series("u", "of all parameters", steps, seen.branch),)
    return (
        Chart("ratio", "|Δ| / α_t", help_line, False, ratio),
        Chart("branch", "|g| won the max", "Part of the parameters whose u is this step's |g|, not β₂u.", False, share),
    )


def _rates(one: Trajectory) -> Chart:
    rows = sampled(one.steps, MOST)
    steps = one["micro_step"][rows]
    series = tuple(Series(name, label, steps, one[name][0, rows]) for name, label in (("lr", "α"), ("lr_t", "α_t")))
    values = np.concatenate([s.values for s in series])
    return Chart(
        "rate",
        "Rates α, α_t",
        "The learning rate, and what bias correction makes of it.",
        bool((values > 0).all()),
        series,
    )
