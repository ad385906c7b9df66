"""The charts of a run as plain lines."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.run.ledger import skipped


class Line(NamedTuple):
    """One line of a chart: which quantity (that is its colour), which coordinate (its dash), and the values."""

    quantity: str
    coordinate: str  # "x", "y", or "" for what belongs to neither
    label: str
    array: str  # name of the values' array, a field of the run or one of `extra_arrays`
    column: int
    values: NDArray[Any]


class Panel(NamedTuple):
    """One chart over the micro-steps."""

    key: str
    title: str
    help: str
    logarithmic: bool
    lines: tuple[Line, ...]


SYMBOLS = {"grad": "g", "grad_accumulated": "ḡ", "grad_clipped": "ĝ", "m": "m", "u": "u", "root_v": "√v"}
SYMBOLS |= {"step": "Δ", "ratio": "|Δ|/α"}
TITLES = {
    "loss": ("Loss f", "The height of the surface at the weights."),
    "gradient": ("Gradient g", "What the surface says, and ĝ, what clipping lets through."),
    "m": ("First moment m", "The running mean of the gradients."),
    "u": ("Infinity norm u", "The largest gradient of late; dots: the gradient won the max, else β₂u fades."),
    "rate": ("Rates α, α_t", "The learning rate, and what bias correction makes of it: large at first, then α itself."),
    "step": ("Step Δ", "How far each coordinate moves."),
    "ratio": (
        "|Δ| / α",
        "The step as a part of the learning rate: near 1 when gradients agree, small when they don't.",
    ),
    "ema": ("|θ̄ − θ|", "How far the average θ̄ is from the weights."),
    "bucket": ("Bucket ḡ", "The mean of the window so far; at its end it is the gradient of the update."),
}
ADAM_TITLE = ("√v", "The root of a running mean of squared gradients: how large they are of late.")
CLIP_ROUNDING = 1e-6  # a global clip that does nothing multiplies by c (1/c), which may be a hair beside 1
DEFAULT_PANELS = ("loss", "gradient", "m", "u", "rate", "step", "ema", "bucket")


def extra_arrays(trajectory: Trajectory, run: int = 0) -> dict[str, NDArray[Any]]:
    """Arrays that charts show and the run does not record: ``|Δ|/α`` and Adam's ``√v (T, D)``, ``|θ̄ − θ| (T,)``."""
    one = trajectory.only(run)
    with np.errstate(all="ignore"):
        extra = {"ratio": np.abs(one["step"][0]) / np.abs(one["lr"][0])[:, None]}
        if "v" in one.moments and one.running_norm is not None:
            extra["root_v"] = one.running_norm[0]
        if _has_average(one):
            extra["ema_distance"] = np.linalg.norm(one["ema"][0] - one["theta_next"][0], axis=1)
    return extra


def panels(trajectory: Trajectory, run: int = 0) -> list[Panel]:
    """The charts of one run, those of features that are off left out."""
    one = trajectory.only(run)
    extra = extra_arrays(one)
    clipped = ["grad_clipped"] if is_clipped(one) else []
    made = [
        _panel("loss", [_line(one["loss"][0], "loss", "f")]),
        _panel("gradient", _pairs(one, ["grad_unscaled", *clipped])),
        _panel("m", _pairs(one, ["m"])),
        *_norm_panels(one),
        _panel("rate", [_line(one["lr"][0], "lr", "α"), _line(one["lr_t"][0], "lr_t", "α_t")]),
        _panel("step", _pairs(one, ["step"])),
        _panel("ratio", _coordinates(one, "step", "ratio", extra["ratio"])),
    ]
    if "ema_distance" in extra:
        made.append(_panel("ema", [_line(extra["ema_distance"], "ema", "|θ̄ − θ|", "ema_distance")]))
    if np.any(~one["is_update"] & ~skipped(one)):
        made.append(_panel("bucket", _pairs(one, ["grad_accumulated"])))
    return made


def _norm_panels(one: Trajectory) -> list[Panel]:
    """The chart of what m is divided by; none under a rule that divides by nothing."""
    if one.running_norm is None:
        return []
    title = ADAM_TITLE if "v" in one.moments else TITLES["u"]
    return [_panel("u", _coordinates(one, "u", norm_array(one), one.running_norm[0]), title)]


def norm_array(one: Trajectory) -> str:
    """The array of the chart ``u``, on the scale of gradients: u, or the root of Adam's v among `extra_arrays`."""
    return "root_v" if "v" in one.moments else "u"


def is_clipped(one: Trajectory) -> bool:
    """Whether the clip changed any gradient of the run, beyond rounding."""
    factor = one["clip_factor"]
    return bool(np.any(np.abs(factor[np.isfinite(factor)] - 1) > CLIP_ROUNDING))


def _has_average(one: Trajectory) -> bool:
    return not np.isnan(one["ema"]).all()


def _panel(key: str, lines: list[Line], title_and_help: tuple[str, str] | None = None) -> Panel:
    title, help_line = title_and_help or TITLES[key]
    values = np.concatenate([line.values for line in lines])
    values = values[np.isfinite(values)]
    spans = key in ("loss", "rate") and values.size > 0 and values.min() > 0
    return Panel(key, title, help_line, bool(spans), tuple(lines))


def _line(values: NDArray[Any], quantity: str, label: str, array: str = "") -> Line:
    return Line(quantity, "", label, array or quantity, 0, values)


def _pairs(one: Trajectory, names: list[str]) -> list[Line]:
    return [line for name in names for line in _coordinates(one, *_colour(name), one[name][0])]


def _colour(name: str) -> tuple[str, str]:
    """Whose colour an array has: all gradients before the clip are g."""
    return ("grad" if name.startswith("grad") and name != "grad_clipped" else name), name


def _coordinates(one: Trajectory, quantity: str, array: str, values: NDArray[Any]) -> list[Line]:
    symbol = SYMBOLS.get(array, SYMBOLS[quantity])
    return [Line(quantity, c, f"{symbol} {c}", array, d, values[:, d]) for d, c in enumerate(one.coordinates)]
