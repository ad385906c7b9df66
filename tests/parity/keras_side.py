"""What the tests ask of the installed Keras: functions that run in this process (JAX) or in the worker (NumPy)."""

import importlib
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core import schedules
from adamax_viz.core.schedules import PiecewiseConstantDecay, Schedule
from adamax_viz.parity.keras_optimizer import run_keras
from adamax_viz.problems.models.backend import build_keras

__all__ = [  # what the worker answers
    "config",
    "from_config",
    "rates",
    "refusal",
    "run_keras",
    "scaled_refusal",
    "serialized",
    "signature",
    "stepwise",
]

Refusal = tuple[str, str]  # the exception's type and its words


def constant_rate() -> float:
    """A callable learning rate that both processes can import."""
    return 0.03


def keras_class(path: str) -> Any:
    """``"optimizers.Adamax"`` and the like, of the installed Keras."""
    found = importlib.import_module("keras")
    for name in path.split("."):
        found = getattr(found, name)
    return found


def to_keras(value: Any) -> Any:
    """Our schedules as Keras's; anything else as it is."""
    if isinstance(value, Schedule):
        return keras_class("optimizers.schedules.deserialize")(schedules.serialize(value))
    return value


def make(path: str, *arguments: Any, **keywords: Any) -> Any:
    keras_arguments = [to_keras(value) for value in arguments]
    return keras_class(path)(*keras_arguments, **{name: to_keras(value) for name, value in keywords.items()})


def refusal_of(make: Callable[[], Any]) -> Refusal | None:
    """How a constructor refuses, its message with single spaces; None if it does not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            make()
    except Exception as error:
        return type(error).__name__, " ".join(str(error).split())
    return None


def refusal(path: str, *arguments: Any, **keywords: Any) -> Refusal | None:
    """How Keras refuses these arguments."""
    return refusal_of(lambda: make(path, *arguments, **keywords))


def scaled_refusal(**keywords: Any) -> Refusal | None:
    """How Keras refuses these arguments of a `LossScaleOptimizer`."""
    return refusal("optimizers.LossScaleOptimizer", make("optimizers.Adamax"), **keywords)


def signature(path: str) -> dict[str, Any]:
    """The constructor's arguments with their defaults, in order."""
    parameters = list(inspect.signature(keras_class(path).__init__).parameters.values())[1:]
    return {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}


def config(path: str, *arguments: Any, **keywords: Any) -> dict[str, Any]:
    """Keras's ``get_config()``; a ``scaled`` dict wraps the optimizer in a `LossScaleOptimizer`."""
    scaled = keywords.pop("scaled", None)
    built = make(path, *arguments, **keywords)
    if scaled is not None:
        built = keras_class("optimizers.LossScaleOptimizer")(built, **scaled)
    return dict(built.get_config())


def serialized(schedule: Schedule) -> dict[str, Any]:
    """Keras's dictionary of the same schedule."""
    return dict(keras_class("optimizers.schedules.serialize")(to_keras(schedule)))


def from_config(path: str, written: dict[str, Any]) -> dict[str, Any]:
    """Read a config with Keras, and what Keras then writes."""
    return dict(keras_class(path).from_config(written).get_config())


def rates(schedule: Schedule, steps: int) -> NDArray[Any]:
    """The schedule at 0, 1, ..., steps - 1."""
    keras_schedule = to_keras(schedule)
    if keras_class("backend.backend")() == "jax":
        import jax

        return np.asarray(jax.jit(lambda ks: jax.lax.map(keras_schedule, ks))(np.arange(steps, dtype=np.int32)))
    ks = np.arange(steps, dtype=np.int32)
    with np.errstate(all="ignore"):
        if isinstance(schedule, PiecewiseConstantDecay) or getattr(schedule, "warmup_target", None) is not None:
            return np.array([float(keras_schedule(k)) for k in ks])  # these take one step at a time
        return np.asarray(keras_schedule(ks))


class Snapshot(NamedTuple):
    """Everything after one call of ``apply``; lists like the variables."""

    weights: list[NDArray[Any]]
    m: list[NDArray[Any]]
    u: list[NDArray[Any]]
    ema: list[NDArray[Any]] | None
    accumulated: list[NDArray[Any]] | None


def stepwise(
    optimizer: Any, start: Mapping[str, NDArray[Any]], grads: Sequence[Sequence[NDArray[Any] | None]]
) -> tuple[list[Snapshot], list[NDArray[Any]]]:
    """Keras's eager ``apply`` again and again, in float32, and the weights after ``finalize_variable_values``."""
    keras = importlib.import_module("keras")
    built = build_keras(optimizer)
    variables = [keras.Variable(value, dtype="float32", name=name) for name, value in start.items()]
    built.build(variables)

    def values(found: Sequence[Any]) -> list[NDArray[Any]]:
        return [np.array(v.value) for v in found]

    seen = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.filterwarnings("ignore", message="Gradients do not exist")
        for row in grads:
            tensors = [None if g is None else keras.ops.convert_to_tensor(np.asarray(g, "float32")) for g in row]
            built.apply(tensors, variables)
            ema = values(built._model_variables_moving_average) if built.use_ema else None
            accumulated = values(built._accumulated_gradients) if built.gradient_accumulation_steps else None
            seen.append(Snapshot(values(variables), values(built._m), values(built._u), ema, accumulated))
    built.finalize_variable_values(variables)
    return seen, values(variables)
