"""What is kept of what was opened: its settings, and a few rows of each run's arrays; and how far others are from it.

A difference counts relative to the largest value that its array has had by that row: a late rounding error of a run
that rests is nothing, and an early row is not judged by the size of a later explosion.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.corpus.opening import Opened, Run

HERE = Path(__file__).parent
FILES, DATA = HERE / "files", HERE / "data"
ON_FILES = ("file", "own_points")  # pages that open a file instead of a link
EXACT, SINGLE, TRAINED = 1e-9, 1e-5, 1e-4  # float64; float32; float32 summed as the processor likes
DIGITS, COLUMNS = 12, 4

Entry = dict[str, Any]


def read(page: str) -> list[Entry]:
    """The entries of a page, in the order in which they were frozen."""
    path = DATA / f"{page}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def write(page: str, entries: Sequence[Entry]) -> None:
    """One entry a line, so that additions show as such."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
    DATA.mkdir(exist_ok=True)
    (DATA / f"{page}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def tolerance(page: str, run: Run) -> float:
    """How far a run may be from the frozen one."""
    if page in ("models", "own_points"):
        return TRAINED
    return SINGLE if run.settings.get("dtype") == "float32" else EXACT


def rows_of(end: int, most: int) -> list[int]:
    """So many rows from the first to the last, which is `end`, and the neighbours of both."""
    return sorted({min(1, end), max(end - 1, 0), *np.linspace(0, end, most).astype(int).tolist()})


def picked(array: NDArray[Any], rows: Sequence[int]) -> NDArray[Any]:
    """Those of the rows that there are, of a few columns."""
    chosen = np.unique(np.linspace(0, array.shape[1] - 1, COLUMNS).astype(int))
    return array[[row for row in rows if row < len(array)]][:, chosen]


def kept(opened: Opened, ends: Sequence[int], tolerances: Sequence[float], most: int) -> Entry:
    """What is frozen of it.

    Args:
        opened: a link or file.
        ends: for each run the last row that every processor agrees on.
        tolerances: for each run.
        most: rows of each array, but for the neighbours of the first and the last.
    """
    runs = [_kept(run, end, allowed, most) for run, end, allowed in zip(opened.runs, ends, tolerances, strict=True)]
    return {"complaints": opened.complaints, "view": opened.view, "runs": runs}


def _kept(run: Run, end: int, allowed: float, most: int) -> Entry:
    rows = rows_of(end, most)
    arrays = {name: _rounded(picked(array, rows)) for name, array in run.arrays.items()}
    whole = end >= max((len(array) for array in run.arrays.values()), default=1) - 1
    return {
        "letter": run.letter,
        "settings": run.settings,
        "status": run.status if whole else "open",  # nobody knows how a run ends that was cut
        "within": allowed,
        "rows": rows,
        "arrays": arrays,
    }


def _rounded(array: NDArray[Any]) -> list[list[float]]:
    whole = [[float(f"{value:.{DIGITS}g}") for value in row] for row in array.tolist()]
    return [[int(value) if value in (0, 1) else value for value in row] for row in whole]


def apart(found: NDArray[Any], expected: NDArray[Any]) -> NDArray[np.float64]:
    """How far two arrays are apart, row by row; infinite where one is finite and the other is not, or another one."""
    if found.shape != expected.shape:
        return np.full(max(len(found), len(expected)), np.inf)
    finite = np.isfinite(expected)
    with np.errstate(all="ignore"):
        size = np.maximum.accumulate(np.where(finite, np.abs(expected), 0).max(axis=1, initial=0))
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        distance = np.abs(found - expected) / np.where(size == 0, 1, size)[:, None]
    return np.where(same, 0, np.where(finite & np.isfinite(found), distance, np.inf)).max(axis=1, initial=0)


def last_row(run: Run, other: Run, within: float) -> int:
    """The last row before two runs part; the first row is always kept."""
    ends = [len(array) for array in run.arrays.values()]
    rows = [max(ends, default=1)]
    for name, array in run.arrays.items():
        there = other.arrays.get(name, array[:0])
        common = min(len(array), len(there))
        far = np.flatnonzero(apart(array[:common], there[:common]) > within)
        rows += [int(far[0])] if far.size else [common] if common < len(array) else []
    return max(0, min(rows) - 1)


def differences(run: Run, frozen: Entry) -> list[str]:
    """A sentence for each thing in which a run is not the frozen one."""
    said = [
        f"{what} is {ours!r}, it was {was!r}"
        for what, ours, was in (
            ("the letter", run.letter, frozen["letter"]),
            ("settings", run.settings, frozen["settings"]),
            ("the end", run.status, frozen["status"]),
            ("the names of the arrays", sorted(run.arrays), sorted(frozen["arrays"])),
        )
        if ours != was and was != "open"
    ]
    for name in set(run.arrays) & set(frozen["arrays"]):
        expected = np.array(frozen["arrays"][name], np.float64)
        far = apart(picked(run.arrays[name], frozen["rows"]), expected)
        bad = np.flatnonzero(far > frozen["within"])
        if bad.size:
            said.append(f"{name} is {far[bad[0]]:.3g} apart at step {frozen['rows'][bad[0]]}")
    return said
