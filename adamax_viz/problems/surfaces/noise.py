"""Noise that is added to a gradient: seeded, the same for the same step whatever else runs beside it."""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from adamax_viz.problems.surfaces.formula_text import FormulaError
from adamax_viz.problems.surfaces.functions import compile_formula

Kind = Literal["none", "gaussian", "heavy_tailed", "spikes", "outlier"]
KINDS: tuple[Kind, ...] = get_args(Kind)
HEAVY_TAIL_DEGREES = 2.0  # Student's t with an infinite variance


@dataclass(frozen=True)
class Noise:
    """What disturbs a gradient.

    Args:
        kind: "gaussian" (standard deviation `scale`), "heavy_tailed" (Student's t with two degrees of freedom, times
            `scale`), "spikes" (with `probability` a step, +-`scale` on every coordinate), "outlier" (`scale` on every
            coordinate at step `at`, nothing else), or "none".
        scale: the amplitude, in units of the gradient.
        probability: of a spike at a step.
        at: the 0-based micro-step of the outlier.
        envelope: a formula in t that multiplies the amplitude, "1" for a constant one.
        seed: an int (every run sees the same noise), or a tuple of R seeds.

    Raises:
        ValueError: a kind that is unknown, a probability outside [0, 1], a scale that is not finite, a negative step,
            a seed that is not a whole number from 0 on.
    """

    kind: Kind = "none"
    scale: float = 1.0
    probability: float = 0.02
    at: int = 20
    envelope: str = "1"
    seed: int | tuple[int, ...] = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Unknown noise {self.kind!r}; there are {', '.join(KINDS)}.")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"The probability of a spike must be between 0 and 1. Received: {self.probability}")
        if not np.isfinite(self.scale):
            raise ValueError(f"The noise's scale must be finite. Received: {self.scale}")
        if self.at < 0:
            raise ValueError(f"The outlier's step must not be negative. Received: {self.at}")
        if not self.seeds:
            raise ValueError("There must be at least one seed.")
        if not all(isinstance(seed, int | np.integer) for seed in self.seeds):
            raise ValueError(f"A seed must be a whole number. Received: {self.seed}")
        if min(self.seeds) < 0:
            raise ValueError(f"A seed must not be negative. Received: {self.seed}")

    @property
    def seeds(self) -> tuple[int, ...]:
        """One seed, or R."""
        return self.seed if isinstance(self.seed, tuple) else (self.seed,)

    @property
    def runs(self) -> int | None:
        """R if the runs have seeds of their own."""
        return len(self.seed) if isinstance(self.seed, tuple) else None

    def single(self, run: int) -> "Noise":
        """The noise of one run."""
        return replace(self, seed=self.seed[run]) if isinstance(self.seed, tuple) else self

    def table(self, steps: int, dimensions: int) -> NDArray[np.float64]:
        """The noise of the first micro-steps, ``(steps, R or 1, dimensions)``.

        A longer table begins with the shorter one, so that a run does not change when it is continued.
        """
        values = np.stack([self._stream(seed, steps, dimensions) for seed in self.seeds], axis=1)
        return values * self.scale * self._envelope(steps)[:, None, None]

    def _stream(self, seed: int, steps: int, dimensions: int) -> NDArray[np.float64]:
        shape = (steps, dimensions)
        size, moment = (np.random.default_rng([seed, part]) for part in (0, 1))
        if self.kind == "gaussian":
            return size.standard_normal(shape)
        if self.kind == "heavy_tailed":
            return size.standard_t(HEAVY_TAIL_DEGREES, shape)
        if self.kind == "spikes":
            signs = np.where(size.random(shape) < 0.5, -1.0, 1.0)
            return signs * (moment.random(steps) < self.probability)[:, None]
        values = np.zeros(shape)
        if self.kind == "outlier" and self.at < steps:
            values[self.at] = 1.0
        return values

    def _envelope(self, steps: int) -> NDArray[np.float64]:
        if self.envelope.strip() == "1":
            return np.ones(steps)
        functions = compile_formula(self.envelope)
        if set(functions.symbols) - {"t"}:
            raise FormulaError("The noise's envelope may depend on t alone")
        with np.errstate(all="ignore"):
            (values,) = functions.value(0.0, 0.0, np.arange(steps, dtype=np.float64))
        return np.broadcast_to(np.asarray(values, np.float64), steps)


class NoiseTable:
    """The noise of a run, step by step; grows as the run does."""

    def __init__(self, noise: Noise, dimensions: int) -> None:
        self.noise, self.dimensions = noise, dimensions
        self.values: NDArray[Any] = np.empty((0, 1, dimensions))

    def at(self, micro_step: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        """The noise at one micro-step, ``(R or 1, dimensions)``."""
        if micro_step >= len(self.values) or self.values.dtype != dtype:
            steps = max(1024, 2 * (micro_step + 1), len(self.values))
            self.values = self.noise.table(steps, self.dimensions).astype(dtype)
        values: NDArray[Any] = self.values[micro_step]
        return values
