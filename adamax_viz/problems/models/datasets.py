"""Small data sets for tiny models: seeded, with a number of points and a noise that can be set, split in two.

Every set is one row of `DATASETS`. `make_data` draws it and holds a part back for validation; `split` does the same for
points from elsewhere. A signal is not shuffled: its windows come in the order of time, and its validation part is the
same signal under other noise.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.limits import LIMITS
from adamax_viz.problems.names import unknown

Array = NDArray[Any]
Generator = np.random.Generator
# What the data are, and so what a picture of them shows: one input and a value, two inputs and a label, two inputs and
# a value, 8x8 pictures with labels, windows of a signal and the value after each, points that are their own targets.
Kind = Literal["curve", "classes", "plane", "pictures", "signal", "codes"]

VALIDATION = 0.25  # part of the points that is held back
WINDOW = 16  # values of the signal that the model sees before it says the next one
LABELS = ("bars", "crosses", "rings")
BINARY = ("0", "1")


class Data(NamedTuple):
    """A data set in two parts, all float32; labels are 0, 1, ... and `labels` names them.

    `inputs` are ``(N, 1)``, ``(N, 2)``, pictures ``(N, 8, 8, 1)``, windows ``(N, 16, 1)`` or ``(N, features)``;
    `targets` ``(N, 1)``, or ``(N, features)`` for codes. `ordered`: batches follow each other in the order of time.
    """

    name: str
    kind: Kind
    inputs: Array
    targets: Array
    validation_inputs: Array
    validation_targets: Array
    labels: tuple[str, ...] = ()
    ordered: bool = False

    @property
    def points(self) -> int:
        """Points of the training part."""
        return len(self.inputs)


class Dataset(NamedTuple):
    """One data set of the catalogue: ``draw(points, noise, rng)`` gives inputs and targets."""

    name: str
    title: str
    kind: Kind
    help: str
    draw: Callable[[int, float, Generator], tuple[Array, Array]]
    points: int = 400
    noise: float = 0.1
    most_noise: float = 1.0
    noise_help: str = "Standard deviation of what is added to each coordinate."
    labels: tuple[str, ...] = ()  # of classes and pictures; none where values are learned


LEAST_POINTS = 16


def make_data(name: str, points: int | None = None, noise: float | None = None, seed: int = 0) -> Data:
    """Draw a data set: the same arguments give the same numbers, on any machine and whatever was drawn before.

    Args:
        name: a key of `DATASETS`.
        points: both parts together; a quarter is for validation. The set's own number if None.
        noise: the set's own if None; 0 is none.
        seed: of points, noise and split.

    Raises:
        ValueError: an unknown name, or a value outside its range.
    """
    known, points, noise = check_data(name, points, noise)
    rng = np.random.default_rng([seed, points])
    held_back = round(points * VALIDATION)
    if known.kind == "signal":
        inputs, targets = known.draw(points - held_back, noise, rng)
        # The same signal under other noise, at times spread evenly over all of it.
        others = known.draw(points - held_back, noise, rng)
        chosen = np.linspace(0, points - held_back - 1, held_back).astype(int)
        return _data(name, "signal", inputs, targets, others[0][chosen], others[1][chosen], ordered=True)
    inputs, targets = known.draw(points, noise, rng)
    return split(name, known.kind, inputs, targets, seed, known.labels)


def check_data(name: str, points: int | None, noise: float | None) -> tuple[Dataset, int, float]:
    """The data set, its points and its noise, without drawing it.

    Raises:
        ValueError: as for `make_data`.
    """
    if name not in DATASETS:
        raise ValueError(unknown("data set", name, DATASETS))
    known = DATASETS[name]
    points = known.points if points is None else points
    noise = known.noise if noise is None else noise
    if not LEAST_POINTS <= points <= LIMITS.training_points:
        raise ValueError(
            f"`points` must be between {LEAST_POINTS} and {LIMITS.training_points}. Received: points={points}"
        )
    if not 0 <= noise <= known.most_noise:
        raise ValueError(f"The noise must be between 0 and {known.most_noise:g} here. Received: {noise:g}")
    return known, points, noise


def split(name: str, kind: Kind, inputs: Array, targets: Array, seed: int = 0, labels: tuple[str, ...] = ()) -> Data:
    """Hold a quarter of the points back for validation, chosen by the seed."""
    order = np.random.default_rng([seed, 1]).permutation(len(inputs))
    held_back = max(1, round(len(inputs) * VALIDATION))
    kept, back = order[held_back:], order[:held_back]
    return _data(name, kind, inputs[kept], targets[kept], inputs[back], targets[back], labels=labels)


def _data(name: str, kind: Kind, *parts: Array, labels: tuple[str, ...] = (), ordered: bool = False) -> Data:
    a, b, c, d = (np.ascontiguousarray(part, np.float32) for part in parts)
    return Data(name, kind, a, b, c, d, labels, ordered)


# -- one input, one value -------------------------------------------------------------------------------------


def line_at(x: Array) -> Array:
    """The line under the noise."""
    return 1.5 * x - 0.5


def curve_at(x: Array) -> Array:
    """The curve under the noise."""
    return np.asarray(np.sin(2.5 * x) + 0.3 * x)


def _line(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    x = rng.uniform(-2, 2, (points, 1))
    return x, line_at(x) + noise * rng.normal(size=(points, 1))


def _curve(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    x = rng.uniform(-2, 2, (points, 1))
    return x, curve_at(x) + noise * rng.normal(size=(points, 1))


# -- two inputs, two labels -----------------------------------------------------------------------------------


def _labels(points: int) -> Array:
    """Half zeros, half ones, ``(N, 1)``."""
    return (np.arange(points) % 2).astype(float)[:, None]


def _blobs(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    label = _labels(points)
    centre = np.where(label == 1, (0.8, 0.5), (-0.8, -0.5))
    return centre + noise * rng.normal(size=(points, 2)), label


def _moons(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    label, angle = _labels(points), rng.uniform(0, np.pi, (points, 1))
    upper = np.concatenate([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    return np.where(label == 1, -upper, upper) + noise * rng.normal(size=(points, 2)), label


def _circles(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    label, angle = _labels(points), rng.uniform(0, 2 * np.pi, (points, 1))
    radius = np.where(label == 1, 0.5, 1.2)
    circle = radius * np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
    return circle + noise * rng.normal(size=(points, 2)), label


def _xor(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    corner = rng.choice([-1.0, 1.0], (points, 2))
    place = corner * rng.uniform(0.1, 1.2, (points, 2))
    label = (corner[:, :1] * corner[:, 1:] < 0).astype(float)
    return place + noise * rng.normal(size=(points, 2)), label


def _spirals(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    label = _labels(points)
    way = np.sqrt(rng.uniform(0.02, 1, (points, 1)))  # along the arm, evenly in its length
    angle = 1.5 * 2 * np.pi * way + np.pi * label
    arm = 1.4 * way * np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
    return arm + noise * rng.normal(size=(points, 2)), label


# -- pictures -------------------------------------------------------------------------------------------------


def _pictures(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    label = (np.arange(points) % 3).astype(float)
    drawings = (_bar, _cross, _ring)
    drawn = np.stack([drawings[int(kind)](rng) for kind in label])
    return drawn[..., None] + noise * rng.normal(size=(points, 8, 8, 1)), label[:, None]


def _bar(rng: Generator) -> Array:
    picture = np.zeros((8, 8))
    row, first, length = rng.integers(1, 7), rng.integers(0, 3), rng.integers(5, 7)
    picture[row, first : first + length] = 1
    return picture if rng.random() < 0.5 else picture.T


def _cross(rng: Generator) -> Array:
    picture = np.zeros((8, 8))
    row, column, arm = rng.integers(2, 6), rng.integers(2, 6), rng.integers(1, 3)
    picture[row, column - arm : column + arm + 1] = 1
    picture[row - arm : row + arm + 1, column] = 1
    return picture


def _ring(rng: Generator) -> Array:
    picture = np.zeros((8, 8))
    size = int(rng.integers(4, 6))
    row, column = rng.integers(0, 9 - size, 2)
    picture[row : row + size, column : column + size] = 1
    picture[row + 1 : row + size - 1, column + 1 : column + size - 1] = 0
    for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        picture[row : row + size, column : column + size][corner] = 0
    return picture


# -- a signal, and low rank -----------------------------------------------------------------------------------


def signal_at(t: Array, length: int) -> Array:
    """The signal under the noise, at samples t of a signal of this length: its frequency triples on the way."""
    part = t / length
    return np.asarray(np.sin(2 * np.pi * length / 40 * (part + part**2)))


def signal_noise(t: Array, length: int) -> Array:
    """How strong the noise is at t, as a part of its largest: calm, then a storm in the middle, then calm."""
    return np.asarray(0.1 + 0.9 * np.exp(-(((t / length - 0.5) / 0.12) ** 2)))


def _signal(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    """Windows of noisy values, and the value of the signal itself that comes next."""
    t, length = np.arange(points + WINDOW), points + WINDOW
    clean = signal_at(t, length)
    heard = clean + noise * signal_noise(t, length) * rng.normal(size=length)
    windows = np.lib.stride_tricks.sliding_window_view(heard, WINDOW)[:points]
    return windows[..., None], clean[WINDOW:, None]


FEATURES, RANK = 6, 2


def _low_rank(points: int, noise: float, rng: Generator) -> tuple[Array, Array]:
    """Points near a plane in six dimensions, twice as far spread along one direction as along the other."""
    directions, _ = np.linalg.qr(rng.normal(size=(FEATURES, RANK)))
    data = rng.normal(size=(points, RANK)) * (2.0, 1.0) @ directions.T
    data = data + noise * rng.normal(size=data.shape)
    return data, data


DATASETS: dict[str, Dataset] = {
    d.name: d
    for d in (
        Dataset("line", "Noisy line", "curve", "Points along a straight line.", _line, 120, 0.3),
        Dataset("curve", "Noisy curve", "curve", "Points along a wave.", _curve, 200, 0.15),
        Dataset(
            "blobs", "Two clouds", "classes", "Two round clouds, one on either side.", _blobs, 300, 0.5, labels=BINARY
        ),
        Dataset(
            "moons", "Moons", "classes", "Two half moons that reach into each other.", _moons, 400, 0.12, labels=BINARY
        ),
        Dataset("circles", "Circles", "classes", "One ring inside another.", _circles, 400, 0.1, labels=BINARY),
        Dataset(
            "xor", "XOR", "classes", "Opposite quarters of a square belong together.", _xor, 400, 0.05, labels=BINARY
        ),
        Dataset(
            "spirals", "Spirals", "classes", "Two arms wound around each other.", _spirals, 500, 0.03, labels=BINARY
        ),
        Dataset(
            "pictures",
            "Bars, crosses, rings",
            "pictures",
            "Pictures of 8 × 8 pixels.",
            _pictures,
            480,
            0.15,
            noise_help="Standard deviation of what is added to each pixel.",
            labels=LABELS,
        ),
        Dataset(
            "signal",
            "Changing signal",
            "signal",
            "A wave that gets faster, with a storm of noise in its middle; batches come in the order of time.",
            _signal,
            640,
            0.5,
            noise_help="Standard deviation of the noise at the height of the storm.",
        ),
        Dataset("low_rank", "Low rank", "codes", "Points in six dimensions, near a plane.", _low_rank, 200, 0.1),
    )
}
