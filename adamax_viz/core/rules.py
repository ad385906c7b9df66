"""Update rules as pure functions, ``(gradient, state, rates) -> (state, step)``: a function, a state and a row each.

The *state* is what the next step needs and all that is worth seeing, under the paper's symbols; the *step* is what is
added to the weights. Their arrays, like the gradient, are ``(R, D)``; a state begins at zeros.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np

from adamax_viz.core.types import Array


class Rates(NamedTuple):
    """The scalars of one update, each a float or an ``(R, 1)`` array.

    The complements of beta_1 and beta_2 are taken once, before rounding to the run's dtype, as Keras does.
    """

    lr: float | Array
    bias_correction: float | Array  # 1 - beta_1^t
    beta_2: float | Array
    one_minus_beta_1: float | Array
    one_minus_beta_2: float | Array
    epsilon: float | Array
    t: int  # the update's number, from 1: for what the other rules correct


class AdamaxState(NamedTuple):
    """The first moment, and the infinity norm of the gradients (or their p-norm), on their own scale."""

    m: Array
    u: Array


def adamax(g: Array, state: AdamaxState, rates: Rates) -> tuple[AdamaxState, Array]:
    """One Adamax update (Kingma & Ba 2014, Algorithm 2), grouped as in ``keras.optimizers.Adamax.update_step``.

    ``m = beta_1 m + (1 - beta_1) g``, written as a move towards g;
    ``u = max(beta_2 u, |g|)``, the exponentially weighted infinity norm;
    ``step = -(lr / (1 - beta_1^t)) m / (u + epsilon)``. The paper has no epsilon; Keras adds it outside the max.
    """
    m = state.m + (g - state.m) * rates.one_minus_beta_1
    u = np.maximum(rates.beta_2 * state.u, np.abs(g))
    step = -rates.lr * m / (rates.bias_correction * (u + rates.epsilon))
    return AdamaxState(m, u), step


def torch_adamax(g: Array, state: AdamaxState, rates: Rates) -> tuple[AdamaxState, Array]:
    """``torch.optim.Adamax``: epsilon joins the gradient inside the max, and the step divides by u alone."""
    m = state.m + (g - state.m) * rates.one_minus_beta_1
    u = np.maximum(rates.beta_2 * state.u, np.abs(g) + rates.epsilon)
    step = -rates.lr * m / (rates.bias_correction * u)
    return AdamaxState(m, u), step


class AdamState(NamedTuple):
    """The first and the second moment: running means of the gradients and of their squares."""

    m: Array
    v: Array


def adam(g: Array, state: AdamState, rates: Rates) -> tuple[AdamState, Array]:
    """One Adam update (Kingma & Ba 2014, Algorithm 1), grouped as in ``keras.optimizers.Adam.update_step``.

    ``m = beta_1 m + (1 - beta_1) g`` and ``v = beta_2 v + (1 - beta_2) g^2``, both written as moves;
    ``step = -(lr sqrt(1 - beta_2^t) / (1 - beta_1^t)) m / (sqrt(v) + epsilon)``. The paper has epsilon beside the
    corrected ``sqrt(v / (1 - beta_2^t))``; Keras, as the paper's own remark on efficiency, beside the plain root.
    """
    m = state.m + (g - state.m) * rates.one_minus_beta_1
    v = state.v + (np.square(g) - state.v) * rates.one_minus_beta_2
    alpha = rates.lr * np.sqrt(1 - decay_power(rates.beta_2, rates.t, g.dtype)) / rates.bias_correction
    step = -(m * alpha) / (np.sqrt(v) + rates.epsilon)
    return AdamState(m, v), step


def decay_power(beta: float | Array, t: Any, dtype: np.dtype[Any]) -> Any:
    """``beta^t`` as Keras's backends agree on it: taken in float64 of the rounded beta, then rounded."""
    if isinstance(beta, float):
        return dtype.type(np.float64(dtype.type(beta)) ** t)
    return (beta.astype(np.float64) ** t).astype(dtype)


def _p_norm(g: Array, state: AdamaxState, rates: Rates, p: float | Array) -> tuple[AdamaxState, Array]:
    """The rule between Adam and Adamax (section 7.1): u is the decaying p-norm of the gradients.

    ``u^p = beta_2^p u^p + (1 - beta_2^p) |g|^p``, corrected for its start at zero:
    ``step = -(lr / (1 - beta_1^t)) m / (u / (1 - beta_2^(p t))^(1/p) + epsilon)``. Powers are taken of what is divided
    by the larger of ``beta_2 u`` and ``|g|``, so that none overflows.
    """
    p = p if isinstance(p, float) else p.astype(g.dtype)
    m = state.m + (g - state.m) * rates.one_minus_beta_1
    faded, size = rates.beta_2 * state.u, np.abs(g)
    unit = unit_of(faded, size)
    norm = unit * ((faded / unit) ** p + (1 - _power(rates.beta_2, p)) * (size / unit) ** p) ** (1 / p)
    u = np.where(size + faded == 0, size, norm)  # the root of 0 is 1 where p is infinite
    step = -rates.lr * m / (rates.bias_correction * (u / norm_correction(rates.beta_2, p, rates.t) + rates.epsilon))
    return AdamaxState(m, u), step


def unit_of(faded: Array, size: Array) -> Array:
    """The larger of both, and 1 where both are 0: what can be divided by."""
    larger: Array = np.maximum(faded, size)
    return np.where(larger == 0, larger.dtype.type(1), larger)


def norm_correction(beta_2: float | Array, p: float | Array, t: int) -> Any:
    """``(1 - beta_2^(p t))^(1/p)``: the p-norm that gradients of size 1 have after t updates."""
    return _power(1 - _power(beta_2, p * t), 1 / p)


def _power(base: float | Array, exponent: float | Array) -> Any:
    """``base ** exponent``; infinite or NaN where Python's own floats overflow or turn complex."""
    if isinstance(base, float) and isinstance(exponent, float):
        return float(np.float64(base) ** exponent)
    return base**exponent


class Rule(NamedTuple):
    """An update rule, and what the pipeline must know about it."""

    name: str
    update: Callable[[Array, Any, Rates], tuple[Any, Any]]
    state: type[Any]  # what it keeps: a NamedTuple class, whose fields are the recorded moments
    corrects_bias: bool = True  # whether steps are divided by 1 - beta_1^t
    keras: str | None = None  # the optimizer of Keras that it is
    p: float | Array | None = None  # the exponent of a p-norm; ``(R, 1)`` is one for each run
    epsilon_inside: bool = False  # whether epsilon joins |g| inside the max

    @property
    def moments(self) -> tuple[str, ...]:
        """What the rule keeps, by name: ``("m", "u")``, or ``("m", "v")`` of Adam."""
        return tuple(self.state._fields)


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("adamax", adamax, AdamaxState, keras="Adamax"),
        Rule("adam", adam, AdamState, keras="Adam"),
        Rule("adamax_uncorrected", adamax, AdamaxState, corrects_bias=False),
        Rule("torch_adamax", torch_adamax, AdamaxState, epsilon_inside=True),
    )
}


def p_norm(p: float | Array) -> Rule:
    """The rule with this p: 2 is Adam with beta_2 squared, ``inf`` is Adamax; a column ``(R, 1)`` has one a run.

    Raises:
        ValueError: p below 1, or not a number.
    """
    if not np.all(np.asarray(p) >= 1):
        raise ValueError(f"`p` must be at least 1. Received: p={p}")
    if np.ndim(p):
        return Rule("p=...", partial(_p_norm, p=np.asarray(p)), AdamaxState, p=p)
    p = float(p)
    if np.isinf(p):
        return RULES["adamax"]
    return Rule(f"p={p!r}".removesuffix(".0"), partial(_p_norm, p=p), AdamaxState, p=p)


def is_p_norm(name: str) -> bool:
    """Whether the rule of this name keeps a p-norm, so that its u is no maximum."""
    return name.startswith("p=")


@lru_cache(maxsize=64)
def find_rule(name: str) -> Rule:
    """The rule of a name: one of `RULES`, or ``p=4`` (any p from 1 to ``inf``).

    Raises:
        ValueError: there is none, or p is below 1.
    """
    kind, equals, exponent = name.partition("=")
    if kind == "p" and equals:
        try:
            return p_norm(float(exponent))
        except ValueError as error:
            raise ValueError(f"There is no rule {name!r}: p is a number from 1 to inf.") from error
    if name not in RULES:
        raise ValueError(f"There is no rule {name!r}; there are {', '.join(RULES)}, and p=1 to p=inf.")
    return RULES[name]
