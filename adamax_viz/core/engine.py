"""``run(problem, optimizer, start, steps) -> Trajectory``: many runs side by side, every step recorded."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.pipeline import Info, init_state, raw_step
from adamax_viz.core.recorder import Recorder
from adamax_viz.core.stopping import Ends, held
from adamax_viz.core.trajectory import Trajectory, stack
from adamax_viz.core.types import Array, Keep

Optimizer = Adamax | LossScaleOptimizer
PROGRESS_EVERY = 500


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

    def single(self, run: int) -> "Problem":
        """The problem of one run."""

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        """Loss ``(R,)`` and gradient ``(R, D)`` at theta ``(R, D)``, in theta's dtype."""


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
    options: dict[str, Any] = {"keep": keep, "tolerance": tolerance, "gradient_dtype": gradient_dtype}
    optimizers = [optimizer] if isinstance(optimizer, Adamax | LossScaleOptimizer) else list(optimizer)
    if not optimizers:
        raise ValueError("`optimizer` is an empty list; give at least one optimizer.")
    one = optimizers[0] if len(optimizers) == 1 else None
    if one is None and any(each.runs not in (None, 1) for each in optimizers):
        raise ValueError("Of several optimizers each makes one run; give one with arrays of arguments alone.")
    given = len(starts), problem.runs, len(optimizers) if one is None else one.runs
    counts = {count for count in given if count not in (None, 1)}
    if len(counts) > 1:
        raise ValueError(
            f"Start, problem and optimizer must have the same number of runs, or one. Received: {sorted(counts)}"
        )
    runs = counts.pop() if counts else 1
    starts = np.broadcast_to(starts, (runs, starts.shape[1]))
    if one is not None:
        if one.is_uniform or (runs == 1 and one.runs is None):
            runner = Runner(problem, one, starts, **options)
            runner.advance(int(steps), progress)
            return runner.trajectory()
        optimizers = [one.single(r) for r in range(runs)]
    each = zip(range(runs), optimizers, starts, strict=True)
    return stack([run(problem.single(r), o, start, steps, progress=progress, **options) for r, o, start in each])


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


def _columns(table: Array) -> Array:
    """A table over steps with an axis of runs, ``(T, R)`` or ``(T, 1)``."""
    return table if table.ndim == 2 else table[:, None]


def _per_step(table: Array) -> list[Any]:
    """A table over steps as a list: Python floats, the fastest scalars, or ``(R, 1)`` columns."""
    return table.tolist() if table.ndim == 1 else list(table[..., None])


class Runner:
    """Runs that go on as far as they are asked to: side by side, or one run under a dynamic loss scale.

    Loss and gradient at the start are asked for when it is made.
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
        self._plan = optimizer.adamax.plan_for(problem.variables)
        self._state = init_state(self._plan, runs)
        self._k = 0  # Keras's raw counter: it rests when a step is skipped
        self._scale = optimizer.first_scale if isinstance(optimizer, LossScaleOptimizer) else None
        self._taken: list[tuple[int, float]] = []  # counter and scale before each step of this piece, if it is dynamic
        # Columns lie one after the other in memory, so that x and y of many runs are contiguous.
        self.theta: Array = np.asfortranarray(starts.astype(self._plan.dtype))
        with np.errstate(all="ignore"):
            self.loss, self._grad = problem.evaluate(self.theta, 0)
        self._ends = Ends(runs)
        self._recorder = Recorder(keep, runs, dynamic=self._scale is not None, budget=budget)
        self._tables: dict[str, NDArray[Any]] = {}  # what follows from the step alone, so far

    @property
    def running(self) -> bool:
        """Whether any run goes on."""
        return self._ends.resting.size < self._ends.runs

    def reserve(self, total: int, budget: int | None = None) -> None:
        """Say how long the run will be, so that room is made and rates are computed once; maybe with another budget."""
        if budget is not None:
            self._recorder.budget = budget
        if total > self._planned:
            self._planned = total
            self._prepare()

    def _prepare(self) -> None:
        """Rates and room for the steps to come."""
        adamax, self._first = self.optimizer.adamax, self._k
        ks = self._k + np.arange(self._planned - self.step)
        lr, bias_correction = adamax.rates(ks), adamax.bias_corrections(ks)
        self._rates = list(zip(_per_step(lr), _per_step(bias_correction), strict=True))
        self._lr, self._bias_correction = _columns(lr), _columns(bias_correction)
        self._recorder.arrange(self._plan, self.step, self._planned)

    def change(self, optimizer: Optimizer) -> None:
        """Other switches from here on; the moments, the average and Keras's counter stay.

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
        plan, state = new.plan_for(self.problem.variables), self._state
        fresh = init_state(plan, len(self.theta))
        ema = None if fresh.ema is None else self.theta.copy(order="K") if state.ema is None else state.ema
        same_window = plan.accumulation_steps == self._plan.accumulation_steps
        self._state = state._replace(ema=ema, accumulated=state.accumulated if same_window else fresh.accumulated)
        self.optimizer, self._plan = optimizer, plan
        self._prepare()

    def advance(self, steps: int, progress: Callable[[int], None] | None = None) -> None:
        """Go on for so many micro-steps, or until every run has stopped."""
        self.total += steps
        self.reserve(self.total)
        with np.errstate(all="ignore"):
            while self.step < self.total and self.running:
                if progress is not None and self.step % PROGRESS_EVERY == 0:
                    progress(self.step)
                self._micro_step()
            if progress is not None:
                progress(self.total)
            piece = self._piece(steps)
        before = self._tables or {name: values[..., :0] for name, values in piece.items()}
        self._tables = {name: np.concatenate([before[name], piece[name]], axis=-1) for name in piece}
        self._recorder.rest(self.theta, self.loss)

    def _micro_step(self) -> None:
        """One raw step, who stops at it, and loss and gradient after it."""
        k, theta, ends = self.step, self.theta, self._ends
        moved, info = self._apply(theta, self._grad)
        stopped = ends.diverge(k, self.loss, moved, info)
        resting = ends.resting  # without those that converge here: they have a last step to take
        moved = held(moved, theta, resting)
        if self.tolerance is not None:
            stopped |= ends.converge(k, self._grad, self.tolerance)
        self._recorder.write(k, theta, self.loss, info, moved, stopped=stopped)
        self.theta, self.step = moved, k + 1
        loss, self._grad = self.problem.evaluate(moved, k + 1)
        self.loss = held(loss, self.loss, resting)

    def _apply(self, theta: Array, grad: Array) -> tuple[Array, Info]:
        """Weights after a call of Keras's ``apply``: on the scaled gradient, and through half precision if asked for.

        Under a dynamic loss scale a step whose gradient overflows is skipped.
        """
        k, scale = self._k, self._scale
        factor = self._plan.loss_scale_factor if scale is None else scale.dynamic_scale
        if factor is not None:
            grad = grad * factor
        if self.gradient_dtype is not None:
            grad = grad.astype(self.gradient_dtype).astype(theta.dtype)
        unscaled = grad
        if scale is not None:
            self._taken.append((k, scale.dynamic_scale))
            unscaled = grad / scale.dynamic_scale
            finite = bool(np.isfinite(grad).all())
            self._scale = self.optimizer.next_scale(scale, finite=finite)  # type: ignore[union-attr]
            if not finite:
                moments, ema = self._state.moments, self._state.ema
                return theta.copy(order="K"), Info(grad, unscaled, unscaled, None, None, moments, None, ema)
        self._k = k + 1
        lr, bias_correction = self._rates[k - self._first]
        theta, self._state, info = raw_step(theta, unscaled, self._state, self._plan, k, lr, bias_correction)
        return theta, info if scale is None else info._replace(grad=grad)

    def _piece(self, steps: int) -> dict[str, NDArray[Any]]:
        """The arrays of the last micro-steps that follow from the step alone: counters, rates and loss scale."""
        window, runs = self._plan.accumulation_steps, len(self.theta)
        k, scales = np.arange(self.total - steps, self.total), np.full(steps, np.nan, self._plan.dtype)
        skipped = np.zeros(steps, bool)
        if self._scale is not None:
            taken, self._taken = self._taken, []
            k = np.full(steps, self._k)  # it stands still once the run rests
            k[: len(taken)] = [counter for counter, _ in taken]
            scales[: len(taken)] = [scale for _, scale in taken]
            skipped = np.diff(k, append=self._k) == 0
        arrays: dict[str, NDArray[Any]] = {"update": k // window, "is_update": ((k + 1) % window == 0) & ~skipped}
        if self._recorder.keep != "all":
            return arrays
        at = np.minimum(k - self._first, len(self._lr) - 1)
        tables = {"lr": self._lr, "lr_t": self._lr / self._bias_correction}
        arrays |= {name: np.broadcast_to(table[at].T, (runs, steps)) for name, table in tables.items()}
        return arrays if self._scale is None else arrays | {"loss_scale": scales[None]}

    def trajectory(self) -> Trajectory:
        """What happened so far, once there was an ``advance``; its arrays stay as they are while the run goes on."""
        recorder, rule, status = self._recorder, self._plan.rule, self._ends.of(self.total, self.loss)
        with np.errstate(all="ignore"):
            arrays = recorder.close(self.total, self.theta, self.loss, status, self._tables)
        return Trajectory(
            tuple(self.problem.coordinates),
            dict(self.problem.variables),
            recorder.keep,
            status,
            arrays,
            recorder.every,
            rule.moments,
            (rule.name,) * len(status),
            inside=self.optimizer.adamax.inside(len(status)),
        )
