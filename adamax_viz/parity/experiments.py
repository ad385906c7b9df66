"""How the installed Keras's optimizer is asked: what the facts rest on."""

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


def eager(optimizer: Optimizer, grads: list[Any]) -> None:
    """One eager ``apply``."""
    built, weights = build_keras(optimizer), import_keras().Variable(np.ones(2), dtype="float32")
    built.build([weights])
    built.apply(grads, [weights])


def same(a: Any, b: Any) -> bool:
    return np.array_equal(a, b, equal_nan=True)


def close(a: Any, b: Any) -> bool:
    return bool(np.allclose(a, b, rtol=1e-5, atol=1e-7))
