"""Heat maps of a training, parameter x step: how large |g|, |m|, u and |Δ|/α_t are, variable by variable.

A pixel is the mean over the steps and the parameters that fall into it, so that two thousand parameters over two
thousand steps still fit on a screen. Logarithmic where values span decades, linear for |Δ|/α_t.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.training.sampling import bins, glanced

COLUMNS, ROWS = 200, 160
GLANCED = 2 * COLUMNS  # steps that a map looks at while the training goes on and the next one comes soon
DECADES = 3.0  # of a logarithmic map: what is smaller than this below the largest is drawn as the smallest
SYMBOLS = {"grad": "|g|", "m": "|m|", "u": "u", "ratio": "|Δ| / α_t"}
BYTES = 254  # levels of a pixel; 0 is kept for "nothing here"


class Band(NamedTuple):
    """The rows of one variable: where they begin, how many they are, and its columns of theta."""

    name: str
    row: int
    rows: int
    first: int
    size: int
    branch: float | None  # part of its updates in which |g| won the max; None under a rule that takes none


class HeatMap(NamedTuple):
    """One quantity: pixels ``(rows, columns)`` from 1 (at `low`) to 255 (at `high`), 0 where nothing happened."""

    quantity: str
    symbol: str
    pixels: NDArray[np.uint8]
    low: float
    high: float
    logarithmic: bool


class HeatMaps(NamedTuple):
    """All quantities over the same rows and columns."""

    steps: NDArray[np.intp]  # first step of each column
    parameters: NDArray[np.intp]  # first parameter of each row
    bands: tuple[Band, ...]
    maps: tuple[HeatMap, ...]


def heat_maps(run: Trajectory, columns: int = COLUMNS, rows: int = ROWS, *, most_steps: int | None = None) -> HeatMaps:
    """The maps of one run up to its stop; of at most so many of its recorded steps, evenly spread."""
    run = run.happened()
    seen = glanced(run, most_steps or run.steps)
    if len(seen) < run.steps:
        arrays = run.at_steps(seen)
        del arrays["theta"], arrays["loss"]  # they would lack the end; no map shows them
        run = replace(run, arrays=arrays)
    steps = bins(len(seen), columns)
    moved = run["is_update"]  # by the rule; under accumulation or an overflow the weights rest
    bands, parameters = _bands(run, moved, rows)
    with np.errstate(all="ignore"):
        ratio = np.abs(run["step"][0]) / np.abs(run["lr_t"][0])[:, None]
        ratio[~moved] = np.nan
        fields = {"grad": np.abs(run["grad_unscaled"][0]), "m": np.abs(run["m"][0])}
        if run.running_norm is not None:
            fields["u"] = run.running_norm[0]
        fields["ratio"] = ratio
        means = {name: _binned(_binned(values, steps, 0), parameters, 1).T for name, values in fields.items()}
        symbols = SYMBOLS | ({"u": "√v"} if "v" in run else {})
        maps = tuple(_map(name, symbols[name], values) for name, values in means.items())
    return HeatMaps(seen[steps], parameters, bands, maps)


def _bands(run: Trajectory, moved: NDArray[np.bool_], rows: int) -> tuple[tuple[Band, ...], NDArray[np.intp]]:
    """Each variable's part of the rows, one at least; and the first parameter of each row."""
    bands, parameters = [], np.empty(0, np.intp)
    for name, columns in run.variables.items():
        size, everything = columns.stop - columns.start, len(run.coordinates)
        first = columns.start + bins(size, max(1, size * min(rows, everything) // everything))
        share = None
        if "u_branch" in run:
            share = float(run["u_branch"][0, moved, columns].mean()) if moved.any() else 0.0
        bands.append(Band(name, len(parameters), len(first), columns.start, size, share))
        parameters = np.concatenate([parameters, first])
    return tuple(bands), parameters


def _binned(values: NDArray[np.floating], starts: NDArray[np.intp], axis: int) -> NDArray[np.floating]:
    """Means over bins along an axis; what is not finite does not count."""
    good = np.isfinite(values)
    if good.all():
        counts = np.diff([*starts, values.shape[axis]]).astype(values.dtype)
        return np.asarray(np.add.reduceat(values, starts, axis) / (counts[:, None] if axis == 0 else counts))
    total = np.add.reduceat(np.where(good, values, 0), starts, axis)
    return np.asarray(total / np.add.reduceat(good, starts, axis, dtype=np.intp))


def _map(quantity: str, symbol: str, means: NDArray[np.floating]) -> HeatMap:
    logarithmic = quantity != "ratio"
    finite = means[np.isfinite(means) & (means > 0)]
    high = float(finite.max()) if finite.size else 1.0
    low = max(float(finite.min()), high * 10**-DECADES) if finite.size and logarithmic else 0.0
    high = max(high, 1.0) if not logarithmic else high
    part = np.log(means / low) / np.log(high / low) if logarithmic and high > low > 0 else means / high
    pixels = np.where(np.isfinite(means), 1 + BYTES * np.clip(np.nan_to_num(part, neginf=0), 0, 1), 0)
    pixels[means == 0] = 1 if not logarithmic else 0
    return HeatMap(quantity, symbol, pixels.round().astype(np.uint8), low, high, logarithmic)
