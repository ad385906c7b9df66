"""The one strict reader of CSV: any table becomes named columns of texts, or one sentence with its row."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

MAX_BYTES = 20_000_000
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*", re.ASCII)
_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_SEPARATORS = {";": "semicolons", "\t": "tabs"}


class TableError(ValueError):
    """A file that can't be used; the message is one sentence for its owner, with row and column where there are any."""


class Table(NamedTuple):
    """The cells of a file as texts; the frame's index are the file's lines, the first of them is 1."""

    frame: pd.DataFrame
    notes: list[str]  # what was read otherwise than it stands there, one sentence each
    cut: bool  # whether the last row may have lost its end: it has too few cells, or the file ends without a line end


def check_size(size: int, most: int = MAX_BYTES) -> None:
    """Refuse files with more bytes than that, before anything in them is read."""
    if size > most:
        raise TableError(f"The file has {size / 1e6:.0f} MB; files of more than {most // 1_000_000} MB are not read.")


def read_table(source: bytes, most_bytes: int = MAX_BYTES, most_rows: int | None = None) -> Table:
    """A file in UTF-8 with a header; commas, semicolons or tabs between the columns, as its first line has them.

    Args:
        source: the file.
        most_bytes: larger files are refused.
        most_rows: rows after the one behind these are not looked at.

    Raises:
        TableError: anything else; empty rows at the end are left out, all others stay.
    """
    check_size(len(source), most_bytes)
    text = _text(source)
    header = text.lstrip("\n").split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    notes = [f"Read with {_SEPARATORS[separator]} between the columns."] if separator in _SEPARATORS else []
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, cells in _rows(text, separator):
        if rows and len(cells) > len(rows[0]):
            raise TableError(f"Row {line}: there are {len(cells)} cells, and {len(rows[0])} in the header.")
        if rows or cells:
            lines.append(line)
            rows.append(cells)
        if most_rows is not None and len(rows) > most_rows + 2:
            break
    while len(rows) > 1 and not any(rows[-1]):
        rows.pop()
    names = _names(rows[0], lines[0])
    body = [row + [""] * (len(names) - len(row)) for row in rows[1:]]
    frame = pd.DataFrame(body, index=lines[1 : len(rows)], columns=names, dtype=str)
    cut = len(rows) > 1 and (not text.endswith("\n") or len(rows[-1]) < len(names))
    if separator != "," and (decimal := frame.map(DECIMAL_COMMA.fullmatch).notna()).to_numpy().any():
        frame = frame.mask(decimal, frame.map(lambda cell: cell.replace(",", ".")))
        notes.append("Commas in numbers were read as decimal points.")
    return Table(frame, notes, cut)


def _text(source: bytes) -> str:
    """The file's text with one kind of line end."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = source[: error.start].count(b"\n") + 1
        raise TableError(f"Row {row}: the file is no text in UTF-8; save it as “CSV UTF-8”.") from None
    if not text.strip():
        raise TableError("The file is empty; it needs a first row with the names of the columns.")
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise TableError(f"Row {row}: the file has bytes that are no text; save it as “CSV UTF-8”.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, with its first line."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            blank = len(cells) == 1 and not cells[0].strip()
            yield line, [] if blank else cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"Row {line}: the file can't be read as a CSV: {error}.") from None


def _names(header: list[str], line: int) -> list[str]:
    """The names of the columns; those without one are told apart by their places."""
    names = [name or f"column {place}" for place, name in enumerate(header, 1)]
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise TableError(f"Row {line}: {count} columns are called {name!r}; each needs a name of its own.")
    return names


def read_numbers(frame: pd.DataFrame, name: str, largest: float | None = None) -> NDArray[np.float64]:
    """A column of numbers ``(T,)``.

    Args:
        frame: of a `Table`.
        name: of the column, which the frame has.
        largest: values must be there, finite and not beyond this; if None, empty cells and NaN are NaN.

    Raises:
        TableError: the first cell that is none, with row and column.
    """
    cells = [cell.strip() for cell in frame[name]]
    values = np.array([float(cell) if _NUMBER.fullmatch(cell) else np.nan for cell in cells], np.float64)
    with np.errstate(invalid="ignore"):
        bad = ~(np.abs(values) <= (np.inf if largest is None else largest))
    for place in np.flatnonzero(bad).tolist():
        if fault := _fault(cells[place], largest):
            raise TableError(f"Row {frame.index[place]}, column {name.strip()!r}: {fault}.")
    return values


def _fault(cell: str, largest: float | None) -> str | None:
    """What is wrong with a cell that is no number, or too large a one."""
    quoted = repr(cell if len(cell) <= 30 else cell[:29] + "…")
    missing = cell == "" if largest is None else cell.lower() in ("", "na", "n/a", "null")
    if not missing and not _NUMBER.fullmatch(cell):
        return f"{quoted} is not a number"
    if largest is None:
        return None
    if not cell:
        return "the cell is empty, a number is needed"
    if not any(digit.isdigit() for digit in cell):
        return f"{quoted} is not a finite number"
    return f"{quoted} is too large, numbers up to {largest:,.0f} are read"
