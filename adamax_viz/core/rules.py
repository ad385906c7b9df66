"""Update rules as pure functions: ``(gradient, state) -> (state, info)``.

*State* is what the next step needs, *info* is everything worth seeing. Both carry the paper's symbols.
"""

from __future__ import annotations

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
    lr, bias_correction, beta_2, one_minus_beta_1, epsilon = rates
    m = state.m + (g - state.m) * one_minus_beta_1
    u = np.maximum(beta_2 * state.u, np.abs(g))
    step = -lr * m / (bias_correction * (u + epsilon))
    return AdamaxState(m, u), AdamaxInfo(m, u, step)
