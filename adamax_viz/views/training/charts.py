"""The charts of a training: losses, accuracies, how steps are spread, rates, and each variable's gradient norm."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.problem import Measured, Part
from adamax_viz.views.run.panels import Panel, all_positive, is_clipped
from adamax_viz.views.training.sampling import MOST, Steps, sampled, sampled_updates
from adamax_viz.views.training.scores import Scores

SHORT: dict[Part, str] = {"train": "train", "validation": "val"}
PERCENTILES = (5, 25, 50, 75, 95)


class Series(NamedTuple):
    """Values `(n,)` known at `steps (n,)`; each holds until the next. `upper`: an area from the values up to these."""

    quantity: str
    label: str
    steps: Steps
    values: NDArray[Any]
    dashed: bool = False
    upper: NDArray[Any] | None = None
    rival: bool = False  # of the other rule on the same batches


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


def charts(
    run: Trajectory, measured: Scores, rival: Scores | None = None, rival_name: str = "rival"
) -> tuple[Panel[Series], ...]:
    """The charts beside the picture; `rival` is measured along the other rule's training."""
    run = run.happened()
    titles = {"loss": "Loss"} | ({"accuracy": "Accuracy"} if measured.has_labels else {})
    score_charts = (_score(key, title, measured, rival, rival_name) for key, title in titles.items())
    return (*score_charts, *_spread(run), _rates(run))


def norm_charts(run: Trajectory) -> tuple[Panel[Series], ...]:
    """One small chart a variable: the norm as the clip meets it, and as it leaves it where a clip changed anything."""
    run = run.happened()
    rows = sampled_updates(run)
    gradients = [("grad", "‖g‖", "grad_accumulated")]
    if is_clipped(run):
        gradients.append(("grad_clipped", "‖ĝ‖", "grad_clipped"))
    help_line = "Norm of the variable's gradient, before and after the clip."
    charts = []
    for name, where in run.variables.items():
        series = []
        for quantity, label, array in gradients:
            values = run[array][0, rows, where].astype(np.float64)
            with np.errstate(all="ignore"):
                norm = np.linalg.norm(values, axis=1)
            series.append(Series(quantity, label, run["micro_step"][rows], norm))
        charts.append(Panel(name, name, help_line, all_positive(series[:1]), tuple(series)))
    return tuple(charts)


def _score(key: str, title: str, measured: Scores, rival: Scores | None, rival_name: str) -> Panel[Series]:
    def lines(steps: Steps, by_part: Mapping[Part, Measured], quantity: str, suffix: str, **more: Any) -> list[Series]:
        return [
            Series(quantity, SHORT[part] + suffix, steps, getattr(scores, key), part == "validation", **more)
            for part, scores in by_part.items()
        ]

    others = [] if rival is None else lines(rival.steps, rival.raw, "loss", f" {rival_name}", rival=True)
    average = lines(measured.steps, measured.ema, "ema", " θ̄")
    series = (*others, *average, *lines(measured.steps, measured.raw, "loss", ""))
    what = "Of the whole training part and of the points held back, at the exact weights of the step"
    if len(measured.steps) <= measured.steps[-1]:
        what += f", measured at {len(measured.steps)} steps: each value holds until the next"
    if average:
        what += "; θ̄: of the averaged weights"
    return Panel(key, title, f"{what}.", key == "loss" and all_positive(series), series)


def _spread(run: Trajectory) -> tuple[Panel[Series], ...]:
    spread = bands(run)
    steps = run["micro_step"][spread.steps]
    low, lower, middle, upper, high = spread.ratio
    ratio = (
        Series("step", "", steps, low, upper=high),
        Series("step", "", steps, lower, upper=upper),
        Series("step", "median", steps, middle),
    )
    help_line = "Of all parameters: the middle one, and where half and nine tenths of them lie. At 1 the step is α_t."
    chart = Panel("ratio", "|Δ| / α_t", help_line, False, ratio)
    if spread.branch is None:
        return (chart,)
    share = (Series("u", "of all parameters", steps, spread.branch),)
    help_line = "Part of the parameters whose u is this step's |g|, not β₂u."
    return chart, Panel("branch", "|g| won the max", help_line, False, share)


def _rates(run: Trajectory) -> Panel[Series]:
    rows = sampled(run.steps, MOST)
    steps = run["micro_step"][rows]
    series = tuple(Series(name, label, steps, run[name][0, rows]) for name, label in (("lr", "α"), ("lr_t", "α_t")))
    help_line = "The learning rate, and what bias correction makes of it."
    return Panel("rate", "Rates α, α_t", help_line, all_positive(series), series)
