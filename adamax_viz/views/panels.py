"""The charts of a run as plain lines."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory


class Line(NamedTuple):
    """One line of a chart: which quantity (that is its colour), which coordinate (its dash), and the values."""

    quantity: str
    coordinate: str  # "x", "y", or "" for what belongs to neither
    label: str
    values: NDArray[Any]


class Panel(NamedTuple):
    """One chart over the micro-steps."""

    key: str
    title: str
    help: str
    logarithmic: bool
    lines: tuple[Line, ...]


def panels(trajectory: Trajectory, run: int = 0) -> list[Panel]:
    """The charts of one run, those of features that are off left out."""
    one = trajectory.only(run)
    made = [
        _loss(one),
        _panel(
            one,
            "gradient",
            "Gradient g",
            "What the surface says; ĝ is what clipping lets through.",
            ["grad", "grad_clipped"],
        ),
        _panel(one, "m", "First moment m", "The running mean of the gradients.", ["m"]),
        _panel(one, "u", "Infinity norm u", "The largest gradient of late; it fades by β₂ a step.", ["u"]),
        _rates(one),
        _panel(one, "step", "Step Δ", "How far each coordinate moves.", ["step"]),
    ]
    if not np.isnan(one["ema"]).all():
        made.append(_distance(one))
    return made


def _loss(one: Trajectory) -> Panel:
    loss = one["loss"][0]
    lowest = np.nanmin(np.where(np.isfinite(loss), loss, np.nan)) if np.isfinite(loss).any() else 0.0
    line = Line("loss", "", "f", loss)
    return Panel("loss", "Loss f", "The height of the surface at the weights.", bool(lowest > 0), (line,))


def _panel(one: Trajectory, key: str, title: str, help_line: str, names: list[str]) -> Panel:
    shown = [n for n in names if n != "grad_clipped" or _is_clipped(one)]
    symbols = {"grad": "g", "grad_clipped": "ĝ", "m": "m", "u": "u", "step": "Δ"}
    lines = tuple(
        Line(name, coordinate, f"{symbols[name]} {coordinate}", one[name][0, :, d])
        for name in shown
        for d, coordinate in enumerate(one.coordinates)
    )
    return Panel(key, title, help_line, False, lines)


def _is_clipped(one: Trajectory) -> bool:
    return bool(np.any(one["clip_factor"][np.isfinite(one["clip_factor"])] != 1))


def _rates(one: Trajectory) -> Panel:
    lines = (Line("lr", "", "α", one["lr"][0]), Line("lr_t", "", "α_t", one["lr_t"][0]))
    help_line = "The learning rate, and what bias correction makes of it: large at first, then α itself."
    positive = all(np.all(line.values[np.isfinite(line.values)] > 0) for line in lines)
    return Panel("rate", "Learning rate α and α_t", help_line, bool(positive), lines)


def _distance(one: Trajectory) -> Panel:
    distance = np.linalg.norm(one["ema"][0] - one["theta"][0, 1:], axis=1)
    line = Line("ema", "", "|θ̄ − θ|", distance)
    return Panel("ema", "Distance of the average", "How far the average θ̄ is from the weights.", False, (line,))
