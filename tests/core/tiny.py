"""Problems of a few lines, so that the core is tested without the catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


class Tiny:
    """Coordinates p0, p1, ... in named variables of the given sizes, the same for every run."""

    runs: int | None = None

    def __init__(self, sizes: Mapping[str, int] | Sequence[int]) -> None:
        named = sizes if isinstance(sizes, Mapping) else {f"v{i}": size for i, size in enumerate(sizes)}
        ends = np.cumsum(list(named.values())).tolist()
        self.variables = {name: slice(end - named[name], end) for name, end in zip(named, ends, strict=True)}
        self.coordinates = tuple(f"p{i}" for i in range(ends[-1]))

    def single(self, run: int) -> Any:
        return self

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        raise NotImplementedError


class Bowl(Tiny):
    """``sum(stiffness * theta^2) / 2``."""

    def __init__(
        self, stiffness: ArrayLike = (1.0, 10.0), sizes: Mapping[str, int] | Sequence[int] | None = None
    ) -> None:
        self.stiffness = np.asarray(stiffness, np.float64)
        super().__init__([self.stiffness.size] if sizes is None else sizes)

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        grad = theta * self.stiffness.astype(theta.dtype)
        loss = np.zeros(len(theta), theta.dtype)
        for column in range(theta.shape[1]):  # one after the other: the same for one run as for many
            loss = loss + grad[:, column] * theta[:, column]
        return loss / 2, grad


class Rosenbrock(Tiny):
    """The banana of two coordinates, and a bowl of any others."""

    def __init__(self, sizes: Mapping[str, int] | Sequence[int] = (2,)) -> None:
        super().__init__(sizes)

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        x, y = theta[:, 0], theta[:, 1]
        grad = theta.copy()
        grad[:, 0] = -2 * (1 - x) - 400 * x * (y - x * x)
        grad[:, 1] = 200 * (y - x * x)
        loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
        for column in range(2, theta.shape[1]):
            loss = loss + theta[:, column] ** 2 / 2
        return loss, grad


class Tape(Tiny):
    """Gradients by the step, ``(T, D)`` or ``(T, R, D)``, wherever the weights are; after the tape they are zero."""

    def __init__(self, grads: ArrayLike, sizes: Mapping[str, int] | Sequence[int] | None = None) -> None:
        self.grads = np.asarray(grads, np.float64)
        super().__init__([self.grads.shape[-1]] if sizes is None else sizes)
        self.runs = self.grads.shape[1] if self.grads.ndim == 3 else None

    def single(self, run: int) -> "Tape":
        if self.runs is None:
            return self
        return Tape(self.grads[:, run], {name: c.stop - c.start for name, c in self.variables.items()})

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        grad = np.zeros_like(theta)
        if micro_step < len(self.grads):
            grad[:] = self.grads[micro_step]
        return np.zeros(len(theta), theta.dtype), grad


class Tide(Tiny):
    """A bowl of one coordinate whose bottom rises by 1 at every step."""

    def __init__(self) -> None:
        super().__init__([1])

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        return theta[:, 0] ** 2 / 2 + theta.dtype.type(micro_step), theta.copy()


class Cliff(Tiny):
    """``-theta`` downhill, until the ground ends at theta = 1: from there on the loss is `edge`."""

    def __init__(self, edge: float = np.inf) -> None:
        super().__init__([1])
        self.edge = edge

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        x = theta[:, 0]
        return np.where(x < 1, -x, self.edge).astype(theta.dtype), np.full_like(theta, -1.0)
