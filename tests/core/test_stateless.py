"""One step at a time: shapes, state and record; variables without a gradient, exclusions, the end."""

from typing import Any

import numpy as np
import pytest

from adamax_viz.core.optimizer import Adamax
from tests.core.test_optimizer import EVERYTHING

RNG = np.random.default_rng


def lists(state: Any) -> list[Any]:
    """The variables that a state consists of; all of them are on."""
    return [*state.moments.values(), state.ema, state.accumulated]


class TestInit:
    def test_zeros_like_the_variables(self) -> None:
        state = Adamax(**EVERYTHING, dtype="float32").init([np.ones((2, 3)), np.ones(()), [1, 2]])
        assert state.micro_step == 0
        for group in (state.m, state.u, state.ema, state.accumulated):
            assert group is not None
            assert [a.shape for a in group] == [(2, 3), (), (2,)]
            assert all(a.dtype == np.float32 and not a.any() for a in group)

    def test_what_is_off_is_none(self) -> None:
        state = Adamax().init([np.ones(2)])
        assert state.ema is None
        assert state.accumulated is None

    @pytest.mark.parametrize(
        ("optimizer", "variables", "names", "message"),
        [
            (Adamax(), [], None, "`variables` is empty"),
            (Adamax(), [np.ones(2)], ["a", "b"], "There are 1 variables but 2 names"),
            (Adamax(beta_1=[0.5, 0.9]), [np.ones((3, 2))], None, "each variable needs a leading axis of 2"),
        ],
    )
    def test_refused(self, optimizer: Adamax, variables: Any, names: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            optimizer.init(variables, names)


class TestApply:
    def test_two_plain_steps_by_hand(self) -> None:
        optimizer = Adamax(0.1, beta_1=0.5, beta_2=0.75, epsilon=0.0)
        w = np.array([[1.0, -2.0]])
        state = optimizer.init([w])
        (w1,), state, record = optimizer.apply([[[4.0, -1.0]]], [w], state)
        np.testing.assert_array_equal(state.m[0], [[2.0, -0.5]])
        np.testing.assert_array_equal(state.u[0], [[4.0, 1.0]])
        np.testing.assert_allclose(w1, [[0.9, -1.9]], rtol=1e-15)
        assert (record.is_update, record.lr) == (True, 0.1)
        assert record.lr_t == pytest.approx(0.2)
        (w2,), state, record = optimizer.apply([[[0.0, 2.0]]], [w1], state)
        np.testing.assert_array_equal(state.u[0], [[3.0, 2.0]])
        np.testing.assert_array_equal(state.m[0], [[1.0, 0.75]])
        np.testing.assert_allclose(w2 - w1, [[-0.1 / 0.75 / 3, -0.1 * 0.75 / 0.75 / 2]], rtol=1e-14)
        assert record.step[0] is not None
        np.testing.assert_allclose(record.step[0], w2 - w1, rtol=1e-14)
        assert state.micro_step == 2

    def test_nothing_is_changed_in_place(self) -> None:
        optimizer = Adamax(**EVERYTHING)
        variables, grads = [np.ones((2, 2)), np.ones(3)], [np.full((2, 2), 5.0), np.full(3, -5.0)]
        state = optimizer.init(variables)
        for _ in range(4):
            held = [a.copy() for group in lists(state) for a in group]
            moved, after, _ = optimizer.apply(grads, variables, state)
            for a, b in zip(held, [a for group in lists(state) for a in group], strict=True):
                np.testing.assert_array_equal(a, b)
            assert not np.shares_memory(variables[0], moved[0])
            variables, state = moved, after

    def test_a_micro_step_without_an_update(self) -> None:
        optimizer = Adamax(gradient_accumulation_steps=3)
        w = np.ones(2)
        (moved,), state, record = optimizer.apply([[1.0, 2.0]], [w], optimizer.init([w]))
        assert not record.is_update
        assert record.step == record.grad_clipped == [None]
        np.testing.assert_array_equal(moved, w)
        assert state.accumulated is not None
        np.testing.assert_array_equal(state.accumulated[0], [1.0, 2.0])

    def test_a_batch_is_its_runs(self) -> None:
        rates, limits = [0.1, 0.2, 0.3], [0.5, 1.0, 2.0]
        batch = Adamax(**EVERYTHING | {"learning_rate": rates, "clipnorm": limits})
        start, grads = RNG(0).normal(size=(3, 2, 2)), RNG(1).normal(size=(5, 3, 2, 2))
        (w, b), state = (start, start[:, 0]), batch.init([start, start[:, 0]])
        for g in grads:
            (w, b), state, record = batch.apply([g, g[:, 1]], [w, b], state)
        assert np.shape(record.lr) == (3,)
        for r in range(3):
            single = batch.single(r)
            (w1, b1), s1 = (start[r], start[r, 0]), single.init([start[r], start[r, 0]])
            for g in grads:
                (w1, b1), s1, alone = single.apply([g[r], g[r, 1]], [w1, b1], s1)
            np.testing.assert_array_equal(w[r], w1)
            np.testing.assert_array_equal(b[r], b1)
            for ours, theirs in zip(lists(state), lists(s1), strict=True):
                np.testing.assert_array_equal(ours[0][r], theirs[0])
            np.testing.assert_array_equal(record.grad_accumulated[1][r], alone.grad_accumulated[1])

    def test_clip_factors_are_one_a_variable(self) -> None:
        optimizer = Adamax(clipnorm=1.0)
        variables = [np.zeros(2), np.zeros(1)]
        _, _, record = optimizer.apply([[3.0, 4.0], [0.5]], variables, optimizer.init(variables))
        np.testing.assert_allclose(record.clip_factor, [0.2, 1.0])

    @pytest.mark.parametrize(
        ("grads", "variables", "message"),
        [
            ([np.ones(2)], [np.ones(2), np.ones(1)], "The state has 2 variables. Received 1 gradients and 2 variables"),
            ([np.ones(3), np.ones(1)], [np.ones(2), np.ones(1)], r"`variable` has shape \(2,\). .* shape \(3,\)"),
            ([None, None], [np.ones(2), np.ones(1)], "No gradients provided for any variable."),
        ],
    )
    def test_refused(self, grads: Any, variables: Any, message: str) -> None:
        optimizer = Adamax()
        state = optimizer.init([np.ones(2), np.ones(1)])
        with pytest.raises(ValueError, match=message):
            optimizer.apply(grads, variables, state)


class TestNoGradient:
    def test_the_variable_rests_and_its_average_moves(self) -> None:
        optimizer = Adamax(0.1, weight_decay=0.5, use_ema=True, ema_momentum=0.5)
        variables = [np.array([1.0]), np.array([2.0])]
        variables, state, _ = optimizer.apply([[1.0], [1.0]], variables, optimizer.init(variables))
        with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \['variable_1'\]"):
            moved, after, record = optimizer.apply([[1.0], None], variables, state)
        assert moved[0] != variables[0]
        assert moved[1] == variables[1]
        assert after.m[1] == state.m[1]
        assert after.u[1] == state.u[1]
        assert after.ema is not None
        assert state.ema is not None
        assert after.ema[1] == 0.5 * state.ema[1] + 0.5 * moved[1]
        assert record.grad[1] is None
        assert record.step[1] is None
        assert after.micro_step == 2

    def test_the_global_norm_is_that_of_the_others(self) -> None:
        optimizer = Adamax(global_clipnorm=1.0)
        variables = [np.zeros(2), np.zeros(1)]
        with pytest.warns(UserWarning, match="Gradients do not exist"):
            _, _, record = optimizer.apply([[3.0, 4.0], None], variables, optimizer.init(variables))
        np.testing.assert_allclose(record.grad_clipped[0], [0.6, 0.8])
        assert record.clip_factor[1] is None

    def test_its_accumulator_waits(self) -> None:
        optimizer = Adamax(gradient_accumulation_steps=2)
        variables = [np.zeros(1), np.zeros(1)]
        variables, state, _ = optimizer.apply([[1.0], [1.0]], variables, optimizer.init(variables))
        with pytest.warns(UserWarning, match="Gradients do not exist"):
            variables, state, _ = optimizer.apply([[1.0], None], variables, state)
        assert state.accumulated == [0.0, 1.0]

    def test_what_it_has_accumulated_is_no_part_of_the_global_norm(self) -> None:
        optimizer = Adamax(gradient_accumulation_steps=2, global_clipnorm=1.0)
        variables = [np.zeros(2), np.zeros(1)]
        variables, state, _ = optimizer.apply([[3.0, 4.0], [100.0]], variables, optimizer.init(variables))
        with pytest.warns(UserWarning, match="Gradients do not exist"):
            _, _, record = optimizer.apply([[3.0, 4.0], None], variables, state)
        np.testing.assert_allclose(record.grad_clipped[0], [0.6, 0.8])


class TestExclude:
    def shrinks(self, optimizer: Adamax, variables: list[Any], names: Any = None) -> list[bool]:
        moved, _, _ = optimizer.apply([0 * v for v in variables], variables, optimizer.init(variables, names))
        return [bool((m != v).all()) for m, v in zip(moved, variables, strict=True)]

    def test_by_name(self) -> None:
        optimizer = Adamax(0.1, weight_decay=0.5)
        optimizer.exclude_from_weight_decay(var_names=["bias", "^norm"])
        names = ["dense_kernel", "dense_bias", "norm_scale", "renorm"]
        assert self.shrinks(optimizer, [np.ones(2)] * 4, names) == [True, False, False, True]

    def test_by_identity(self) -> None:
        optimizer, variables = Adamax(0.1, weight_decay=0.5), [np.ones(2), np.ones(2)]
        optimizer.exclude_from_weight_decay(var_list=[variables[1]])
        assert self.shrinks(optimizer, variables) == [True, False]

    def test_the_last_call_counts(self) -> None:
        optimizer, variables = Adamax(0.1, weight_decay=0.5), [np.ones(2), np.ones(2)]
        optimizer.exclude_from_weight_decay(var_list=[variables[1]])
        optimizer.exclude_from_weight_decay()
        assert self.shrinks(optimizer, variables) == [True, True]


class TestFinalize:
    def test_the_average_takes_over(self) -> None:
        optimizer = Adamax(0.1, use_ema=True)
        variables = [np.ones(2)]
        state = optimizer.init(variables)
        np.testing.assert_array_equal(optimizer.finalize(variables, state)[0], [0, 0])  # before any step: zeros
        for _ in range(3):
            variables, state, _ = optimizer.apply([[1.0, 2.0]], variables, state)
        assert state.ema is not None
        np.testing.assert_array_equal(optimizer.finalize(variables, state)[0], state.ema[0])

    def test_without_an_average_the_weights_stay(self) -> None:
        optimizer, variables = Adamax(), [np.ones(2)]
        (final,) = optimizer.finalize(variables, optimizer.init(variables))
        np.testing.assert_array_equal(final, variables[0])
        assert final is not variables[0]
