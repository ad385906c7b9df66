"""``init`` and ``apply`` on lists of variables: a raw step by hand, its state handed in and out."""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core.pipeline import Info, Layout, Plan, State, average, raw_step
from adamax_viz.core.trajectory import GRADIENTS
from adamax_viz.core.types import Array

Variables = list[Array]


class OptimizerState(NamedTuple):
    """Optimizer state between two raw steps; the lists are like the variables, None where a feature is off.

    ``state.m`` and ``state.u`` are short for ``state.moments["m"]`` and ``state.moments["u"]`` (``v`` of Adam).
    """

    moments: dict[str, Variables]  # the rule's own state, by name
    ema: Variables | None
    accumulated: Variables | None
    micro_step: int  # Keras's raw counter
    layout: Layout

    def __getattr__(self, name: str) -> Variables:
        return _moment(self.moments, name)


class Record(NamedTuple):
    """Every intermediate of one raw step; the lists are like the variables, None for what did not happen.

    ``record.m`` and ``record.u`` are short for moments, as of an `OptimizerState`.
    """

    is_update: bool
    lr: float | Array
    lr_t: float | Array  # bias-corrected: lr / (1 - beta_1^t)
    grad: list[Array | None]
    grad_unscaled: list[Array | None]
    grad_accumulated: list[Array | None]
    grad_clipped: list[Array | None]
    clip_factor: list[Array | None]
    moments: dict[str, Variables]
    step: list[Array | None]
    ema: Variables | None

    def __getattr__(self, name: str) -> Variables:
        return _moment(self.moments, name)


def _moment(moments: dict[str, Variables], name: str) -> Variables:
    if name not in moments:
        raise AttributeError(f"There is no {name!r}; the rule keeps {', '.join(moments)}.")
    return moments[name]


class Packing(NamedTuple):
    """The way between lists of variables and flat parameters ``(R, D)``."""

    plan: Plan
    runs: int | None  # R; None if variables have no leading axis for it

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Of the variables in the lists."""
        return [shape if self.runs is None else (self.runs, *shape) for shape in self.plan.layout.shapes]

    def flat(self, arrays: Sequence[ArrayLike | None]) -> Array:
        """Variables side by side, zeros for those that are None.

        Raises:
            ValueError: an array of another shape than its variable's.
        """
        columns = []
        for given, name, shape in zip(arrays, self.plan.layout.names, self.shapes, strict=True):
            array = np.zeros(shape, self.plan.dtype) if given is None else np.asarray(given, self.plan.dtype)
            if array.shape != shape:
                raise ValueError(f"`{name}` has shape {shape}. Received an array of shape {array.shape}.")
            columns.append(array.reshape(self.runs or 1, -1))
        return np.concatenate(columns, axis=1)

    def apart(self, flat: Array) -> Variables:
        """The inverse of `flat`."""
        pairs = zip(self.plan.layout.slices, self.shapes, strict=True)
        return [np.array(flat[:, columns]).reshape(shape) for columns, shape in pairs]

    def state_apart(self, state: State, micro_step: int) -> OptimizerState:
        """A state of the pipeline as lists."""
        moments = {name: self.apart(value) for name, value in state.moments._asdict().items()}
        ema, accumulated = (None if s is None else self.apart(s) for s in (state.ema, state.accumulated))
        return OptimizerState(moments, ema, accumulated, micro_step, self.plan.layout)

    def state_flat(self, state: OptimizerState) -> State:
        """The inverse of `state_apart`."""
        moments = self.plan.rule.state(**{name: self.flat(value) for name, value in state.moments.items()})
        ema = None if state.ema is None or self.plan.ema_momentum is None else self.flat(state.ema)
        accumulated = None if state.accumulated is None else self.flat(state.accumulated)
        return State(moments, ema, accumulated)


def names_and_shapes(
    variables: Sequence[ArrayLike], names: Sequence[str] | None, runs: int | None
) -> tuple[Sequence[str], list[tuple[int, ...]]]:
    """What the variables are called, and their shapes without the leading axis of R runs.

    Raises:
        ValueError: no variables, names of another number, or a leading axis that is not R.
    """
    arrays = [np.asarray(v) for v in variables]
    if not arrays:
        raise ValueError("`variables` is empty; give at least one array.")
    if names is None:
        names = ["variable" if i == 0 else f"variable_{i}" for i in range(len(arrays))]
    if len(names) != len(arrays):
        raise ValueError(f"There are {len(arrays)} variables but {len(names)} names.")
    if runs is not None and any(a.ndim == 0 or len(a) != runs for a in arrays):
        raise ValueError(
            f"The hyperparameters describe {runs} runs, so each variable needs a leading axis of {runs}. "
            f"Received shapes: {[a.shape for a in arrays]}"
        )
    return names, [a.shape if runs is None else a.shape[1:] for a in arrays]


def apply(
    grads: Sequence[ArrayLike | None],
    variables: Sequence[ArrayLike],
    state: OptimizerState,
    plan: Plan,
    lr: Array,
    bias_correction: Array,
    runs: int | None,
) -> tuple[Variables, OptimizerState, Record]:
    """One raw step at these rates, ``()`` or ``(R,)``; see `adamax_viz.core.optimizer.Adamax.apply`."""
    k, packing = state.micro_step, Packing(plan, runs)
    present = _present(grads, variables, plan.layout.names)
    theta, packed, grad = packing.flat(variables), packing.state_flat(state), packing.flat(grads)
    columns = [v[:, None] if v.ndim else float(v) for v in (lr, bias_correction)]
    with np.errstate(all="ignore"):
        if all(present):
            theta, packed, info = raw_step(theta, grad, packed, plan, k, *columns)
        else:
            theta, packed, info = _partial_step(present, theta, grad, packed, plan, k, *columns)
        lr_t = lr / bias_correction

    def listed(values: Sequence[Array] | None) -> list[Array | None]:
        """A value for each variable that took part, None for the others."""
        given = [None] * len(present) if values is None else values
        return [value if there else None for value, there in zip(given, present, strict=True)]

    def stage(flat: Array | None) -> list[Array | None]:
        return listed(None if flat is None else packing.apart(flat))

    factors = None if info.clip_factor is None else list(info.clip_factor[0] if runs is None else info.clip_factor.T)
    after = packing.state_apart(packed, k + 1)
    record = Record(
        is_update=(k + 1) % plan.accumulation_steps == 0,
        lr=lr if lr.ndim else float(lr),
        lr_t=lr_t if lr_t.ndim else float(lr_t),
        **{name: stage(getattr(info, name)) for name in (*GRADIENTS, "step")},
        clip_factor=listed(factors),
        moments=after.moments,
        ema=after.ema,
    )
    return packing.apart(theta), after, record


def _present(grads: Sequence[ArrayLike | None], variables: Sequence[ArrayLike], names: Sequence[str]) -> list[bool]:
    """Whether each variable has a gradient.

    Raises:
        ValueError: lists of another length than the state's, or no gradient at all (Keras's message).
    """
    if not len(grads) == len(variables) == len(names):
        raise ValueError(
            f"The state has {len(names)} variables. Received {len(grads)} gradients and {len(variables)} variables."
        )
    present = [g is not None for g in grads]
    if not any(present):
        raise ValueError("No gradients provided for any variable.")
    if not all(present):
        missing = [name for name, there in zip(names, present, strict=True) if not there]
        warnings.warn(f"Gradients do not exist for variables {missing} when minimizing the loss.", stacklevel=4)
    return present


def _partial_step(
    present: list[bool], theta: Array, grad: Array, state: State, plan: Plan, k: int, *rates: float | Array
) -> tuple[Array, State, Info]:
    """A step in which some variables have no gradient (here 0): they rest, only their average moves."""
    takes_part = plan.layout.spread(present)

    def merged(before: Array | None, after: Any) -> Any:
        return None if before is None else np.where(takes_part, after, before)

    # What rests keeps its bucket, but the norm of all gradients must not see it.
    bucket = None if state.accumulated is None else np.where(takes_part, state.accumulated, 0)
    moved, after, info = raw_step(theta, grad, State(state.moments, None, bucket), plan, k, *rates)
    moments = plan.rule.state(*map(merged, state.moments, after.moments))
    theta, ema = merged(theta, moved), state.ema
    if ema is not None:
        theta, ema = average(theta, ema, plan, k // plan.accumulation_steps)
    return theta, State(moments, ema, merged(state.accumulated, after.accumulated)), info
