"""The charts of several runs, and where they part: a line for each variant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.run.panels import SYMBOLS, TITLES, extra_arrays, is_clipped, norm_array

HALF_SMALLEST, HALF_LARGEST = float(np.finfo(np.float16).smallest_subnormal), float(np.finfo(np.float16).max)


class VariantLine(NamedTuple):
    """One line of a chart: whose, what, which coordinate, and where its values are."""

    variant: int  # place among the runs that are shown
    quantity: str
    coordinate: str  # "x", "y", or "" for what belongs to neither
    label: str
    array: str  # name of an array of that run: recorded, or of `compared_arrays`
    column: int


class VariantPanel(NamedTuple):
    """One chart over the micro-steps with the lines of all variants."""

    key: str
    title: str
    help: str
    logarithmic: bool
    lines: tuple[VariantLine, ...]
    limits: tuple[float, float] | None = None  # the numbers that half precision can hold


OWN_TITLES = {
    "weights": ("Weights θ", "Where the path is."),
    "average": ("Average θ̄", "Where the average is; the weights themselves where there is none."),
    "turn": ("Turn of ĝ, degrees", "The angle between the gradient before and after clipping."),
    "updates": ("Updates so far", "How many steps the weights have taken."),
    "scaled": ("Scaled |g|", "The gradient as half precision holds it: ▼ became zero, ▲ became infinite."),
    "scale": ("Loss scale", "What the loss is multiplied by; a cross is a step that was skipped."),
    "difference": ("Difference from A", "How far each path is from that of the first variant at the same step."),
}
ORDER = (
    *("loss", "weights", "average", "ema", "gradient", "turn", "scaled", "scale", "bucket", "updates"),
    *("m", "u", "rate", "step", "ratio", "difference"),
)


def title_of(key: str) -> str:
    """A chart's title."""
    return (OWN_TITLES.get(key) or TITLES[key])[0]


def compared_arrays(run: Trajectory, first: Trajectory) -> dict[str, NDArray[Any]]:
    """What charts of several runs show and no run records; T is the run's own number of steps.

    ``turn (T,)`` in degrees, ``updates (T,)``, ``scaled (T, 2)``, ``difference (T+1, 2)`` from the first run where
    both go on, and those of `panels.extra_arrays`.
    """
    with np.errstate(all="ignore"):
        extra = extra_arrays(run)
        extra["turn"] = turn(run)
        extra["updates"] = np.cumsum(run["is_update"]).astype(np.float64)
        extra["scaled"] = np.abs(run["grad"][0])
        points = min(len(run["theta"][0]), len(first["theta"][0]))
        difference = np.full(run["theta"][0].shape, np.nan)
        difference[:points] = run["theta"][0, :points] - first["theta"][0, :points]
    return extra | {"difference": difference}


def turn(run: Trajectory) -> NDArray[Any]:
    """Degrees between each update's gradient before and after clipping, ``(T,)``; NaN where there is no update."""
    before, after = run["grad_accumulated"][0], run["grad_clipped"][0]
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, (before * after).sum(axis=1)))))


def compared(runs: Sequence[Trajectory]) -> list[VariantPanel]:
    """The charts that say something about these runs, each ``R = 1``, without the empty rows after a stop."""
    lines = [_lines(i, run) for i, run in enumerate(runs)]
    panels = []
    for key in ORDER:
        of_key = tuple(line for one in lines for line in one.get(key, ()))
        if not of_key or (key in ("turn", "updates", "scale", "ema", "bucket") and not _tells(key, runs)):
            continue
        title, help_line = OWN_TITLES.get(key) or TITLES[key]
        limits = (HALF_SMALLEST, HALF_LARGEST) if key == "scaled" else None
        panels.append(VariantPanel(key, title, help_line, _spans(key, runs), of_key, limits))
    return panels


def _lines(i: int, run: Trajectory) -> dict[str, tuple[VariantLine, ...]]:
    def scalar(quantity: str, label: str, array: str = "") -> VariantLine:
        return VariantLine(i, quantity, "", label, array or quantity, 0)

    def pair(quantity: str, array: str, symbol: str = "") -> tuple[VariantLine, ...]:
        symbol = symbol or SYMBOLS.get(array, SYMBOLS.get(quantity, quantity))
        return tuple(VariantLine(i, quantity, c, symbol, array, d) for d, c in enumerate(run.coordinates))

    has_average = not np.isnan(run["ema"]).all()
    clipped = is_clipped(run)
    return {
        "loss": (scalar("loss", "f"),),
        "weights": pair("theta", "theta", "θ"),
        "average": pair("ema", "ema", "θ̄") if has_average else pair("theta", "theta", "θ"),
        "ema": (scalar("ema", "|θ̄ − θ|", "ema_distance"),) if has_average else (),
        "gradient": pair("grad_clipped", "grad_clipped") if clipped else pair("grad", "grad_unscaled", "g"),
        "turn": (scalar("grad_clipped", "°", "turn"),),
        "scaled": pair("grad", "scaled", "|g|"),
        "scale": (scalar("grad", "scale", "scale"),),
        "bucket": pair("grad", "grad_accumulated"),
        "updates": (scalar("step", "updates", "updates"),),
        "m": pair("m", "m"),
        "u": pair("u", norm_array(run)),
        "rate": (scalar("lr", "α"), scalar("lr_t", "α_t")),
        "step": pair("step", "step"),
        "ratio": pair("step", "ratio"),
        "difference": pair("theta", "difference", "θ − θ_A") if i else (),
    }


def _tells(key: str, runs: Sequence[Trajectory]) -> bool:
    """Whether a chart of a feature shows that feature."""
    if key == "turn":
        return any(is_clipped(run) for run in runs)
    if key == "scale":
        return any("loss_scale" in run for run in runs)
    if key == "ema":
        return any(not np.isnan(run["ema"]).all() for run in runs)
    return any(not run["is_update"].all() and "loss_scale" not in run for run in runs)


def _spans(key: str, runs: Sequence[Trajectory]) -> bool:
    """Whether a chart may be logarithmic: its values are positive and span decades."""
    if key in ("scaled", "scale"):
        return True
    if key == "loss":
        return all(np.nanmin(run["loss"][0]) > 0 for run in runs)
    return key == "rate" and all(np.nanmin(run["lr"][0]) > 0 for run in runs)
