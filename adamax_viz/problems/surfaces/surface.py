"""A surface: one formula in x, y and t, and the problem that minimises it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamax_viz.problems.surfaces.functions import compile_formula
from adamax_viz.problems.surfaces.noise import Noise, NoiseTable

Domain = tuple[tuple[float, float], tuple[float, float]]
Split = Literal["one", "two"]
FLOAT64 = np.dtype(np.float64)


class Parameter(NamedTuple):
    """A number in a surface's formula that users may change."""

    default: float
    low: float
    high: float
    help: str


class Minimum(NamedTuple):
    """A minimum: where (numbers, or formulas in t and the parameters) and the value there."""

    x: float | str
    y: float | str
    value: float | str
    is_global: bool = True


@dataclass(frozen=True, kw_only=True)
class Surface:
    """One surface as data; value, gradient, Hessian and LaTeX all come from its formula.

    `minima` lists every global minimum inside the domain, and the local ones too where they can be counted on one's
    fingers; `teaches` says what it is good for, `source` where it is described. A formula with t moves with the step.
    """

    name: str
    title: str
    formula: str
    domain: Domain = ((-3, 3), (-3, 3))
    starts: tuple[tuple[float, float], ...]
    minima: tuple[Minimum, ...]
    teaches: str
    source: str = "this project"
    parameters: Mapping[str, Parameter] = field(default_factory=dict, hash=False)
    log_levels: bool = False  # contour lines at logarithmic levels


class SurfaceProblem:
    """A surface as a problem for `adamax_viz.run`, with x and y as one Keras variable or two, and gradient noise.

    Args:
        surface: what is minimised.
        parameters: values for the surface's parameters, defaults for the others.
        split: "one" variable `theta` of shape (2,), or "two" variables `x` and `y` of shape (1,); `clipnorm` sees it.
        noise: added to the gradient.

    Raises:
        ValueError: an unknown parameter, a value outside its range, or another split.
    """

    coordinates = ("x", "y")

    def __init__(
        self,
        surface: Surface,
        parameters: Mapping[str, float] | None = None,
        split: Split = "one",
        noise: Noise | None = None,
    ) -> None:
        given = dict(parameters or {})
        for name, value in given.items():
            if name not in surface.parameters:
                raise ValueError(f"{surface.title} has no parameter {name!r}.")
            known = surface.parameters[name]
            if not known.low <= value <= known.high:
                raise ValueError(f"{name!r} must be between {known.low:g} and {known.high:g}. Received: {value}")
        if split not in ("one", "two"):
            raise ValueError(f"`split` must be 'one' or 'two'. Received: split={split!r}")
        self.surface, self.split = surface, split
        self.noise = Noise() if noise is None else noise
        defaults = {name: parameter.default for name, parameter in surface.parameters.items()}
        self.parameters: Mapping[str, float] = MappingProxyType(defaults | given)
        self.functions = compile_formula(surface.formula, tuple(self.parameters))
        self._values = {np.dtype(f): tuple(map(f, self.parameters.values())) for f in (np.float32, np.float64)}
        self._noise = None if self.noise.kind == "none" else NoiseTable(self.noise, 2)
        if self._noise is not None:
            self._noise.at(0, FLOAT64)  # a bad envelope is refused here, not in the middle of a run

    @property
    def variables(self) -> dict[str, slice]:
        """Columns of theta by variable name."""
        return {"theta": slice(0, 2)} if self.split == "one" else {"x": slice(0, 1), "y": slice(1, 2)}

    @property
    def runs(self) -> int | None:
        """R if the noise has R seeds."""
        return self.noise.runs

    def single(self, run: int) -> "SurfaceProblem":
        """The problem of one run of the batch."""
        if self.noise.runs is None:
            return self
        return SurfaceProblem(self.surface, self.parameters, self.split, self.noise.single(run))

    def evaluate(self, theta: NDArray[Any], micro_step: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Loss ``(R,)`` and gradient ``(R, 2)`` with its noise; the loss itself has none."""
        dtype = theta.dtype
        # One run goes through formulas as scalars, which NumPy computes several times faster than arrays of one.
        runs = 0 if len(theta) == 1 else slice(None)
        # t and the parameters as NumPy scalars: float32 stays float32, and 1/t is infinite at t = 0, not an exception.
        at = (theta[runs, 0], theta[runs, 1], dtype.type(micro_step), *self._values[dtype])
        loss, grad = np.empty(len(theta), dtype), np.empty_like(theta)
        loss[runs], grad[runs, 0], grad[runs, 1] = self.functions.value_and_gradient(*at)
        if self._noise is not None:
            grad += self._noise.at(micro_step, dtype)
        return loss, grad

    def value(self, x: ArrayLike, y: ArrayLike, t: float = 0) -> NDArray[np.float64]:
        """The surface's height, for arrays that broadcast together."""
        x, y = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        with np.errstate(all="ignore"):
            (value,) = self.functions.value(x, y, np.float64(t), *self._values[FLOAT64])
        return np.array(np.broadcast_to(value, x.shape), np.float64)

    def hessian(self, x: float, y: float, t: float = 0) -> NDArray[np.float64]:
        """The matrix of second derivatives at a point, ``(2, 2)``."""
        at = (np.float64(x), np.float64(y), np.float64(t), *self._values[FLOAT64])
        with np.errstate(all="ignore"):
            xx, xy, yy = (float(v) for v in self.functions.hessian(*at))
        return np.array([[xx, xy], [xy, yy]])

    def minima(self, t: float = 0) -> list[Minimum]:
        """The minima at step t, as numbers."""

        def number(value: float | str) -> float:
            if not isinstance(value, str):
                return float(value)
            functions = compile_formula(value, tuple(self.parameters))
            return float(functions.value(0.0, 0.0, np.float64(t), *self._values[FLOAT64])[0])

        return [Minimum(number(m.x), number(m.y), number(m.value), m.is_global) for m in self.surface.minima]


def custom(formula: str, domain: Domain = ((-3.0, 3.0), (-3.0, 3.0))) -> Surface:
    """A user's own formula as a surface.

    Raises:
        FormulaError: what the gate refuses.
        ValueError: a domain that is empty or not finite.
    """
    for low, high in domain:
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise ValueError(f"The domain must go from a smaller to a larger number. Received: {low:g} to {high:g}")
    compile_formula(formula)
    centre = tuple(low + 0.25 * (high - low) for low, high in domain)
    return Surface(
        name="custom",
        title="Your formula",
        formula=formula,
        domain=domain,
        starts=((centre[0], centre[1]),),
        minima=(),
        teaches="Whatever you want to find out.",
        source="you",
    )
