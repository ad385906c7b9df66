"""`Runner`: pieces are the whole, switches change from here on, and a budget thins what is recorded."""

from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.engine import Optimizer, Runner, run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from tests.core.tiny import Bowl, Cliff, Rosenbrock, Tape, Tiny

START = np.array([[-1.5, 2.0]])
T = 60
OPTIMIZERS: dict[str, Optimizer] = {
    "plain": Adamax(0.05),
    "schedule": Adamax(schedules.CosineDecay(0.1, 50), beta_1=0.8),
    "everything": Adamax(
        0.05,
        clipnorm=1.0,
        weight_decay=0.1,
        use_ema=True,
        ema_overwrite_frequency=5,
        loss_scale_factor=4.0,
        gradient_accumulation_steps=3,
    ),
    "dynamic": LossScaleOptimizer(Adamax(0.05, gradient_accumulation_steps=2), dynamic_growth_steps=7),
    "adam": Adamax(0.05).with_rule("adam"),
}


def assert_same(ours: Trajectory, theirs: Trajectory) -> None:
    assert ours.status == theirs.status
    assert ours.arrays.keys() == theirs.arrays.keys()
    for name, array in theirs.arrays.items():
        np.testing.assert_array_equal(ours[name], array, err_msg=name)
        assert ours[name].dtype == array.dtype, name


def started(optimizer: Optimizer, problem: Tiny | None = None, start: Any = START, **options: Any) -> Runner:
    return Runner(problem or Rosenbrock([1, 1]), optimizer, start, **options)


class TestPieces:
    @pytest.mark.parametrize("keep", ["all", "path", "final"])
    @pytest.mark.parametrize("name", OPTIMIZERS)
    def test_pieces_are_the_whole(self, name: str, keep: Any) -> None:
        runner = started(OPTIMIZERS[name], keep=keep)
        for steps in (1, 20, 7, 32):
            runner.advance(steps)
        assert_same(runner.trajectory(), run(Rosenbrock([1, 1]), OPTIMIZERS[name], START, T, keep=keep))

    def test_reserved_pieces_are_the_whole_and_what_was_seen_of_them_stays(self) -> None:
        runner = started(OPTIMIZERS["everything"])
        runner.reserve(T)
        runner.advance(25)
        early = runner.trajectory()
        before = {name: array.copy() for name, array in early.arrays.items()}
        runner.advance(35)
        for name, array in before.items():
            np.testing.assert_array_equal(early[name], array, err_msg=name)
        assert_same(early, run(Rosenbrock([1, 1]), OPTIMIZERS["everything"], START, 25))
        assert_same(runner.trajectory(), run(Rosenbrock([1, 1]), OPTIMIZERS["everything"], START, T))

    def test_a_batch_in_pieces(self) -> None:
        starts = np.random.default_rng(0).normal(size=(4, 2))
        optimizer = Adamax([0.01, 0.1, 0.2, 1e30], use_ema=True)
        runner = started(optimizer, Bowl(), starts)
        for steps in (2, 18, 40):
            runner.advance(steps)
        assert_same(runner.trajectory(), run(Bowl(), optimizer, starts, T))

    @pytest.mark.parametrize(
        ("problem", "start", "options"),
        [(Cliff(), [[0.0]], {}), (Bowl(), START, {"tolerance": 5.0}), (Tape(np.full((9, 1), np.inf)), [[1.0]], {})],
    )
    def test_what_stopped_stays_stopped(self, problem: Tiny, start: Any, options: dict[str, Any]) -> None:
        runner = started(Adamax(0.1), problem, start, **options)
        for _ in range(6):
            runner.advance(10)
        assert not runner.running
        assert_same(runner.trajectory(), run(problem, Adamax(0.1), start, T, **options))

    @pytest.mark.parametrize("edge", [1, 2, 3])
    def test_a_run_that_diverges_at_the_edge_of_a_piece_has_the_row_of_its_stop(self, edge: int) -> None:
        problem, optimizer = Rosenbrock([1, 1]), Adamax(1e200, use_ema=True)
        for starts in (START, [[-1.5, 2.0], [1.0, 1.0], [0.0, 0.0]]):
            runner = started(optimizer, problem, np.array(starts))
            runner.advance(edge)
            assert_same(runner.trajectory(), run(problem, optimizer, starts, edge))
            runner.advance(10 - edge)
            whole = run(problem, optimizer, starts, 10)
            assert_same(runner.trajectory(), whole)
            assert np.isfinite(whole["m"][0, : whole.status[0].step]).all()

    def test_each_gradient_is_asked_for_once(self) -> None:
        asked = []

        class Counting(Rosenbrock):
            def evaluate(self, theta: Any, micro_step: int) -> Any:
                asked.append(micro_step)
                return super().evaluate(theta, micro_step)

        runner = started(Adamax(), Counting())
        runner.advance(3)
        runner.advance(2)
        assert asked == [0, 1, 2, 3, 4, 5]

    def test_runs_of_different_kinds_need_runners_of_their_own(self) -> None:
        with pytest.raises(ValueError, match="a runner for each"):
            started(Adamax(gradient_accumulation_steps=[2, 3]), start=np.zeros((2, 2)))


class TestChange:
    def test_the_same_switches_change_nothing(self) -> None:
        runner = started(OPTIMIZERS["everything"])
        runner.advance(20)
        runner.change(OPTIMIZERS["everything"])
        runner.advance(40)
        assert_same(runner.trajectory(), run(Rosenbrock([1, 1]), OPTIMIZERS["everything"], START, T))

    @pytest.mark.parametrize(
        "after",
        [
            {"learning_rate": 0.2, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3, "weight_decay": 0.5},
            {"clipvalue": 0.5, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 4},
            {"gradient_accumulation_steps": 4, "global_clipnorm": 1.0},
            {"loss_scale_factor": 8.0, "learning_rate": schedules.ExponentialDecay(0.1, 10, 0.5)},
        ],
        ids=str,
    )
    def test_from_here_on_is_one_call_of_apply_after_another(self, after: dict[str, Any]) -> None:
        first, second = Adamax(0.05), Adamax(**{"learning_rate": 0.05, **after})
        runner = started(first)
        runner.reserve(32)
        runner.advance(13)
        runner.change(second)
        runner.advance(19)
        found = runner.trajectory()
        columns = [slice(0, 1), slice(1, 2)]
        weights = [found["theta"][0, 0, c] for c in columns]
        state = first.init(weights)
        for k in range(32):
            if k == 13:
                zeros = [np.zeros(1), np.zeros(1)]
                state = state._replace(
                    ema=weights if second.use_ema else None,
                    accumulated=zeros if second.gradient_accumulation_steps else None,
                )
            gradient = [found["grad"][0, k, c] for c in columns]
            weights, state, info = (second if k >= 13 else first).apply(gradient, weights, state)
            np.testing.assert_array_equal(np.concatenate(weights), found["theta"][0, k + 1])
            np.testing.assert_array_equal(np.concatenate(state.u), found["u"][0, k])
            assert found["is_update"][k] == info.is_update
            assert found["lr_t"][0, k] == info.lr_t
            if info.is_update:
                np.testing.assert_array_equal(np.concatenate(info.grad_clipped), found["grad_clipped"][0, k])
                factors = [1.0 if factor is None else factor for factor in info.clip_factor]
                np.testing.assert_array_equal(factors, found["clip_factor"][0, k])
            if state.ema is not None:
                np.testing.assert_array_equal(np.concatenate(state.ema), found["ema"][0, k])

    def test_features_that_come_and_go_leave_full_columns(self) -> None:
        runner = started(Adamax(0.05))
        for optimizer in (Adamax(0.05, clipnorm=1e-3, use_ema=True), Adamax(0.05)):
            runner.advance(5)
            runner.change(optimizer)
        runner.advance(5)
        found = runner.trajectory()
        assert found["micro_step"].tolist() == list(range(15))
        np.testing.assert_array_equal(found["clip_factor"][0, [*range(5), *range(10, 15)]], 1)
        assert (found["clip_factor"][0, 5:10] < 1).all()
        np.testing.assert_array_equal(found["grad_clipped"][0, :5], found["grad"][0, :5])
        np.testing.assert_array_equal(found["grad_clipped"][0, 10:], found["grad"][0, 10:])
        assert np.isnan(found["ema"][0, [*range(5), *range(10, 15)]]).all()
        assert np.isfinite(found["ema"][0, 5:10]).all()

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (Adamax(), LossScaleOptimizer(Adamax())),
            (Adamax(), Adamax().with_rule("adam")),
            (Adamax(), Adamax(dtype="float32")),
        ],
    )
    def test_what_needs_a_new_start_is_refused(self, before: Optimizer, after: Optimizer) -> None:
        runner = started(before)
        runner.advance(2)
        with pytest.raises(ValueError, match="start it anew"):
            runner.change(after)
        runner.advance(1)
        assert runner.trajectory().steps == 3


class TestBudget:
    ROW = 2 * 8  # bytes of one field of one row

    @pytest.mark.parametrize("name", OPTIMIZERS)
    @pytest.mark.parametrize("pieces", [(T,), (5, 30, 25)])
    def test_the_rows_that_are_kept_are_those_of_the_whole(self, name: str, pieces: tuple[int, ...]) -> None:
        budget = 10 * 20 * self.ROW
        runner = started(OPTIMIZERS[name], budget=budget)
        for steps in pieces:
            runner.advance(steps)
        found, whole = runner.trajectory(), run(Rosenbrock([1, 1]), OPTIMIZERS[name], START, T)
        rows = found["micro_step"]
        window = OPTIMIZERS[name].adamax.gradient_accumulation_steps or 1
        assert found.every > 1
        assert found.every % window == 0
        assert rows[0] < found.every
        np.testing.assert_array_equal(np.diff(rows), found.every)
        assert (rows + 1).max() <= T < rows[-1] + 1 + found.every
        recorded = ("theta", *found.parameter_fields)
        arrays = {id(array.base): array for name, array in found.arrays.items() if name in recorded}
        assert sum(array.nbytes for array in arrays.values()) <= budget + 3 * self.ROW
        for field in (*found.parameter_fields, "clip_factor", "lr", "lr_t"):
            np.testing.assert_array_equal(found[field], whole[field][:, rows], err_msg=field)
        for field in ("theta", "loss"):
            np.testing.assert_array_equal(found[field], whole[field][:, [*rows, T]], err_msg=field)
        for field in ("update", "is_update"):
            np.testing.assert_array_equal(found[field], whole[field][rows], err_msg=field)
        np.testing.assert_array_equal(found["theta_next"], whole["theta_next"][:, rows])
        assert found.status == whole.status

    def test_a_budget_that_does_leaves_nothing_out(self) -> None:
        runner = started(OPTIMIZERS["everything"], budget=10**6)
        runner.advance(T)
        assert_same(runner.trajectory(), run(Rosenbrock([1, 1]), OPTIMIZERS["everything"], START, T))

    def test_the_row_of_a_stop_is_kept(self) -> None:
        tape = np.ones((T, 1))
        tape[47] = np.inf
        runner = started(Adamax(0.1), Tape(tape), [[1.0]], budget=8 * 6 * 8)
        runner.advance(T)
        found, whole = runner.trajectory(), run(Tape(tape), Adamax(0.1), [[1.0]], T)
        assert found.status == whole.status
        assert found["micro_step"][-1] == 47
        assert found.happened().steps == found.rows == len(found["micro_step"])
        np.testing.assert_array_equal(found["grad"][0, -1], np.inf)
        np.testing.assert_array_equal(found["theta_next"][0, -1], whole["theta"][0, 47])

    def test_each_stop_of_a_thinned_batch_adds_one_row_and_no_other(self) -> None:
        starts = np.array([[0.1], [0.5], [1.2], [-3.0], [-9.0], [0.9]])
        optimizer = Adamax(0.05, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=1)
        runner = started(optimizer, Cliff(), starts, budget=len(starts) * 8 * 7 * 6)
        runner.advance(10)
        runner.advance(T - 10)
        found, whole = runner.trajectory(), run(Cliff(), optimizer, starts, T)
        assert found.status == whole.status
        stops = {s.step for s in found.status if s.kind == "diverged"}
        assert len(stops) > 2
        assert found.every > 1
        rows = found["micro_step"]
        regular = np.arange(rows[0], T, found.every)
        assert set(rows.tolist()) == {*regular.tolist(), *stops}
        for field in (*found.parameter_fields, "clip_factor", "theta_next", "lr"):
            expected = whole[field][:, rows]
            for r, status in enumerate(found.status):
                counts = rows <= status.step
                np.testing.assert_array_equal(found[field][r, counts], expected[r, counts], err_msg=field)
        np.testing.assert_array_equal(found["theta"], whole["theta"][:, [*rows, T]])

    def test_a_path_may_be_thinned_too(self) -> None:
        runner = started(Adamax(0.05), budget=10 * 2 * 8, keep="path")
        runner.advance(T)
        found, whole = runner.trajectory(), run(Rosenbrock([1, 1]), Adamax(0.05), START, T)
        rows = found["micro_step"]
        assert found.every > 1
        assert set(found.arrays) == {"theta", "loss", "theta_next", "micro_step", "update", "is_update"}
        np.testing.assert_array_equal(found["theta"], whole["theta"][:, [*rows, T]])
        np.testing.assert_array_equal(found["theta_next"], whole["theta_next"][:, rows])

    def test_accumulation_that_begins_in_a_thinned_run_keeps_updates(self) -> None:
        runner = started(Adamax(0.05), budget=8 * 10 * self.ROW)
        runner.reserve(T)
        runner.advance(20)
        runner.change(Adamax(0.05, gradient_accumulation_steps=4))
        runner.advance(40)
        found = runner.trajectory()
        late = found["micro_step"] >= 20
        assert late.sum() > 2
        assert found["is_update"].all()
        assert ((found["micro_step"][late] + 1) % 4 == 0).all()
