"""One step at a time against Keras's eager ``apply``: variables without a gradient, exclusions, finalize."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import RULES
from adamax_viz.parity.keras_optimizer import verify
from adamax_viz.problems.models.backend import build_keras
from tests.core.tiny import Rosenbrock

START = {
    "kernel": np.random.default_rng(0).normal(size=(3, 2)),
    "bias": np.random.default_rng(1).normal(size=2),
    "scale": np.array(0.5),
}
EVERYTHING: dict[str, Any] = {
    "learning_rate": 0.1,
    "weight_decay": 0.2,
    "use_ema": True,
    "ema_momentum": 0.7,
    "ema_overwrite_frequency": 3,
    "loss_scale_factor": 2.0,
}


def random_gradients(steps: int, missing: float) -> list[list[NDArray[Any] | None]]:
    """Gradients like START, some of them None, never all."""
    rng = np.random.default_rng(2)
    rows: list[list[NDArray[Any] | None]] = []
    for k in range(steps):
        row = [None if rng.random() < missing else np.asarray(rng.normal(size=v.shape)) for v in START.values()]
        row[k % 3] = rng.normal(size=list(START.values())[k % 3].shape)
        rows.append(row)
    return rows


def assert_same_steps(
    optimizer: Adamax, keras: Any, grads: Sequence[Sequence[Any]], start: Mapping[str, NDArray[Any]] = START
) -> None:
    theirs, finalized = keras.stepwise(optimizer, start, grads)
    weights = [np.asarray(v, "float32") for v in start.values()]
    state = optimizer.init(weights, list(start))
    for k, (row, expected) in enumerate(zip(grads, theirs, strict=True)):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Gradients do not exist")
            weights, state, _ = optimizer.apply(row, weights, state)
        for name, ours in (("weights", weights), *((n, getattr(state, n)) for n in ("m", "u", "ema", "accumulated"))):
            found = getattr(expected, name)
            assert (found is None) == (ours is None)
            for a, b in zip(ours or [], found or [], strict=True):
                assert a.shape == b.shape
                np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6, err_msg=f"{name} after step {k}")
    for a, b in zip(optimizer.finalize(weights, state), finalized, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)


CLIPPED = [{}, {"clipnorm": 0.5}, {"global_clipnorm": 0.5}, {"clipvalue": 0.5}]


@pytest.mark.parametrize("clip", CLIPPED, ids=str)
def test_some_variables_have_no_gradient(on_numpy: Any, clip: dict[str, Any]) -> None:
    optimizer = Adamax(**EVERYTHING, **clip, dtype="float32")
    assert_same_steps(optimizer, on_numpy, random_gradients(25, 0.4))


def test_the_same_under_accumulation(on_jax: Any) -> None:
    """On JAX, where the accumulator of a variable without a gradient waits; on NumPy Keras empties it."""
    optimizer = Adamax(**EVERYTHING, global_clipnorm=0.5, gradient_accumulation_steps=3, dtype="float32")
    assert_same_steps(optimizer, on_jax, random_gradients(12, 0.4))


def test_no_variable_has_a_gradient(on_numpy: Any) -> None:
    with pytest.raises(RuntimeError, match="No gradients provided for any variable"):
        on_numpy.stepwise(Adamax(), START, [[None] * 3])
    with pytest.raises(ValueError, match=r"^No gradients provided for any variable"):
        Adamax().apply([None] * 3, list(START.values()), Adamax().init(list(START.values())))


@pytest.mark.parametrize("names", [["bias"], ["kernel", "scale"], ["^b", "nothing"], ["a"], []], ids=str)
def test_variables_excluded_from_decay_by_name(on_numpy: Any, names: list[str]) -> None:
    optimizer = Adamax(0.1, weight_decay=0.5, dtype="float32")
    optimizer.exclude_from_weight_decay(var_names=names)
    assert_same_steps(optimizer, on_numpy, random_gradients(5, 0.0))


@pytest.mark.parametrize("use_ema", [True, False])
def test_finalize_before_any_step(either: Any, use_ema: bool) -> None:
    """With an average the weights become zeros: it has seen none yet."""
    assert_same_steps(Adamax(use_ema=use_ema, dtype="float32"), either, [])


@pytest.mark.parametrize("arguments", [{}, {"use_ema": True, "gradient_accumulation_steps": 4}], ids=str)
def test_variables_of_any_shape(on_numpy: Any, arguments: dict[str, Any]) -> None:
    start = {"a": np.ones((2, 3, 2)), "b": np.array(1.0), "c": np.ones((1, 1)), "d": np.ones(13)}
    rng = np.random.default_rng(3)
    grads = [[rng.normal(size=v.shape) for v in start.values()] for _ in range(10)]
    assert_same_steps(Adamax(0.1, clipnorm=0.5, **arguments, dtype="float32"), on_numpy, grads, start)


@pytest.mark.parametrize(("dtype", "bound"), [("float32", 1e-6), ("float64", 1e-12)])
@pytest.mark.parametrize("rule", [rule.name for rule in RULES.values() if rule.keras])
def test_a_rule_is_the_optimizer_of_keras_that_it_names(rule: str, dtype: Any, bound: float) -> None:
    optimizer = Adamax(0.05, beta_2=0.99, clipnorm=1.0, weight_decay=0.01, dtype=dtype).with_rule(rule)
    _, _, apart = verify(Rosenbrock({"kernel": 2, "bias": 1}), optimizer, [-1.5, 2.0, 1.0], 60)
    assert set(apart) == {"theta", *optimizer.rule.moments, "lr"}
    assert max(apart[name].relative_to_peak for name in ("theta", *optimizer.rule.moments)) < bound


def test_a_rule_that_keras_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="torch_adamax"):
        build_keras(Adamax().with_rule("torch_adamax"))
