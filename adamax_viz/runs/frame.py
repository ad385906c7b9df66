"""A run as a table, one row a micro-step with exact floats: what every file of numbers is written from.

The columns and what they mean: `adamax_viz.runs.columns`. With several variables each has a ``clip_factor_<variable>``
of its own, and ``clip_factor`` is the smallest; a p-norm has no ``u_branch_c``. Empty cells: did not happen.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")  # how the cells begin that spreadsheets compute
STEP_COLUMNS = ("run", "micro_step", "update", "is_update", "loss", "lr", "lr_t", "clip_factor")


def parameter_fields(moments: Sequence[str]) -> tuple[str, ...]:
    """The arrays that have a column for each coordinate, in order, under a rule with these moments."""
    return ("theta", "grad", "grad_clipped", *moments, "step", "ema")


def to_frame(trajectory: Trajectory, labels: Sequence[str]) -> pd.DataFrame:
    """A frame with the columns above, runs one below the other; rows after a stop are left out.

    Args:
        trajectory: recorded with ``keep="all"``.
        labels: the `run` column, one text a run.

    Raises:
        KeyError: the trajectory was recorded with another `keep`.
    """
    frames = []
    for r in range(trajectory.runs):
        run = trajectory.only(r).happened()
        columns = step_columns(run, labels[r])
        for d in range(len(run.coordinates)):
            columns |= coordinate_columns(run, d)
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def step_columns(run: Trajectory, label: str | NDArray[Any]) -> dict[str, Any]:
    """The columns of a single run that belong to no coordinate; its label, or one a row."""

    def floats(name: str) -> NDArray[np.float64]:
        return run[name][0, : run.steps].astype(np.float64)

    factors = floats("clip_factor")
    columns: dict[str, Any] = {"run": label}
    columns |= {name: run[name] for name in ("micro_step", "update", "is_update")}
    columns |= {name: floats(name) for name in ("loss", "lr", "lr_t")}
    columns["clip_factor"] = factors.min(axis=1)
    if len(run.variables) > 1:
        columns |= {f"clip_factor_{name}": factors[:, v] for v, name in enumerate(run.variables)}
    if "loss_scale" in run:
        columns["loss_scale"] = floats("loss_scale")
    return columns


def coordinate_columns(run: Trajectory, d: int) -> dict[str, Any]:
    """The columns of one coordinate of a single run."""
    name = run.coordinates[d]
    columns: dict[str, NDArray[Any]] = {}
    for field in parameter_fields(run.moments):
        columns[f"{field}_{name}"] = run[field][0, : run.steps, d].astype(np.float64)
        if field == "u" and "u_branch" in run:
            sides = np.where(run["u_branch"][0, :, d], "gradient", "decay")
            columns[f"u_branch_{name}"] = np.where(run["is_update"], sides, "")
    return columns


def csv_text(trajectory: Trajectory, labels: Sequence[str]) -> str:
    """The frame as RFC 4180: header first, no comments, floats by `repr`, no label that a spreadsheet would compute."""
    return to_frame(trajectory, list(map(_inert, labels))).to_csv(index=False, lineterminator="\r\n")


def _inert(label: str) -> str:
    """Links are as they are; the name of somebody's file may begin like a formula."""
    return f"'{label}" if label.startswith(FORMULAS) else label
