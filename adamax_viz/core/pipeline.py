"""Keras's order of one raw step: unscale, accumulate, clip, decay, rule, EMA, overwrite.

Parameters are flat: theta is ``(R, D)`` for R runs, and `Layout` says which columns form which variable.
Source: ``keras.src.optimizers.base_optimizer.BaseOptimizer`` and its JAX version, Keras 3.15.1.
"""

from collections.abc import Callable, Iterable
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core.rules import Rates, Rule
from adamax_viz.core.types import Array


class Layout(NamedTuple):
    """How the flat parameters divide into variables."""

    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    slices: tuple[slice, ...]
    decays: tuple[bool, ...]  # whether weight decay applies

    @property
    def size(self) -> int:
        return self.slices[-1].stop if self.slices else 0

    def spread(self, values: ArrayLike) -> Array:
        """A value for each variable, ``(..., V)``, at each of its columns, ``(..., D)``; one for all stays one."""
        if len(self.slices) == 1:
            return np.asarray(values)
        return np.repeat(values, [columns.stop - columns.start for columns in self.slices], axis=-1)


def side_by_side(sizes: Iterable[int]) -> tuple[slice, ...]:
    """The columns of variables of these sizes, in order."""
    return tuple(slice(*edges) for edges in pairwise(accumulate(sizes, initial=0)))


class Plan(NamedTuple):
    """The switches of one run, ready for arithmetic: floats, or ``(R, 1)`` arrays in the run's dtype; None is off."""

    layout: Layout
    dtype: np.dtype[Any]
    rule: Rule
    one_minus_beta_1: float | Array
    beta_2: float | Array
    one_minus_beta_2: float | Array
    epsilon: float | Array
    weight_decay: float | Array | None
    clip: Callable[[Array, "Plan"], tuple[Array, Array]] | None
    clip_limit: float | Array
    one_over_clip_limit: float | Array
    ema_momentum: float | Array | None
    one_minus_ema_momentum: float | Array
    ema_overwrite_frequency: int
    loss_scale_factor: float | Array | None
    accumulation_steps: int


class State(NamedTuple):
    """What the next raw step needs, each array ``(R, D)``; None where the feature is off."""

    moments: Any  # the rule's own state
    ema: Array | None
    accumulated: Array | None


class Info(NamedTuple):
    """Every intermediate of one raw step, ``(R, D)`` each; `clip_factor` is ``(R, V)``. None: did not happen."""

    grad: Array
    grad_unscaled: Array
    grad_accumulated: Array  # mean over the window so far; on an update, what Keras hands on
    grad_clipped: Array | None
    clip_factor: Array | None  # norm after / norm before, per variable
    moments: Any  # the rule's state after the step
    step: Array | None
    ema: Array | None


def init_state(plan: Plan, runs: int) -> State:
    """Zeros everywhere, the average too, as in Keras."""

    def zeros() -> Array:
        return np.zeros((runs, plan.layout.size), plan.dtype, order="F")

    moments = plan.rule.state(*(zeros() for _ in plan.rule.moments))
    ema = None if plan.ema_momentum is None else zeros()
    return State(moments, ema, zeros() if plan.accumulation_steps > 1 else None)


def raw_step(
    theta: Array, grad: Array, state: State, plan: Plan, k: int, lr: float | Array, bias_correction: float | Array
) -> tuple[Array, State, Info]:
    """One call of Keras's ``apply``: weights, state and everything in between.

    Args:
        theta, grad: ``(R, D)``.
        state: before the call.
        plan: the run's switches.
        k: raw counter before the call (0-based).
        lr: scheduled learning rate at k.
        bias_correction: ``1 - beta_1^(k // N + 1)``.
    """
    moments, ema, bucket = state
    update, place = divmod(k, plan.accumulation_steps)
    unscaled = grad if plan.loss_scale_factor is None else grad / plan.loss_scale_factor
    mean = unscaled
    if bucket is not None:
        bucket = unscaled + bucket
        mean = bucket / plan.accumulation_steps
    clipped = factor = step = None
    if place == plan.accumulation_steps - 1:
        if bucket is not None:
            bucket = np.zeros(bucket.shape, bucket.dtype, order="F")
        clipped, factor = (mean, None) if plan.clip is None else plan.clip(mean, plan)
        if plan.weight_decay is not None:
            theta = decay(theta, plan, lr)
        beta_2, complements = plan.beta_2, (plan.one_minus_beta_1, plan.one_minus_beta_2)
        moments, step = plan.rule.update(
            clipped, moments, Rates(lr, bias_correction, beta_2, *complements, plan.epsilon, update + 1)
        )
        theta = theta + step
    if ema is not None:
        theta, ema = average(theta, ema, plan, update)
    return theta, State(moments, ema, bucket), Info(grad, unscaled, mean, clipped, factor, moments, step, ema)


def decay(theta: Array, plan: Plan, lr: float | Array) -> Array:
    """Decoupled weight decay, times the scheduled (not bias-corrected) rate; excluded variables stay."""
    assert plan.weight_decay is not None
    decayed = theta - theta * plan.weight_decay * lr
    decays = plan.layout.decays
    return decayed if all(decays) else np.where(plan.layout.spread(decays), decayed, theta)


def average(theta: Array, ema: Array, plan: Plan, update: int) -> tuple[Array, Array]:
    """The weights' moving average, moved on every raw step, and the overwrite of the weights when due.

    The whole first window copies the weights: Keras has no bias correction here.
    """
    assert plan.ema_momentum is not None
    # 0 * average, not a plain copy: an average that is not finite stays so, as in Keras
    ema = plan.ema_momentum * ema + plan.one_minus_ema_momentum * theta if update else 0.0 * ema + theta
    frequency = plan.ema_overwrite_frequency
    return (ema if frequency and (update + 1) % frequency == 0 else theta), ema


def _sums_of_squares(g: Array, layout: Layout) -> Array:
    """Of each variable, ``(R, V)``."""
    squares = np.square(g)
    if len(layout.slices) == 1:
        return _sum_rows(squares)[:, None]
    return np.stack([_sum_rows(squares[:, columns]) for columns in layout.slices], axis=1)


def _sum_rows(values: Array) -> Array:
    """Row by row, rounded as a row alone would be: NumPy adds eight and more in an order that depends on the layout."""
    sums: Array = (np.ascontiguousarray(values) if values.shape[1] >= 8 else values).sum(axis=1)
    return sums


def clip_by_value(g: Array, plan: Plan) -> tuple[Array, Array]:
    """Cut every entry at both sides: bends the direction. The factor is the ratio of the norms, 1 for zeros."""
    clipped = np.minimum(np.maximum(g, -plan.clip_limit), plan.clip_limit)
    before, after = (np.sqrt(_sums_of_squares(v, plan.layout)) for v in (g, clipped))
    return clipped, np.where(before == 0, 1, after / before).astype(g.dtype)


def clip_by_norm(g: Array, plan: Plan) -> tuple[Array, Array]:
    """``g c / max(norm, c)``, each variable by its own norm."""
    limit = plan.clip_limit
    ceiling = np.maximum(np.sqrt(_sums_of_squares(g, plan.layout)), limit)
    return g * limit / plan.layout.spread(ceiling), limit / ceiling


def clip_by_global_norm(g: Array, plan: Plan) -> tuple[Array, Array]:
    """``g (c min(1/n, 1/c) + (n - n))``, n over all variables; an infinite norm makes everything NaN."""
    limit = plan.clip_limit
    norm = np.sqrt(_sums_of_squares(g, plan.layout).sum(axis=1, keepdims=True))
    factor = limit * np.minimum(1.0 / norm, plan.one_over_clip_limit) + (norm - norm)
    return g * factor, np.repeat(factor, len(plan.layout.slices), axis=1)


# By argument, in the order in which Keras looks at them.
CLIPS = {"clipnorm": clip_by_norm, "global_clipnorm": clip_by_global_norm, "clipvalue": clip_by_value}
