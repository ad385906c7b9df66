"""The installed Keras: its import, its float type, our optimizer as its own, and what we read of its privates.

No other module reads a private name of Keras; `slots` says which there are, and loudly if one is gone.
"""

import importlib
import importlib.util
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import numpy as np

from adamax_viz.core.engine import Optimizer
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.schedules import Schedule
from adamax_viz.core.types import Dtype

# Keras's floatx is one for the whole process, and so is this lock around whatever depends on it.
_FLOATX_LOCK = threading.RLock()


class KerasUnavailable(RuntimeError):  # noqa: N818
    """Keras or its backend can't be imported; the message says which, and what to install."""


def not_installed() -> str:
    """A sentence, with what to do, where Keras or its usual backend JAX is missing; else ""."""
    needed = ["keras", *["jax"] * (os.environ.get("KERAS_BACKEND", "jax") == "jax")]
    if all(map(_is_there, needed)):
        return ""
    return "Keras and JAX aren't installed here, and this needs them: `pip install -r requirements.txt` adds both."


def _is_there(name: str) -> bool:
    """Whether a module could be imported; it is not."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def import_keras() -> Any:
    """The keras module; the backend is JAX unless the user has chosen another.

    Raises:
        KerasUnavailable: it or its backend isn't installed, or can't be imported.
    """
    if "keras" not in sys.modules:
        os.environ.setdefault("KERAS_BACKEND", "jax")
        # Threads of XLA: tiny models gain nothing by more, but take the cores from whoever waits for an answer.
        os.environ.setdefault("NPROC", "1")
    try:
        return importlib.import_module("keras")
    except (ImportError, ValueError) as error:
        if missing := not_installed():
            raise KerasUnavailable(missing) from error
        backend = os.environ.get("KERAS_BACKEND")
        raise KerasUnavailable(
            f"Keras with the {backend} backend can't be imported ({error}). Install `keras` and `{backend}`, then "
            "start again."
        ) from error


def import_keras_on_jax() -> Any:
    """The keras module, on JAX: the models differentiate with it.

    Raises:
        KerasUnavailable: it can't be imported, or runs on another backend.
    """
    keras = import_keras()
    if keras.backend.backend() != "jax":
        raise KerasUnavailable(
            f"Keras runs on {keras.backend.backend()} in this process; the models need JAX. Start again without "
            "KERAS_BACKEND, or with KERAS_BACKEND=jax."
        )
    return keras


@contextmanager
def floatx(keras: Any, dtype: Dtype) -> Iterator[None]:
    """Keras in this float type, and back again; one thread at a time."""
    with _FLOATX_LOCK, _x64(keras, dtype):
        before = keras.config.floatx()
        keras.config.set_floatx(dtype)
        try:
            yield
        finally:
            keras.config.set_floatx(before)


def _x64(keras: Any, dtype: Dtype) -> AbstractContextManager[Any]:
    """JAX with 64-bit types, in this thread, if they are asked for."""
    if keras.backend.backend() != "jax":
        return nullcontext()
    import jax

    switch: AbstractContextManager[Any] = jax.enable_x64(dtype == "float64")
    return switch


def versions(keras: Any) -> dict[str, str]:
    """Of keras and its backend; "backend" names the latter."""
    backend = keras.backend.backend()
    return {"keras": keras.__version__, "backend": backend, backend: importlib.import_module(backend).__version__}


# -- our optimizer as Keras's own


def build_keras(optimizer: Optimizer) -> Any:
    """The installed Keras's optimizer with the arguments and exclusions of ours, not built yet."""
    keras = import_keras()
    if isinstance(optimizer, LossScaleOptimizer):
        return keras.optimizers.LossScaleOptimizer(
            build_keras(optimizer.inner_optimizer),
            initial_scale=optimizer.initial_scale,
            dynamic_growth_steps=optimizer.dynamic_growth_steps,
            name=optimizer.name,
        )
    if optimizer.rule.keras is None:
        raise ValueError(f"Keras has no optimizer with the rule {optimizer.rule.name!r}.")
    rate = optimizer.learning_rate
    if callable(rate) and not isinstance(rate, Schedule):
        config = optimizer.with_arguments({"learning_rate": 0.0}).get_config() | {"learning_rate": rate}
    else:
        config = optimizer.get_config()
    built = getattr(keras.optimizers, optimizer.rule.keras).from_config(config)
    if optimizer.excluded_names is not None:
        built.exclude_from_weight_decay(var_names=[optimizer.excluded_names.pattern])
    return built


# Where a built optimizer of Keras keeps m and u, by its class.
_MOMENTS = {"Adamax": {"m": "_m", "u": "_u"}, "Adam": {"m": "_momentums", "v": "_velocities"}}


def slots(optimizer: Any) -> dict[str, list[Any]]:
    """The variables in which a built optimizer of Keras keeps its moments, and ema and accumulated gradients if on.

    Raises:
        KerasUnavailable: this Keras has other names for them.
    """
    names = dict(_MOMENTS[type(optimizer).__name__])
    if optimizer.use_ema:
        names["ema"] = "_model_variables_moving_average"
    if optimizer.gradient_accumulation_steps:
        names["accumulated"] = "_accumulated_gradients"
    gone = [name for name in (*names.values(), "_iterations") if not hasattr(optimizer, name)]
    if gone:
        sentence = (
            f"The installed Keras {importlib.import_module('keras').__version__} has no {', '.join(gone)} in its "
            f"{type(optimizer).__name__}, so nothing can be compared with it: install keras>=3.15,<4, or mend `slots`."
        )
        logging.getLogger(__name__).error(sentence)
        raise KerasUnavailable(sentence)
    return {quantity: list(getattr(optimizer, name)) for quantity, name in names.items()}


# -- what the exported code contains too


def carry_on(model: Any, optimizer: Any, loss: Any) -> None:
    """Compile the model with another optimizer that takes over what the one before remembers."""
    before = model.optimizer
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, loss=loss)
    if hasattr(optimizer, "dynamic_scale"):
        optimizer.dynamic_scale.assign(before.dynamic_scale)
        optimizer.step_counter.assign(before.step_counter)
        optimizer, before = optimizer.inner_optimizer, before.inner_optimizer
    optimizer._iterations.assign(before._iterations)
    if type(optimizer).__name__ == "Adam":
        pairs = list(
            zip(optimizer._momentums + optimizer._velocities, before._momentums + before._velocities, strict=True)
        )
    else:
        pairs = list(zip(optimizer._m + optimizer._u, before._m + before._u, strict=True))
    if optimizer.use_ema:
        averages = before._model_variables_moving_average if before.use_ema else model.trainable_variables
        pairs += zip(optimizer._model_variables_moving_average, averages, strict=True)
    steps = optimizer.gradient_accumulation_steps
    if steps and steps == before.gradient_accumulation_steps:
        pairs += zip(optimizer._accumulated_gradients, before._accumulated_gradients, strict=True)
    for variable, old in pairs:
        variable.assign(np.array(old.value))  # a copy: JAX donates each buffer, and only once


def in_half_precision(optimizer: Any) -> Any:
    """Send the gradients through float16 on their way into the optimizer."""
    import keras

    apply = optimizer.stateless_apply

    def rounded(state: Any, grads: Any, variables: Any) -> Any:
        return apply(state, [keras.ops.cast(keras.ops.cast(g, "float16"), "float32") for g in grads], variables)

    optimizer.stateless_apply = rounded
    return optimizer
