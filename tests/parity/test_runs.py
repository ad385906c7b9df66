"""Whole runs against the installed Keras: arguments alone, in pairs, and all at once, on gradients of every kind."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamax_viz.core.engine import run
from adamax_viz.core.optimizer import Adamax
from tests.core.tiny import Rosenbrock, Tape
from tests.parity.draws import (
    CLIPS,
    COSINES,
    ROUGH_SCHEDULES,
    SHAPES,
    VALUES,
    Case,
    assert_same,
    both_sides,
    cases,
    examples,
    nasty,
    pairs,
    scaled,
)

SINGLE = [(name, value) for name, values in VALUES.items() for value in values]
PRECISE = VALUES | {"learning_rate": (1e-4, 0.01, 0.1, 1.0, *ROUGH_SCHEDULES)}
# In float32 XLA rounds elsewhere than NumPy (fused multiply-add, reciprocals, subnormals flushed to zero), and some
# settings magnify a rounding: a quotient m / u with a small u, an average with a long memory that overwrites the
# weights. The NumPy backend and float64 cover those; here the well-conditioned rest has to agree.
CALM = {
    "learning_rate": (1e-4, 0.01, 0.1, *ROUGH_SCHEDULES, *COSINES),
    "beta_1": (0.0, 0.5, 0.9, 0.99),
    "beta_2": (0.9, 0.999, 1.0),
    "epsilon": (1e-7, 1e-3),
    "weight_decay": (0.0, 0.01),
    **{name: VALUES[name] for name in (*CLIPS, "loss_scale_factor", "gradient_accumulation_steps")},
    "ema_momentum": (0.0, 0.5, 0.9),
    "ema_overwrite_frequency": (None, 3, 7),
}


class TestOnNumpy:
    @pytest.mark.parametrize(("name", "value"), SINGLE, ids=lambda v: getattr(v, "__name__", str(v)[:40]))
    def test_one_argument(self, on_numpy: Any, name: str, value: Any) -> None:
        needs = {"use_ema": True} if name.startswith("ema") else {}
        optimizer = Adamax(**{"learning_rate": 0.1, **needs, name: value}, dtype="float32")
        case = Case(optimizer, Rosenbrock({"kernel": 2, "bias": 1}), np.array([-1.5, 2.0, 1.0]), 30)
        assert_same(*both_sides(case, on_numpy))

    @examples(35)
    @given(case=cases(pairs()))
    def test_pairs(self, on_numpy: Any, case: Case) -> None:
        assert_same(*both_sides(case, on_numpy))

    @examples(60)
    @given(case=cases(nasty()))
    def test_everything_at_once(self, on_numpy: Any, case: Case) -> None:
        assert_same(*both_sides(case, on_numpy))

    @pytest.mark.parametrize("frequency", [0, False])
    def test_an_overwrite_frequency_of_zero_is_off(self, on_numpy: Any, frequency: Any) -> None:
        optimizer = Adamax(0.1, use_ema=True, ema_overwrite_frequency=frequency, dtype="float32")
        assert_same(*both_sides(Case(optimizer, Rosenbrock(), np.array([-1.5, 2.0]), 30), on_numpy))

    def test_two_hundred_steps_with_everything_on(self, on_numpy: Any) -> None:
        optimizer = Adamax(
            COSINES[1],
            weight_decay=0.05,
            clipnorm=0.5,
            use_ema=True,
            ema_momentum=0.95,
            ema_overwrite_frequency=7,
            loss_scale_factor=64.0,
            gradient_accumulation_steps=3,
            dtype="float32",
        )
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        case = Case(optimizer, Rosenbrock({"kernel": 2, "bias": 2}), np.array([-1.5, 2.0, 1.0, -1.0]), 200)
        assert_same(*both_sides(case, on_numpy))


class TestOnJax:
    @examples(12)
    @given(case=cases(nasty(CALM), kinds=st.sampled_from(["normal", "surface", "zeros", "huge", "spikes"]), most=60))
    def test_in_single_precision(self, on_jax: Any, case: Case) -> None:
        assert_same(*both_sides(case, on_jax))

    @examples(12)
    @given(case=cases(pairs(PRECISE), dtype="float64"))
    def test_pairs_in_double_precision(self, on_jax: Any, case: Case) -> None:
        assert_same(*both_sides(case, on_jax, "float64"), weights=1e-12, moments=1e-12, rate=1e-12)

    @examples(25)
    @given(case=cases(nasty(PRECISE), dtype="float64", most=200))
    def test_everything_at_once_in_double_precision(self, on_jax: Any, case: Case) -> None:
        assert_same(*both_sides(case, on_jax, "float64"), weights=1e-12, moments=1e-12, rate=1e-12)

    def test_no_steps_at_all(self, on_jax: Any) -> None:
        for use_ema, expected in ((True, [0, 0]), (False, [1, 2])):
            optimizer = Adamax(use_ema=use_ema, dtype="float32")
            found = on_jax.run_keras(optimizer, np.zeros((0, 2)), np.array([1.0, 2.0]), {"theta": slice(0, 2)})
            assert found.theta.shape == (1, 2)
            assert found.m.shape == (0, 2)
            np.testing.assert_array_equal(found.finalized, expected)


BAD = st.lists(st.tuples(st.integers(0, 29), st.sampled_from([np.inf, -np.inf, np.nan])), max_size=8)


def with_bad_gradients(case: Case, bad: list[tuple[int, float]]) -> Case:
    """Some steps with an infinity or NaN in their first entry."""
    grads = np.random.default_rng(case.steps).normal(size=(case.steps, case.start.size))
    for step, value in bad:
        grads[step, 0] = value
    sizes = {name: columns.stop - columns.start for name, columns in case.problem.variables.items()}
    return case._replace(problem=Tape(grads, sizes))


def assert_same_scales(case: Case, keras: Any, dtype: Any = "float32", **tolerances: float) -> None:
    trajectory, found = both_sides(case, keras, dtype)
    assert_same(trajectory, found, **tolerances)
    assert found.loss_scale is not None
    np.testing.assert_array_equal(trajectory["loss_scale"][0, : len(found.loss_scale)], found.loss_scale)
    rests = (found.theta[1:] == found.theta[:-1]).all(axis=1) & (found.m == np.roll(found.m, 1, axis=0)).all(axis=1)
    finite = np.isfinite(trajectory["grad"][0, : len(rests)]).all(axis=1)
    assert rests[1:][~finite[1:]].all()
    assert not trajectory["is_update"][: len(rests)][~finite].any()


SCALES = {"initial_scale": st.sampled_from([1.0, 2.0**15, 1000.1]), "growth": st.integers(1, 9), "bad": BAD}


class TestDynamicLossScale:
    @examples(15)
    @given(case=cases(nasty(), kinds=st.just("normal"), most=60), **SCALES)
    def test_on_numpy(self, on_numpy: Any, case: Case, initial_scale: float, growth: int, bad: Any) -> None:
        assert_same_scales(scaled(with_bad_gradients(case, bad), initial_scale, growth), on_numpy)

    @examples(6)
    @given(case=cases(nasty(PRECISE), dtype="float64", kinds=st.just("normal"), most=60), **SCALES)
    def test_on_jax(self, on_jax: Any, case: Case, initial_scale: float, growth: int, bad: Any) -> None:
        case = scaled(with_bad_gradients(case, bad), initial_scale, growth)
        assert_same_scales(case, on_jax, "float64", weights=1e-12, moments=1e-12, rate=1e-12)

    def test_a_scale_that_only_grows_overflows_and_one_that_only_shrinks_vanishes(self, on_numpy: Any) -> None:
        growing = Case(Adamax(0.1, dtype="float32"), Tape(np.full((12, 1), 1e-38)), np.ones(1), 12)
        assert_same_scales(scaled(growing, 2.0**120, 1), on_numpy)
        shrinking = growing._replace(problem=Tape(np.full((12, 1), np.inf)))
        assert_same_scales(scaled(shrinking, 2.0**-145, 1), on_numpy)


@pytest.mark.parametrize("sizes", SHAPES, ids=str)
def test_a_window_left_over_is_never_applied(on_numpy: Any, sizes: dict[str, int]) -> None:
    size = sum(sizes.values())
    grads = np.random.default_rng(0).normal(size=(11, size))
    optimizer = Adamax(0.1, gradient_accumulation_steps=4, dtype="float32")
    trajectory, found = both_sides(Case(optimizer, Tape(grads, sizes), np.ones(size), 11), on_numpy)
    assert_same(trajectory, found)
    for theta in (trajectory["theta"][0], found.theta):
        np.testing.assert_array_equal(theta[8:], np.broadcast_to(theta[8], theta[8:].shape))
    assert found.accumulated is not None
    np.testing.assert_allclose(found.accumulated[-1], grads[8:].sum(axis=0), rtol=1e-5)


@examples(40)
@given(case=cases(nasty(), most=40))
def test_apply_again_and_again_is_a_run(case: Case) -> None:
    trajectory = run(case.problem, case.optimizer, case.start, case.steps)
    columns = list(case.problem.variables.values())
    weights = [trajectory["theta"][0, 0, c] for c in columns]
    optimizer = case.optimizer
    assert isinstance(optimizer, Adamax)
    state = optimizer.init(weights, [name.rpartition("/")[2] for name in case.problem.variables])
    for k in range(min(case.steps, trajectory.status[0].step)):
        weights, state, _ = optimizer.apply([trajectory["grad"][0, k, c] for c in columns], weights, state)
        np.testing.assert_array_equal(np.concatenate(weights), trajectory["theta"][0, k + 1])
        np.testing.assert_array_equal(np.concatenate(state.m), trajectory["m"][0, k])
        np.testing.assert_array_equal(np.concatenate(state.u), trajectory["u"][0, k])
        if state.ema is not None:
            np.testing.assert_array_equal(np.concatenate(state.ema), trajectory["ema"][0, k])
