"""A table of somebody's own training loop: what is there is replayed, what is not stays empty and is said.

It needs ``theta_<name>`` for two coordinates, one row a step; the other columns of `adamax_viz.runs.columns` are used
where they are there. A column ``run`` with a link of this app says which settings made it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.files.strict_csv import TableError, read_numbers
from adamax_viz.files.table import Opened
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec


def read_loop(name: str, rows: pd.DataFrame, complaints: list[str]) -> Opened:
    """A run of a foreign table: what is there is used, what is not stays empty and is said."""
    notes = list(complaints)
    pair = _coordinates(rows, notes)
    theta, step = _path(rows, pair, notes)
    count = len(step)
    arrays = _recorded(rows, pair, count, notes)
    arrays |= {"theta": theta[None], "step": step[None], "micro_step": np.arange(count), "update": np.arange(count)}
    arrays |= {"is_update": np.ones(count, bool), "clip_factor": np.ones((1, count, 1))}
    settings, known, words = _frame(rows, theta, arrays["loss"][0], count)
    drawn = not (settings.surface == "custom" and settings.formula == _FLAT)
    last = settings.problem().value(theta[-1, 0], theta[-1, 1], count) if drawn else np.nan
    arrays["loss"] = np.concatenate([arrays["loss"], np.full((1, 1), last)], axis=1)
    trajectory = Trajectory(pair, {"weights": slice(0, 2)}, "all", [Status("finished", count)], arrays)
    return Opened(name, settings, trajectory, notes + words, known)


def _coordinates(rows: pd.DataFrame, notes: list[str]) -> tuple[str, str]:
    """The names of the two coordinates that are shown."""
    names = [column.removeprefix("theta_") for column in rows.columns if column.startswith("theta_")]
    if len(names) < 2:
        missing = "'theta_x'" if not names else "'theta_y'" if names == ["x"] else "of a second theta_<name>"
        raise TableError(
            f"The column {missing} is missing: a table needs theta_<name> for two coordinates, one row a step."
        )
    if len(names) > 2:
        notes.append(f"The table has {len(names)} weights; {names[0]} and {names[1]} are shown.")
    return names[0], names[1]


def _both(rows: pd.DataFrame, part: str, pair: tuple[str, str]) -> NDArray[np.float64] | None:
    """A quantity of both coordinates ``(T, 2)``, or None if the table doesn't have it."""
    names = [f"{part}_{c}" for c in pair]
    if not set(names) <= set(rows.columns):
        return None
    return np.stack([read_numbers(rows, name) for name in names], axis=1)


def _path(
    rows: pd.DataFrame, pair: tuple[str, str], notes: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weights ``(T+1, 2)`` as far as they are finite, and the steps between them ``(T, 2)``."""
    theta, step = _both(rows, "theta", pair), _both(rows, "step", pair)
    assert theta is not None  # `_coordinates` has found both columns
    if step is not None:
        theta = np.concatenate([theta, theta[-1:] + step[-1:]])
    bad = np.flatnonzero(~np.isfinite(theta).all(axis=1))
    if bad.size:
        theta = theta[: bad[0]]
        notes.append(f"From step {bad[0]} on the weights are not finite; what is before is shown.")
    if len(theta) < 2:
        raise TableError("The file has fewer than two points to draw; a run needs two rows with finite weights.")
    if step is None:
        notes.append("There is no step_<name>; the steps were taken from one row's weights to the next's.")
        return theta, np.diff(theta, axis=0)
    return theta, step[: len(theta) - 1]


def _recorded(rows: pd.DataFrame, pair: tuple[str, str], count: int, notes: list[str]) -> dict[str, NDArray[Any]]:
    """The other arrays of a trajectory; NaN where the table has nothing."""
    arrays: dict[str, NDArray[Any]] = {}
    absent: list[str] = []
    for part in ("grad", "grad_clipped", "m", "u", "ema"):
        values = _both(rows, part, pair)
        if values is None and part in ("grad", "m", "u"):
            absent.append(part)
        arrays[part] = (np.full((count, 2), np.nan) if values is None else values[:count])[None]
    for part in ("loss", "lr", "lr_t"):
        there = part in rows.columns
        if not there and part != "lr_t":
            absent.append(part)
        arrays[part] = (read_numbers(rows, part)[:count] if there else np.full(count, np.nan))[None]
    if absent:
        notes.append(f"There is no {', '.join(absent)} in it; what needs them stays empty.")
    if np.isnan(arrays["grad_clipped"]).all():
        arrays["grad_clipped"] = arrays["grad"]
    return arrays | {"grad_unscaled": arrays["grad"], "grad_accumulated": arrays["grad"]}


_FLAT = "0*x"


def is_link(label: object) -> bool:
    """Whether a text of the column `run` is a link to a run on a surface."""
    return "=" in str(label) and "model=" not in str(label)


def _frame(
    rows: pd.DataFrame, theta: NDArray[np.float64], loss: NDArray[np.generic], steps: int
) -> tuple[RunSpec, bool, list[str]]:
    """The settings around a foreign run: its own link's, or those of the surface that has its losses, or a plane."""
    label = str(rows["run"].iloc[0]) if "run" in rows.columns else ""
    decoded = from_query(label)
    if is_link(label) and decoded.settings.surface == dict(parse_qsl(label)).get("surface", decoded.settings.surface):
        return decoded.settings, True, decoded.complaints
    start = (float(theta[0, 0]), float(theta[0, 1]))
    known = _surface_of(theta[:steps], loss.astype(np.float64))
    if known:
        words = f"The losses are those of {CATALOGUE[known].title}, so it is drawn under the path."
        return RunSpec(surface=known, start=start, steps=steps), False, [words]
    low, high = theta.min(axis=0), theta.max(axis=0)
    air = np.maximum((high - low) * 0.15, 1e-3 * np.maximum(1, np.abs(high)))
    x0, y0, x1, y1 = (float(v) for v in np.concatenate([low - air, high + air]))
    words = "Which surface it ran on is not known, so none is drawn; a column run with a link of this app would say it."
    if "model=" in label:
        words = "It is a model's training: two of its weights are shown, on a plane. The Models page shows all of it."
    frame = RunSpec(surface="custom", formula=_FLAT, domain=(x0, x1, y0, y1), start=start, steps=steps)
    if frame.refusal():
        raise TableError("The weights span more than a picture can show.")
    return frame, False, [words]


def _surface_of(theta: NDArray[np.float64], loss: NDArray[np.float64]) -> str | None:
    """The built-in surface whose heights these losses are."""
    there = np.isfinite(loss) & np.isfinite(theta).all(axis=1)
    if there.sum() < 3 or np.ptp(loss[there]) == 0:
        return None
    x, y = theta[there].T
    for name, surface in CATALOGUE.items():
        height = SurfaceProblem(surface).value(x, y)
        if np.allclose(height, loss[there], rtol=1e-4, atol=1e-6 * float(np.abs(loss[there]).max())):
            return name
    return None
