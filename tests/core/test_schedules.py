"""The six schedules by their formulas; `tests/parity` compares them with Keras."""

import json
from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.schedules import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
    Schedule,
)

K = np.arange(31)

FORMULAS: list[tuple[Schedule, Any]] = [
    (ExponentialDecay(0.1, 10, 0.5), 0.1 * 0.5 ** (K / 10)),
    (ExponentialDecay(0.1, 10, 0.5, staircase=True), 0.1 * 0.5 ** (K // 10)),
    (PiecewiseConstantDecay([5, 10], [1.0, 0.5, 0.1]), np.select([K <= 5, K <= 10], [1.0, 0.5], 0.1)),
    (PolynomialDecay(0.1, 10, 0.01, 2.0), 0.09 * (1 - np.minimum(K, 10) / 10) ** 2 + 0.01),
    (PolynomialDecay(0.1, 10, 0.01, cycle=True), 0.09 * (1 - K / (10 * np.maximum(np.ceil(K / 10), 1))) + 0.01),
    (InverseTimeDecay(0.1, 10, 0.5), 0.1 / (1 + 0.5 * K / 10)),
    (InverseTimeDecay(0.1, 10, 0.5, staircase=True), 0.1 / (1 + 0.5 * (K // 10))),
    (CosineDecay(0.1, 20, 0.1), 0.1 * (0.9 * (1 + np.cos(np.pi * np.minimum(K, 20) / 20)) / 2 + 0.1)),
    (
        CosineDecay(0.1, 20, warmup_target=0.3, warmup_steps=5),
        np.where(K < 5, 0.1 + 0.2 * K / 5, 0.3 * (1 + np.cos(np.pi * np.clip(K - 5, 0, 20) / 20)) / 2),
    ),
    (CosineDecayRestarts(0.1, 10, t_mul=1.0), 0.1 * (1 + np.cos(np.pi * (K % 10) / 10)) / 2),
    (
        CosineDecayRestarts(0.1, 10, t_mul=2.0, m_mul=0.5),
        np.where(K < 10, 0.1 * (1 + np.cos(np.pi * K / 10)) / 2, 0.05 * (1 + np.cos(np.pi * (K - 10) / 20)) / 2)[:30],
    ),
]
EXAMPLES = [schedule for schedule, _ in FORMULAS]


@pytest.mark.parametrize(("schedule", "expected"), FORMULAS, ids=lambda v: type(v).__name__)
def test_formula(schedule: Schedule, expected: Any) -> None:
    np.testing.assert_allclose(schedule(K[: len(expected)]), expected, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("schedule", EXAMPLES, ids=lambda v: type(v).__name__)
def test_shapes_and_types(schedule: Schedule) -> None:
    table = schedule(K)
    assert table.shape == K.shape
    assert table.dtype == np.float64
    assert schedule(K.reshape(1, 31)).shape == (1, 31)
    assert schedule(3).shape == ()
    assert schedule(3) == table[3]
    assert schedule(K, "float32").dtype == np.float32
    np.testing.assert_allclose(schedule(K, "float32"), table, rtol=2e-6, atol=1e-8)


@pytest.mark.parametrize("schedule", EXAMPLES, ids=lambda v: type(v).__name__)
def test_config_round_trip(schedule: Schedule) -> None:
    assert type(schedule).from_config(schedule.get_config()) == schedule
    written = json.loads(json.dumps(schedules.serialize(schedule)))
    assert written["class_name"] == type(schedule).__name__
    assert schedules.deserialize(written) == schedule


def test_an_unknown_class_is_named() -> None:
    with pytest.raises(ValueError, match="Unknown learning-rate schedule 'Linear'; known are ExponentialDecay, "):
        schedules.deserialize({"class_name": "Linear", "config": {}})


def test_an_int_start_makes_the_other_arguments_ints_as_in_keras() -> None:
    assert (CosineDecay(0, 100, warmup_target=0.1, warmup_steps=10)(np.arange(50)) == 0).all()
    np.testing.assert_array_equal(ExponentialDecay(1, 10, 0.5)(np.array([0, 1])), [1, 0])  # 0.5 becomes 0
    np.testing.assert_allclose(PolynomialDecay(1, 10)(np.array([0, 5, 10])), [1, 0.5, 0])  # the end 0.0001 too
    np.testing.assert_allclose(InverseTimeDecay(1, 10, 0.5)(np.array([0, 10])), [1, 1])


def test_ints_among_piecewise_values_stay_what_they_are() -> None:
    np.testing.assert_array_equal(PiecewiseConstantDecay([2, 4], [1, 0.5, 0])(np.arange(7)), [1, 1, 1, 0.5, 0.5, 0, 0])


def test_boundaries_are_cut_to_whole_steps() -> None:
    np.testing.assert_array_equal(PiecewiseConstantDecay([1.9], [1.0, 0.5])(np.arange(4)), [1, 1, 0.5, 0.5])


def test_restarts_that_get_shorter_end_in_nan() -> None:
    rate = CosineDecayRestarts(0.1, 10, t_mul=0.5)(np.arange(40))
    assert np.isfinite(rate[:20]).all()
    assert np.isnan(rate[21:]).all()


def test_a_warm_up_of_no_steps_starts_at_its_target() -> None:
    assert CosineDecay(0.1, 10, warmup_target=0.3)(0) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ExponentialDecay(0.1, 0, 0.5), "Argument `decay_steps` must be > 0. Received: decay_steps=0"),
        (lambda: PolynomialDecay(0.1, -1), "Argument `decay_steps` must be > 0. Received: decay_steps=-1"),
        (lambda: InverseTimeDecay(0.1, 0, 0.5), "Argument `decay_steps` must be > 0. Received: decay_steps=0"),
        (lambda: CosineDecay(0.1, 0), "Argument `decay_steps` must be > 0. Received: decay_steps=0"),
        (
            lambda: CosineDecayRestarts(0.1, 0),
            "Argument `first_decay_steps` must be > 0. Received: first_decay_steps=0",
        ),
        (
            lambda: PiecewiseConstantDecay([1, 2], [0.1, 0.2]),
            "The length of boundaries should be 1 less than the length of values. Received: boundaries=[1, 2] of "
            "length 2, and values=[0.1, 0.2] of length 2.",
        ),
        (lambda: PiecewiseConstantDecay([], [0.1]), "`boundaries` needs at least one step. Received: boundaries=[]"),
    ],
)
def test_errors(make: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        make()
    assert str(caught.value) == message


def test_schedules_are_values() -> None:
    assert PiecewiseConstantDecay([1], [0.1, 0.2]) == PiecewiseConstantDecay((1,), (0.1, 0.2))
    assert len({ExponentialDecay(0.1, 10, 0.5), ExponentialDecay(0.1, 10, 0.5), CosineDecay(0.1, 10)}) == 2
