"""What a run is: names, shapes, single runs, batches."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from adamax_viz.core.engine import run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import STEP_FIELDS, Status, Trajectory, held_bytes, stack
from adamax_viz.core.types import Dtype
from tests.core.tiny import Bowl, Tape

R, T, D, V = 3, 7, 3, 2
STARTS = np.random.default_rng(0).normal(size=(R, D))
PROBLEM = Bowl([1.0, 5.0, 0.5], {"kernel": 2, "bias": 1})


def trajectory(keep: Any = "all", **arguments: Any) -> Trajectory:
    return run(PROBLEM, Adamax(**{"learning_rate": 0.1} | arguments), STARTS, T, keep=keep)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"clipnorm": 1.0},
        {"use_ema": True, "gradient_accumulation_steps": 3},
        {"loss_scale_factor": 2.0, "learning_rate": [0.1, 0.2, 0.3]},
        {"gradient_accumulation_steps": [2, 3, 0]},
    ],
    ids=str,
)
def test_shapes(arguments: dict[str, Any]) -> None:
    found = trajectory(**arguments)
    assert (found.runs, found.steps) == (R, T)
    assert found["theta"].shape == (R, T + 1, D)
    assert found["loss"].shape == (R, T + 1)
    for name in found.parameter_fields:
        assert found[name].shape == (R, T, D), name
    assert found["u_branch"].shape == (R, T, D)
    assert found["clip_factor"].shape == (R, T, V)
    assert found["lr"].shape == found["lr_t"].shape == (R, T)
    differ = isinstance(arguments.get("gradient_accumulation_steps"), list)
    assert found["micro_step"].shape == (T,)
    assert found["update"].shape == found["is_update"].shape == ((R, T) if differ else (T,))
    assert found["is_update"].dtype == bool
    assert len(found.status) == R
    assert found["stopped_at"].shape == (R,)
    assert found.variables == {"kernel": slice(0, 2), "bias": slice(2, 3)}
    assert found.coordinates == ("p0", "p1", "p2")


def test_shapes_under_a_dynamic_loss_scale() -> None:
    found = run(PROBLEM, LossScaleOptimizer(Adamax(0.1)), STARTS, T)
    assert found["loss_scale"].shape == (R, T)
    assert found["grad_unscaled"].shape == (R, T, D)
    assert found["micro_step"].shape == (T,)


def test_what_each_way_of_keeping_keeps() -> None:
    path, final = trajectory("path"), trajectory("final")
    assert set(path.arrays) == set(final.arrays) == {"theta", "loss", *STEP_FIELDS}
    assert path["theta"].shape == (R, T + 1, D)
    assert final["theta"].shape == (R, 1, D)
    assert final["loss"].shape == (R, 1)
    assert final.steps == T


def test_the_path_is_the_sum_of_the_steps() -> None:
    found = trajectory()
    np.testing.assert_array_equal(found["theta"][:, 1:], found["theta"][:, :-1] + found["step"])


def test_which_side_of_the_max_won() -> None:
    grads = [[1.0, -1.0], [2.0, -0.5], [0.5, -0.95], [0.0, 0.0]]
    found = run(Tape(grads), Adamax(0.1, beta_2=0.9), (0.0, 0.0), 4)
    np.testing.assert_array_equal(found["u_branch"][0], [[True, True], [True, False], [False, True], [False, False]])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_which_side_of_torchs_max_won(dtype: Dtype) -> None:
    epsilons = (0.3, 0.0, 1e-7)  # inside the max of the first and the last
    rules = ("torch_adamax", "adamax", "torch_adamax")
    optimizers = [
        Adamax(0.1, beta_2=0.7, epsilon=epsilon, dtype=dtype).with_rule(rule)
        for epsilon, rule in zip(epsilons, rules, strict=True)
    ]
    found = run(PROBLEM, optimizers, STARTS, T)
    for r, epsilon in enumerate(epsilons):
        before = np.concatenate([np.zeros((1, D), dtype), found["u"][r, :-1]])
        won = np.abs(found["grad_clipped"][r]) + np.array(epsilon, dtype) >= np.array(0.7, dtype) * before
        assert won.any()
        assert not won.all()
        np.testing.assert_array_equal(found["u_branch"][r], won)
        np.testing.assert_array_equal(found.only(r)["u_branch"][0], won)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(KeyError, match=r"No array 'v'; there are theta, loss, .*stopped_at"):
        trajectory()["v"]
    with pytest.raises(KeyError, match="This run kept 'path' only; keep='all' records everything"):
        trajectory("path")["m"]
    assert "m" in trajectory()
    assert "m" not in trajectory("final")


def test_only_and_stack_are_inverse() -> None:
    for arguments in ({}, {"gradient_accumulation_steps": [2, 3, 0]}):
        whole = trajectory(**arguments)
        parts = [whole.only(r) for r in range(R)]
        assert all(part.runs == 1 and part["theta"].shape == (1, T + 1, D) for part in parts)
        assert all(part["is_update"].shape == (T,) for part in parts)
        again = stack(parts)
        assert again.status == whole.status
        assert set(again.arrays) == set(whole.arrays)
        for name in whole.arrays:
            np.testing.assert_array_equal(again[name], whole[name], err_msg=name)


def test_what_only_some_runs_have_is_nan_in_the_others() -> None:
    found = run(PROBLEM, [Adamax(0.1), LossScaleOptimizer(Adamax(0.1))], STARTS[:2], T)
    assert np.isnan(found["loss_scale"][0]).all()
    assert (found["loss_scale"][1] == 2**15).all()
    assert "loss_scale" not in found.only(0)
    assert "loss_scale" in found.only(1)


def test_each_run_of_a_batch_has_the_moments_of_its_rule() -> None:
    optimizers = [Adamax(0.1), Adamax(0.1).with_rule("adam"), Adamax(0.1).with_rule("p=4")]
    found = run(PROBLEM, optimizers, STARTS, T)
    assert found.moments == ("m", "u", "v")
    assert found.parameter_fields[4:7] == ("m", "u", "v")
    assert np.isnan(found["u"][1]).all()
    assert np.isnan(found["v"][[0, 2]]).all()
    assert [found.only(r).moments for r in range(R)] == [("m", "u"), ("m", "v"), ("m", "u")]
    for r, optimizer in enumerate(optimizers):
        alone, one = run(PROBLEM, optimizer, STARTS[r], T), found.only(r)
        assert one.arrays.keys() == alone.arrays.keys()
        assert one.absent == {}
        for name in alone.arrays:
            np.testing.assert_array_equal(one[name], alone[name], err_msg=name)
        assert run(PROBLEM, optimizer, STARTS[r], T, keep="path").moments == alone.moments
    path = run(PROBLEM, optimizers, STARTS, T, keep="path")
    assert path.only(1).moments == ("m", "v")


def test_adam_has_no_u() -> None:
    adam = run(PROBLEM, Adamax(0.1).with_rule("adam"), STARTS, T)
    for name in ("u", "u_branch"):
        assert name not in adam
        with pytest.raises(KeyError, match=f"No array '{name}'; there are theta, loss, .*v, step"):
            adam[name]


def test_the_running_norm_is_on_the_scale_of_gradients() -> None:
    adamax, adam = (run(PROBLEM, Adamax(0.1).with_rule(rule), STARTS, T) for rule in ("adamax", "adam"))
    np.testing.assert_array_equal(adamax.running_norm, adamax["u"])
    np.testing.assert_array_equal(adam.running_norm, np.sqrt(adam["v"]))
    assert replace(adam, moments=("m",)).running_norm is None


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status("finished", 500), "finished after 500 steps"),
        (Status("diverged", 37, "the loss"), "diverged at step 37: the loss is not finite"),
        (Status("converged", 12), "converged at step 12: the gradient is within the tolerance"),
    ],
)
def test_a_status_is_a_sentence(status: Status, sentence: str) -> None:
    assert str(status) == sentence


def test_a_p_norm_is_no_maximum_that_one_side_could_win() -> None:
    optimizers = [Adamax(0.1), Adamax(0.1).with_rule("p=4"), Adamax(0.1).with_rule("adam")]
    found = run(PROBLEM, optimizers, STARTS, T)
    assert found.rules == ("adamax", "p=4", "adam")
    assert ["u_branch" in found.only(r) for r in range(R)] == [True, False, False]
    assert "u_branch" not in found
    assert "u" in found.only(1)
    with pytest.raises(KeyError, match="No array 'u_branch'"):
        found.only(1)["u_branch"]
    assert found.only(1).rules == ("p=4",)


def test_memory_counts_once_and_whole() -> None:
    whole = np.zeros((4, 10))
    assert held_bytes([whole, whole.T, whole[1:2], whole[2:3, :5]]) == whole.nbytes
    assert held_bytes([whole[1:2][:, :3]]) == whole.nbytes
    assert held_bytes([whole[None]]) == whole.nbytes  # an axis of one has no stride, but what it holds is there
    assert held_bytes([np.broadcast_to(np.float64(1), (1000, 1000))]) == 8
    assert held_bytes([whole.copy(), whole.copy(), "no array", 3.0]) == 2 * whole.nbytes


def test_the_runs_of_a_batch_share_its_memory() -> None:
    found = trajectory()
    parts = [found.only(r) for r in range(R)]
    assert held_bytes(array for part in parts for array in part.arrays.values()) == held_bytes(found.arrays.values())
    assert held_bytes(parts[0].arrays.values()) > held_bytes(found.arrays.values()) / R
