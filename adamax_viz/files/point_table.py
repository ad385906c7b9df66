"""A user's own points: a CSV with columns x, y and label or value, read strictly, refused in one sentence."""

import numpy as np
import pandas as pd

from adamax_viz.files.strict_csv import TableError, read_numbers, read_table
from adamax_viz.problems.models.datasets import Array, Kind
from adamax_viz.problems.models.points import Points
from adamax_viz.words.numbers import counted

MAX_BYTES = 2_000_000
LEAST_ROWS, MOST_ROWS = 12, 5000
MOST_LABELS = 6
LARGEST = 1e6
USUAL = 20.0  # beyond it the models, made for values around 1, hardly learn


def read_points(source: bytes) -> Points:
    """The points of a CSV file. Row numbers in messages are the file's lines; the header is row 1.

    Columns, in any order and case: ``x, y, label`` (any text, 2 to 6 different ones), ``x, y, value`` (a number), or
    a number for each x, called value or y; other columns are left out, with a note. Commas, semicolons or tabs between
    them; UTF-8.

    Raises:
        TableError: anything else, or more than 5000 rows; nothing behind them is read.
    """
    frame, notes, _ = read_table(source, MAX_BYTES, MOST_ROWS)
    names = {column.strip().lower(): column for column in reversed(frame.columns.tolist())}
    target: str | None = next((name for name in ("label", "value") if name in names), None)
    inputs = [name for name in ("x", "y") if name in names]
    if inputs == ["x", "y"] and target is None:
        target = inputs.pop()  # y is the value at x
    if "x" not in names or target is None or (target == "label" and "y" not in names):
        missing = "x" if "x" not in names else "y"
        raise TableError(
            f"Row 1: the column {missing!r} is missing; the file needs x, y and label, or x, y and value, or x and y, "
            f"and has {', '.join(frame.columns[:8])}."
        )
    left_out = [column for name, column in reversed(names.items()) if name not in (*inputs, target)]
    if left_out:
        notes.append(f"Left out: column {', '.join(left_out[:5])}{' and more' if len(left_out) > 5 else ''}.")
    rows = len(frame)
    if rows > MOST_ROWS:
        raise TableError(f"The file has more than {MOST_ROWS} rows; keep at most {MOST_ROWS} of them.")
    if rows < LEAST_ROWS:
        raise TableError(f"The file has {counted(rows, 'row')} of points; at least {LEAST_ROWS} are needed.")
    places = np.stack([read_numbers(frame, names[name], LARGEST) for name in inputs], axis=1)
    if np.abs(places).max() > USUAL:
        notes.append(
            f"The inputs go up to {np.abs(places).max():g}; the models are made for values around 1, so scale them if "
            "training gets nowhere."
        )
    if target == "label":
        return Points("classes", places, *_labels(frame, names["label"]), tuple(notes))
    kind: Kind = "plane" if len(inputs) == 2 else "curve"
    return Points(kind, places, read_numbers(frame, names[target], LARGEST)[:, None], (), tuple(notes))


def _labels(frame: pd.DataFrame, column: str) -> tuple[Array, tuple[str, ...]]:
    """A column of labels as numbers 0, 1, ..., ``(N, 1)``, and their names in order."""
    cells, title = frame[column].str.strip(), column.strip()
    empty = cells == ""
    if empty.any():
        raise TableError(f"Row {empty.idxmax()}, column {title!r}: the cell is empty, a label is needed.")
    names, codes, counts = np.unique(cells.to_numpy(str), return_inverse=True, return_counts=True)
    if len(names) == 1:
        raise TableError(f"Column {title!r}: every row has the label {str(names[0])[:30]!r}; two or more are needed.")
    if len(names) > MOST_LABELS:
        raise TableError(
            f"Column {title!r}: there are {len(names)} different labels, at most {MOST_LABELS} are told apart; call "
            "the column value if it holds numbers."
        )
    if counts.min() < 2:
        rare = str(names[counts.argmin()])
        raise TableError(
            f"Row {(cells == rare).idxmax()}, column {title!r}: {rare[:30]!r} is the only row with this label; each "
            "needs two or more."
        )
    return codes.astype(float)[:, None], tuple(names.tolist())
