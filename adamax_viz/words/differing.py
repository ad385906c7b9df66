"""Two recorded runs side by side: where each quantity is furthest apart, and where they begin to differ."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.parity.keras_optimizer import difference
from adamax_viz.views.palette import QUANTITIES
from adamax_viz.words.summary import number

# Arrays of a trajectory and the quantity, with its colour, that each belongs to.
COMPARED = {
    "theta": "theta",
    "loss": "loss",
    "grad": "grad",
    "grad_clipped": "grad_clipped",
    "m": "m",
    "u": "u",
    "lr": "lr",
    "lr_t": "lr_t",
    "step": "step",
    "ema": "ema",
}
WORDS = {
    "theta": "weights",
    "loss": "loss",
    "grad": "gradient",
    "grad_clipped": "clipped gradient",
    "m": "first moment",
    "u": "infinity norm",
    "lr": "learning rate",
    "lr_t": "bias-corrected rate",
    "step": "step",
    "ema": "average",
}


class Apart(NamedTuple):
    """How far two runs are apart in one quantity."""

    quantity: str  # a key of the palette
    words: str
    largest: float
    step: int  # where that is
    first: int | None  # the first step at which they differ at all
    per_step: NDArray[Any]  # (T,), the largest over the coordinates

    @property
    def symbol(self) -> str:
        """The quantity's letter."""
        return QUANTITIES[self.quantity].symbol


class Compared(NamedTuple):
    """Two runs beside each other."""

    apart: list[Apart]
    left_out: list[str]  # quantities that only one of them has, in words
    steps: int  # compared: as many as both have


def compare_runs(a: Trajectory, b: Trajectory) -> Compared:
    """Compare the quantities that both runs recorded, over the steps that both have."""
    a, b = a.only(0).happened(), b.only(0).happened()
    steps = min(a.steps, b.steps)
    apart, left_out = [], []
    for name, quantity in COMPARED.items():
        ours, theirs = (_rows(run, name, steps + (name in ("theta", "loss"))) for run in (a, b))
        there = [not np.isnan(values).all() for values in (ours, theirs)]
        if all(there):
            found = difference(ours, theirs)
            differing = np.flatnonzero(found.per_step > 0)
            first = int(differing[0]) if differing.size else None
            apart.append(Apart(quantity, WORDS[name], found.largest, found.step, first, found.per_step))
        elif any(there):
            left_out.append(WORDS[name])
    return Compared(apart, left_out, steps)


def _rows(run: Trajectory, name: str, count: int) -> NDArray[Any]:
    values = run[name][0, :count]
    return values.reshape(len(values), -1)


def in_words(compared: Compared) -> str:
    """The comparison in a sentence or two."""
    differing = [one for one in compared.apart if one.largest > 0]
    left = f" Only one of the two has: {', '.join(compared.left_out)}." if compared.left_out else ""
    if not differing:
        return f"The two runs are equal, to the last digit, over {compared.steps} steps.{left}"
    begin = min(one.first for one in differing if one.first is not None)
    *others, last = [one.words for one in differing if one.first == begin]
    first = f"{', '.join(others)} and {last}" if others else last
    weights = next((one for one in compared.apart if one.quantity == "theta"), None)
    far = ""
    if weights is not None and weights.largest > 0:
        far = f" The weights are furthest apart at step {weights.step}: {number(weights.largest)}."
    return f"They first differ at step {begin}, in the {first}.{far}{left}"
