"""`run`: stops, what is kept, progress, errors."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.engine import PROGRESS_EVERY, run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import STEP_FIELDS
from tests.core.tiny import Bowl, Cliff, Rosenbrock, Tape, Tide, Tiny

RNG = np.random.default_rng
T = 23
STARTS = RNG(0).normal(size=(5, 12))
EMA = {"use_ema": True, "ema_overwrite_frequency": 3}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"clipnorm": 0.5, "weight_decay": 0.1},
        {"global_clipnorm": 0.5, "gradient_accumulation_steps": 3, **EMA},
        {"learning_rate": schedules.ExponentialDecay(0.1, 5, 0.5), "loss_scale_factor": 3.0},
    ],
    ids=str,
)
def test_a_run_is_apply_again_and_again(arguments: dict[str, Any], dtype: Any) -> None:
    problem, optimizer = Rosenbrock([2, 9]), Adamax(**{"learning_rate": 0.1, **arguments}, dtype=dtype)
    trajectory = run(problem, optimizer, STARTS[0, :11], T)
    weights = [trajectory["theta"][0, 0, columns] for columns in problem.variables.values()]
    state = optimizer.init(weights)
    for k in range(T):
        grads = [trajectory["grad"][0, k, columns] for columns in problem.variables.values()]
        weights, state, record = optimizer.apply(grads, weights, state)
        np.testing.assert_array_equal(np.concatenate(weights), trajectory["theta"][0, k + 1])
        for name in ("m", "u", "grad_unscaled", "grad_accumulated"):
            np.testing.assert_array_equal(np.concatenate(getattr(record, name)), trajectory[name][0, k])
        assert (record.lr, record.lr_t) == (trajectory["lr"][0, k], trajectory["lr_t"][0, k])
        assert record.is_update == trajectory["is_update"][k]
        if record.is_update:
            np.testing.assert_array_equal(np.concatenate(record.step), trajectory["step"][0, k])
            np.testing.assert_array_equal(np.concatenate(record.grad_clipped), trajectory["grad_clipped"][0, k])
        if record.ema is not None:
            np.testing.assert_array_equal(np.concatenate(record.ema), trajectory["ema"][0, k])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_has_the_optimizers_precision(dtype: Any) -> None:
    optimizer = Adamax([0.1, 0.2], clipnorm=1.0, use_ema=True, dtype=dtype)
    trajectory = run(Bowl(), optimizer, (1.0, 2.0), T)
    for name, array in trajectory.arrays.items():
        assert array.dtype == (np.dtype(dtype) if name not in STEP_FIELDS else array.dtype), name


class TestKeep:
    PROBLEMS = (
        (Rosenbrock(), Adamax([0.01, 0.1, 1.0]), {}),
        (Bowl(), LossScaleOptimizer(Adamax(0.1)), {}),
        (Cliff(), Adamax([0.01, 0.1, 1.0]), {}),
        (Tide(), Adamax([0.1, 0.01, 1.0]), {"tolerance": 0.2}),
        (Tide(), Adamax([0.1, 1e38, 1.0], beta_2=[0.9, 0.9, 0.5], dtype="float32"), {"tolerance": 0.01}),
    )

    @pytest.mark.parametrize(("problem", "optimizer", "options"), PROBLEMS)
    def test_the_three_ways_agree(self, problem: Tiny, optimizer: Any, options: dict[str, Any]) -> None:
        start = np.ones((3, len(problem.coordinates))) * [[0.5], [-0.3], [0.9]]
        every, path, final = (run(problem, optimizer, start, T, keep=k, **options) for k in ("all", "path", "final"))
        assert every.status == path.status == final.status
        for name in ("theta", "loss"):
            np.testing.assert_array_equal(every[name], path[name])
            np.testing.assert_array_equal(every[name][:, -1:], final[name])
        for name in STEP_FIELDS:
            np.testing.assert_array_equal(every[name], path[name])
            np.testing.assert_array_equal(every[name], final[name])

    def test_the_loss_belongs_to_the_weights(self) -> None:
        trajectory = run(Bowl(), Adamax(0.1), STARTS[:, :2], T)
        losses = [Bowl().evaluate(trajectory["theta"][:, k], k)[0] for k in range(T + 1)]
        np.testing.assert_array_equal(trajectory["loss"], np.transpose(losses))


class TestStops:
    def test_a_diverged_run_rests_and_the_others_go_on(self) -> None:
        grads = np.ones((8, 3, 2))
        grads[3, 1, 1] = np.nan
        grads[5, 2] = np.inf
        trajectory = run(Tape(grads), Adamax(0.1), (0.0, 0.0), 8)
        assert [s.kind for s in trajectory.status] == ["finished", "diverged", "diverged"]
        assert str(trajectory.status[0]) == "finished after 8 steps"
        assert str(trajectory.status[1]) == "diverged at step 3: the gradient is not finite"
        np.testing.assert_array_equal(trajectory["stopped_at"], [8, 3, 5])
        theta = trajectory["theta"]
        for r, stop in ((1, 3), (2, 5)):
            np.testing.assert_array_equal(theta[r, stop:], np.broadcast_to(theta[r, stop], theta[r, stop:].shape))
            np.testing.assert_array_equal(theta[r, : stop + 1], theta[0, : stop + 1])
            assert np.isfinite(theta[r]).all()
            assert np.isfinite(trajectory["loss"][r]).all()
            for name in trajectory.arrays:
                if name not in ("theta", "loss", *STEP_FIELDS):
                    assert np.isnan(trajectory[name][r, stop + 1 :]).all(), name
            assert not np.isfinite(trajectory["m"][r, stop]).all()

    @pytest.mark.parametrize(
        ("problem", "optimizer", "start", "sentence"),
        [
            (Cliff(np.inf), Adamax(0.5), [0.3], "diverged at step 2: the loss is not finite"),
            (Cliff(np.nan), Adamax(0.5), [0.3], "diverged at step 2: the loss is not finite"),
            (Tape([[np.inf]]), Adamax(0.5), [0.0], "diverged at step 0: the gradient is not finite"),
            (Tape([[1.0]]), Adamax(0.5, loss_scale_factor=0.0), [0.0], "diverged at step 0: the unscaled gradient is"),
            (
                Tape([[3e38]] * 2),
                Adamax(0.5, gradient_accumulation_steps=2, dtype="float32"),
                [0.0],
                "diverged at step 1: the accumulated gradient is",
            ),
            (Tape([[3e30]]), Adamax(0.5, global_clipnorm=1.0, dtype="float32"), [0.0], "the clipped gradient is not"),
            (Tape([[1.0]]), Adamax(0.5, beta_1=np.inf), [0.0], "diverged at step 0: m is not finite"),
            (Tape([[1.0]]), Adamax(0.5, beta_2=np.nan), [0.0], "diverged at step 0: u is not finite"),
            (Tape([[0.0]]), Adamax(0.5, epsilon=0.0), [0.0], "diverged at step 0: the step is not finite"),
            (Tape([[-1.0]]), Adamax(3e38, dtype="float32"), [1e38], "diverged at step 0: a weight is not finite"),
        ],
    )
    def test_the_first_quantity_that_is_not_finite_is_named(
        self, problem: Tiny, optimizer: Adamax, start: Any, sentence: str
    ) -> None:
        assert sentence in str(run(problem, optimizer, start, 4).status[0])

    def test_an_infinite_norm_stands_still_and_is_no_divergence(self) -> None:
        trajectory = run(Tape([[1e20]] * 4), Adamax(0.1, beta_2=1e30, dtype="float32"), [0.0], 4)
        assert trajectory.status[0].kind == "finished"
        assert np.isinf(trajectory["u"][0, 1:]).all()
        assert (trajectory["theta"][0, 1:] == trajectory["theta"][0, 1]).all()

    def test_a_loss_that_ends_after_the_last_step(self) -> None:
        trajectory = run(Cliff(), Adamax(0.5), [0.3], 2)
        assert str(trajectory.status[0]) == "diverged at step 2: the loss is not finite"
        assert trajectory["theta"].shape == (1, 3, 1)

    def test_a_sum_that_overflows_is_not_a_divergence(self) -> None:
        trajectory = run(Tape(np.zeros((2, 2))), Adamax(0.1, dtype="float32"), (3e38, 3e38), 2)
        assert trajectory.status[0].kind == "finished"

    def test_a_run_that_meets_the_tolerance_stops_after_that_step(self) -> None:
        grads = np.array([[1.0, 1.0], [0.5, 0.1], [0.1, -0.1], [1.0, 1.0]])
        trajectory = run(Tape(np.stack([grads, grads * 10], axis=1)), Adamax(0.1), (0.0, 0.0), 4, tolerance=0.1)
        assert [s.kind for s in trajectory.status] == ["converged", "finished"]
        assert str(trajectory.status[0]) == "converged at step 2: the gradient is within the tolerance"
        theta, other = trajectory["theta"]
        assert (theta[3] != theta[2]).all()
        np.testing.assert_array_equal(theta[4], theta[3])
        assert (other[4] != other[3]).all()
        assert np.isfinite(trajectory["m"][0, :3]).all()
        assert np.isnan(trajectory["m"][0, 3:]).all()

    def test_the_tolerance_looks_at_the_unscaled_gradient(self) -> None:
        grads = [[1.0], [0.1]]
        for optimizer in (Adamax(0.1, loss_scale_factor=1000.0), LossScaleOptimizer(Adamax(0.1))):
            assert run(Tape(grads), optimizer, [0.0], 2, tolerance=0.1).status[0].kind == "converged"

    def test_a_surface_moves_on_without_the_runs_that_rest(self) -> None:
        trajectory = run(Tide(), Adamax([0.1, 0.1]), [[0.1], [9.0]], 6, tolerance=0.15)
        assert [s.kind for s in trajectory.status] == ["converged", "finished"]
        loss = trajectory["loss"]
        assert loss[0, 1] == pytest.approx(1.0, abs=0.01)  # at step 0 the gradient met it; after it the tide was at 1
        assert (loss[0, 1:] == loss[0, 1]).all()
        assert loss[1, -1] > loss[1, 1]

    def test_when_all_runs_rest_the_rest_is_filled(self) -> None:
        trajectory = run(Bowl(), Adamax(0.1), (0.0, 0.0), 10, tolerance=1e-3)
        assert trajectory["theta"].shape == (1, 11, 2)
        assert (trajectory["theta"] == 0).all()
        assert (trajectory["loss"] == 0).all()

    def test_counters_under_a_dynamic_scale_stand_still_after_a_stop(self) -> None:
        grads = np.array([[1.0], [1.0], [np.inf], [0.0], [1.0], [1.0]])
        trajectory = run(Tape(grads), LossScaleOptimizer(Adamax(0.1)), [0.0], 6, tolerance=0.5)
        assert trajectory.status[0].step == 3
        np.testing.assert_array_equal(trajectory["update"], [0, 1, 2, 2, 3, 3])
        np.testing.assert_array_equal(trajectory["is_update"], [True, True, False, True, False, False])


class TestProgress:
    def test_it_is_told_now_and_then_and_at_the_end(self) -> None:
        seen: list[int] = []
        run(Bowl(), Adamax(0.1), (1.0, 1.0), 2 * PROGRESS_EVERY + 3, keep="final", progress=seen.append)
        assert seen == [0, PROGRESS_EVERY, 2 * PROGRESS_EVERY, 2 * PROGRESS_EVERY + 3]

    def test_what_it_raises_ends_the_run(self) -> None:
        class Enough(Exception):  # noqa: N818
            pass

        def stop(done: int) -> None:
            if done >= PROGRESS_EVERY:
                raise Enough

        with pytest.raises(Enough):
            run(Bowl(), Adamax(0.1), (1.0, 1.0), 10**5, keep="final", progress=stop)


class TestErrors:
    @pytest.mark.parametrize("steps", [0, -3, 2.0, "5", None, True])
    def test_steps(self, steps: Any) -> None:
        with pytest.raises(ValueError, match=r"^`steps` must be a whole number of at least 1. Received: steps="):
            run(Bowl(), Adamax(), (1.0, 1.0), steps)

    @pytest.mark.parametrize("start", [1.0, [1.0], [1.0, 2.0, 3.0], [[1.0], [2.0]], np.zeros((2, 2, 2))])
    def test_starts_of_another_shape(self, start: Any) -> None:
        with pytest.raises(ValueError, match=r"^`start` needs 2 numbers \(p0, p1\), or an array \(R, 2\)\. Rec"):
            run(Bowl(), Adamax(), start, 3)

    def test_starts_that_are_not_finite(self) -> None:
        with pytest.raises(ValueError, match=r"^`start` must be finite. Received: start=\[1.0, nan\]"):
            run(Bowl(), Adamax(), (1.0, np.nan), 3)

    def test_numbers_of_runs_that_differ(self) -> None:
        for optimizer, start in ((Adamax([0.1, 0.2]), np.ones((3, 2))), ([Adamax(), Adamax()], np.ones((3, 2)))):
            with pytest.raises(ValueError, match=r"must have the same number of runs, or one. Received: \[2, 3\]"):
                run(Bowl(), optimizer, start, 3)

    def test_no_optimizers(self) -> None:
        with pytest.raises(ValueError, match="`optimizer` is an empty list"):
            run(Bowl(), [], (1.0, 1.0), 3)

    def test_keep_and_gradient_dtype(self) -> None:
        with pytest.raises(ValueError, match="`keep` must be 'all', 'path' or 'final'"):
            run(Bowl(), Adamax(), (1.0, 1.0), 3, keep="some")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="`gradient_dtype` must be None or 'float16'"):
            run(Bowl(), Adamax(), (1.0, 1.0), 3, gradient_dtype="int8")  # type: ignore[arg-type]


def test_a_start_is_not_changed() -> None:
    start = np.ones((2, 2))
    run(Bowl(), Adamax(0.1), start, 5)
    assert (start == 1).all()


def test_the_core_knows_numpy_alone() -> None:
    code = """
import json, sys
before = set(sys.modules)
import adamax_viz.core.engine
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["adamax_viz", "numpy"]
