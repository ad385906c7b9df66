"""`LossScaleOptimizer`: its scale grows and backs off, its arguments are its own."""

from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.engine import run
from adamax_viz.core.loss_scale import LossScaleOptimizer, Scale
from adamax_viz.core.optimizer import Adamax
from tests.core.tiny import Tape


class TestSteps:
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
        assert optimizer.next_scale(Scale(1e-45, 5), finite=False) == (0.0, 0)  # no floor
        assert optimizer.next_scale(Scale(3e38, 1999), finite=True) == (np.inf, 0)  # no ceiling

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"dynamic": False}, "LossScaleOptimizer no longer supports `dynamic=False`."),
            ({"clipnorm": 1.0}, "does not support `clipnorm`. Instead, set `clipnorm` on the `inner_optimizer`."),
            ({"ema_momentum": 0.5}, "does not support `ema_momentum`."),
            ({"speed": 1, "size": 2}, "does not support arguments: `speed`, `size`."),
            (
                {"initial_scale": [8.0, 16.0]},
                "`initial_scale` must be a number. Received: initial_scale=array([ 8., 16.])",
            ),
            ({"dynamic_growth_steps": [7]}, "`dynamic_growth_steps` must be a number. Received: "),
            ({"initial_scale": None}, "`initial_scale` must be a number. Received: initial_scale=None"),
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


class TestRuns:
    def test_skipped_steps(self) -> None:
        grads = np.ones((6, 2))
        grads[1, 0], grads[5, 1] = np.inf, np.nan
        trajectory = run(Tape(grads), LossScaleOptimizer(Adamax(0.1), 8.0, 2), (0.0, 0.0), 6)
        assert trajectory.status[0].kind == "finished"
        np.testing.assert_array_equal(trajectory["loss_scale"], [[8, 8, 4, 4, 8, 8]])
        np.testing.assert_array_equal(trajectory["is_update"], [True, False, True, True, True, False])
        np.testing.assert_array_equal(trajectory["update"], [0, 1, 1, 2, 3, 4])
        theta = trajectory["theta"][0]
        np.testing.assert_array_equal(theta[2], theta[1])
        np.testing.assert_array_equal(theta[6], theta[5])
        assert (trajectory["step"][0, [1, 5]] == 0).all()
        assert np.isnan(trajectory["grad_clipped"][0, [1, 5]]).all()
        calm = run(Tape(np.ones((4, 2))), Adamax(0.1), (0.0, 0.0), 4)
        np.testing.assert_array_equal(theta[[0, 1, 3, 4, 5]], calm["theta"][0])

    def test_half_precision_loses_small_gradients_that_a_scale_saves(self) -> None:
        grads = np.full((3, 1), 1e-9)
        lost = run(Tape(grads), Adamax(0.1), [0.0], 3, gradient_dtype="float16")
        assert (lost["grad"] == 0).all()
        assert (lost["theta"] == 0).all()
        saved = run(Tape(grads), LossScaleOptimizer(Adamax(0.1)), [0.0], 3, gradient_dtype="float16")
        np.testing.assert_array_equal(saved["grad"][0], (grads * 2**15).astype(np.float16))
        assert (saved["theta"][0, 1:] < 0).all()

    def test_half_precision_overflows_and_the_scale_backs_off(self) -> None:
        grads = np.full((3, 1), 3.0)
        trajectory = run(Tape(grads), LossScaleOptimizer(Adamax(0.1)), [0.0], 3, gradient_dtype="float16")
        np.testing.assert_array_equal(np.isinf(trajectory["grad"][0, :, 0]), [True, False, False])
        np.testing.assert_array_equal(trajectory["loss_scale"][0], [2**15, 2**14, 2**14])
        fixed = run(Tape(grads), Adamax(0.1, loss_scale_factor=2.0**15), [0.0], 3, gradient_dtype="float16")
        assert str(fixed.status[0]) == "diverged at step 0: the gradient is not finite"

    def test_the_scale_is_kept_in_single_precision_even_when_the_run_is_not(self) -> None:
        trajectory = run(Tape([[1.0]]), LossScaleOptimizer(Adamax(0.1), initial_scale=1000.1), [0.0], 1)
        assert trajectory["loss_scale"].item() == float(np.float32(1000.1))
