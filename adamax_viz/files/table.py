"""The runs of a table that this app has written, as they were to the last bit. Columns: `adamax_viz.runs.frame`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adamax_viz.core import pipeline
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import RULES
from adamax_viz.core.stopping import first_bad
from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.files.refusal import TableError, check_size, quoted
from adamax_viz.files.strict_csv import Wanted, read_table
from adamax_viz.runs.frame import STEP_COLUMNS, parameter_fields
from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec

TEXTS = ("run", "is_update")
# Every array that has a column for each coordinate, under whatever rule.
FIELDS = tuple(dict.fromkeys(field for rule in RULES.values() for field in parameter_fields(rule.moments)))


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
        TableError: not such a table, damaged, or too large; the message says where.
    """
    name = ""
    if not isinstance(source, bytes):
        path = Path(source)
        check_size(path.stat().st_size)
        name, source = path.name, path.read_bytes()
    rows = read_rows(source)
    for column in STEP_COLUMNS:
        _check_column(rows.frame, column)
    runs = [read_run(name, part, []) for part in by_run(rows.frame)]
    runs[0].complaints[:0] = rows.notes
    return runs


class Rows(NamedTuple):
    """The rows of a table of steps, without empty ones and a last one that is cut off."""

    frame: pd.DataFrame  # the columns that a run has, as far as they are there; see `Table`
    notes: list[str]
    weights: list[str]  # the name of each weight that the file has; the frame has the first two and x and y


def read_rows(source: bytes) -> Rows:
    """The rows of a table of steps.

    Raises:
        TableError: as `adamax_viz.files.strict_csv.read_table`, or there is no row.
    """
    weights: list[str] = []

    def choose(names: list[str]) -> Wanted:
        weights.extend(name.removeprefix("theta_") for name in names if name.startswith("theta_"))
        known = {*STEP_COLUMNS, "loss_scale", "clip_factor_x", "clip_factor_y"}
        known |= {f"{field}_{c}" for field in FIELDS for c in ("x", "y", *weights[:2])}
        there = [name for name in names if name in known]
        return Wanted([name for name in there if name not in TEXTS], [name for name in there if name in TEXTS])

    frame, notes = read_table(source, choose, only_whole=True)
    if not len(frame):
        raise TableError("The file has a header but no rows.")
    return Rows(frame, notes, weights)


def by_run(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The rows of each run of a table, one after the other."""
    return (rows for _, rows in frame.groupby("run", sort=False, observed=True))


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
        raise TableError(f"The column {quoted(name)} is missing; the file is no table of a run.")


def _whole(rows: pd.DataFrame, name: str) -> NDArray[np.int64]:
    """A column of whole numbers."""
    values = rows[name].to_numpy()
    wrong = ~(np.abs(values) < 2**53) | (values != np.floor(values))
    if wrong.any():
        raise TableError(f"Row {rows.index[wrong.argmax()]}, column {quoted(name)}: a whole number is needed.")
    return values.astype(np.int64)


def _recorded(settings: RunSpec, rows: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """The arrays of a trajectory, but for the weights and the loss after the last row."""
    problem, optimizer = settings.problem(), settings.optimizer()

    def numbers(*names: str) -> NDArray[Any]:
        """Columns that a run can't do without ``(1, T, len(names))``, NaN where empty."""
        for name in names:
            _check_column(rows, name)
        with np.errstate(over="ignore"):  # of a table of float32 that somebody has changed
            return np.stack([rows[name] for name in names], axis=1).astype(settings.dtype, copy=False)[None]

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
    arrays["update"] = _whole(rows, "update")
    arrays["is_update"] = np.array([text.strip().lower() == "true" for text in rows["is_update"]])
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
