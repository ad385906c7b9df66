"""Problems around a problem: what people do by hand to a loss or a gradient before an optimizer sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from adamax_viz.core.engine import Problem
from adamax_viz.core.types import Array


@dataclass(frozen=True)
class _Around:
    """A problem with the variables of another."""

    inner: Problem

    @property
    def variables(self) -> Mapping[str, slice]:
        return self.inner.variables

    @property
    def coordinates(self) -> tuple[str, ...]:
        return self.inner.coordinates

    @property
    def runs(self) -> int | None:
        return self.inner.runs

    def single(self, run: int) -> Self:
        """The problem of one run."""
        return replace(self, inner=self.inner.single(run))


@dataclass(frozen=True)
class Penalised(_Around):
    """A problem with the gradient of an L2 penalty, ``strength * theta``, and perhaps the penalty in its loss too.

    Args:
        inner: the problem.
        strength: of the penalty ``strength / 2 * |theta|^2``.
        in_loss: whether the loss shows it, as with a ``kernel_regularizer``; ``torch.optim`` adds it to the gradient
            alone.

    Raises:
        ValueError: a strength that is not finite.
    """

    strength: float
    in_loss: bool = True

    def __post_init__(self) -> None:
        if not np.isfinite(self.strength):
            raise ValueError(f"The strength of the L2 penalty must be finite. Received: {self.strength}")

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        """Loss ``(R,)`` and gradient ``(R, D)``."""
        loss, grad = self.inner.evaluate(theta, micro_step)
        strength = theta.dtype.type(self.strength)
        if self.in_loss:
            loss = loss + strength / 2 * np.square(theta).sum(axis=1)
        return loss, grad + strength * theta


@dataclass(frozen=True)
class Averaged(_Around):
    """One step sees the mean of ``count`` gradients in a row, all at the same weights: a batch made by hand.

    Raises:
        ValueError: a count below 1.
    """

    count: int

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"A batch needs at least one gradient. Received: {self.count}")

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        """The mean loss ``(R,)`` and the mean gradient ``(R, D)`` of the batch."""
        first = micro_step * self.count
        parts = [self.inner.evaluate(theta, k) for k in range(first, first + self.count)]
        loss, grad = (np.mean(each, axis=0) for each in zip(*parts, strict=True))
        return loss, grad
