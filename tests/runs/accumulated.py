"""What a rule makes of gradients that come whatever the weights are: what the browser draws, as the engine has it."""

from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamax_viz.core import engine
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import p_norm
from adamax_viz.core.types import Array


class Accumulated(NamedTuple):
    """What a rule makes of gradients, each ``(T,)``."""

    u: Array  # the accumulator on the scale of g, corrected for its start at zero
    step: Array  # as a part of the learning rate


class _Tape:
    """Gradients that come whatever the weights are: a problem of one weight."""

    coordinates = ("g",)
    runs = None

    def __init__(self, gradients: NDArray[np.float64]) -> None:
        self.gradients = gradients
        self.variables = {"g": slice(0, 1)}

    def single(self, run: int) -> "_Tape":
        return self

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        """No loss, and the step's gradient."""
        return np.zeros(len(theta)), np.full(theta.shape, self.gradients[min(micro_step, len(self.gradients) - 1)])


def accumulate(
    gradients: ArrayLike, p: float, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float = 1e-7
) -> Accumulated:
    """The engine's rule with this p on gradients ``(T,)``, in float64.

    Raises:
        ValueError: p below 1, or no gradients.
    """
    rows = np.asarray(gradients, np.float64)
    optimizer = Adamax(1.0, beta_1, beta_2, epsilon).with_rule(p_norm(p))
    run = engine.run(_Tape(rows), optimizer, [0.0], len(rows))
    u = run["u"][0, :, 0]
    if p < inf:
        u = u / (1 - beta_2 ** (p * np.arange(1, len(rows) + 1))) ** (1 / p)
    return Accumulated(u, np.abs(run["step"][0, :, 0]))
