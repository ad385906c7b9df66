"""Every stage of a raw step by hand, seen through recorded runs on prescribed gradients."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.engine import run
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from tests.core.tiny import Tape

RNG = np.random.default_rng


def record(
    grads: Any,
    sizes: Mapping[str, int] | Sequence[int] | None = None,
    start: Any = None,
    exclude: str = "",
    **arguments: Any,
) -> Trajectory:
    """One run over the gradients (T, D)."""
    grads = np.asarray(grads, float)
    optimizer = Adamax(**{"learning_rate": 0.1} | arguments)
    if exclude:
        optimizer.exclude_from_weight_decay(var_names=[exclude])
    start = np.arange(1.0, grads.shape[1] + 1) if start is None else start
    return run(Tape(grads, sizes), optimizer, start, len(grads))


class TestUnscale:
    def test_the_gradient_is_multiplied_by_the_loop_and_divided_by_the_optimizer(self) -> None:
        grads = RNG(0).normal(size=(4, 2))
        trajectory = record(grads, loss_scale_factor=128.0)
        np.testing.assert_array_equal(trajectory["grad"][0], grads * 128)
        np.testing.assert_array_equal(trajectory["grad_unscaled"][0], grads)
        np.testing.assert_array_equal(trajectory["theta"], record(grads)["theta"])

    def test_without_a_scale_it_is_the_gradient(self) -> None:
        trajectory = record([[1.0, 2.0]])
        np.testing.assert_array_equal(trajectory["grad_unscaled"], trajectory["grad"])


class TestAccumulate:
    GRADS = RNG(1).normal(size=(8, 2))

    def test_an_update_takes_the_mean_of_its_window(self) -> None:
        trajectory = record(self.GRADS, gradient_accumulation_steps=3)
        np.testing.assert_array_equal(trajectory["is_update"], [False, False, True] * 2 + [False, False])
        np.testing.assert_array_equal(trajectory["update"], [0, 0, 0, 1, 1, 1, 2, 2])
        means = [self.GRADS[:3].mean(axis=0), self.GRADS[3:6].mean(axis=0)]
        np.testing.assert_allclose(trajectory["grad_clipped"][0, [2, 5]], means, rtol=1e-14)
        alone = record(means)
        np.testing.assert_allclose(trajectory["theta"][0, [0, 3, 6]], alone["theta"][0], rtol=1e-14)
        np.testing.assert_allclose(trajectory["m"][0, [2, 5]], alone["m"][0], rtol=1e-14)
        np.testing.assert_allclose(trajectory["u"][0, [2, 5]], alone["u"][0], rtol=1e-14)

    def test_between_updates_nothing_moves(self) -> None:
        trajectory = record(self.GRADS, gradient_accumulation_steps=3, weight_decay=0.5)
        rests = [0, 1, 3, 4, 6, 7]
        np.testing.assert_array_equal(trajectory["theta"][0, rests], trajectory["theta"][0, np.add(rests, 1)])
        assert (trajectory["step"][0, rests] == 0).all()
        assert np.isnan(trajectory["grad_clipped"][0, rests]).all()
        np.testing.assert_array_equal(trajectory["m"][0, [3, 4]], trajectory["m"][0, [2, 2]])

    def test_the_mean_so_far_is_recorded(self) -> None:
        trajectory = record(self.GRADS, gradient_accumulation_steps=3)
        sums = np.array([self.GRADS[0], self.GRADS[:2].sum(axis=0), self.GRADS[:3].sum(axis=0), self.GRADS[3]])
        np.testing.assert_allclose(trajectory["grad_accumulated"][0, :4], sums / 3, rtol=1e-14)

    def test_a_window_left_over_is_never_applied(self) -> None:
        long, short = (record(self.GRADS[:steps], gradient_accumulation_steps=3) for steps in (8, 6))
        np.testing.assert_array_equal(long["theta"][0, -1], short["theta"][0, -1])

    @pytest.mark.parametrize("off", [None, 0])
    def test_none_and_zero_are_off(self, off: Any) -> None:
        np.testing.assert_array_equal(
            record(self.GRADS, gradient_accumulation_steps=off)["theta"], record(self.GRADS)["theta"]
        )

    def test_the_bias_correction_counts_updates_but_the_schedule_raw_steps(self) -> None:
        decay = schedules.ExponentialDecay(0.1, 1, 0.5)
        trajectory = record(self.GRADS, gradient_accumulation_steps=2, learning_rate=decay)
        np.testing.assert_allclose(trajectory["lr"][0], 0.1 * 0.5 ** np.arange(8), rtol=1e-14)
        correction = 1 - 0.9 ** (np.arange(8) // 2 + 1)
        np.testing.assert_allclose(trajectory["lr_t"][0], trajectory["lr"][0] / correction, rtol=1e-14)


class TestClip:
    GRADS = np.array([[3.0, -4.0, 0.3, 0.4], [0.03, 0.04, 6.0, -8.0], [0.0, 0.0, 0.0, 0.0]])

    def test_clipnorm_of_one_variable(self) -> None:
        trajectory = record(self.GRADS, clipnorm=1.0)
        norms = np.linalg.norm(self.GRADS, axis=1)
        np.testing.assert_allclose(
            trajectory["grad_clipped"][0], self.GRADS / np.maximum(norms, 1)[:, None], rtol=1e-14
        )
        np.testing.assert_allclose(trajectory["clip_factor"][0, :, 0], 1 / np.maximum(norms, 1), rtol=1e-14)

    def test_clipnorm_is_each_variables_own(self) -> None:
        trajectory = record(self.GRADS, sizes=[2, 2], clipnorm=1.0)
        np.testing.assert_allclose(trajectory["clip_factor"][0], [[0.2, 1], [1, 0.1], [1, 1]], rtol=1e-14)
        expected = [[0.6, -0.8, 0.3, 0.4], [0.03, 0.04, 0.6, -0.8], [0, 0, 0, 0]]
        np.testing.assert_allclose(trajectory["grad_clipped"][0], expected, rtol=1e-14)

    def test_global_clipnorm_is_one_factor_for_all(self) -> None:
        trajectory = record(self.GRADS, sizes=[2, 2], global_clipnorm=1.0)
        norms = np.linalg.norm(self.GRADS, axis=1)
        factors = 1 / np.maximum(norms, 1)
        np.testing.assert_allclose(trajectory["clip_factor"][0], np.stack([factors, factors], axis=1), rtol=1e-14)
        np.testing.assert_allclose(trajectory["grad_clipped"][0], self.GRADS * factors[:, None], rtol=1e-14)

    def test_clipvalue_cuts_every_entry_on_both_sides(self) -> None:
        trajectory = record(self.GRADS, sizes=[2, 2], clipvalue=0.35)
        expected = [[0.35, -0.35, 0.3, 0.35], [0.03, 0.04, 0.35, -0.35], [0, 0, 0, 0]]
        np.testing.assert_array_equal(trajectory["grad_clipped"][0], expected)
        shrunk = 0.35 * np.sqrt(2)
        factors = [[shrunk / 5, np.hypot(0.3, 0.35) / 0.5], [1, shrunk / 10], [1, 1]]
        np.testing.assert_allclose(trajectory["clip_factor"][0], factors, rtol=1e-14)

    @pytest.mark.parametrize("kind", ["clipnorm", "global_clipnorm", "clipvalue"])
    @pytest.mark.parametrize("limit", [0.0, -1.0])
    def test_a_limit_not_above_zero_is_off(self, kind: str, limit: float) -> None:
        trajectory = record(self.GRADS, **{kind: limit})
        np.testing.assert_array_equal(trajectory["grad_clipped"][0], self.GRADS)
        assert (trajectory["clip_factor"] == 1).all()

    @pytest.mark.parametrize("kind", ["clipnorm", "global_clipnorm", "clipvalue"])
    def test_a_limit_never_reached_changes_nothing(self, kind: str) -> None:
        trajectory = record(self.GRADS, **{kind: 100.0})
        np.testing.assert_allclose(trajectory["grad_clipped"][0], self.GRADS, rtol=1e-14)

    @pytest.mark.parametrize("kind", ["clipnorm", "global_clipnorm", "clipvalue"])
    def test_what_is_clipped_is_the_unscaled_mean(self, kind: str) -> None:
        trajectory = record(
            self.GRADS[:2], sizes=[2, 2], loss_scale_factor=64.0, gradient_accumulation_steps=2, **{kind: 1.0}
        )
        alone = record(self.GRADS[:2].mean(axis=0, keepdims=True), sizes=[2, 2], **{kind: 1.0})
        np.testing.assert_allclose(trajectory["grad_clipped"][0, 1], alone["grad_clipped"][0, 0], rtol=1e-14)

    def test_an_infinite_entry(self) -> None:
        grads = [[np.inf, 1.0, -np.inf], [1.0, 1.0, 1.0]]
        np.testing.assert_array_equal(record(grads, clipvalue=0.5)["grad_clipped"][0, 0], [0.5, 0.5, -0.5])
        by_norm = record(grads, clipnorm=0.5)["grad_clipped"][0, 0]
        np.testing.assert_array_equal(by_norm, [np.nan, 0, np.nan])
        assert np.isnan(record(grads, global_clipnorm=0.5)["grad_clipped"][0, 0]).all()

    def test_a_norm_that_overflows_in_float32(self) -> None:
        grads = [[3e19, 4e19], [1.0, 1.0]]
        by_norm = record(grads, clipnorm=1.0, dtype="float32")
        np.testing.assert_array_equal(by_norm["grad_clipped"][0, 0], [0, 0])
        assert np.isnan(record(grads, global_clipnorm=1.0, dtype="float32")["grad_clipped"][0, 0]).all()
        np.testing.assert_allclose(record(grads, clipnorm=1.0)["grad_clipped"][0, 0], [0.6, 0.8])  # not in float64


class TestDecay:
    def test_it_is_decoupled_and_takes_the_scheduled_rate(self) -> None:
        rate = schedules.PiecewiseConstantDecay([0], [0.1, 0.2])
        trajectory = record(np.zeros((2, 2)), learning_rate=rate, weight_decay=0.5)
        expected = np.array([1.0, 2.0]) * [[1], [0.95], [0.95 * 0.9]]
        np.testing.assert_allclose(trajectory["theta"][0], expected, rtol=1e-15)
        assert (trajectory["m"] == 0).all()

    def test_it_comes_before_the_step(self) -> None:
        grads = RNG(2).normal(size=(1, 2))
        trajectory = record(grads, weight_decay=0.5)
        np.testing.assert_array_equal(trajectory["step"], record(grads)["step"])
        start = trajectory["theta"][0, 0]
        np.testing.assert_allclose(
            trajectory["theta"][0, 1], start - start * 0.05 + trajectory["step"][0, 0], rtol=1e-15
        )

    def test_excluded_variables_stay(self) -> None:
        trajectory = record(np.zeros((3, 3)), sizes={"kernel": 2, "bias": 1}, exclude="bia", weight_decay=0.5)
        np.testing.assert_allclose(trajectory["theta"][0, -1], [0.95**3, 2 * 0.95**3, 3], rtol=1e-15)

    def test_a_learning_rate_of_zero_switches_it_off(self) -> None:
        trajectory = record(np.ones((2, 2)), learning_rate=0.0, weight_decay=0.5)
        assert (trajectory["theta"][0] == [1, 2]).all()


class TestAverage:
    GRADS = RNG(3).normal(size=(9, 2))

    def test_off_it_is_nan(self) -> None:
        assert np.isnan(record(self.GRADS)["ema"]).all()

    def test_the_first_step_copies_the_weights_and_the_others_average(self) -> None:
        trajectory = record(self.GRADS, use_ema=True, ema_momentum=0.75)
        theta, ema = trajectory["theta"][0], trajectory["ema"][0]
        np.testing.assert_array_equal(ema[0], theta[1])
        np.testing.assert_allclose(ema[1:], 0.75 * ema[:-1] + 0.25 * theta[2:], rtol=1e-14)
        np.testing.assert_array_equal(theta, record(self.GRADS)["theta"][0])

    def test_the_whole_first_window_copies_and_then_every_raw_step_averages(self) -> None:
        trajectory = record(self.GRADS, use_ema=True, ema_momentum=0.75, gradient_accumulation_steps=3)
        theta, ema = trajectory["theta"][0], trajectory["ema"][0]
        np.testing.assert_array_equal(ema[:3], theta[1:4])
        np.testing.assert_allclose(ema[3:], 0.75 * ema[2:-1] + 0.25 * theta[4:], rtol=1e-14)

    def test_the_overwrite_comes_when_it_is_due(self) -> None:
        trajectory = record(self.GRADS, use_ema=True, ema_momentum=0.75, ema_overwrite_frequency=3)
        theta, ema = trajectory["theta"][0], trajectory["ema"][0]
        same = (theta[1:] == ema).all(axis=1)
        np.testing.assert_array_equal(same, [True, False, True, False, False, True, False, False, True])

    def test_the_overwrite_repeats_on_every_micro_step_of_its_window(self) -> None:
        trajectory = record(
            self.GRADS, use_ema=True, ema_momentum=0.75, ema_overwrite_frequency=3, gradient_accumulation_steps=2
        )
        theta, ema = trajectory["theta"][0], trajectory["ema"][0]
        assert not trajectory["is_update"][4]
        assert (theta[4] != ema[3]).all()
        np.testing.assert_allclose(theta[5], 0.75 * ema[3] + 0.25 * theta[4], rtol=1e-14)  # moved without an update
        np.testing.assert_array_equal(theta[5:7], ema[4:6])

    @pytest.mark.parametrize("off", [None, 0])
    def test_no_frequency_is_no_overwrite(self, off: Any) -> None:
        trajectory = record(self.GRADS, use_ema=True, ema_overwrite_frequency=off)
        np.testing.assert_array_equal(trajectory["theta"], record(self.GRADS)["theta"])

    def test_frequency_and_momentum_count_only_with_use_ema(self) -> None:
        trajectory = record(self.GRADS, use_ema=False, ema_momentum=7.0, ema_overwrite_frequency=-3)
        np.testing.assert_array_equal(trajectory["theta"], record(self.GRADS)["theta"])


def test_all_stages_together_are_the_stages_one_by_one() -> None:
    """Unscale, accumulate, clip, decay, rule, average, overwrite: in this order, written out for one coordinate."""
    grads = RNG(4).normal(size=12) * 3
    scale, window, limit, decay, momentum, frequency, lr = 8.0, 2, 1.5, 0.2, 0.75, 2, 0.1
    trajectory = record(
        grads[:, None],
        learning_rate=lr,
        beta_2=0.9,
        loss_scale_factor=scale,
        gradient_accumulation_steps=window,
        clipnorm=limit,
        weight_decay=decay,
        use_ema=True,
        ema_momentum=momentum,
        ema_overwrite_frequency=frequency,
    )
    w, m, u, ema, bucket = 1.0, 0.0, 0.0, 0.0, 0.0
    for k, g in enumerate(grads):
        update = k // window
        g = g * scale / scale
        bucket += g
        if (k + 1) % window == 0:
            mean, bucket = bucket / window, 0.0
            clipped = mean * limit / max(abs(mean), limit)
            w -= w * decay * lr
            m = 0.9 * m + 0.1 * clipped
            u = max(0.9 * u, abs(clipped))
            w -= lr / (1 - 0.9 ** (update + 1)) * m / (u + 1e-7)
        ema = momentum * ema + (1 - momentum) * w if update else w
        if (update + 1) % frequency == 0:
            w = ema
        row = [trajectory[name][0, k, 0] for name in ("m", "u", "ema")] + [trajectory["theta"][0, k + 1, 0]]
        np.testing.assert_allclose(row, [m, u, ema, w], rtol=1e-13, err_msg=f"micro-step {k}")
