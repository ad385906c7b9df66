"""Files that come back: tables, settings, offline pages and archives of this app, or a table of a user's own loop.

What is replayed are the file's numbers; only a file of settings alone has to be computed. A table of one's own needs
``theta_<name>`` for two coordinates, one row a step; the other columns of `adamax_viz.runs.columns` are used where
they are there. A column ``run`` with a link of this app says which settings made it.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.files.table import MAX_BYTES, TableError, read_column, read_runs, read_table
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.runs.frame import COORDINATE_COLUMNS, STEP_COLUMNS
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_json, from_query
from adamax_viz.study.spec import RunSpec

MAX_STEPS = 20_000  # rows of one run that a screen shows
MAX_ENTRIES = 1000  # of an archive
TABLE_ID = "adamax-table"  # the element of an offline page that holds its table
_TABLE = re.compile(rb'<script type="application/octet-stream" id="adamax-table">([A-Za-z0-9+/=]*)</script>')


class Opened(NamedTuple):
    """One run of a file."""

    name: str
    settings: RunSpec
    trajectory: Trajectory
    complaints: list[str]  # what was not as expected, one sentence each
    known: bool = True  # whether the settings are those of the run, or only a frame around its numbers


def open_file(name: str, data: bytes) -> list[Opened]:
    """The runs of a file, whatever kind it is.

    Raises:
        TableError: it can't be replayed; the message is a sentence for its owner.
    """
    if len(data) > MAX_BYTES:
        raise TableError(f"The file has {len(data) / 1e6:.0f} MB; more than {MAX_BYTES // 1_000_000} MB are not read.")
    if data[:4] == b"PK\x03\x04":
        return _archive(name, data)
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        return _page(name, data)
    if start.startswith(b"{") or name.lower().endswith(".json"):
        return [_settings(name, data)]
    return _table(name, data)


def _archive(name: str, data: bytes) -> list[Opened]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_ENTRIES:
                raise TableError(f"The archive has {len(entries)} files; an archive of a run has a few.")
            for kind in (".csv", ".json"):
                found = [entry for entry in entries if entry.filename.lower().endswith(kind)]
                if found:
                    entry = min(found, key=lambda e: (e.filename.count("/"), e.filename != f"run{kind}", e.filename))
                    with packed.open(entry) as file:
                        body = file.read(MAX_BYTES + 1)  # what the archive says of its sizes may be untrue
                    if len(body) > MAX_BYTES:
                        raise TableError(f"“{entry.filename}” unpacks to more than {MAX_BYTES // 1_000_000} MB.")
                    return open_file(name, body) if not body.startswith(b"PK") else _nothing_in(name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise TableError(f"The archive is damaged or locked: {error}.") from None
    return _nothing_in(name)


def _nothing_in(name: str) -> list[Opened]:
    raise TableError(f"“{name}” holds no table (.csv) and no settings (.json).")


def _page(name: str, data: bytes) -> list[Opened]:
    found = _TABLE.search(data)
    if not found:
        raise TableError("The page holds no run: it is no page that this app has saved.")
    unpack = zlib.decompressobj(wbits=31)
    try:
        body = unpack.decompress(base64.b64decode(found[1]), MAX_BYTES + 1)
    except (ValueError, zlib.error):
        raise TableError("The page's table is damaged.") from None
    if len(body) > MAX_BYTES:
        raise TableError(f"The page's table unpacks to more than {MAX_BYTES // 1_000_000} MB.")
    return _table(name, body)


def _settings(name: str, data: bytes) -> Opened:
    try:
        settings, complaints = from_json(data)
    except ValueError as error:
        raise TableError(str(error)) from None
    if settings.steps > MAX_STEPS:
        complaints = [*complaints, f"{settings.steps} steps are more than the screen shows; {MAX_STEPS} were run."]
        settings = settings.changed(steps=MAX_STEPS)
    words = "The file has settings and no numbers, so the run was computed from them."
    return Opened(name, settings, run_of(settings), [words, *complaints])


def _table(name: str, data: bytes) -> list[Opened]:
    frame, complaints = read_table(data)
    if not len(frame):
        raise TableError("The file has a header but no rows.")
    needed = [*STEP_COLUMNS, *(f"{part}_{c}" for c in "xy" for part in COORDINATE_COLUMNS)]
    linked = "run" in frame.columns and frame["run"].map(_is_link).all()
    if linked and all(column in frame.columns for column in needed):
        runs = [Opened(name, r.settings, r.trajectory, complaints + r.complaints) for r in read_runs(frame)]
    else:
        parts = [rows for _, rows in frame.groupby("run", sort=False)] if linked else [frame]
        runs = [_loop(name, rows.reset_index(drop=True), complaints) for rows in parts]
    for opened in runs:
        if opened.trajectory.steps > MAX_STEPS:
            raise TableError(f"A run of the file has {opened.trajectory.steps} steps; the screen shows {MAX_STEPS}.")
    return runs


# -- a table of one's own loop --------------------------------------------------------------------------------


def _loop(name: str, rows: pd.DataFrame, complaints: list[str]) -> Opened:
    """A run of a foreign table: what is there is used, what is not stays empty and is said."""
    said = list(complaints)
    pair = _coordinates(rows, said)
    theta, step = _path(rows, pair, said)
    count = len(step)
    arrays = _recorded(rows, pair, count, said)
    arrays |= {"theta": theta[None], "step": step[None], "micro_step": np.arange(count), "update": np.arange(count)}
    arrays |= {"is_update": np.ones(count, bool), "clip_factor": np.ones((1, count, 1))}
    settings, known, words = _frame(rows, theta, arrays["loss"][0], count)
    drawn = not (settings.surface == "custom" and settings.formula == _FLAT)
    last = settings.problem().value(theta[-1, 0], theta[-1, 1], count) if drawn else np.nan
    arrays["loss"] = np.concatenate([arrays["loss"], np.full((1, 1), last)], axis=1)
    trajectory = Trajectory(pair, {"weights": slice(0, 2)}, "all", [Status("finished", count)], arrays)
    return Opened(name, settings, trajectory, said + words, known)


def _coordinates(rows: pd.DataFrame, said: list[str]) -> tuple[str, str]:
    """The names of the two coordinates that are shown."""
    names = [column.removeprefix("theta_") for column in rows.columns if column.startswith("theta_")]
    if len(names) < 2:
        missing = "'theta_x'" if not names else "'theta_y'" if names == ["x"] else "of a second theta_<name>"
        raise TableError(
            f"The column {missing} is missing: a table needs theta_<name> for two coordinates, one row a step."
        )
    if len(names) > 2:
        said.append(f"The table has {len(names)} weights; {names[0]} and {names[1]} are shown.")
    return names[0], names[1]


def _both(rows: pd.DataFrame, part: str, pair: tuple[str, str]) -> NDArray[np.float64] | None:
    """A quantity of both coordinates ``(T, 2)``, or None if the table doesn't have it."""
    names = [f"{part}_{c}" for c in pair]
    if not set(names) <= set(rows.columns):
        return None
    return np.stack([read_column(rows, name) for name in names], axis=1)


def _path(
    rows: pd.DataFrame, pair: tuple[str, str], said: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weights ``(T+1, 2)`` as far as they are finite, and the steps between them ``(T, 2)``."""
    theta, step = _both(rows, "theta", pair), _both(rows, "step", pair)
    assert theta is not None  # `_coordinates` has found both columns
    if step is not None:
        theta = np.concatenate([theta, theta[-1:] + step[-1:]])
    bad = np.flatnonzero(~np.isfinite(theta).all(axis=1))
    if bad.size:
        theta = theta[: bad[0]]
        said.append(f"From step {bad[0]} on the weights are not finite; what is before is shown.")
    if len(theta) < 2:
        raise TableError("The file has fewer than two points to draw; a run needs two rows with finite weights.")
    if step is None:
        said.append("There is no step_<name>; the steps were taken from one row's weights to the next's.")
        return theta, np.diff(theta, axis=0)
    return theta, step[: len(theta) - 1]


def _recorded(rows: pd.DataFrame, pair: tuple[str, str], count: int, said: list[str]) -> dict[str, NDArray[Any]]:
    """The other arrays of a trajectory; NaN where the table has nothing."""
    arrays: dict[str, NDArray[Any]] = {}
    absent: list[str] = []
    for part in ("grad", "grad_clipped", "m", "u", "ema"):
        found = _both(rows, part, pair)
        if found is None and part in ("grad", "m", "u"):
            absent.append(part)
        arrays[part] = (np.full((count, 2), np.nan) if found is None else found[:count])[None]
    for part in ("loss", "lr", "lr_t"):
        there = part in rows.columns
        if not there and part != "lr_t":
            absent.append(part)
        arrays[part] = (read_column(rows, part)[:count] if there else np.full(count, np.nan))[None]
    if absent:
        said.append(f"There is no {', '.join(absent)} in it; what needs them stays empty.")
    if np.isnan(arrays["grad_clipped"]).all():
        arrays["grad_clipped"] = arrays["grad"]
    return arrays | {"grad_unscaled": arrays["grad"], "grad_accumulated": arrays["grad"]}


_FLAT = "0*x"


def _is_link(label: object) -> bool:
    """Whether a text of the column `run` is a link to a run on a surface."""
    return "=" in str(label) and "model=" not in str(label)


def _frame(
    rows: pd.DataFrame, theta: NDArray[np.float64], loss: NDArray[np.generic], steps: int
) -> tuple[RunSpec, bool, list[str]]:
    """The settings around a foreign run: its own link's, or those of the surface that has its losses, or a plane."""
    label = str(rows["run"].iloc[0]) if "run" in rows.columns else ""
    decoded = from_query(label)
    if _is_link(label) and decoded.settings.surface == dict(parse_qsl(label)).get("surface", decoded.settings.surface):
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
    try:
        frame = RunSpec(surface="custom", formula=_FLAT, domain=(x0, x1, y0, y1), start=start, steps=steps)
    except ValueError:
        raise TableError("The weights span more than a picture can show.") from None
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
