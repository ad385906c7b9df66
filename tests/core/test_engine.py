"""`run`: batches, stops, what is kept, errors."""

from __future__ import annotations

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
from adamax_viz.core.trajectory import STEP_FIELDS, Trajectory
from tests.core.tiny import Bowl, Cliff, Rosenbrock, Tape, Tide, Tiny

RNG = np.random.default_rng
R, T = 5, 23
STARTS = RNG(0).normal(size=(R, 12))
EMA = {"use_ema": True, "ema_overwrite_frequency": 3}

# One array for every hyperparameter that may be one, with what it needs to matter.
SWEEPS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "learning_rate": ([0.001, 0.01, 0.1, 0.3, 1.0], {"weight_decay": 0.1}),
    "beta_1": ([0.0, 0.5, 0.9, 0.99, 0.9999], {}),
    "beta_2": ([0.0, 0.5, 0.9, 0.999, 1.0], {}),
    "epsilon": ([0.0, 1e-9, 1e-7, 1e-3, 1.0], {}),
    "weight_decay": ([0.0, 0.001, 0.01, 0.1, 1.0], {}),
    "clipnorm": ([0.01, 0.3, 1.0, 3.0, 100.0], {}),
    "clipvalue": ([0.01, 0.3, 1.0, 3.0, 100.0], {}),
    "global_clipnorm": ([0.03, 0.29, 1.03, 3.0, 100.0], {}),  # 1 / 0.29 is not the same in float32
    "loss_scale_factor": ([0.1, 1.0, 3.0, 1000.0, 32768.0], {}),
    "ema_momentum": ([0.0, 0.5, 0.9, 0.99, 1.0], EMA),
    "ema_overwrite_frequency": ([1, 2, 3, 4, 7], EMA),
    "gradient_accumulation_steps": ([2, 3, 4, 5, 7], {"clipnorm": 1.0, **EMA}),
}
# And batches whose runs go through different stages.
MIXED: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "clipnorm": ([0.0, -1.0, 0.3, 1.0, 3.0], {}),
    "ema_overwrite_frequency": ([None, 0, 1, 2, 3], EMA),
    "gradient_accumulation_steps": ([0, 2, 0, 3, 4], {}),
}
CASES = [(name, *case) for table in (SWEEPS, MIXED) for name, case in table.items()]


def assert_same(ours: Trajectory, theirs: Trajectory, run: int, other: int = 0) -> None:
    """Run `run` of one is run `other` of the other, bit by bit."""
    assert ours.status[run] == theirs.status[other]
    assert set(ours.arrays) >= set(theirs.arrays)
    for name in theirs.arrays:
        a, b = ours.only(run)[name], theirs.only(other)[name]
        np.testing.assert_array_equal(a, b, err_msg=name)
        assert a.dtype == b.dtype


class TestBatch:
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("sizes", [[2], [1, 1], [9], [2, 10]], ids=str)
    @pytest.mark.parametrize(("name", "values", "others"), CASES, ids=[f"{n}-{v}" for n, v, _ in CASES])
    def test_a_batch_is_its_runs_one_by_one(
        self, name: str, values: list[Any], others: dict[str, Any], sizes: list[int], dtype: Any
    ) -> None:
        size = sum(sizes)
        problem = Bowl(np.linspace(0.5, 7, size), sizes)
        optimizer = Adamax(**{"learning_rate": 0.1, **others, name: values}, dtype=dtype)
        batch = run(problem, optimizer, STARTS[:, :size], T)
        for r, value in enumerate(values):
            single = Adamax(**{"learning_rate": 0.1, **others, name: value}, dtype=dtype)
            assert_same(batch, run(problem, single, STARTS[r, :size], T), r)

    def test_a_list_of_optimizers(self) -> None:
        kinds = [
            Adamax(0.1),
            Adamax(schedules.CosineDecay(0.1, 20), gradient_accumulation_steps=3, **EMA),
            LossScaleOptimizer(Adamax(0.1), dynamic_growth_steps=5),
            Adamax(lambda: 0.05, clipvalue=0.5),
        ]
        batch = run(Rosenbrock(), kinds, (-1.5, 2.0), T)
        assert batch.runs == 4
        for r, optimizer in enumerate(kinds):
            assert_same(batch, run(Rosenbrock(), optimizer, (-1.5, 2.0), T), r)

    def test_a_list_of_one_serves_every_start(self) -> None:
        batch = run(Bowl(), [Adamax(0.1, **EMA)], STARTS[:, :2], T)
        assert_same(batch, run(Bowl(), Adamax(0.1, **EMA), STARTS[3, :2], T), 3)

    def test_many_starts_of_one_optimizer(self) -> None:
        optimizer = Adamax(0.1, global_clipnorm=1.0, weight_decay=0.1)
        batch = run(Rosenbrock([1, 1]), optimizer, STARTS[:, :2], T)
        for r in range(R):
            assert_same(batch, run(Rosenbrock([1, 1]), optimizer, STARTS[r, :2], T), r)

    def test_a_dynamic_loss_scale_with_many_starts(self) -> None:
        grads = RNG(1).normal(size=(T, R, 2))
        grads[[3, 8, 9, T - 1], [0, 1, 1, 2], 0] = [np.inf, np.nan, -np.inf, np.inf]
        optimizer = LossScaleOptimizer(Adamax(0.1, **EMA), dynamic_growth_steps=4)
        batch = run(Tape(grads), optimizer, STARTS[:, :2], T)
        for r in range(R):
            assert_same(batch, run(Tape(grads[:, r]), optimizer, STARTS[r, :2], T), r)
        assert batch["is_update"].shape == (R, T)

    def test_a_problem_of_many_runs(self) -> None:
        grads = RNG(2).normal(size=(T, R, 3))
        batch = run(Tape(grads), Adamax(0.1, clipnorm=0.5), STARTS[0, :3], T)
        assert batch.runs == R
        for r in range(R):
            assert_same(batch, run(Tape(grads[:, r]), Adamax(0.1, clipnorm=0.5), STARTS[0, :3], T), r)

    @pytest.mark.parametrize("arguments", [{"beta_1": [0.5]}, {"gradient_accumulation_steps": [2]}])
    def test_an_array_of_one_serves_every_start(self, arguments: dict[str, Any]) -> None:
        batch = run(Bowl(), Adamax(0.1, **arguments), STARTS[:, :2], T)
        single = Adamax(0.1, **{name: values[0] for name, values in arguments.items()})
        assert_same(batch, run(Bowl(), single, STARTS[2, :2], T), 2)

    def test_exclusions_reach_every_run(self) -> None:
        optimizer = Adamax(0.1, weight_decay=0.5, gradient_accumulation_steps=[2, 3])
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        batch = run(Tape(np.zeros((6, 2)), {"kernel": 1, "bias": 1}), optimizer, (1.0, 1.0), 6)
        np.testing.assert_array_equal(batch["theta"][:, -1, 1], [1, 1])
        np.testing.assert_allclose(batch["theta"][:, -1, 0], [0.95**3, 0.95**2])


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


class TestLossScale:
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
