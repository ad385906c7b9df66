"""What a model says, as a row of pictures along its training: boundary, curve, labels, signal or codes.

`Frames` holds what a picture needs at a few steps, evenly spread; between them the one before is shown, and its step is
named. Predictions travel as bytes between `low` and `high`: a screen shows no more.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.problems.models.datasets import Data
from adamax_viz.views.training.sampling import Steps, sampled

Array = NDArray[Any]
# What the model makes of inputs (N, ...) at weights (K, D): (K, N, outputs); probabilities where there are labels.
Predict = Callable[[Array, Array], Array]

GRID = 40  # points along each side of a boundary
CURVE = 121  # points along a curve
DRAWN = {"pictures": 24, "codes": 120}  # points of the validation part that are drawn one by one
AIR = 0.12  # around the points, as a part of their extent
ROOM = 0.3  # the same above and below values, for a model that errs; what goes beyond is drawn at the edge
BYTES = 255


class Backdrop(NamedTuple):
    """What does not change while a model trains: where it is asked, and the data around as drawn, ``(N, columns)``.

    `at` is a grid's two axes ``(2, GRID)``, a curve's x, or the indices of the points shown.
    """

    inputs: Array  # where the model is asked
    at: Array
    points: Array
    validation: Array
    project: Array | None = None  # (features, 2): codes are drawn in the plane where the data are spread most
    low: float = 0.0  # the values that bytes stand for: of probabilities 0 to 1
    high: float = 1.0


class Frames(NamedTuple):
    """Pictures at `steps (K,)` before a backdrop.

    `frames (K, n, outputs)` are bytes between its `low` and `high`; of two labels the second's probability, of more the
    label itself and its probability, of pictures all probabilities.
    """

    steps: Steps
    frames: NDArray[np.uint8]
    backdrop: Backdrop


def frames(data: Data, predict: Predict, theta: Array, count: int, also: int | None = None) -> Frames:
    """The pictures of a path.

    Args:
        data: what the model learns.
        predict: the model.
        theta: weights ``(T+1, D)`` before each step and after the last.
        count: K, how many pictures at most.
        also: a row of theta that is among them whatever falls out.
    """
    behind = backdrop(data)
    steps = sampled(len(theta), count)
    if also is not None and also not in steps:
        steps = np.union1d(sampled(len(theta), count - 1), [also])
    with np.errstate(all="ignore"):
        outputs = np.asarray(predict(theta[steps], behind.inputs), np.float64)
        outputs = outputs.reshape(len(steps), len(behind.inputs), -1)
        if data.kind == "classes":
            outputs = outputs[..., 1:] if len(data.labels) == 2 else _best(outputs)
        if behind.project is not None:
            outputs = outputs @ behind.project
        part = np.nan_to_num((outputs - behind.low) / (behind.high - behind.low), nan=0.5)
    return Frames(steps, (BYTES * np.clip(part, 0, 1)).round().astype(np.uint8), behind)


def backdrop(data: Data) -> Backdrop:
    """The backdrop of this kind of data; values span what the data do, with air for a model that errs."""
    behind = BACKDROPS[data.kind](data)
    if data.labels:
        return behind
    low, high = _extent(behind.points[:, -1], ROOM) if behind.project is None else _extent(behind.points)
    return behind._replace(low=low, high=high)


def _best(outputs: Array) -> Array:
    """The most probable label, as the byte it is to become, and its probability."""
    return np.stack([outputs.argmax(axis=-1) / BYTES, outputs.max(axis=-1)], axis=-1)


def _extent(values: Array, part: float = AIR) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    air = (high - low or 1.0) * part
    return low - air, high + air


def _pairs(inputs: Array, targets: Array) -> Array:
    """Inputs and targets side by side, as drawn."""
    return np.concatenate([inputs.reshape(len(inputs), -1), targets.reshape(len(targets), -1)], axis=1)


def _grid(data: Data) -> Backdrop:
    everything = np.concatenate([data.inputs, data.validation_inputs])
    axes = np.stack([np.linspace(*_extent(everything[:, side]), GRID) for side in (0, 1)])
    x, y = np.meshgrid(*axes)
    inputs = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    return Backdrop(inputs, axes, *_both(data))


def _both(data: Data) -> tuple[Array, Array]:
    return _pairs(data.inputs, data.targets), _pairs(data.validation_inputs, data.validation_targets)


def _curve(data: Data) -> Backdrop:
    x = np.linspace(*_extent(np.concatenate([data.inputs, data.validation_inputs])), CURVE)
    return Backdrop(x[:, None].astype(np.float32), x, *_both(data))


def _pictures(data: Data) -> Backdrop:
    drawn = np.arange(min(DRAWN["pictures"], len(data.validation_inputs)))
    inputs = data.validation_inputs[drawn]
    return Backdrop(inputs, drawn, np.empty((0, 0)), _pairs(inputs, data.validation_targets[drawn]))


def _signal(data: Data) -> Backdrop:
    """All windows in the order of time: the last value heard, and the value to be outputs."""
    order = np.arange(len(data.inputs))
    heard = data.inputs.reshape(len(order), -1)[:, -1:]
    return Backdrop(data.inputs, order, _pairs(heard, data.targets), np.empty((0, 2)))


def _codes(data: Data) -> Backdrop:
    """Points and what comes back from the code, seen along the two directions in which the data are spread most."""
    drawn = np.arange(min(DRAWN["codes"], len(data.validation_inputs)))
    centred = data.inputs - data.inputs.mean(axis=0)
    directions = np.linalg.svd(centred.astype(np.float64), full_matrices=False)[2][:2].T
    directions = directions * np.sign(directions[np.abs(directions).argmax(axis=0), [0, 1]])
    inputs = data.validation_inputs[drawn]
    return Backdrop(inputs, drawn, inputs @ directions, np.empty((0, 2)), directions)


BACKDROPS: dict[str, Callable[[Data], Backdrop]] = {
    "classes": _grid,
    "plane": _grid,
    "curve": _curve,
    "pictures": _pictures,
    "signal": _signal,
    "codes": _codes,
}
