"""Keras's learning-rate schedules as callable values: names, arguments, defaults, errors and quirks.

A schedule maps the raw step k (an int or an integer array) to the learning rate in the given dtype.
As in Keras, everything is computed in the type of ``initial_learning_rate``: an *int* there makes the
other arguments integers too, so that ``CosineDecay(0, 100, warmup_target=0.1)`` stays 0 for ever.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Scalars = NDArray[Any]
Cast = Callable[[Any], Any]  # to the type that a schedule is computed in


@dataclass(frozen=True)
class Schedule:
    """Base of the six. ``schedule(k)`` is the rate at raw step k; errors as Keras raises them."""

    _positive: ClassVar[str | None] = None

    def __post_init__(self) -> None:
        if self._positive and getattr(self, self._positive) <= 0:
            value = getattr(self, self._positive)
            raise ValueError(f"Argument `{self._positive}` must be > 0. Received: {self._positive}={value}")

    def __call__(self, step: ArrayLike, dtype: str = "float64") -> Scalars:
        """The learning rate at raw step ``step`` (0-based, any shape), in ``dtype``."""
        inner = np.dtype("int32" if isinstance(getattr(self, "initial_learning_rate", 0.0), int) else dtype)

        def cast(value: Any) -> Any:
            return np.asarray(value).astype(inner)

        # One step as an array of one: NumPy takes powers of arrays and of scalars by different code.
        steps = np.atleast_1d(cast(step))
        with np.errstate(all="ignore"):
            return np.asarray(self._rate(steps, cast)).astype(dtype).reshape(np.shape(step))

    def _rate(self, step: Scalars, cast: Cast) -> Any:
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The constructor's arguments, keyed as in Keras."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Schedule":
        """The inverse of `get_config`."""
        return cls(**config)


@dataclass(frozen=True)
class _InPeriods(Schedule):
    """What falls with the times that ``decay_steps`` fit into the step: whole times only, if it is a staircase."""

    initial_learning_rate: float
    decay_steps: float
    decay_rate: float
    staircase: bool = False
    name: str = ""
    _positive = "decay_steps"

    def _periods(self, step: Scalars, cast: Cast) -> Any:
        periods = step / cast(self.decay_steps)
        return np.floor(periods) if self.staircase else periods


@dataclass(frozen=True)
class ExponentialDecay(_InPeriods):
    """``initial * decay_rate^(k / decay_steps)``; ``staircase`` floors the exponent."""

    name: str = "ExponentialDecay"

    def _rate(self, step: Scalars, cast: Cast) -> Any:
        return self.initial_learning_rate * cast(self.decay_rate) ** self._periods(step, cast)


@dataclass(frozen=True)
class InverseTimeDecay(_InPeriods):
    """``initial / (1 + decay_rate * k / decay_steps)``; ``staircase`` floors the ratio."""

    name: str = "InverseTimeDecay"

    def _rate(self, step: Scalars, cast: Cast) -> Any:
        return cast(self.initial_learning_rate) / (1 + cast(self.decay_rate) * self._periods(step, cast))


@dataclass(frozen=True)
class PiecewiseConstantDecay(Schedule):
    """``values[i]`` while ``k <= boundaries[i]``, the last value afterwards."""

    boundaries: tuple[float, ...]
    values: tuple[float, ...]
    name: str = "PiecewiseConstant"

    def __post_init__(self) -> None:
        if len(self.boundaries) != len(self.values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. Received: "
                f"boundaries={self.boundaries} of length {len(self.boundaries)}, and values={self.values} of "
                f"length {len(self.values)}."
            )
        if not self.boundaries:
            raise ValueError("`boundaries` needs at least one step. Received: boundaries=[]")
        object.__setattr__(self, "boundaries", tuple(self.boundaries))
        object.__setattr__(self, "values", tuple(self.values))

    def _rate(self, step: Scalars, cast: Cast) -> Any:
        # Keras casts the boundaries to the step's type, an integer, and adds up the ranges that hold the step.
        k = step.astype(np.int64)
        edges = [int(b) for b in self.boundaries]
        rate = (k <= edges[0]) * cast(self.values[0]) + (k > edges[-1]) * cast(self.values[-1])
        for low, high, value in zip(edges[:-1], edges[1:], self.values[1:-1], strict=True):
            rate = rate + ((k > low) & (k <= high)) * cast(value)
        return rate


@dataclass(frozen=True)
class PolynomialDecay(Schedule):
    """``(initial - end)(1 - k / decay_steps)^power + end``; ``cycle`` stretches decay_steps past each end."""

    initial_learning_rate: float
    decay_steps: float
    end_learning_rate: float = 0.0001
    power: float = 1.0
    cycle: bool = False
    name: str = "PolynomialDecay"
    _positive = "decay_steps"

    def _rate(self, step: Scalars, cast: Cast) -> Any:
        end, power = cast(self.end_learning_rate), cast(self.power)
        decay_steps = cast(self.decay_steps)
        if self.cycle:
            decay_steps = decay_steps * np.where(step == 0, 1.0, np.ceil(step / self.decay_steps))
        else:
            step = np.minimum(step, decay_steps)
        return (cast(self.initial_learning_rate) - end) * (1 - step / decay_steps) ** power + end


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """Half a cosine from initial to ``alpha * initial``; a linear warm-up to ``warmup_target`` may come first."""

    initial_learning_rate: float
    decay_steps: float
    alpha: float = 0.0
    name: str = "CosineDecay"
    warmup_target: float | None = None
    warmup_steps: int = 0
    _positive = "decay_steps"

    def _rate(self, step: Scalars, cast: Cast) -> Any:
        initial, decay_steps = cast(self.initial_learning_rate), cast(self.decay_steps)
        if self.warmup_target is None:
            return self._decay(np.minimum(step, decay_steps), decay_steps, initial, cast)
        target, warmup_steps = cast(self.warmup_target), cast(self.warmup_steps)
        step = np.minimum(step, decay_steps + warmup_steps)
        warming = (target - initial) * (step / warmup_steps) + initial
        return np.where(step < warmup_steps, warming, self._decay(step - warmup_steps, decay_steps, target, cast))

    def _decay(self, step: Scalars, decay_steps: Any, start: Any, cast: Cast) -> Any:
        cosine = 0.5 * (1.0 + np.cos(cast(math.pi) * (step / decay_steps)))
        return start * ((1 - self.alpha) * cosine + self.alpha)


@dataclass(frozen=True)
class CosineDecayRestarts(Schedule):
    """Cosine decay that starts again, each period ``t_mul`` times longer and ``m_mul`` times as high.

    ``t_mul < 1`` ends in NaN once the geometric series of periods is used up, as in Keras.
    """

    initial_learning_rate: float
    first_decay_steps: float
    t_mul: float = 2.0
    m_mul: float = 1.0
    alpha: float = 0.0
    name: str = "SGDRDecay"
    _positive = "first_decay_steps"

    def _rate(self, step: Scalars, cast: Cast) -> Any:
        alpha, t_mul, m_mul = map(cast, (self.alpha, self.t_mul, self.m_mul))
        fraction = step / cast(self.first_decay_steps)
        if t_mul == 1.0:
            restart = np.floor(fraction)
            fraction = fraction - restart
        else:
            restart = np.floor(np.log(cast(1.0 - fraction * (1.0 - t_mul))) / np.log(t_mul))
            fraction = (fraction - (1.0 - t_mul**restart) / (1.0 - t_mul)) / t_mul**restart
        cosine = 0.5 * m_mul**restart * (1.0 + np.cos(cast(math.pi) * fraction))
        return self.initial_learning_rate * ((1 - alpha) * cosine + alpha)


_ALL = (ExponentialDecay, PiecewiseConstantDecay, PolynomialDecay, InverseTimeDecay, CosineDecay, CosineDecayRestarts)
SCHEDULES: dict[str, type[Schedule]] = {cls.__name__: cls for cls in _ALL}


def serialize(value: Any, module: str = "keras.optimizers.schedules") -> dict[str, Any]:
    """The dictionary that ``serialize`` of a Keras module makes of the same schedule, or of another of its values."""
    return {
        "module": module,
        "class_name": type(value).__name__,
        "config": value.get_config(),
        "registered_name": None,
    }


def deserialize(config: dict[str, Any]) -> Schedule:
    """The schedule of a serialized dictionary, ours or Keras's.

    Raises:
        ValueError: the class is none of the six.
    """
    name = config.get("class_name")
    if name not in SCHEDULES:
        raise ValueError(f"Unknown learning-rate schedule {name!r}; known are {', '.join(SCHEDULES)}.")
    return SCHEDULES[name].from_config(config["config"])
