"""``run(problem, optimizer, start, steps) -> Trajectory``: many runs side by side, every step recorded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.pipeline import Info, Layout, Plan, init_state, raw_step
from adamax_viz.core.record import Recorder
from adamax_viz.core.trajectory import Status, Trajectory, stack
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
    "v": "v",
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
    progress: Callable[[int], None] | None,
    **options: Any,
) -> Trajectory:
    """Runs that go through the same stages, or one run under a dynamic loss scale."""
    runner = Runner(problem, optimizer, starts, **options)
    runner.advance(steps, progress)
    return runner.trajectory()


class Runner:
    """Runs that go on as far as they are asked to: side by side, or one run under a dynamic loss scale.

    ``advance`` in pieces gives what one call of `run` gives. Between two pieces the switches may change.

    Args:
        problem, keep, tolerance, gradient_dtype: as for `run`.
        optimizer: one whose runs go through the same stages.
        starts: ``(R, D)``.
        budget: bytes that the recorded arrays of parameters may take. Where a run would pass it, only every so many
            micro-steps are recorded: `Trajectory.every`, a multiple of the accumulation. The row where a run stops is
            recorded in any case.

    Raises:
        ValueError: a batch whose runs go through different stages.
    """

    def __init__(
        self,
        problem: Problem,
        optimizer: Optimizer,
        starts: ArrayLike,
        *,
        keep: Keep = "all",
        tolerance: float | None = None,
        gradient_dtype: Literal["float16"] | None = None,
        budget: int | None = None,
    ) -> None:
        starts = np.atleast_2d(np.asarray(starts))
        runs = len(starts)
        if not optimizer.is_uniform and (runs > 1 or optimizer.runs is not None):
            raise ValueError("These runs go through different stages; make a runner for each of them.")
        self.problem, self.optimizer = problem, optimizer
        self.tolerance, self.gradient_dtype = tolerance, gradient_dtype
        self.step = self.total = 0  # micro-steps done, and asked for
        self._planned = 0
        self._status: dict[int, Status] = {}
        # Runs that stopped, and those whose loss is their last; the others go on.
        self._held = self._settled = np.empty(0, np.intp)
        adamax = optimizer.adamax
        plan = adamax.plan(_layout(problem, adamax))
        # Columns lie one after the other in memory, so that x and y of many runs are contiguous.
        self.theta: Array = np.asfortranarray(starts.astype(plan.dtype))
        self.loss: Array = np.full(runs, np.nan, plan.dtype)
        self._ahead: tuple[Array, Array] | None = None  # loss and gradient at the weights, once they are known
        self._stepper = _Stepper(optimizer, plan, runs)
        self._record = Recorder(keep, runs, dynamic=self._stepper.scaler is not None, budget=budget)
        self._segments: list[dict[str, NDArray[Any]]] = []

    @property
    def running(self) -> bool:
        """Whether any run goes on."""
        return self._held.size < len(self.theta)

    def reserve(self, total: int) -> None:
        """Say how long the run will be, so that room is made and rates are computed once."""
        if total > self._planned:
            self._planned = total
            self._stepper.plan_rates(self.step, total)
            self._record.arrange(self._stepper.plan, self.step, total)

    def change(self, optimizer: Optimizer) -> None:
        """Other switches from here on; m, u, the average and Keras's counter stay.

        As in Keras when the attributes of a living optimizer change: the counter of updates is the raw one divided by
        the new accumulation. An average that is switched on begins at the weights, a bucket empty.

        Raises:
            ValueError: another rule or precision, another number of runs, or a dynamic loss scale where there was
                none: such a run has to start anew.
        """
        old, new = self.optimizer.adamax, optimizer.adamax
        if isinstance(optimizer, LossScaleOptimizer) != isinstance(self.optimizer, LossScaleOptimizer):
            raise ValueError("LossScaleOptimizer can't be switched on or off in the middle of a run; start it anew.")
        if (old.rule, old.dtype, old.runs) != (new.rule, new.dtype, new.runs) or not (
            optimizer.is_uniform or optimizer.runs is None
        ):
            raise ValueError("Rule, precision and number of runs can't change in the middle of a run; start it anew.")
        self.optimizer = optimizer
        self._stepper.change(optimizer, new.plan(_layout(self.problem, new)), self.theta)
        self._stepper.plan_rates(self.step, self._planned)
        self._record.arrange(self._stepper.plan, self.step, self._planned)

    def advance(self, steps: int, progress: Callable[[int], None] | None = None) -> None:
        """Go on for so many micro-steps, or until every run has stopped."""
        first = self.total
        self.total = total = first + steps
        self.reserve(total)
        problem, stepper, record = self.problem, self._stepper, self._record
        tolerance, gradient_dtype, dtype = self.tolerance, self.gradient_dtype, stepper.plan.dtype
        theta, loss, held, settled, status = self.theta, self.loss, self._held, self._settled, self._status
        counters = _Counters(total - first, len(theta), dtype) if record.dynamic else None
        thin, row, resting = record.every > 1, self.step, not self.running
        with np.errstate(all="ignore"):
            while row < total and held.size < len(theta):
                if progress is not None and row % PROGRESS_EVERY == 0:
                    progress(row)
                last, (loss, grad) = loss, self._ahead or problem.evaluate(theta, row)
                self._ahead = None
                loss = _settle(loss, last, settled)
                converged = None if tolerance is None else np.abs(grad).max(axis=1) <= tolerance
                if stepper.scale is not None:
                    grad = grad * stepper.scale
                if gradient_dtype is not None:
                    grad = grad.astype(gradient_dtype).astype(dtype)
                if counters is not None:
                    counters.write(row - first, stepper)
                moved, info = stepper.take(theta, grad)
                due = row == record.next
                if due:
                    record.write(row, theta, loss, info)
                # One sum finds a run in trouble (it may also overflow by itself: then nothing is found inside).
                ended = {}
                if not math.isfinite(_total(moved) + _total(loss)):
                    ended = _diverged(row, loss, moved, info)
                    held = _hold(held, status, ended)
                if held.size:
                    moved[held] = theta[held]
                    settled = held
                if converged is not None and converged.any():
                    ended |= {int(r): Status("converged", row) for r in np.flatnonzero(converged)}
                    held = _hold(held, status, ended)
                if thin and (due or ended):
                    if not due:
                        record.write(row, theta, loss, info)
                    record.write_next(moved)
                theta = moved
                row += 1
            self._ahead = None if resting else problem.evaluate(theta, row)
            loss = loss if self._ahead is None else _settle(self._ahead[0], loss, settled)
            late = {int(r): Status("diverged", row, QUANTITIES["loss"]) for r in np.flatnonzero(~np.isfinite(loss))}
            held = _hold(held, status, late)
            if progress is not None:
                progress(total)
            self._segments.append(_step_arrays(first, total, stepper, counters, rates=record.keep == "all"))
        record.rest(theta, loss)
        self.theta, self.loss, self._held, self._settled, self.step = theta, loss, held, settled, row

    def trajectory(self) -> Trajectory:
        """What happened so far, once there was an ``advance``; its arrays stay as they are while the run goes on."""
        record = self._record
        ended = [self._status.get(r, Status("finished", self.total)) for r in range(len(self.theta))]
        with np.errstate(all="ignore"):
            arrays = record.close(self.total, self.theta, self.loss, ended)
        whole = {name: np.concatenate([s[name] for s in self._segments], axis=-1) for name in self._segments[0]}
        self._segments = [whole]
        steps = record.steps(self.total)
        per_step = {name: values[..., steps] for name, values in whole.items()}
        per_step["micro_step"] = steps
        for r, after in record.stops(ended):
            for array in (per_step[name] for name in ("lr", "lr_t") if name in per_step):
                array[r, after:] = math.nan
        problem = self.problem
        return Trajectory(
            tuple(problem.coordinates),
            dict(problem.variables),
            record.keep,
            ended,
            arrays | per_step,
            record.every,
            self._stepper.plan.rule.moments,
        )


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
    stages = {"loss": loss} | info._asdict() | info.moments._asdict()
    del stages["moments"]
    stages = {name: value for name, value in stages.items() if value is not None}
    for r in np.flatnonzero(~(np.isfinite(moved).all(axis=1) & np.isfinite(loss))):
        ended[int(r)] = Status("diverged", row, first_bad({name: value[r] for name, value in stages.items()}))
    return ended


def first_bad(values: Mapping[str, Any]) -> str:
    """Which quantity of a micro-step, by field name and in the pipeline's order, is the first that is not finite."""
    bad = (QUANTITIES[name] for name in QUANTITIES if name in values and not np.isfinite(values[name]).all())
    return next(bad, "a weight")


class _Stepper:
    """The optimizer's state while a run goes on; a dynamic loss scale lives here too."""

    def __init__(self, optimizer: Optimizer, plan: Plan, runs: int) -> None:
        self.optimizer, self.plan, self.runs = optimizer, plan, runs
        self.scaler = optimizer if isinstance(optimizer, LossScaleOptimizer) else None
        self.state = init_state(plan, runs)
        self.k = 0  # Keras's raw counter: it rests when a step is skipped
        self.scale: Any = self.scaler.first_scale if self.scaler else plan.loss_scale_factor
        self.good_steps = 0

    def plan_rates(self, done: int, total: int) -> None:
        """The rates of all steps that can still come."""
        adamax, self.first = self.optimizer.adamax, self.k
        ks = self.first + np.arange(total - done)
        self.lr, self.bias_correction = adamax.rates(ks), adamax.bias_corrections(ks)
        self._lr, self._bias_correction = _per_step(self.lr), _per_step(self.bias_correction)

    def change(self, optimizer: Optimizer, plan: Plan, theta: Array) -> None:
        """Other switches from here on."""
        fresh, state = init_state(plan, len(theta)), self.state
        ema = None if fresh.ema is None else theta.copy(order="K") if state.ema is None else state.ema
        same_window = plan.accumulation_steps == self.plan.accumulation_steps
        self.state = state._replace(ema=ema, accumulated=state.accumulated if same_window else fresh.accumulated)
        self.optimizer, self.plan = optimizer, plan
        if isinstance(optimizer, LossScaleOptimizer):
            self.scaler = optimizer
        else:
            self.scale = plan.loss_scale_factor

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
        moments, ema, _ = self.state
        return theta.copy(order="K"), Info(grad, unscaled, unscaled, None, None, moments, None, ema)

    def _apply(self, theta: Array, grad: Array) -> tuple[Array, Info]:
        k, at = self.k, self.k - self.first
        self.k = k + 1
        theta, self.state, info = raw_step(
            theta, grad, self.state, self.plan, k, self._lr[at], self._bias_correction[at]
        )
        return theta, info


class _Counters:
    """Loss scale and raw counter before each step of a piece, under a loss scale that finds itself."""

    def __init__(self, steps: int, runs: int, dtype: np.dtype[Any]) -> None:
        self.scales = np.full((steps, runs), np.nan, dtype)
        self.k = np.full(steps, -1)  # -1 where the run was at rest

    def write(self, row: int, stepper: _Stepper) -> None:
        self.scales[row], self.k[row] = stepper.scale, stepper.k


def _step_arrays(
    first: int, total: int, stepper: _Stepper, counters: _Counters | None, *, rates: bool
) -> dict[str, NDArray[Any]]:
    """The arrays of a piece that follow from the step alone: counters and, if wanted, rates and loss scale."""
    window, runs = stepper.plan.accumulation_steps, stepper.runs
    k = np.arange(first, total) if counters is None else np.where(counters.k < 0, stepper.k, counters.k)
    skipped = np.zeros(len(k), bool) if counters is None else np.diff(k, append=stepper.k) == 0
    arrays: dict[str, NDArray[Any]] = {"update": k // window, "is_update": ((k + 1) % window == 0) & ~skipped}
    if not rates:
        return arrays
    at = np.minimum(k - stepper.first, len(stepper.lr) - 1)
    lr, lr_t = stepper.lr[at], (_columns(stepper.lr) / _columns(stepper.bias_correction))[at]
    arrays |= {name: np.broadcast_to(table.T, (runs, len(k))) for name, table in {"lr": lr, "lr_t": lr_t}.items()}
    if counters is not None:
        arrays["loss_scale"] = counters.scales.T
    return arrays


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
