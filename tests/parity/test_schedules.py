"""The six schedules against the installed Keras's, at every step from 0 to 1000."""

import inspect
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
from tests.parity.keras_side import refusal_of

STEPS = 1001
PLAIN: list[Schedule] = [
    ExponentialDecay(0.1, 37, 0.9),
    ExponentialDecay(0.1, 37, 0.9, staircase=True),
    ExponentialDecay(1, 100, 2),
    PiecewiseConstantDecay([100, 250, 251], [0.1, 0.05, 1.0, 0.0]),
    PiecewiseConstantDecay([99.9], [0.1, 0.2]),
    PiecewiseConstantDecay([10, 20], [0.5, 3, 1]),
    PiecewiseConstantDecay([10, 20], [3, 2, 1]),
    PolynomialDecay(0.1, 300),
    PolynomialDecay(0.1, 300, 0.01, 2.0),
    PolynomialDecay(0.1, 300, 0.01, 0.5, cycle=True),
    PolynomialDecay(0.01, 70, 0.1, 3.0, cycle=True),
    InverseTimeDecay(0.1, 37, 0.5),
    InverseTimeDecay(0.1, 37, 0.5, staircase=True),
    CosineDecay(0.1, 400),
    CosineDecay(0.1, 400, alpha=0.1),
    CosineDecay(0.0, 400, warmup_target=0.2, warmup_steps=100),
    CosineDecay(0.3, 400, alpha=-0.5, warmup_target=0.1, warmup_steps=37),
    CosineDecay(0.1, 400, warmup_target=0.2),
    CosineDecayRestarts(0.1, 64),
    CosineDecayRestarts(0.1, 64, t_mul=1.0, m_mul=0.9),
    CosineDecayRestarts(0.1, 64, t_mul=2.0, m_mul=0.5, alpha=0.1),
]
# An int as initial_learning_rate makes an int of every other argument.
INTS: list[Schedule] = [
    ExponentialDecay(1, 100, 0.5),
    ExponentialDecay(1, 100, 2, staircase=True),
    PolynomialDecay(1, 300),
    PolynomialDecay(2, 300, 1, 2, cycle=True),
    InverseTimeDecay(1, 100, 2.5),
    CosineDecay(1, 400, alpha=0.1),
    CosineDecay(0, 100, warmup_target=0.1, warmup_steps=10),
    CosineDecay(0, 100, warmup_target=3, warmup_steps=10),
    CosineDecayRestarts(1, 64, t_mul=1.5),
    CosineDecayRestarts(1, 64, t_mul=2, m_mul=2),
]
SHRINKING = CosineDecayRestarts(0.1, 64, t_mul=0.5)


def label(schedule: Any) -> str:
    return str(schedule).replace(" ", "")[:70]


@pytest.mark.parametrize("schedule", [*PLAIN, *INTS, SHRINKING], ids=label)
def test_every_step_in_single_precision(either: Any, schedule: Schedule) -> None:
    ours, theirs = schedule(np.arange(STEPS), "float32"), either.rates(schedule, STEPS)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6 * np.nanmax(np.abs(theirs)))


def test_shrinking_restarts_end_in_nan(either: Any) -> None:
    ours, theirs = SHRINKING(np.arange(STEPS), "float32"), either.rates(SHRINKING, STEPS)
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    assert np.isnan(ours[128:]).all()


def test_restarts_of_odd_lengths(on_numpy: Any) -> None:
    """On NumPy only: the floor of a logarithm says where a period ends, and XLA's logarithm rounds in its own way."""
    for schedule in (CosineDecayRestarts(0.1, 100, t_mul=0.9, m_mul=1.1), CosineDecayRestarts(0.1, 7, t_mul=1.3)):
        theirs = on_numpy.rates(schedule, STEPS)
        np.testing.assert_allclose(schedule(np.arange(STEPS), "float32"), theirs, rtol=1e-6)


def test_an_int_before_floats_among_piecewise_values(on_jax: Any) -> None:
    """On JAX only: on NumPy Keras itself raises."""
    schedule = PiecewiseConstantDecay([10, 20], [1, 0.5, 0.1])
    np.testing.assert_array_equal(schedule(np.arange(STEPS), "float32"), on_jax.rates(schedule, STEPS))


@pytest.mark.parametrize("schedule", PLAIN + INTS, ids=label)
def test_configs_go_both_ways(on_numpy: Any, schedule: Schedule) -> None:
    path = f"optimizers.schedules.{type(schedule).__name__}"
    assert schedules.serialize(schedule) == on_numpy.serialized(schedule)
    theirs = on_numpy.from_config(path, schedule.get_config())
    assert theirs == schedule.get_config()
    assert type(schedule).from_config(theirs) == schedule
    assert schedules.deserialize(on_numpy.serialized(schedule)) == schedule


@pytest.mark.parametrize("name", list(schedules.SCHEDULES))
def test_arguments_and_defaults(on_numpy: Any, name: str) -> None:
    parameters = inspect.signature(schedules.SCHEDULES[name]).parameters.values()
    assert {p.name: p.default for p in parameters} == on_numpy.signature(f"optimizers.schedules.{name}")
    assert [p.name for p in parameters] == list(on_numpy.signature(f"optimizers.schedules.{name}"))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *((name, (0.1, bad, 0.5)) for name in ("ExponentialDecay", "InverseTimeDecay") for bad in (0, -1, -0.5)),
        *((name, (0.1, bad)) for name in ("PolynomialDecay", "CosineDecay", "CosineDecayRestarts") for bad in (0, -2)),
        ("PiecewiseConstantDecay", ([1, 2], [0.1, 0.2])),
        ("PiecewiseConstantDecay", ((1,), (0.1, 0.2, 0.3))),
        ("PiecewiseConstantDecay", ([1.5], [])),
        ("CosineDecay", (0.1, "10")),
        ("CosineDecay", (0.1,)),
    ],
    ids=str,
)
def test_refused_in_the_same_words(on_numpy: Any, name: str, arguments: tuple[Any, ...]) -> None:
    theirs = on_numpy.refusal(f"optimizers.schedules.{name}", *arguments)
    assert theirs is not None
    assert refusal_of(lambda: schedules.SCHEDULES[name](*arguments)) == theirs
