"""The optimizer while a run goes on: its state, Keras's counter, and the rates of the steps that can still come."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.pipeline import Info, Plan, State, init_state, raw_step
from adamax_viz.core.types import Array

Optimizer = Adamax | LossScaleOptimizer


class StatefulOptimizer:
    """Takes raw steps of R runs; under a `LossScaleOptimizer` (R = 1) those whose gradient overflowed are skipped."""

    def __init__(self, optimizer: Optimizer, plan: Plan, runs: int) -> None:
        self.optimizer, self.plan, self.runs = optimizer, plan, runs
        self.state: State = init_state(plan, runs)
        self.k = 0  # Keras's raw counter: it rests when a step is skipped
        self.scale = optimizer.first_scale if isinstance(optimizer, LossScaleOptimizer) else None
        self._taken: list[tuple[int, float]] = []  # counter and scale before each step of this piece, if it is dynamic

    def plan_rates(self, steps: int) -> None:
        """The rates of so many steps from here on."""
        adamax, self._first = self.optimizer.adamax, self.k
        ks = self._first + np.arange(steps)
        self._lr, self._bias_correction = adamax.rates(ks), adamax.bias_corrections(ks)
        self._rates = list(zip(_per_step(self._lr), _per_step(self._bias_correction), strict=True))

    def change(self, optimizer: Optimizer, plan: Plan, theta: Array) -> None:
        """Other switches from here on: an average that is switched on begins at the weights, a bucket empty."""
        fresh, state = init_state(plan, self.runs), self.state
        ema = None if fresh.ema is None else theta.copy(order="K") if state.ema is None else state.ema
        same_window = plan.accumulation_steps == self.plan.accumulation_steps
        self.state = state._replace(ema=ema, accumulated=state.accumulated if same_window else fresh.accumulated)
        self.optimizer, self.plan = optimizer, plan

    def step(self, theta: Array, grad: Array, gradient_dtype: Any) -> tuple[Array, Info]:
        """One raw step on a gradient ``(R, D)``, handed to ``apply`` scaled, and through `gradient_dtype` if any."""
        scale, k = self.scale, self.k
        factor = self.plan.loss_scale_factor if scale is None else scale.dynamic_scale
        if factor is not None:
            grad = grad * factor
        if gradient_dtype is not None:
            grad = grad.astype(gradient_dtype).astype(theta.dtype)
        unscaled = grad
        if scale is not None:
            self._taken.append((k, scale.dynamic_scale))
            unscaled = grad / scale.dynamic_scale
            finite = bool(np.isfinite(grad).all())
            self.scale = self.optimizer.next_scale(scale, finite=finite)  # type: ignore[union-attr]
            if not finite:
                state = self.state
                return theta.copy(order="K"), Info(grad, unscaled, unscaled, None, None, state.moments, None, state.ema)
        self.k = k + 1
        lr, bias_correction = self._rates[k - self._first]
        theta, self.state, info = raw_step(theta, unscaled, self.state, self.plan, k, lr, bias_correction)
        return theta, info if scale is None else info._replace(grad=grad)

    def piece(self, first: int, total: int, *, rates: bool) -> dict[str, NDArray[Any]]:
        """The arrays of the micro-steps from `first` to `total` that follow from the step alone.

        Those are the counters and, if wanted, rates and loss scale.
        """
        window, steps = self.plan.accumulation_steps, total - first
        k, scales = np.arange(first, total), np.full(steps, np.nan, self.plan.dtype)
        skipped = np.zeros(steps, bool)
        if self.scale is not None:
            taken, self._taken = self._taken, []
            k = np.full(steps, self.k)  # it stands still once the run rests
            k[: len(taken)], scales[: len(taken)] = [k for k, _ in taken], [scale for _, scale in taken]
            skipped = np.diff(k, append=self.k) == 0
        arrays: dict[str, NDArray[Any]] = {"update": k // window, "is_update": ((k + 1) % window == 0) & ~skipped}
        if not rates:
            return arrays
        at = np.minimum(k - self._first, len(self._lr) - 1)
        lr, lr_t = self._lr[at], (_columns(self._lr) / _columns(self._bias_correction))[at]
        arrays |= {name: np.broadcast_to(table.T, (self.runs, steps)) for name, table in (("lr", lr), ("lr_t", lr_t))}
        return arrays if self.scale is None else arrays | {"loss_scale": scales[None]}


def _columns(table: Array) -> Array:
    """A table over steps with an axis of runs, ``(T, R)`` or ``(T, 1)``."""
    return table if table.ndim == 2 else table[:, None]


def _per_step(values: Array) -> list[Any]:
    """A table over steps as a list: Python floats (the fastest scalars), or ``(R, 1)`` columns."""
    return values.tolist() if values.ndim == 1 else list(values[..., None])
