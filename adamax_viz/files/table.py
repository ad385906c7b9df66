"""The runs of a table that this app has written, as they were to the last bit. Columns: `adamax_viz.runs.frame`."""

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adamax_viz.core import pipeline
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.stopping import first_bad
from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.files.strict_csv import TableError, check_size, read_numbers, read_table
from adamax_viz.runs.frame import STEP_COLUMNS, parameter_fields
from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec


class Opened(NamedTuple):
    """One run of a file."""

    name: str
    settings: RunSpec
    trajectory: Trajectory
    complaints: list[str]  # what was not as expected, one sentence each
    known: bool = True  # whether the settings are those of the run, or only a frame around its numbers


def read_csv(source: str | os.PathLike[str] | bytes) -> list[Opened]:
    """The runs of a file that `adamax_viz.runs.frame.csv_text` made, as they were.

    Args:
        source: a path, or the file's bytes.

    Raises:
        TableError: not such a table, damaged, or over 20 MB; the message says where.
    """
    name = ""
    if not isinstance(source, bytes):
        path = Path(source)
        check_size(path.stat().st_size)
        name, source = path.name, path.read_bytes()
    frame, complaints = read_rows(source)
    for column in STEP_COLUMNS:
        _check_column(frame, column)
    runs = [read_run(name, rows, []) for _, rows in frame.groupby("run", sort=False)]
    runs[0].complaints[:0] = complaints
    return runs


def read_rows(source: bytes) -> tuple[pd.DataFrame, list[str]]:
    """The rows of a table of steps, without empty ones and a last one that is cut off, and what was wrong with it.

    Raises:
        TableError: as `adamax_viz.files.strict_csv.read_table`, or there is no row.
    """
    frame, notes, cut = read_table(source)
    if cut:
        frame = frame.iloc[:-1]
        notes.append(f"The last row is cut off; the {len(frame)} rows before it were read.")
    frame = frame[(frame != "").any(axis=1)]
    if frame.empty:
        raise TableError("The file has a header but no rows.")
    return frame, notes


def columns_of(spec: RunSpec) -> list[str]:
    """The columns that a table of this spec's run has at least."""
    fields = parameter_fields(spec.optimizer().adamax.rule.moments)
    return [*STEP_COLUMNS, *(f"{field}_{c}" for field in fields for c in spec.problem().coordinates)]


def read_run(name: str, rows: pd.DataFrame, complaints: list[str]) -> Opened:
    """The run of rows that have all columns and one label."""
    settings, refused = from_query(rows["run"].iloc[0])
    notes = [*complaints, *refused]
    trajectory = _ended(settings, _recorded(settings, rows), notes)
    return Opened(name, settings, trajectory, notes)


def _check_column(rows: pd.DataFrame, name: str) -> None:
    if name not in rows.columns:
        raise TableError(f"The column {name!r} is missing; the file is no table of a run.")


def _recorded(settings: RunSpec, rows: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """The arrays of a trajectory, but for the weights and the loss after the last row."""
    problem, optimizer = settings.problem(), settings.optimizer()

    def numbers(*names: str) -> NDArray[Any]:
        """Columns that a run can't do without ``(1, T, len(names))``, NaN where empty."""
        for name in names:
            _check_column(rows, name)
        return np.stack([read_numbers(rows, name) for name in names], axis=1).astype(settings.dtype)[None]

    micro_steps = np.arange(len(rows))
    if not np.array_equal(numbers("micro_step")[0, :, 0], micro_steps):
        raise TableError("The column 'micro_step' does not count 0, 1, 2, …; rows are missing or in another order.")
    fields = parameter_fields(optimizer.adamax.rule.moments)
    arrays = {field: numbers(*(f"{field}_{c}" for c in problem.coordinates)) for field in fields}
    dynamic = isinstance(optimizer, LossScaleOptimizer)
    arrays |= {name: numbers(name)[..., 0] for name in ("loss", "lr", "lr_t", *["loss_scale"] * dynamic)}
    several = [f"clip_factor_{variable}" for variable in problem.variables]
    arrays["clip_factor"] = numbers(*several if len(several) > 1 else ["clip_factor"])
    arrays["micro_step"] = micro_steps
    arrays["update"] = read_numbers(rows, "update").astype(np.int64)
    arrays["is_update"] = (rows["is_update"].str.strip().str.lower() == "true").to_numpy()
    return arrays | _stages(settings, arrays)


def _stages(settings: RunSpec, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What the file leaves out because it follows: the unscaled and the accumulated gradient."""
    grad, window = arrays["grad"], settings.gradient_accumulation_steps or 1
    scale = arrays["loss_scale"][..., None] if "loss_scale" in arrays else settings.loss_scale_factor
    with np.errstate(all="ignore"):
        unscaled = grad if scale is None else grad / scale
        if window == 1:
            return {"grad_unscaled": unscaled, "grad_accumulated": unscaled}
        mean = unscaled.copy()
        bucket = np.zeros_like(unscaled[:, 0])
        for k in range(grad.shape[1]):
            if "loss_scale" in arrays and not np.isfinite(grad[:, k]).all():
                continue  # the step was skipped
            bucket = unscaled[:, k] + bucket
            mean[:, k] = bucket / window
            if arrays["is_update"][k]:
                bucket = np.zeros_like(bucket)
    return {"grad_unscaled": unscaled, "grad_accumulated": mean}


def _ended(settings: RunSpec, arrays: dict[str, NDArray[Any]], notes: list[str]) -> Trajectory:
    """The run with the weights after the last row, how it ended, and the empty rows after a stop."""
    problem, adamax = settings.problem(), settings.optimizer().adamax
    count, batch = arrays["micro_step"].size, settings.average_by_hand or 1
    expected = max(1, settings.steps // batch) * batch
    with np.errstate(all="ignore"):
        after = _next_weights(arrays, adamax, problem.variables)
        loss_after, _ = settings.task().evaluate(after, count // batch)
    status = Status("finished", count)
    if not (np.isfinite(after).all() and np.isfinite(arrays["loss"][0, -1])):
        last = {name: v[0, -1] for name, v in arrays.items() if v.ndim > 1 and (name != "ema" or adamax.use_ema)}
        status = Status("diverged", count - 1, first_bad(last))
        after, loss_after = arrays["theta"][:, -1], arrays["loss"][:, -1]
    elif not np.isfinite(loss_after[0]):
        status = Status("diverged", count, "the loss")
    elif count < expected and settings.tolerance is not None:
        status = Status("converged", count - 1)
    if count != expected and status.kind == "finished":
        notes.append(f"The run was made for {settings.steps} steps, the file has {count}.")
    arrays["theta"] = np.concatenate([arrays["theta"], after[:, None]], axis=1)
    arrays["loss"] = np.concatenate([arrays["loss"], loss_after[:, None]], axis=1)
    if status.kind != "finished" and count < expected:
        _pad(arrays, expected - count, settings.gradient_accumulation_steps or 1)
    return Trajectory(
        problem.coordinates,
        problem.variables,
        "all",
        [status],
        arrays,
        moments=adamax.rule.moments,
        rules=(adamax.rule.name,),
        inside=adamax.inside(1),
    )


def _next_weights(arrays: dict[str, NDArray[Any]], adamax: Adamax, variables: dict[str, slice]) -> NDArray[Any]:
    """The weights after the last row: decay, step and overwrite, as the pipeline does them."""
    theta, step, ema = (arrays[name][:, -1] for name in ("theta", "step", "ema"))
    plan = adamax.plan_for(variables)
    if arrays["is_update"][-1]:
        if plan.weight_decay is not None:
            theta = pipeline.decay(theta, plan, float(arrays["lr"][0, -1]))
        theta = theta + step
    frequency = plan.ema_overwrite_frequency
    return ema if frequency and (arrays["update"][-1] + 1) % frequency == 0 else theta


def _pad(arrays: dict[str, NDArray[Any]], more: int, window: int) -> None:
    """Rows after a stop: the weights rest, the counters go on, everything else did not happen."""
    k = np.arange(more) + arrays["micro_step"].size
    rest = {"micro_step": k, "update": k // window, "is_update": (k + 1) % window == 0}
    for name, array in arrays.items():
        if array.ndim > 1:
            last = np.repeat(array[:, -1:], more, axis=1)
            rest[name] = last if name in ("theta", "loss") else np.full_like(last, np.nan)
        arrays[name] = np.concatenate([array, rest[name]], axis=min(array.ndim - 1, 1))
