"""A table of somebody's own training loop: what is there is replayed, what is not stays empty and is said.

It needs ``theta_<name>`` for two coordinates, one row a step; the other columns of `adamax_viz.runs.columns` are used
where they are there. A column ``run`` with a link of this app says which settings made it.
"""

from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.files.refusal import TableError
from adamax_viz.files.table import Opened
from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.wrong_values import shortened

_FLAT = "0*x"
_PER_STEP = ("loss", "lr", "lr_t")
_TOO_WIDE = "The weights span more than a picture can show."
_OPTIONAL = ("grad_clipped", "ema", "lr_t")  # nobody misses them


def read_loop(name: str, rows: pd.DataFrame, weights: list[str], complaints: list[str]) -> Opened:
    """A run of a foreign table with these weights: what is there is used, what is not stays empty and is said."""
    notes = list(complaints)
    pair = _coordinates(weights, notes)
    theta, step = _path(rows, pair, notes)
    count = len(step)
    if count > LIMITS.shown_steps:
        raise TableError(f"A run of the file has {count} steps; the screen shows {LIMITS.shown_steps}.")
    arrays = _recorded(rows, pair, count, notes)
    arrays |= {"theta": theta[None], "step": step[None], "micro_step": np.arange(count), "update": np.arange(count)}
    arrays |= {"is_update": np.ones(count, bool), "clip_factor": np.ones((1, count, 1))}
    settings, known = _frame(rows, theta, arrays["loss"][0], notes)
    drawn = not (settings.surface == "custom" and settings.formula == _FLAT)
    last = settings.problem().value(theta[-1, 0], theta[-1, 1], count) if drawn else np.nan
    arrays["loss"] = np.concatenate([arrays["loss"], np.full((1, 1), last)], axis=1)
    trajectory = Trajectory(pair, {"weights": slice(0, 2)}, "all", [Status("finished", count)], arrays)
    return Opened(name, settings, trajectory, notes, known)


def _coordinates(weights: list[str], notes: list[str]) -> tuple[str, str]:
    """The names of the two coordinates that are shown."""
    if len(weights) < 2:
        missing = "'theta_x'" if not weights else "'theta_y'" if weights == ["x"] else "of a second theta_<name>"
        raise TableError(
            f"The column {missing} is missing: a table needs theta_<name> for two coordinates, one row a step."
        )
    if len(weights) > 2:
        first, second = map(shortened, weights[:2])
        notes.append(f"The table has {len(weights)} weights; {first} and {second} are shown.")
    return weights[0], weights[1]


def _numbers(rows: pd.DataFrame, *names: str) -> NDArray[np.float64] | None:
    """Columns ``(T, len(names))``, or None if the table doesn't have them all."""
    if not {*names} <= {*rows.columns}:
        return None
    return np.stack([rows[name] for name in names], axis=1)


def _path(
    rows: pd.DataFrame, pair: tuple[str, str], notes: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weights ``(T+1, 2)`` as far as they are finite, and the steps between them ``(T, 2)``."""
    theta, step = (_numbers(rows, *(f"{part}_{c}" for c in pair)) for part in ("theta", "step"))
    assert theta is not None  # `_coordinates` has found both columns
    if step is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            theta = np.concatenate([theta, theta[-1:] + step[-1:]])
    bad = np.flatnonzero(~np.isfinite(theta).all(axis=1))
    if bad.size:
        theta = theta[: bad[0]]
        notes.append(f"From step {bad[0]} on the weights are not finite; what is before is shown.")
    if len(theta) < 2:
        raise TableError("The file has fewer than two points to draw; a run needs two rows with finite weights.")
    if step is None:
        notes.append("There is no step_<name>; the steps were taken from one row's weights to the next's.")
        with np.errstate(over="ignore"):
            return theta, np.diff(theta, axis=0)
    return theta, step[: len(theta) - 1]


def _recorded(rows: pd.DataFrame, pair: tuple[str, str], count: int, notes: list[str]) -> dict[str, NDArray[Any]]:
    """The other arrays of a trajectory; NaN where the table has nothing."""
    arrays: dict[str, NDArray[Any]] = {}
    absent: list[str] = []
    columns = {part: [f"{part}_{c}" for c in pair] for part in ("grad", "grad_clipped", "m", "u", "ema")}
    for part, names in (columns | {part: [part] for part in _PER_STEP}).items():
        values = _numbers(rows, *names)
        if values is None and part not in _OPTIONAL:
            absent.append(part)
        arrays[part] = (np.full((count, len(names)), np.nan) if values is None else values[:count])[None]
    arrays |= {part: arrays[part][..., 0] for part in _PER_STEP}
    if absent:
        notes.append(f"There is no {', '.join(absent)} in it; what needs them stays empty.")
    if np.isnan(arrays["grad_clipped"]).all():
        arrays["grad_clipped"] = arrays["grad"]
    return arrays | {"grad_unscaled": arrays["grad"], "grad_accumulated": arrays["grad"]}


def is_link(label: object) -> bool:
    """Whether a text of the column `run` is a link to a run on a surface."""
    return "=" in str(label) and "model=" not in str(label)


def _frame(
    rows: pd.DataFrame, theta: NDArray[np.float64], loss: NDArray[np.generic], notes: list[str]
) -> tuple[RunSpec, bool]:
    """The settings around a foreign run: its own link's, or those of the surface that has its losses, or a plane."""
    label = str(rows["run"].iloc[0]) if "run" in rows.columns else ""
    settings, complaints = from_query(label)
    if is_link(label) and settings.surface == dict(parse_qsl(label)).get("surface", settings.surface):
        notes += complaints
        return settings, True
    around = RunSpec(start=tuple(theta[0].tolist()), steps=len(loss))
    known = _surface_of(theta[: len(loss)], loss.astype(np.float64))
    if known:
        notes.append(f"The losses are those of {CATALOGUE[known].title}, so it is drawn under the path.")
        return around.changed(surface=known), False
    low, high = theta.min(axis=0), theta.max(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        air = np.maximum((high - low) * 0.15, 1e-3 * np.maximum(1, np.abs(high)))
        domain = np.stack([low - air, high + air], axis=1).ravel()
    if not np.isfinite(domain).all():
        raise TableError(_TOO_WIDE)
    words = "Which surface it ran on is not known, so none is drawn; a column run with a link of this app would say it."
    if "model=" in label:
        words = "It is a model's training: two of its weights are shown, on a plane. The Models page shows all of it."
    plane = around.changed(surface="custom", formula=_FLAT, domain=tuple(domain.tolist()))
    if plane.refusal():
        raise TableError(_TOO_WIDE)
    notes.append(words)
    return plane, False


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
