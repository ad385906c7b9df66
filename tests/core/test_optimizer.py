"""`Adamax` and `LossScaleOptimizer` one step at a time: arguments, shapes, state, records."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.loss_scale import LossScaleOptimizer, Scale
from adamax_viz.core.optimizer import Adamax

RNG = np.random.default_rng
EVERYTHING: dict[str, Any] = {
    "learning_rate": 0.1,
    "weight_decay": 0.01,
    "clipnorm": 1.0,
    "use_ema": True,
    "ema_momentum": 0.9,
    "ema_overwrite_frequency": 3,
    "loss_scale_factor": 4.0,
    "gradient_accumulation_steps": 2,
}


def lists(state: Any) -> list[Any]:
    """The variables that a state consists of; all of them are on."""
    return [*state.moments.values(), state.ema, state.accumulated]


class TestArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"momentum": 0.9}, "Argument(s) not recognized: {'momentum': 0.9}"),
            ({"gradient_accumulation_steps": 1}, "must be an integer >= 2. Received: gradient_accumulation_steps=1"),
            ({"gradient_accumulation_steps": True}, "Received: gradient_accumulation_steps=True"),
            ({"gradient_accumulation_steps": [2, -2]}, "Received: gradient_accumulation_steps=-2"),
            ({"use_ema": True, "ema_momentum": 2}, "must be in the range [0, 1]. Received: ema_momentum=2"),
            ({"use_ema": True, "ema_momentum": [0.5, -1]}, "Received: ema_momentum=-1"),
            ({"use_ema": True, "ema_overwrite_frequency": 2.5}, "Received: ema_overwrite_frequency=2.5"),
            ({"clipnorm": 1, "clipvalue": 0.0}, "Received: clipnorm=1, clipvalue=0.0, global_clipnorm=None"),
            ({"learning_rate": 1}, "Received instead: learning_rate=1"),
            ({"learning_rate": None}, "Received instead: learning_rate=None"),
            ({"learning_rate": [1, 2]}, "Received instead: learning_rate=[1, 2]"),
            ({"beta_1": "high"}, "`beta_1` must be a number or a 1-D array of numbers"),
            ({"epsilon": [[1.0]]}, "`epsilon` must be a number"),
            ({"clipnorm": []}, "`clipnorm` must be a number"),
            ({"dtype": "float16"}, "`dtype` must be 'float32' or 'float64'. Received: dtype='float16'"),
            ({"beta_1": [0.5, 0.9], "beta_2": [0.5, 0.9, 0.99]}, "Received: {'beta_1': 2, 'beta_2': 3}"),
        ],
        ids=str,
    )
    def test_refused(self, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            Adamax(**arguments)
        assert message in str(caught.value)

    def test_decay_is_ignored_with_a_warning(self) -> None:
        with pytest.warns(UserWarning, match="`decay` is no longer supported and will be ignored"):
            assert Adamax(decay=0.1).get_config() == Adamax().get_config()

    def test_a_config_is_json_and_comes_back(self) -> None:
        for rate in (0.05, schedules.CosineDecay(0.1, 50), [0.1, 0.2]):
            config = Adamax(**EVERYTHING | {"learning_rate": rate, "name": "mine"}).get_config()
            assert Adamax.from_config(json.loads(json.dumps(config))).get_config() == config

    def test_a_float32_config_has_the_rate_that_is_used(self) -> None:
        assert Adamax(0.001).get_config()["learning_rate"] == 0.001
        assert Adamax(0.001, dtype="float32").get_config()["learning_rate"] == float(np.float32(0.001))

    def test_a_callable_has_no_config(self) -> None:
        with pytest.raises(ValueError, match="callable `learning_rate` can't be written into a config"):
            Adamax(lambda: 0.1).get_config()

    def test_other_precision_same_optimizer(self) -> None:
        optimizer = Adamax(**EVERYTHING)
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        other = optimizer.with_dtype("float32")
        assert other.dtype == "float32"
        assert other.arguments() == optimizer.arguments()
        assert other._excluded_pattern is optimizer._excluded_pattern


class TestBatchOfOptimizers:
    def test_runs_and_single(self) -> None:
        batch = Adamax(learning_rate=[0.1, 0.2, 0.3], beta_1=np.array([0.5, 0.7, 0.9]), clipnorm=1.0)
        assert batch.runs == 3
        assert Adamax().runs is None
        one = batch.single(1)
        assert one.runs is None
        assert (one.learning_rate, one.beta_1, one.clipnorm) == (0.2, 0.7, 1.0)

    def test_an_array_of_one_holds_for_every_run(self) -> None:
        batch = Adamax(gradient_accumulation_steps=[3])
        assert [batch.single(r).gradient_accumulation_steps for r in range(3)] == [3, 3, 3]

    def test_none_in_a_batch_of_frequencies(self) -> None:
        batch = Adamax(use_ema=True, ema_overwrite_frequency=[None, 3])
        assert [batch.single(r).ema_overwrite_frequency for r in range(2)] == [None, 3]

    def test_side_by_side_only_through_the_same_stages(self) -> None:
        assert Adamax(learning_rate=[0.1, 0.2]).is_uniform
        assert Adamax(clipnorm=[0.1, 0.2]).is_uniform
        assert not Adamax(clipnorm=[0.0, 0.2]).is_uniform
        assert not Adamax(gradient_accumulation_steps=[2, 3]).is_uniform
        assert not LossScaleOptimizer(Adamax()).is_uniform

    def test_a_momentum_that_is_not_used_counts_as_a_batch_all_the_same(self) -> None:
        assert Adamax(ema_momentum=[0.5, 0.9]).runs == 2
        assert Adamax(ema_momentum=np.array([0.5, 0.9])).runs == 2


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


class TestLossScale:
    def test_growth_and_backoff(self) -> None:
        optimizer = LossScaleOptimizer(Adamax(0.1), initial_scale=8.0, dynamic_growth_steps=2)
        variables = [np.array([1.0])]
        state = optimizer.init(variables)
        seen = []
        for g in [1.0, 1.0, 1.0, np.inf, np.nan, 1.0, 1.0]:
            before = variables
            variables, state, record = optimizer.apply([[g]], variables, state)
            skipped = not np.isfinite(g)
            assert (record is None) == skipped
            assert (variables[0] == before[0]).all() == skipped
            seen.append((state.dynamic_scale, state.step_counter, state.inner.micro_step))
        assert seen == [(8, 1, 1), (16, 0, 2), (16, 1, 3), (8, 0, 3), (4, 0, 3), (4, 1, 4), (8, 0, 5)]

    def test_the_inner_optimizer_gets_unscaled_gradients_and_its_own_factor_is_off(self) -> None:
        inner = Adamax(0.1, loss_scale_factor=3.0)
        optimizer = LossScaleOptimizer(inner, initial_scale=8.0)
        assert inner.loss_scale_factor == 3.0
        _, _, record = optimizer.apply([[4.0]], [[1.0]], optimizer.init([[1.0]]))
        assert record is not None
        assert record.grad == [0.5]
        assert record.grad_unscaled == [0.5]

    def test_the_scale_lives_in_float32(self) -> None:
        optimizer = LossScaleOptimizer(Adamax(), initial_scale=1000.1)
        assert optimizer.init([[1.0]]).dynamic_scale == float(np.float32(1000.1))
        assert optimizer.get_config()["initial_scale"] == 1000.1
        assert optimizer.unscale([np.array(np.inf)], Scale(1e-45, 5))[1:] == (False, (0.0, 0))  # no floor
        assert optimizer.unscale([np.array(1.0)], Scale(3e38, 1999))[1:] == (True, (np.inf, 0))  # no ceiling

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"dynamic": False}, "LossScaleOptimizer no longer supports `dynamic=False`."),
            ({"clipnorm": 1.0}, "does not support `clipnorm`. Instead, set `clipnorm` on the `inner_optimizer`."),
            ({"ema_momentum": 0.5}, "does not support `ema_momentum`."),
            ({"speed": 1, "size": 2}, "does not support arguments: `speed`, `size`."),
        ],
    )
    def test_refused(self, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            LossScaleOptimizer(Adamax(), **arguments)
        assert message in str(caught.value)

    def test_only_an_adamax_can_be_wrapped(self) -> None:
        with pytest.raises(ValueError, match="`inner_optimizer` must be an Adamax"):
            LossScaleOptimizer(LossScaleOptimizer(Adamax()))  # type: ignore[arg-type]

    def test_defaults_of_older_configs_are_let_through(self) -> None:
        assert LossScaleOptimizer(Adamax(), clipnorm=None, ema_momentum=0.99, dynamic=True).initial_scale == 2**15

    def test_config_comes_back(self) -> None:
        optimizer = LossScaleOptimizer(Adamax(schedules.CosineDecay(0.1, 50), clipnorm=1.0), 64.0, 7, name="mine")
        config = optimizer.get_config()
        assert LossScaleOptimizer.from_config(config).get_config() == config
        assert "inner_optimizer" in config
