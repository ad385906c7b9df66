"""The arrays of a run while they fill: room for more steps, fields that appear, rows thinned to a budget."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.pipeline import Info, Plan
from adamax_viz.core.trajectory import GRADIENTS, Status
from adamax_viz.core.types import Array, Keep

# What a stage that is off would have recorded: the stage before it.
_STAGE_BEFORE = {"grad_unscaled": "grad", "grad_accumulated": "grad_unscaled", "grad_clipped": "grad_accumulated"}


class Recorder:
    """Rows of R runs, one a recorded micro-step; buffers are (rows, D, R) in memory and seen as (rows, R, D).

    A row that is written stays as it is: arrays of `close` may be read while the run goes on.

    Args:
        keep: see `adamax_viz.core.trajectory.Trajectory`.
        runs: R.
        dynamic: whether a loss scale finds itself and skips steps.
        budget: bytes for the arrays of parameters; where they don't do, every so many micro-steps are kept.
    """

    def __init__(self, keep: Keep, runs: int, *, dynamic: bool, budget: int | None) -> None:
        self.keep, self.runs, self.dynamic, self.budget = keep, runs, dynamic, budget
        self.every = 1
        self.next = 0 if keep != "final" else -1  # the micro-step of the next row
        self.stopped: dict[int, bool] = {}  # the micro-steps at which runs stopped, and whether their row was due
        self.rows = self.room = 0
        self.micro_steps: NDArray[np.intp] = np.empty(0, np.intp)
        self.buffers: dict[str, Array] = {}
        self.fields: list[tuple[int, Array]] = []  # where each buffer's value stands among those of a micro-step

    # -- room ----------------------------------------------------------------------------------------------

    def arrange(self, plan: Plan, done: int, total: int) -> None:
        """Room and fields for `total` micro-steps, the rest of them under these switches; `done` are over."""
        self.plan = plan
        if self.keep == "final":
            return
        kept = self._thin(done, total) if self._is_over_budget(total, self.every) else np.arange(self.rows)
        if self.every > 1:
            self.every = _up_to(self.every, plan.accumulation_steps)
            self.next = _up_to(max(self.next, done) + 1, plan.accumulation_steps) - 1
        names = list(dict.fromkeys([*self.buffers, *self._names()]))
        # One more than are due: where a run stops, the row is kept whatever the stride.
        room = len(kept) + max(0, math.ceil((total - self.next) / self.every)) + (self.every > 1)
        if room > self.room or len(kept) < self.rows or len(names) > len(self.buffers):
            self._move(names, kept, room)
        elif "clip_factor" in self.buffers:
            self.buffers["clip_factor"][self.rows :] = self._fill("clip_factor")

    def _is_over_budget(self, total: int, every: int) -> bool:
        """Whether so many micro-steps at this stride would take more than the budget."""
        names = {*self._names(), *self.buffers} - {"loss", "clip_factor", "theta_next"}
        arrays = len(names) + (every > 1)
        row = arrays * self.plan.layout.size * self.runs * self.plan.dtype.itemsize
        return self.budget is not None and math.ceil(total / every) * row > self.budget and every < total

    def _thin(self, done: int, total: int) -> NDArray[np.intp]:
        """Widen the stride to a multiple of itself, and of the window so that updates are kept: the rows that stay.

        Those at which runs stopped always do.
        """
        old, window = self.every, self.plan.accumulation_steps
        unit = every = math.lcm(old, window) if old * window > 1 else 2
        while self._is_over_budget(total, every):
            every += unit
        first = window - 1 if old == 1 else 0
        steps = self.micro_steps[: self.rows]
        regular = np.flatnonzero(~np.isin(steps, [step for step, due in self.stopped.items() if not due]))
        kept = regular[first :: every // old]
        self.every, self.next = every, int(steps[kept[-1]]) + every if len(kept) else max(first, done)
        return np.union1d(kept, np.flatnonzero(np.isin(steps, list(self.stopped))))

    def _move(self, names: list[str], kept: NDArray[np.intp], room: int) -> None:
        """Into new arrays, later stages first: what a new field was before is a stage that has not moved yet."""
        stages = ("theta", "theta_next", *GRADIENTS)
        for name in sorted(names, key=lambda name: stages.index(name) if name in stages else 0, reverse=True):
            new = self._empty(name, room + (name in ("theta", "loss")))
            if len(kept):
                new[: len(kept)] = self._past(name, kept)
            self.buffers[name] = new
        micro_steps = np.arange(room)
        micro_steps[: len(kept)] = self.micro_steps[kept]
        self.micro_steps, self.rows, self.room = micro_steps, len(kept), room
        values = ("theta", "loss", "theta_next", *Info._fields, *self.plan.rule.moments)
        self.fields = [(values.index(name), buffer) for name, buffer in self.buffers.items()]

    def _past(self, name: str, rows: NDArray[np.intp]) -> Any:
        if name in self.buffers:
            return self.buffers[name][rows]
        if name == "theta_next":
            return self.buffers["theta"][rows + 1]
        if name in _STAGE_BEFORE:
            return self._past(_STAGE_BEFORE[name], rows)
        return 1.0 if name == "clip_factor" else math.nan

    # -- fields --------------------------------------------------------------------------------------------

    def _names(self) -> list[str]:
        """Fields with an array of their own; the others are the same array as the stage before."""
        plan, windows, thinned = self.plan, self.plan.accumulation_steps > 1, self.every > 1
        if self.keep == "path":
            return ["theta", "loss", "theta_next"] if thinned else ["theta", "loss"]
        own = {
            "grad_unscaled": self.dynamic or plan.loss_scale_factor is not None,
            "grad_accumulated": windows,
            "grad_clipped": windows or self.dynamic or plan.clip is not None,
            "ema": plan.ema_momentum is not None,
            "clip_factor": plan.clip is not None,
            "theta_next": thinned,
        }
        names = ("theta", "loss", *GRADIENTS, *plan.rule.moments, "step", "ema", "clip_factor", "theta_next")
        return [name for name in names if own.get(name, True)]

    def _empty(self, name: str, rows: int) -> Array:
        layout, fill, dtype = self.plan.layout, self._fill(name), self.plan.dtype
        if name == "loss":
            return np.full((rows, self.runs), fill, dtype)
        size = len(layout.slices) if name == "clip_factor" else layout.size
        # One run's rows lie alike in both orders; NumPy fills them twice as fast in the plain one.
        plain = np.full((rows, size, self.runs), fill, dtype)
        return plain.reshape(rows, 1, size) if self.runs == 1 else plain.transpose(0, 2, 1)

    def _fill(self, name: str) -> float:
        """What stands where a micro-step says nothing: no step is 0, no clip 1; the rest did not happen."""
        if name == "clip_factor" and self.plan.clip is None:
            return 1.0
        return 0.0 if name == "step" else math.nan

    # -- rows ----------------------------------------------------------------------------------------------

    def write(self, micro_step: int, theta: Array, loss: Array, info: Info, moved: Array, *, stopped: bool) -> None:
        """Keep one micro-step, with weights and loss before it, if it is due or a run stopped at it.

        The weights after it, `moved`, are the next row's: only a thinned record has to keep them.
        """
        due = micro_step == self.next
        if stopped:
            self.stopped[micro_step] = due
        if due:
            self.next += self.every
        elif not stopped or self.every == 1:
            return
        row = self.rows
        if row == self.room:
            self._move(list(self.buffers), np.arange(row), row + row // 4 + 1)
        values = (theta, loss, moved, *info, *info.moments)
        for index, buffer in self.fields:
            value = values[index]
            if value is not None:
                buffer[row] = value
        self.micro_steps[row] = micro_step
        self.rows = row + 1

    def rest(self, theta: Array, loss: Array) -> None:
        """Weights and loss after the last micro-step so far."""
        if self.keep != "final" and self.every == 1:
            self.buffers["theta"][self.rows], self.buffers["loss"][self.rows] = theta, loss

    def close(
        self, total: int, theta: Array, loss: Array, status: list[Status], per_step: dict[str, NDArray[Any]]
    ) -> dict[str, NDArray[Any]]:
        """All arrays, with runs first; what stopped keeps its last weights and loss and is NaN from there on.

        Args:
            total: micro-steps so far.
            theta, loss: after them.
            status: of each run.
            per_step: what follows from the step alone, ``(T,)`` or ``(R, T)`` over all of them.
        """
        if self.keep == "final":
            return {"theta": theta[:, None], "loss": loss[:, None], **per_step, "micro_step": np.arange(total)}
        rows = total if self.every == 1 else self.rows
        steps = self.micro_steps[:rows].copy()
        path = {name: self.buffers[name][: rows + 1] for name in ("theta", "loss")}
        if self.every > 1:  # the row after the last will be another step's
            path = {name: array.copy() for name, array in path.items()}
        path["theta"][self.rows :], path["loss"][self.rows :] = theta, loss
        recorded = {name: buffer[:rows] for name, buffer in self.buffers.items() if name not in path}
        if self.keep == "all" and "clip_factor" not in recorded:
            recorded["clip_factor"] = self._empty("clip_factor", rows)
        arrays = {name: np.swapaxes(array, 0, 1) for name, array in (path | recorded).items()}
        per_step = {name: values[..., steps] for name, values in per_step.items()}
        passing = [arrays[name] for name in recorded] + [a for a in per_step.values() if a.dtype.kind == "f"]
        for r, ended in enumerate(status):
            if ended.kind != "finished":
                after = int(np.searchsorted(self.micro_steps[: self.rows], ended.step, side="right"))
                for array in passing:
                    array[r, after:] = np.nan
        if self.keep == "all":
            for name, before in _STAGE_BEFORE.items():
                arrays.setdefault(name, arrays[before])
            arrays.setdefault("ema", np.broadcast_to(self.plan.dtype.type(np.nan), arrays["grad"].shape))
        return arrays | per_step | {"micro_step": steps}


def _up_to(number: int, unit: int) -> int:
    """The next multiple."""
    return -(-number // unit) * unit
