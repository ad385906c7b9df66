"""The installed Keras, imported when it is needed, and its float type, which is one for the whole process."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from adamax_viz.core.types import Dtype

# Keras's floatx is one for the whole process, and so is this lock around whatever depends on it.
_FLOATX_LOCK = threading.RLock()


class KerasUnavailable(RuntimeError):  # noqa: N818
    """Keras or its backend can't be imported; the message says which, and what to install."""


def import_keras() -> Any:
    """The keras module; the backend is JAX unless the user has chosen another.

    Raises:
        KerasUnavailable: it or its backend can't be imported.
    """
    if "keras" not in sys.modules:
        os.environ.setdefault("KERAS_BACKEND", "jax")
    try:
        return importlib.import_module("keras")
    except (ImportError, ValueError) as error:
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
