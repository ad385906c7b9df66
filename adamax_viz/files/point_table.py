"""A user's own points: a CSV with columns x, y and label or value, read strictly, refused in one sentence."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from adamax_viz.files.refusal import TableError, listed, quoted
from adamax_viz.files.strict_csv import Wanted, read_table
from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.datasets import Array, Kind
from adamax_viz.problems.models.points import Points
from adamax_viz.words.numbers import counted

LEAST_ROWS = 12
LARGEST = 1e6
USUAL = 20.0  # beyond it the models, made for values around 1, hardly learn


def read_points(source: bytes) -> Points:
    """The points of a CSV file. Row numbers in messages are the file's lines; the header is row 1.

    Columns, in any order and case: ``x, y, label`` (any text, a few different ones), ``x, y, value`` (a number), or
    a number for each x, called value or y; other columns are left out, with a note. Commas, semicolons or tabs between
    them; UTF-8.

    Raises:
        TableError: anything else, or too many rows; nothing behind them is read.
    """
    chosen: list[_Chosen] = []

    def choose(names: list[str]) -> Wanted:
        chosen.append(_chosen(names))
        return chosen[0].wanted()

    frame, notes = read_table(source, choose, LIMITS.points_bytes, LIMITS.points_rows)
    inputs, target, is_label, left_out = chosen[0]
    if left_out:
        notes.append(f"Left out: column {listed(left_out, 5)}.")
    rows = len(frame)
    if rows < LEAST_ROWS:
        raise TableError(f"The file has {counted(rows, 'row')} of points; at least {LEAST_ROWS} are needed.")
    places = np.stack([frame[name].to_numpy() for name in inputs], axis=1)
    if np.abs(places).max() > USUAL:
        notes.append(
            f"The inputs go up to {np.abs(places).max():g}; the models are made for values around 1, so scale them if "
            "training gets nowhere."
        )
    if is_label:
        return Points("classes", places, *_labels(frame, target), tuple(notes))
    kind: Kind = "plane" if len(inputs) == 2 else "curve"
    return Points(kind, places, frame[target].to_numpy()[:, None], (), tuple(notes))


class _Chosen(NamedTuple):
    """Columns by their names in the file."""

    inputs: list[str]
    target: str
    is_label: bool
    left_out: list[str]

    def wanted(self) -> Wanted:
        """A label is a text."""
        if self.is_label:
            return Wanted(self.inputs, [self.target], LARGEST)
        return Wanted([*self.inputs, self.target], [], LARGEST)


def _chosen(columns: list[str]) -> _Chosen:
    """What the columns of a file are for."""
    names = {column.strip().lower(): column for column in reversed(columns)}
    target: str | None = next((name for name in ("label", "value") if name in names), None)
    inputs = [name for name in ("x", "y") if name in names]
    if inputs == ["x", "y"] and target is None:
        target = inputs.pop()  # y is the value at x
    if "x" not in names or target is None or (target == "label" and "y" not in names):
        missing = "x" if "x" not in names else "y"
        raise TableError(
            f"Row 1: the column {missing!r} is missing; the file needs x, y and label, or x, y and value, or x and y, "
            f"and has {listed(columns, 8)}."
        )
    left_out = [column for name, column in reversed(names.items()) if name not in (*inputs, target)]
    return _Chosen([names[name] for name in inputs], names[target], target == "label", left_out)


def _labels(frame: pd.DataFrame, column: str) -> tuple[Array, tuple[str, ...]]:
    """A column of labels as numbers 0, 1, ..., ``(N, 1)``, and their names in order."""
    cells, title = frame[column].astype(str).str.strip(), quoted(column.strip())
    empty = cells == ""
    if empty.any():
        raise TableError(f"Row {empty.idxmax()}, column {title}: the cell is empty, a label is needed.")
    if (longest := cells.str.len().max()) > LIMITS.column_name:
        raise TableError(f"Column {title}: a label has {longest} characters; at most {LIMITS.column_name} are read.")
    names, codes, counts = np.unique(cells.to_numpy(str), return_inverse=True, return_counts=True)
    if len(names) == 1:
        raise TableError(f"Column {title}: every row has the label {quoted(str(names[0]))}; two or more are needed.")
    if len(names) > LIMITS.points_labels:
        raise TableError(
            f"Column {title}: there are {len(names)} different labels, at most {LIMITS.points_labels} are told apart; "
            "call the column value if it holds numbers."
        )
    if counts.min() < 2:
        rare = str(names[counts.argmin()])
        raise TableError(
            f"Row {(cells == rare).idxmax()}, column {title}: {quoted(rare)} is the only row with this label; each "
            "needs two or more."
        )
    return codes.astype(float)[:, None], tuple(names.tolist())
