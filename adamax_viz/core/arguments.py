"""What the constructor's arguments may be: Keras's checks in its order and words, and arrays of R values."""

from collections.abc import Callable
from typing import Any

import numpy as np

from adamax_viz.core import schedules
from adamax_viz.core.types import Array

LearningRate = float | schedules.Schedule | Callable[[], float] | Array


def check_switches(
    gradient_accumulation_steps: Any, use_ema: bool, ema_momentum: Any, ema_overwrite_frequency: Any
) -> None:
    """What Keras checks first.

    Raises:
        ValueError: with Keras's message.
    """
    for steps in _each(gradient_accumulation_steps):
        if steps and (not steps >= 2 or not isinstance(steps, int | np.integer)):
            raise ValueError(
                f"`gradient_accumulation_steps` must be an integer >= 2. Received: gradient_accumulation_steps={steps}"
            )
    if not use_ema:
        return
    for momentum in _each(ema_momentum):
        if momentum > 1 or momentum < 0:
            raise ValueError(f"`ema_momentum` must be in the range [0, 1]. Received: ema_momentum={momentum}")
    for frequency in _each(ema_overwrite_frequency):
        if frequency and (not isinstance(frequency, int) or frequency < 1):
            raise ValueError(
                "`ema_overwrite_frequency` must be an integer >= 1 or None. "
                f"Received: ema_overwrite_frequency={frequency}"
            )


def check_clips(**clips: Any) -> None:
    """Only one of the three may be given, be it 0.

    Raises:
        ValueError: with Keras's message.
    """
    if sum(limit is not None for limit in clips.values()) > 1:
        received = ", ".join(f"{name}={limit}" for name, limit in clips.items())
        raise ValueError(f"Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: {received}")


def batch_of(value: Any) -> Any:
    """A list, tuple or array of values as an array; anything else as it is."""
    return np.asarray(value) if isinstance(value, list | tuple | np.ndarray) else value


def _each(value: Any) -> list[Any]:
    value = batch_of(value)
    return value.tolist() if isinstance(value, np.ndarray) else [value]


def number(name: str, value: Any, *, batch: bool = True, optional: bool = False) -> Any:
    """A float; or, if a batch may differ in it, a 1-D float64 array of R values; or None, if that is off.

    Raises:
        ValueError: anything else.
    """
    if optional and value is None:
        return None
    value = batch_of(value)
    if batch and isinstance(value, np.ndarray) and value.ndim == 1 and value.size and value.dtype.kind in "iuf":
        return value.astype(np.float64)
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        return float(value)
    expected = "a number or a 1-D array of numbers, a value a run" if batch else "a number"
    raise ValueError(f"`{name}` must be {expected}. Received: {name}={value!r}")


def rate(value: Any) -> Any:
    """A learning rate: a schedule, a callable, a float, or a 1-D array of R floats.

    Raises:
        ValueError: anything else, an int too, with Keras's message.
    """
    if isinstance(value, schedules.Schedule) or callable(value):
        return value
    batch = batch_of(value)
    if isinstance(batch, np.ndarray) and batch.ndim == 1 and batch.size and batch.dtype.kind == "f":
        return batch.astype(np.float64)
    if not isinstance(value, float):
        raise ValueError(
            "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or a callable (that "
            "takes in the current iteration value and returns the corresponding learning rate value). "
            f"Received instead: learning_rate={value}"
        )
    return float(value)
