"""Update rules as pure functions: ``(gradient, state) -> (state, info)``.

*State* is what the next step needs, *info* is everything worth seeing. Both carry the paper's symbols.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from adamax_viz.core.types import Array


class AdamaxState(NamedTuple):
    """What the next step needs; both arrays are shaped like the parameters, ``(R, D)``."""

    m: Array
    u: Array


class AdamaxInfo(NamedTuple):
    """What is worth seeing of one update, each ``(R, D)``: both moments after it, and the step it takes."""

    m: Array
    u: Array
    step: Array


class Rates(NamedTuple):
    """The scalars of one update, each a float or an ``(R, 1)`` array.

    The two complements are taken once, before rounding to the run's dtype, as Keras does.
    """

    lr: float | Array
    bias_correction: float | Array  # 1 - beta_1^t
    beta_2: float | Array
    one_minus_beta_1: float | Array
    epsilon: float | Array
    t: int = 1  # the update's number, from 1: for what the other rules correct


def adamax(g: Array, state: AdamaxState, rates: Rates) -> tuple[AdamaxState, AdamaxInfo]:
    """One Adamax update (Kingma & Ba 2014, Algorithm 2), grouped as in ``keras.optimizers.Adamax.update_step``.

    ``m = beta_1 m + (1 - beta_1) g``, written as a move towards g;
    ``u = max(beta_2 u, |g|)``, the exponentially weighted infinity norm;
    ``step = -(lr / (1 - beta_1^t)) m / (u + epsilon)``. The paper has no epsilon; Keras adds it outside the max.

    Args:
        g: gradient, ``(R, D)``.
        state: m and u before the update, both ``(R, D)``, zeros at first.
        rates: the update's scalars.
    """
    lr, bias_correction, beta_2, one_minus_beta_1, epsilon, _ = rates
    m = state.m + (g - state.m) * one_minus_beta_1
    u = np.maximum(beta_2 * state.u, np.abs(g))
    step = -lr * m / (bias_correction * (u + epsilon))
    return AdamaxState(m, u), AdamaxInfo(m, u, step)


def adam(g: Array, state: AdamaxState, rates: Rates) -> tuple[AdamaxState, AdamaxInfo]:
    """One Adam update (Kingma & Ba 2014, Algorithm 1), grouped as in ``keras.optimizers.Adam.update_step``.

    ``v = beta_2 v + (1 - beta_2) g^2`` is the state's second array; the info's u is its root, on the scale of g.
    """
    lr, bias_correction, beta_2, one_minus_beta_1, epsilon, t = rates
    m = state.m + (g - state.m) * one_minus_beta_1
    v = state.u + (np.square(g) - state.u) * (1 - beta_2)
    u = np.sqrt(v)
    alpha = lr * np.sqrt(1 - beta_2**t) / bias_correction
    return AdamaxState(m, v), AdamaxInfo(m, u, -(m * alpha) / (u + epsilon))


def torch_adamax(g: Array, state: AdamaxState, rates: Rates) -> tuple[AdamaxState, AdamaxInfo]:
    """``torch.optim.Adamax``: epsilon joins the gradient inside the max, and the step divides by u alone."""
    lr, bias_correction, beta_2, one_minus_beta_1, epsilon, _ = rates
    m = state.m + (g - state.m) * one_minus_beta_1
    u = np.maximum(beta_2 * state.u, np.abs(g) + epsilon)
    return AdamaxState(m, u), AdamaxInfo(m, u, -lr * m / (bias_correction * u))


def p_norm(p: float | Array) -> Rule:
    """The rule between Adam and Adamax (section 7.1): u is the decaying p-norm of the gradients.

    ``u^p = beta_2^p u^p + (1 - beta_2^p) |g|^p``, corrected for its start at zero by ``(1 - beta_2^(p t))^(1/p)``.
    p = 2 is Adam with beta_2 squared, ``inf`` is Adamax. Powers are taken of ratios, so that none overflows. A column
    ``(R, 1)`` holds a p for each run.

    Raises:
        ValueError: p below 1, or not a number.
    """
    if not np.all(np.asarray(p) >= 1):
        raise ValueError(f"`p` must be at least 1. Received: p={p}")
    if np.ndim(p) == 0 and np.isinf(p):
        return RULES["adamax"]

    def update(g: Array, state: AdamaxState, rates: Rates) -> tuple[AdamaxState, AdamaxInfo]:
        lr, bias_correction, beta_2, one_minus_beta_1, epsilon, t = rates
        power = p if np.ndim(p) == 0 else np.asarray(p, g.dtype)
        m = state.m + (g - state.m) * one_minus_beta_1
        faded, size = beta_2 * state.u, np.abs(g)
        largest = np.maximum(faded, size)
        unit = np.where(largest == 0, 1, largest).astype(g.dtype)
        share = (faded / unit) ** power + (1 - beta_2**power) * (size / unit) ** power
        u = largest * share ** (1 / power)
        corrected = u / (1 - beta_2 ** (power * t)) ** (1 / power)
        return AdamaxState(m, u), AdamaxInfo(m, u, -lr * m / (bias_correction * (corrected + epsilon)))

    return Rule(f"p = {p:g}" if np.ndim(p) == 0 else "p-norms", update)


class Rule(NamedTuple):
    """An update rule, and what the pipeline must know about it."""

    name: str
    update: Callable[[Array, AdamaxState, Rates], tuple[AdamaxState, AdamaxInfo]]
    corrects_bias: bool = True  # whether steps are divided by 1 - beta_1^t
    squares: bool = False  # whether the state's second array is the square of u
    keras: str | None = None  # the optimizer of Keras that it is

    def u(self, state: Array) -> Array:
        """u, on the scale of g, of the state's second array."""
        return np.sqrt(state) if self.squares else state


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("adamax", adamax, keras="Adamax"),
        Rule("adam", adam, squares=True, keras="Adam"),
        Rule("adamax_uncorrected", adamax, corrects_bias=False),
        Rule("torch_adamax", torch_adamax),
    )
}
