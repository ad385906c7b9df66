"""How far two runs are apart, step by step, as plain lines for a logarithmic axis."""

from collections.abc import Mapping
from math import floor, log10
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.views.palette import QUANTITIES

DRAWN = {"theta": "theta", "m": "m", "u": "u", "v": "u", "lr": "lr", "ema": "ema"}  # arrays, and whose colour each has


class DifferenceLine(NamedTuple):
    """One quantity's distance at each micro-step; no distance at all lies on the chart's floor."""

    quantity: str  # a key of the palette
    symbol: str
    values: NDArray[Any]  # (T,)


class Differences(NamedTuple):
    """The chart: its lines, and the power of ten that stands for zero."""

    lines: tuple[DifferenceLine, ...]
    floor: float


def symbol_of(name: str) -> str:
    """The letter of an array."""
    return QUANTITIES[name].symbol if name in QUANTITIES else name


def differences_view(per_step: Mapping[str, NDArray[Any]]) -> Differences:
    """Lines of the quantities' distances ``(T,)``; infinite ones (NaN on one side) are left out as gaps.

    Args:
        per_step: by array, those of `DRAWN`.
    """
    positive = [v[np.isfinite(v) & (v > 0)] for v in per_step.values()]
    smallest = min((float(v.min()) for v in positive if v.size), default=1.0)
    bottom = 10.0 ** (floor(log10(smallest)) - 1)
    lines = []
    for name, values in per_step.items():
        drawn = np.where(np.isfinite(values), np.maximum(values, bottom), np.nan)
        lines.append(DifferenceLine(DRAWN[name], symbol_of(name), drawn))
    return Differences(tuple(lines), bottom)
