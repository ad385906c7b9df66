"""``run(problem, optimizer, start, steps) -> Trajectory``: many runs side by side, every step recorded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamax_viz.core.adamax import Adamax
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.pipeline import Info, Layout, Plan, init_state, raw_step
from adamax_viz.core.trajectory import PARAMETER_FIELDS, Status, Trajectory, stack
from adamax_viz.core.types import Array, Keep

PROGRESS_EVERY = 500
FEW = 8
# In the order of the pipeline: the first that is not finite is what a diverged run reports.
QUANTITIES = {
    "loss": "the loss",
    "grad": "the gradient",
    "grad_unscaled": "the unscaled gradient",
    "grad_accumulated": "the accumulated gradient",
    "grad_clipped": "the clipped gradient",
    "m": "m",
    "u": "u",
    "step": "the step",
    "ema": "the average",
}


class Problem(Protocol):
    """Anything that has named variables, a loss and a gradient."""

    @property
    def variables(self) -> Mapping[str, slice]:
        """Columns of theta by variable name; Keras clips per variable."""

    @property
    def coordinates(self) -> tuple[str, ...]:
        """A name for each column of theta."""

    @property
    def runs(self) -> int | None:
        """R if the problem itself differs from run to run (seeds of the noise), else None."""

    def single(self, run: int) -> Problem:
        """The problem of one run."""

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        """Loss ``(R,)`` and gradient ``(R, D)`` at theta ``(R, D)``, in theta's dtype."""


Optimizer = Adamax | LossScaleOptimizer


def run(
    problem: Problem,
    optimizer: Optimizer | Sequence[Optimizer],
    start: ArrayLike,
    steps: int,
    *,
    keep: Keep = "all",
    tolerance: float | None = None,
    gradient_dtype: Literal["float16"] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Trajectory:
    """Run Adamax and record it.

    The loop does what Keras's ``fit`` does: the loss, hence the gradient, is multiplied by the loss scale, and the
    optimizer divides by it again.

    Args:
        problem: what is minimised.
        optimizer: one (its arguments may be arrays of R values), or a sequence of R of any kind.
        start: ``(D,)`` for all runs, or ``(R, D)``.
        steps: T micro-steps.
        keep: what is recorded, see `Trajectory`.
        tolerance: stop a run once every entry of its unscaled gradient is within it.
        gradient_dtype: "float16" sends the scaled gradients through half precision, where small ones become 0 and
            large ones infinite.
        progress: called with the number of steps done, now and then; what it raises ends the run.

    Raises:
        ValueError: a start that does not fit or is not finite, steps below 1, numbers of runs that differ.
    """
    if not isinstance(steps, int | np.integer) or isinstance(steps, bool) or steps < 1:
        raise ValueError(f"`steps` must be a whole number of at least 1. Received: steps={steps!r}")
    if keep not in ("all", "path", "final"):
        raise ValueError(f"`keep` must be 'all', 'path' or 'final'. Received: keep={keep!r}")
    if gradient_dtype not in (None, "float16"):
        raise ValueError(f"`gradient_dtype` must be None or 'float16'. Received: gradient_dtype={gradient_dtype!r}")
    starts = _starts(start, problem.coordinates)
    options: dict[str, Any] = {
        "keep": keep,
        "tolerance": tolerance,
        "gradient_dtype": gradient_dtype,
        "progress": progress,
    }
    if not isinstance(optimizer, Adamax | LossScaleOptimizer):
        if not len(optimizer):
            raise ValueError("`optimizer` is an empty list; give at least one optimizer.")
        return _run_each(problem, list(optimizer), starts, steps, options)
    runs = _count_runs(starts, problem.runs, optimizer.runs)
    if optimizer.is_uniform or (runs == 1 and optimizer.runs is None):
        return _run_batch(problem, optimizer, np.broadcast_to(starts, (runs, starts.shape[1])), int(steps), **options)
    return _run_each(problem, [optimizer.single(r) for r in range(runs)], starts, steps, options)


def _count_runs(starts: Array, *others: int | None) -> int:
    counts = {count for count in (len(starts), *others) if count not in (None, 1)}
    if len(counts) > 1:
        raise ValueError(
            f"Start, problem and optimizer must have the same number of runs, or one. Received: {sorted(counts)}"
        )
    return counts.pop() if counts else 1


def _run_each(
    problem: Problem, optimizers: list[Optimizer], starts: Array, steps: int, options: dict[str, Any]
) -> Trajectory:
    """Runs of different kinds, one after the other, as one batch."""
    runs = _count_runs(starts, problem.runs, len(optimizers))
    starts = np.broadcast_to(starts, (runs, starts.shape[1]))
    optimizers = optimizers * runs if len(optimizers) == 1 else optimizers
    return stack([run(problem.single(r), optimizers[r], starts[r], steps, **options) for r in range(runs)])


def _starts(start: ArrayLike, coordinates: tuple[str, ...]) -> Array:
    starts = np.atleast_2d(np.asarray(start, np.float64))
    if starts.ndim != 2 or starts.shape[1] != len(coordinates):
        raise ValueError(
            f"`start` needs {len(coordinates)} numbers ({', '.join(coordinates[:4])}), or an array (R, "
            f"{len(coordinates)}). Received shape {np.shape(start)}."
        )
    if not np.all(np.isfinite(starts)):
        raise ValueError(f"`start` must be finite. Received: start={np.asarray(start).tolist()}")
    return starts


def _run_batch(
    problem: Problem,
    optimizer: Optimizer,
    starts: Array,
    steps: int,
    *,
    keep: Keep,
    tolerance: float | None,
    gradient_dtype: str | None,
    progress: Callable[[int], None] | None,
) -> Trajectory:
    """Runs that go through the same stages, or one run under a dynamic loss scale."""
    adamax = optimizer.adamax
    runs, dtype = len(starts), np.dtype(adamax.dtype)
    plan = adamax.plan(_layout(problem, adamax))
    ks = np.arange(steps)
    lr, bias_correction = adamax.rates(ks), adamax.bias_corrections(ks)
    stepper = _Stepper(optimizer, plan, runs, _per_step(lr), _per_step(bias_correction))
    record = _Record(keep, steps, runs, plan, dynamic=stepper.scaler is not None)
    status: dict[int, Status] = {}
    held = settled = np.empty(0, np.intp)  # runs that stopped, and those whose loss is their last; the others go on
    # Columns lie one after the other in memory, so that x and y of many runs are contiguous.
    theta = np.asfortranarray(starts.astype(dtype))
    loss = np.full(runs, np.nan, dtype)
    row = 0
    with np.errstate(all="ignore"):
        while row < steps and held.size < runs:
            if progress is not None and row % PROGRESS_EVERY == 0:
                progress(row)
            last, (loss, grad) = loss, problem.evaluate(theta, row)
            loss = _settle(loss, last, settled)
            converged = None if tolerance is None else np.abs(grad).max(axis=1) <= tolerance
            if stepper.scale is not None:
                grad = grad * stepper.scale
            if gradient_dtype is not None:
                grad = grad.astype(gradient_dtype).astype(dtype)
            record.write_scale(row, stepper)
            moved, info = stepper.take(theta, grad)
            record.write(row, theta, loss, info)
            # One sum finds a run in trouble (it may also overflow by itself: then nothing is found inside).
            if not math.isfinite(_total(moved) + _total(loss)):
                held = _hold(held, status, _diverged(row, loss, moved, info))
            if held.size:
                moved[held] = theta[held]
                settled = held
            if converged is not None and converged.any():
                held = _hold(held, status, {int(r): Status("converged", row) for r in np.flatnonzero(converged)})
            theta = moved
            row += 1
        loss = _settle(problem.evaluate(theta, row)[0], loss, settled)
        overflown = {int(r): Status("diverged", row, QUANTITIES["loss"]) for r in np.flatnonzero(~np.isfinite(loss))}
        _hold(held, status, overflown)
        if progress is not None:
            progress(steps)
        ended = [status.get(r, Status("finished", steps)) for r in range(runs)]
        arrays = record.close(row, theta, loss, ended) | _step_arrays(record, stepper, lr, bias_correction)
        _blank(arrays, ended)
    return Trajectory(tuple(problem.coordinates), dict(problem.variables), keep, ended, arrays)


def _total(values: Array) -> float:
    """The sum of all entries; a few of them Python adds faster than NumPy."""
    return sum(values.ravel().tolist()) if values.size <= FEW else float(values.sum())


def _settle(loss: Array, last: Array, settled: NDArray[np.intp]) -> Array:
    """The loss with that of the runs at rest as it was: a surface may move on without them."""
    if settled.size:
        loss = loss.copy()
        loss[settled] = last[settled]
    return loss


def _hold(held: NDArray[np.intp], status: dict[int, Status], ended: dict[int, Status]) -> NDArray[np.intp]:
    """Note how runs ended; the first end counts."""
    new = [r for r in ended if r not in status]
    status.update((r, ended[r]) for r in new)
    return np.concatenate([held, np.array(new, np.intp)])


def _diverged(row: int, loss: Array, moved: Array, info: Info) -> dict[int, Status]:
    """The runs whose loss or next weights are not finite."""
    ended = {}
    stages = {"loss": loss} | {name: value for name, value in info._asdict().items() if value is not None}
    for r in np.flatnonzero(~(np.isfinite(moved).all(axis=1) & np.isfinite(loss))):
        ended[int(r)] = Status("diverged", row, first_bad({name: value[r] for name, value in stages.items()}))
    return ended


def first_bad(values: Mapping[str, Any]) -> str:
    """Which quantity of a micro-step, by field name and in the pipeline's order, is the first that is not finite."""
    bad = (QUANTITIES[name] for name in QUANTITIES if name in values and not np.isfinite(values[name]).all())
    return next(bad, "a weight")


class _Stepper:
    """The optimizer's state while a run goes on; a dynamic loss scale lives here too."""

    def __init__(self, optimizer: Optimizer, plan: Plan, runs: int, lr: list[Any], bias_correction: list[Any]) -> None:
        self.scaler = optimizer if isinstance(optimizer, LossScaleOptimizer) else None
        self.plan, self.lr, self.bias_correction = plan, lr, bias_correction
        self.state = init_state(plan, runs)
        self.k = 0  # Keras's raw counter: it rests when a step is skipped
        self.scale: Any = self.scaler.first_scale if self.scaler else plan.loss_scale_factor
        self.good_steps = 0

    def take(self, theta: Array, grad: Array) -> tuple[Array, Info]:
        """One raw step."""
        if self.scaler is None:
            return self._apply(theta, grad)
        finite = bool(np.isfinite(grad).all())
        unscaled = grad / self.scale
        self.scale, self.good_steps = self.scaler.next_scale(finite, self.scale, self.good_steps)
        if finite:
            theta, info = self._apply(theta, unscaled)
            return theta, info._replace(grad=grad)
        m, u, ema, _ = self.state
        return theta.copy(order="K"), Info(grad, unscaled, unscaled, None, None, m, self.plan.rule.u(u), None, ema)

    def _apply(self, theta: Array, grad: Array) -> tuple[Array, Info]:
        k = self.k
        self.k = k + 1
        theta, self.state, info = raw_step(theta, grad, self.state, self.plan, k, self.lr[k], self.bias_correction[k])
        return theta, info


class _Record:
    """The arrays of a run while they fill. Buffers are (T, D, R) in memory and seen as (T, R, D)."""

    def __init__(self, keep: Keep, steps: int, runs: int, plan: Plan, *, dynamic: bool) -> None:
        self.keep, self.steps, self.runs, self.plan, self.dynamic = keep, steps, runs, plan, dynamic
        self.path = keep != "final"
        self.theta = self._columns(steps + 1 if self.path else 1)
        self.loss = np.empty((steps + 1 if self.path else 1, runs), plan.dtype)
        self.scales = np.full((steps, runs), np.nan, plan.dtype)
        self.counters = np.full(steps, -1)  # raw counter before each step, -1 where all runs were at rest
        self.buffers: dict[str, Array] = {}
        if keep == "all":
            # A micro-step without an update takes no step (0), and clips nothing (NaN).
            self.buffers = {
                name: self._columns(steps, 0.0 if name == "step" else np.nan) for name in self._own_fields()
            }
            if plan.clip:
                self.buffers["clip_factor"] = np.full((steps, runs, len(plan.layout.slices)), np.nan, plan.dtype)
        self.fields = [(Info._fields.index(name), buffer) for name, buffer in self.buffers.items()]

    def _columns(self, rows: int, fill: float = np.nan) -> Array:
        return np.full((rows, self.plan.layout.size, self.runs), fill, self.plan.dtype).transpose(0, 2, 1)

    def _own_fields(self) -> list[str]:
        """Fields with an array of their own; the others are the same array as the stage before."""
        windows = self.plan.accumulation_steps > 1
        own = {
            "grad_unscaled": self.dynamic or self.plan.loss_scale_factor is not None,
            "grad_accumulated": windows,
            "grad_clipped": windows or self.dynamic or self.plan.clip is not None,
            "ema": self.plan.ema_momentum is not None,
        }
        return [name for name in PARAMETER_FIELDS if own.get(name, True)]

    def write(self, row: int, theta: Array, loss: Array, info: Info) -> None:
        """Keep one micro-step: loss and weights before it, and what happened in it."""
        if self.path:
            self.theta[row] = theta
            self.loss[row] = loss
        for index, buffer in self.fields:
            value = info[index]
            if value is not None:
                buffer[row] = value

    def write_scale(self, row: int, stepper: _Stepper) -> None:
        """Keep the loss scale and the raw counter before a step; only a dynamic scale needs them."""
        if self.dynamic:
            self.scales[row], self.counters[row] = stepper.scale, stepper.k

    def close(self, rows: int, theta: Array, loss: Array, status: list[Status]) -> dict[str, NDArray[Any]]:
        """The arrays with runs first; what stopped keeps its last weights and loss and is NaN from there on."""
        first = rows if self.path else 0
        self.theta[first:], self.loss[first:] = theta, loss
        for r, after in _stops(status):
            for buffer in self.buffers.values():
                buffer[after:, r] = np.nan
        arrays = {name: np.swapaxes(buffer, 0, 1) for name, buffer in self.buffers.items()}
        if self.keep == "all":
            arrays.setdefault("grad_unscaled", arrays["grad"])
            arrays.setdefault("grad_accumulated", arrays["grad_unscaled"])
            arrays.setdefault("grad_clipped", arrays["grad_accumulated"])
            arrays.setdefault("ema", np.broadcast_to(self.plan.dtype.type(np.nan), arrays["grad"].shape))
            ones = np.ones((self.runs, self.steps, len(self.plan.layout.slices)), self.plan.dtype)
            arrays.setdefault("clip_factor", ones)
        path = {"theta": np.swapaxes(self.theta, 0, 1), "loss": self.loss.T}
        return path | arrays


def _step_arrays(record: _Record, stepper: _Stepper, lr: Array, bias_correction: Array) -> dict[str, NDArray[Any]]:
    """The arrays that follow from the step alone: counters, rates, loss scale."""
    rows, window = np.arange(record.steps), record.plan.accumulation_steps
    k = np.where(record.counters < 0, stepper.k, record.counters) if record.dynamic else rows
    skipped = np.diff(k, append=stepper.k) == 0 if record.dynamic else np.zeros(record.steps, bool)
    update = k // window
    is_update = ((k + 1) % window == 0) & ~skipped
    arrays: dict[str, NDArray[Any]] = {"micro_step": rows, "update": update, "is_update": is_update}
    if record.keep == "all":
        shape = (record.runs, record.steps)
        arrays["lr"] = np.broadcast_to(lr[k].T, shape).copy()
        arrays["lr_t"] = np.broadcast_to((_columns(lr) / _columns(bias_correction))[k].T, shape).copy()
        if record.dynamic:
            arrays["loss_scale"] = record.scales.T
    return arrays


def _blank(arrays: dict[str, NDArray[Any]], status: list[Status]) -> None:
    """Make the rows after a stop NaN in the arrays that are made for all steps at once."""
    for r, after in _stops(status):
        for array in (arrays[name] for name in ("clip_factor", "lr", "lr_t") if name in arrays):
            array[r, after:] = np.nan


def _stops(status: list[Status]) -> list[tuple[int, int]]:
    """The runs that stopped, and the first row that is not theirs any more."""
    return [(r, ended.step + 1) for r, ended in enumerate(status) if ended.kind != "finished"]


def _columns(table: Array) -> Array:
    """A table over steps with an axis of runs, ``(T, R)`` or ``(T, 1)``."""
    return table if table.ndim == 2 else table[:, None]


def _layout(problem: Problem, adamax: Adamax) -> Layout:
    names = tuple(problem.variables)
    shapes = tuple((columns.stop - columns.start,) for columns in problem.variables.values())
    return adamax.layout(names, shapes)


def _per_step(values: Array) -> list[Any]:
    """A table over steps as a list: Python floats (the fastest scalars), or ``(R, 1)`` columns."""
    return values.tolist() if values.ndim == 1 else list(values[..., None])
