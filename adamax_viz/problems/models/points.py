"""A user's own points: a CSV with columns x, y and label or value, read strictly, refused in one sentence."""

from __future__ import annotations

import hashlib
import io
import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from adamax_viz.problems.models.datasets import Array, Data, Kind, split

MAX_BYTES = 2_000_000
LEAST_ROWS, MOST_ROWS = 12, 5000
MOST_LABELS = 6
LARGEST = 1e6
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*")
USUAL = 20.0  # beyond it the models, made for values around 1, hardly learn


class PointsError(ValueError):
    """A file that can't be used; the message is one sentence for its owner, with row and column."""


class Points(NamedTuple):
    """A user's points, before they are split: ``(N, 1)`` or ``(N, 2)`` inputs, ``(N, 1)`` targets."""

    kind: Kind
    inputs: Array
    targets: Array
    labels: tuple[str, ...]
    notes: tuple[str, ...]  # sentences on what was read in another way than it stands there

    def digest(self) -> str:
        """A name for just these points, the same whenever their file is read."""
        content = hashlib.sha256(repr((self.kind, self.inputs.shape, self.labels)).encode())
        for values in (self.inputs, self.targets):
            content.update(np.ascontiguousarray(values, np.float64).tobytes())
        return content.hexdigest()

    def data(self, seed: int = 0) -> Data:
        """The points in two parts, chosen by the seed."""
        return split("own", self.kind, self.inputs, self.targets, seed, self.labels)


def read_points(source: bytes) -> Points:
    """The points of a CSV file. Row numbers in messages are the file's lines; the header is row 1.

    Columns, in any order and case: ``x, y, label`` (any text, 2 to 6 different ones), ``x, y, value`` (a number), or
    a number for each x, called value or y; other columns are left out, with a note. Commas, semicolons or tabs between
    them; UTF-8.

    Raises:
        PointsError: anything else, or more than 5000 rows; nothing behind them is read.
    """
    if len(source) > MAX_BYTES:
        raise PointsError(
            f"The file has {len(source) / 1e6:.0f} MB; files of more than {MAX_BYTES // 1_000_000} MB are not read."
        )
    frame, notes = _frame(source)
    names = {str(column).strip().lower(): column for column in reversed(frame.columns.tolist())}
    target: str | None = next((name for name in ("label", "value") if name in names), None)
    inputs = [name for name in ("x", "y") if name in names]
    if inputs == ["x", "y"] and target is None:
        target = inputs.pop()  # y is the value at x
    if "x" not in names or target is None or (target == "label" and "y" not in names):
        found = ", ".join(str(column) for column in frame.columns[:8])
        missing = "x" if "x" not in names else "y"
        raise PointsError(
            f"Row 1: the column {missing!r} is missing; the file needs x, y and label, or x, y and value, or x and y, "
            f"and has {found}."
        )
    left_out = [str(c) for n, c in reversed(names.items()) if n not in (*inputs, target)]
    if left_out:
        notes.append(f"Left out: column {', '.join(left_out[:5])}{' and more' if len(left_out) > 5 else ''}.")
    _check_rows(len(frame))
    places = np.concatenate([_numbers(frame, names[name]) for name in inputs], axis=1)
    if np.abs(places).max() > USUAL:
        notes.append(
            f"The inputs go up to {np.abs(places).max():g}; the models are made for values around 1, so scale them if "
            "training gets nowhere."
        )
    if target != "label":
        kind: Kind = "plane" if len(inputs) == 2 else "curve"
        return Points(kind, places, _numbers(frame, names[target]), (), tuple(notes))
    targets, labels = _labels(frame, names["label"])
    return Points("classes", places, targets, labels, tuple(notes))


def _frame(source: bytes) -> tuple[pd.DataFrame, list[str]]:
    """The file's cells as text, at most one row more than is allowed."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = source[: error.start].count(b"\n") + 1
        raise PointsError(f"Row {row}: the file is no text in UTF-8; save it as “CSV UTF-8”.") from None
    if not text.strip():
        raise PointsError("The file is empty; it needs a first row with the names of the columns.")
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise PointsError(f"Row {row}: the file has bytes that are no text; save it as “CSV UTF-8”.")
    lines = text.splitlines()
    before = next(i for i, line in enumerate(lines) if line.strip())  # empty lines above the header
    separator = max(",;\t", key=lines[before].count)
    notes = []
    if separator != ",":
        notes.append(f"Read with {'semicolons' if separator == ';' else 'tabs'} between the columns.")
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            skiprows=before,
            index_col=False,
            nrows=MOST_ROWS + 2,
            on_bad_lines="error",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        cells = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        if cells:
            raise PointsError(f"Row {cells[2]}: there are {cells[3]} cells, and {cells[1]} in the header.") from None
        raise PointsError(f"The file can't be read as a CSV: {str(error).strip().rstrip('.')}.") from None
    frame = frame.fillna("").rename(index=lambda row: int(row) + before + 2)  # the file's lines
    empty = (frame == "").all(axis=1).to_numpy()
    rows = len(frame) - int(np.argmin(empty[::-1])) if len(frame) and not empty.all() else 0
    frame = frame.iloc[:rows]
    if separator == ";" and (decimal := frame.map(lambda cell: bool(DECIMAL_COMMA.fullmatch(cell)))).to_numpy().any():
        frame = frame.mask(decimal, frame.map(lambda cell: cell.replace(",", ".")))
        notes.append("Commas in numbers were read as decimal points.")
    return frame, notes


def _check_rows(rows: int) -> None:
    if rows > MOST_ROWS:
        raise PointsError(f"The file has more than {MOST_ROWS} rows; keep at most {MOST_ROWS} of them.")
    if rows < LEAST_ROWS:
        plural = "" if rows == 1 else "s"
        raise PointsError(f"The file has {rows} row{plural} of points; at least {LEAST_ROWS} are needed.")


def _numbers(frame: pd.DataFrame, column: str) -> Array:
    """A column of numbers, ``(N, 1)``."""
    cells = frame[column].str.strip()
    values = pd.to_numeric(cells, errors="coerce").to_numpy(np.float64)
    with np.errstate(invalid="ignore"):
        bad = ~(np.abs(values) <= LARGEST)
    if bad.any():
        place = int(np.argmax(bad))
        cell = cells.iloc[place]
        raise PointsError(f"Row {frame.index[place]}, column {str(column).strip()!r}: {_fault(cell, values[place])}.")
    return values[:, None]


def _fault(cell: str, value: float) -> str:
    if not cell:
        return "the cell is empty, a number is needed"
    shown = repr(cell if len(cell) <= 30 else cell[:29] + "…")
    if cell.lower().strip("+-") in ("nan", "inf", "infinity", "na", "n/a", "null"):
        return f"{shown} is not a finite number"
    if np.isnan(value):
        return f"{shown} is not a number"
    return f"{shown} is too large, numbers up to {LARGEST:,.0f} are read"


def _labels(frame: pd.DataFrame, column: str) -> tuple[Array, tuple[str, ...]]:
    """A column of labels as numbers 0, 1, ..., ``(N, 1)``, and their names in order."""
    cells = frame[column].str.strip()
    shown = str(column).strip()
    if (cells == "").any():
        place = int(np.argmax((cells == "").to_numpy()))
        raise PointsError(f"Row {frame.index[place]}, column {shown!r}: the cell is empty, a label is needed.")
    names, codes = np.unique(cells.to_numpy(str), return_inverse=True)
    if len(names) == 1:
        raise PointsError(f"Column {shown!r}: every row has the label {str(names[0])[:30]!r}; two or more are needed.")
    if len(names) > MOST_LABELS:
        raise PointsError(
            f"Column {shown!r}: there are {len(names)} different labels, at most {MOST_LABELS} are told apart; call "
            "the column value if it holds numbers."
        )
    counts = np.bincount(codes)
    if counts.min() < 2:
        rare = int(np.argmax(counts < 2))
        place = int(np.argmax(codes == rare))
        raise PointsError(
            f"Row {frame.index[place]}, column {shown!r}: {str(names[rare])[:30]!r} is the only row with this label; "
            "each needs two or more."
        )
    return codes.astype(float)[:, None], tuple(str(name) for name in names)
