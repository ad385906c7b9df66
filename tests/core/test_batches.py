"""A batch is its runs, one by one and bit by bit."""

from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.engine import run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from tests.core.tiny import Bowl, Rosenbrock, Tape

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
