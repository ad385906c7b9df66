"""Data sets: seeded, split, and each of the form it says."""

import numpy as np
import pytest

from adamax_viz.problems.models.datasets import DATASETS, WINDOW, Data, line_at, make_data, signal_at, signal_noise

SHAPES = {
    "curve": ((1,), (1,)),
    "classes": ((2,), (1,)),
    "pictures": ((8, 8, 1), (1,)),
    "signal": ((WINDOW, 1), (1,)),
    "codes": ((6,), (6,)),
}
PARTS = ("inputs", "targets", "validation_inputs", "validation_targets")


def assert_equal(one: Data, other: Data) -> None:
    for part in PARTS:
        np.testing.assert_array_equal(getattr(one, part), getattr(other, part))


@pytest.mark.parametrize("name", DATASETS)
def test_form_split_and_seed(name: str) -> None:
    data = make_data(name, 80, seed=3)
    assert (data.inputs.shape[1:], data.targets.shape[1:]) == SHAPES[data.kind]
    assert (data.points, len(data.validation_inputs), len(data.validation_targets)) == (60, 20, 20)
    assert all(getattr(data, part).dtype == np.float32 for part in PARTS)
    assert all(np.isfinite(getattr(data, part)).all() for part in PARTS)
    assert bool(data.labels) == (data.kind in ("classes", "pictures"))
    if data.labels:
        assert set(np.unique(data.targets)) == set(range(len(data.labels)))
    np.random.seed(0)  # noqa: NPY002
    np.random.random(5)  # noqa: NPY002
    assert_equal(data, make_data(name, 80, seed=3))
    assert not np.array_equal(data.inputs, make_data(name, 80, seed=4).inputs)
    assert make_data(name).points > 60


@pytest.mark.parametrize("name", DATASETS)
def test_noise_is_what_it_adds(name: str) -> None:
    quiet, loud = make_data(name, 200, 0.0), make_data(name, 200, DATASETS[name].most_noise)
    assert not np.array_equal(quiet.inputs, loud.inputs) or not np.array_equal(quiet.targets, loud.targets)


def test_without_noise_points_are_where_they_belong() -> None:
    line = make_data("line", 100, 0.0)
    np.testing.assert_allclose(line.targets, line_at(line.inputs), atol=1e-6)
    circles = make_data("circles", 100, 0.0)
    radius = np.linalg.norm(circles.inputs, axis=1)
    np.testing.assert_allclose(radius, np.where(circles.targets[:, 0] == 1, 0.5, 1.2), atol=1e-6)
    xor = make_data("xor", 100, 0.0)
    np.testing.assert_array_equal((xor.inputs[:, 0] * xor.inputs[:, 1] < 0), xor.targets[:, 0] == 1)
    codes = make_data("low_rank", 100, 0.0)
    assert np.linalg.matrix_rank(codes.inputs, tol=1e-4) == 2
    np.testing.assert_array_equal(codes.inputs, codes.targets)


def test_pictures_are_what_their_labels_say() -> None:
    data = make_data("pictures", 120, 0.0)
    lit = data.inputs[..., 0]
    assert set(np.unique(lit)) == {0, 1}
    for picture, label in zip(lit, data.targets[:, 0], strict=True):
        rows, columns = picture.any(axis=1).sum(), picture.any(axis=0).sum()
        assert (min(rows, columns) == 1) == (label == 0)
        middle = picture[np.ix_(picture.any(axis=1), picture.any(axis=0))]
        if label > 0:
            assert middle[len(middle) // 2, middle.shape[1] // 2] == (label == 1)


def test_the_signal_gets_faster_and_its_storm_is_in_the_middle() -> None:
    data = make_data("signal", 640, 0.5)
    assert data.ordered
    t = np.arange(data.points + WINDOW)
    clean = signal_at(t, len(t))
    np.testing.assert_allclose(data.targets[:, 0], clean[WINDOW:], atol=1e-6)
    np.testing.assert_array_equal(data.inputs[1, :-1], data.inputs[0, 1:])
    third = len(t) // 3
    crossings = [np.count_nonzero(np.diff(np.sign(part))) for part in (clean[:third], clean[-third:])]
    assert crossings[1] > 1.5 * crossings[0]
    heard = np.concatenate([data.inputs[:, 0, 0], data.inputs[-1, 1:, 0]])
    rough = np.abs(heard - clean[: len(heard)])
    middle, edge = slice(len(heard) // 2 - 40, len(heard) // 2 + 40), slice(0, 80)
    assert rough[middle].mean() > 3 * rough[edge].mean()
    assert signal_noise(np.array([len(t) / 2]), len(t))[0] == pytest.approx(1.0)
    assert not np.isin(data.validation_inputs[:, 0, 0], data.inputs[:, 0, 0]).any()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("mnist",), "no data set “mnist”; near it is moons"),
        (("moons", 3), "`points` must be between 16 and 4000"),
        (("moons", 10**6), "`points` must be between"),
        (("moons", 100, -0.1), "noise must be between 0 and 1"),
        (("moons", 100, np.nan), "noise must be between"),
    ],
)
def test_refusals(arguments: tuple[object, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make_data(*arguments)  # type: ignore[arg-type]
