"""Gradient noise: repeatable, the same however long the table is, and each kind what it is called."""

from typing import Any

import numpy as np
import pytest

from adamax_viz.problems.surfaces.formula_text import FormulaError
from adamax_viz.problems.surfaces.noise import KINDS, Noise, NoiseTable
from tests.problems.surfaces.test_hostile import SLOW

EACH = pytest.mark.parametrize("kind", KINDS)


@EACH
def test_a_longer_table_begins_with_the_shorter_one(kind: Any) -> None:
    noise = Noise(kind, scale=0.3, probability=0.2, at=5, envelope="1 + sin(t)", seed=(3, 4))
    short, long = noise.table(50, 2), noise.table(3000, 2)
    assert short.shape == (50, 2, 2)
    assert np.array_equal(long[:50], short)


@EACH
def test_seeds_repeat(kind: Any) -> None:
    tables = [Noise(kind, seed=seed, probability=0.5).table(40, 2) for seed in (7, 7, 8)]
    assert np.array_equal(tables[0], tables[1])
    assert np.array_equal(tables[0], tables[2]) == (kind in ("none", "outlier"))


@EACH
def test_a_batch_of_seeds_is_its_singles(kind: Any) -> None:
    noise = Noise(kind, scale=2, probability=0.3, at=3, seed=(5, 0, 11))
    assert noise.runs == 3
    table = noise.table(30, 2)
    for run in range(3):
        assert noise.single(run).runs is None
        assert np.array_equal(noise.single(run).table(30, 2), table[:, run : run + 1])


def test_one_seed_is_for_all_runs() -> None:
    noise = Noise("gaussian", seed=4)
    assert noise.runs is None
    assert noise.single(2) is noise
    assert noise.table(10, 3).shape == (10, 1, 3)


def test_none_is_silent() -> None:
    assert not Noise().table(100, 2).any()


def test_gaussian() -> None:
    values = Noise("gaussian", scale=3).table(20_000, 2)[:, 0]
    assert values.std(axis=0) == pytest.approx([3, 3], rel=0.02)
    assert np.abs(values.mean(axis=0)).max() < 0.06
    assert abs(np.corrcoef(values.T)[0, 1]) < 0.03
    assert abs(np.corrcoef(values[1:, 0], values[:-1, 0])[0, 1]) < 0.03


def test_heavy_tailed_has_the_quantiles_of_student() -> None:
    values = np.abs(Noise("heavy_tailed", scale=2).table(40_000, 1)).ravel() / 2
    # |t| with two degrees of freedom: P(|t| < q) = q / sqrt(2 + q^2)
    for q in (0.5, 1.0, 3.0, 10.0):
        assert (values < q).mean() == pytest.approx(q / np.sqrt(2 + q**2), abs=0.01)


def test_spikes() -> None:
    values = Noise("spikes", scale=5, probability=0.1).table(20_000, 2)[:, 0]
    assert set(np.unique(values)) == {-5.0, 0.0, 5.0}
    hit = (values != 0).any(axis=1)
    assert hit.mean() == pytest.approx(0.1, abs=0.01)
    assert np.all(values[hit] != 0)  # on every coordinate at once
    assert (values[hit] > 0).mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(("probability", "share"), [(0, 0), (1, 1)])
def test_spikes_never_or_always(probability: float, share: float) -> None:
    assert (Noise("spikes", probability=probability).table(500, 2) != 0).mean() == share


def test_outlier_is_at_its_step_and_nowhere_else() -> None:
    values = Noise("outlier", scale=-7, at=12).table(40, 2)[:, 0]
    assert np.argwhere(values).tolist() == [[12, 0], [12, 1]]
    assert values[12].tolist() == [-7, -7]
    assert not Noise("outlier", at=12).table(12, 2).any()


def test_envelope_multiplies() -> None:
    plain, shaped = (Noise("gaussian", envelope=envelope).table(200, 2) for envelope in ("1", "exp(-t/50)"))
    np.testing.assert_allclose(shaped, plain * np.exp(-np.arange(200) / 50)[:, None, None], rtol=1e-14)
    assert np.array_equal(Noise("gaussian", envelope="2").table(9, 2), 2 * plain[:9])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_step_by_step_is_the_table(dtype: str) -> None:
    noise = Noise("gaussian", scale=0.1, seed=(1, 2))
    steps = NoiseTable(noise, 2)
    table = noise.table(5000, 2).astype(dtype)
    for step in (0, 1, 1023, 1024, 4999, 3):
        values = steps.at(step, np.dtype(dtype))
        assert values.dtype == dtype
        assert np.array_equal(values, table[step])


def test_step_by_step_in_another_dtype() -> None:
    steps = NoiseTable(Noise("gaussian"), 2)
    exact = steps.at(3, np.dtype("float64")).copy()
    rough = steps.at(3, np.dtype("float32"))
    assert rough.dtype == np.float32
    assert np.array_equal(rough, exact.astype(np.float32))
    assert np.array_equal(steps.at(3, np.dtype("float64")), exact)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "pink"}, "Unknown noise 'pink'; there are none, gaussian"),
        ({"probability": 1.5}, "between 0 and 1. Received: 1.5"),
        ({"probability": float("nan")}, "between 0 and 1"),
        ({"scale": float("inf")}, "scale must be finite. Received: inf"),
        ({"at": -1}, "must not be negative. Received: -1"),
        ({"seed": -2}, "must not be negative. Received: -2"),
        ({"seed": (1, -2)}, "must not be negative"),
        ({"seed": ()}, "at least one seed"),
        ({"seed": 1.5}, "whole number. Received: 1.5"),
    ],
)
def test_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Noise(**arguments)


@pytest.mark.parametrize("envelope", ["x", "t + y", "foo", "t +", "", SLOW])
def test_envelopes_depend_on_t_alone(envelope: str) -> None:
    with pytest.raises(FormulaError):
        Noise("gaussian", envelope=envelope).table(5, 2)
