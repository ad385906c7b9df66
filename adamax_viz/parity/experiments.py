"""Experiments with the installed Keras's optimizer, each answered yes or no: what the facts rest on."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core.engine import Optimizer
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.types import Array
from adamax_viz.parity.keras_optimizer import KerasRun, run_keras
from adamax_viz.problems.models.backend import build_keras, import_keras

RATE, START = 0.1, (1.0, -2.0)
STEADY = np.array([[0.5, -0.25], [-1.0, 2.0], [0.25, 0.125], [3.0, -1.0], [-0.5, 0.75], [1.0, 1.0]])


# -- Keras, asked ------------------------------------------------------------------------------------------------


def feed(grads: ArrayLike, optimizer: Optimizer | None = None, **arguments: Any) -> KerasRun:
    """Gradients ``(T, 2)`` through the installed Keras, in its own precision."""
    ours = optimizer or Adamax(**{"learning_rate": RATE} | arguments, dtype="float32")
    return run_keras(ours, np.reshape(grads, (-1, 2)), START, {"theta": slice(0, 2)})


def moves(grads: ArrayLike, **arguments: Any) -> Array:
    """What each of these gradients does to the weights, ``(T, 2)``."""
    return np.diff(feed(grads, **arguments).theta, axis=0)


def dynamic(grads: ArrayLike, growth: int = 2000, initial: float = 2.0**15) -> KerasRun:
    return feed(grads, LossScaleOptimizer(Adamax(RATE, dtype="float32"), initial, growth))


def takes(**arguments: Any) -> bool:
    import_keras().optimizers.Adamax(**arguments)
    return True


def schedule(name: str, **arguments: Any) -> Callable[[int], float]:
    built = getattr(import_keras().optimizers.schedules, name)(**arguments)
    return lambda k: float(built(k))


def fails(action: Callable[[], Any], words: str = "") -> bool:
    """Whether something raises an error with these words, whatever its type."""
    try:
        action()
    except Exception as error:
        return words in str(error)
    return False


def refuses(words: str, **arguments: Any) -> bool:
    """Whether Keras's own constructor refuses these arguments with these words."""
    return fails(lambda: import_keras().optimizers.Adamax(**arguments), words)


def same(a: Any, b: Any) -> bool:
    return np.array_equal(a, b, equal_nan=True)


def close(a: Any, b: Any) -> bool:
    return bool(np.allclose(a, b, rtol=1e-5, atol=1e-7))


# -- checks that take more than a line ---------------------------------------------------------------------------


def overflow_only_halves() -> bool:
    run = dynamic([[np.inf, 1.0], [1.0, 1.0]])
    assert run.loss_scale is not None
    rests = same(run.theta[0], run.theta[1]) and not run.m[0].any() and not run.u[0].any()
    return rests and run.loss_scale.tolist() == [2.0**15, 2.0**14]


def skipped_step_is_not_counted() -> bool:
    """With a step skipped at first, a run goes as if it had never been."""
    scaled = STEADY * 2.0**15
    plain = dynamic(scaled)
    skipped = dynamic(np.concatenate([[[np.nan, 0.0]], scaled / 2]))
    return close(skipped.theta[1:], plain.theta) and close(skipped.m[1:], plain.m)


def no_floor_no_ceiling() -> bool:
    low = dynamic(np.full((9, 2), np.inf), initial=2.0**-145).loss_scale
    high = dynamic(np.full((9, 2), 1e-38), growth=1, initial=2.0**122).loss_scale
    assert low is not None
    assert high is not None
    return bool(low[-1] == 0 and np.isinf(high[-1]))


def drops_the_inner_scale() -> bool:
    keras = import_keras()
    inner = keras.optimizers.Adamax(loss_scale_factor=8.0)
    keras.optimizers.LossScaleOptimizer(inner)
    return inner.loss_scale_factor is None


def eager(optimizer: Optimizer, grads: list[Any]) -> Array:
    """One eager ``apply``; the weights after it."""
    keras = import_keras()
    built, weights = build_keras(optimizer), keras.Variable(np.ones(2), dtype="float32")
    built.build([weights])
    built.apply(grads, [weights])
    return np.asarray(keras.ops.convert_to_numpy(weights))


def eager_loss_scale_fails_on_jax() -> bool:
    keras = import_keras()
    scaled = LossScaleOptimizer(Adamax(RATE, dtype="float32"))
    failed = fails(lambda: eager(scaled, [keras.ops.ones(2)]))
    return failed is (str(keras.backend.backend()) == "jax")


def poisoned() -> bool:
    run = feed(np.concatenate([STEADY[:2], [[np.nan, 1.0]], STEADY]))
    after = np.stack([run.m[2:, 0], run.u[2:, 0], run.theta[3:, 0]])
    return bool(np.isnan(after).all() and np.isfinite(run.m[:, 1]).all())


def kinds_of_rates() -> bool:
    words = "Argument `learning_rate` should be float"
    refused = all(refuses(words, learning_rate=rate) for rate in (1, True, np.array([0.1])))
    schedule = import_keras().optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    return refused and all(takes(learning_rate=rate) for rate in (0.1, lambda: 0.1, schedule))


def clips_of_zero_are_off() -> bool:
    plain = feed(STEADY)
    clips = ("clipnorm", "clipvalue", "global_clipnorm")
    limits: list[dict[str, Any]] = [{clip: limit} for clip in clips for limit in (0.0, -1.0)]
    return all(same(feed(STEADY, **limit).m, plain.m) for limit in limits)
