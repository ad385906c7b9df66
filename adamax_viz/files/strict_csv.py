"""The one strict reader of CSV: the columns that are wanted of any table, or one sentence with its row.

It goes row by row, and of each row only the wanted cells stay: whatever somebody has put into a file, reading it takes
little more memory than its numbers.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

import pandas as pd

from adamax_viz.files.cells import NumberColumn, TextColumn
from adamax_viz.files.refusal import TableError, check_size, quoted
from adamax_viz.limits import LIMITS

_SEPARATORS = {b",": "commas", b";": "semicolons", b"\t": "tabs"}
_MARK = b"\xef\xbb\xbf"  # some programs begin UTF-8 with it
_FIRST_LINE = re.compile(rb"[^\n]+")
_BLOCK = 500  # rows whose cells are texts at the same time


class Wanted(NamedTuple):
    """The columns to read, by name; all of them are in the header."""

    numbers: Sequence[str]
    texts: Sequence[str] = ()
    largest: float | None = None  # see `NumberColumn`


class Table(NamedTuple):
    """The wanted columns: numbers as float64, texts as categories; the index are the file's lines, the first is 1."""

    frame: pd.DataFrame
    notes: list[str]  # what was read otherwise than it stands there, one sentence each


class Row(NamedTuple):
    """A row of a file."""

    line: int  # where it begins
    cells: list[str]  # none if nothing is in it but space


def read_table(
    source: bytes,
    choose: Callable[[list[str]], Wanted],
    most_bytes: int = LIMITS.file_bytes,
    most_rows: int = LIMITS.file_rows,
    *,
    only_whole: bool = False,
) -> Table:
    """A file in UTF-8 with a header; commas, semicolons or tabs between the columns, as its first line has them.

    Args:
        source: the file.
        choose: says which columns of a header are wanted; it may refuse them before a row is read.
        most_bytes: larger files are refused.
        most_rows: files with more rows are refused.
        only_whole: leave out rows without anything, and a last one that may have lost its end: it has too few cells, or
            the file ends without a line end. If not, only rows without anything at the end are left out.

    Raises:
        TableError: anything else.
    """
    check_size(len(source), most_bytes)
    text = _plain(source, most_rows)
    separator = _separator(text)
    rows = _rows(text, separator.decode())
    names = _names(next((row for row in rows if row.cells), None))
    wanted = choose(names)
    notes = [f"Read with {_SEPARATORS[separator]} between the columns."] if separator != b"," else []
    body, cut = _without_empty(_fitting(rows, len(names)), everywhere=only_whole), list[str]()
    if only_whole:
        body = _without_cut(body, len(names), text.endswith(b"\n"), cut)
    numbers = [NumberColumn(name, wanted.largest, separator != b",") for name in wanted.numbers]
    columns: list[NumberColumn | TextColumn] = [*numbers, *(TextColumn(name) for name in wanted.texts)]
    lines = _fill(columns, body, [names.index(each.name) for each in columns], most_rows)
    if any(each.commas for each in numbers):
        notes.append("Commas in numbers were read as decimal points.")
    frame = pd.DataFrame({each.name: each.values() for each in columns}, index=lines, copy=False)
    return Table(frame, notes + cut)


# -- from bytes to rows ------------------------------------------------------------------------------------------


def _plain(source: bytes, most_rows: int) -> bytes:
    """The file's bytes with one kind of line end, of which there are not too many."""
    text = source.removeprefix(_MARK)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if text.count(b"\n") > LIMITS.file_rows + 1:  # with the header
        raise _too_many_rows(most_rows)
    if (place := text.find(b"\0")) >= 0:
        row = text.count(b"\n", 0, place) + 1
        raise TableError(f"Row {row}: the file has bytes that are no text; save it as “CSV UTF-8”.")
    return text


def _too_many_rows(most: int) -> TableError:
    return TableError(f"The file has more than {most} rows; keep at most {most} of them.")


def _separator(text: bytes) -> bytes:
    first = _FIRST_LINE.search(text)
    return max(_SEPARATORS, key=first[0].count) if first else b","


def _rows(text: bytes, separator: str) -> Iterator[Row]:
    """The rows one by one; no more than one of them is in memory, and it is not long."""
    size = 0  # of the row so far

    def lines() -> Iterator[str]:
        nonlocal size
        for line in iter(partial(file.readline, LIMITS.row_bytes + 1), b""):
            size += len(line)
            if size > LIMITS.row_bytes:
                raise TableError(f"Row {begin}: it has more than {LIMITS.row_bytes:,} bytes; a row is not that long.")
            yield line.decode()

    file, begin = io.BytesIO(text), 1
    reader = csv.reader(lines(), delimiter=separator, strict=True)
    try:
        for cells in reader:
            blank = len(cells) == 1 and not cells[0].strip()
            yield Row(begin, [] if blank else cells)
            begin, size = reader.line_num + 1, 0
    except UnicodeDecodeError:
        raise TableError(f"Row {begin}: the file is no text in UTF-8; save it as “CSV UTF-8”.") from None
    except csv.Error as error:
        raise TableError(f"Row {begin}: the file can't be read as a CSV: {error}.") from None


def _names(header: Row | None) -> list[str]:
    """The names of the columns; those without one are told apart by their places."""
    if header is None:
        raise TableError("The file is empty; it needs a first row with the names of the columns.")
    line, cells = header
    if len(cells) > LIMITS.file_columns:
        raise TableError(f"Row {line}: there are {len(cells)} columns; at most {LIMITS.file_columns} are read.")
    names = [name or f"column {place}" for place, name in enumerate(cells, 1)]
    if (longest := max(map(len, names))) > LIMITS.column_name:
        raise TableError(
            f"Row {line}: a column's name has {longest} characters; at most {LIMITS.column_name} are read."
        )
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise TableError(f"Row {line}: {count} columns are called {quoted(name)}; each needs a name of its own.")
    return names


# -- which rows --------------------------------------------------------------------------------------------------


def _fitting(rows: Iterator[Row], columns: int) -> Iterator[Row]:
    """The rows, none of which has more cells than there are columns."""
    for row in rows:
        if len(row.cells) > columns:
            raise TableError(f"Row {row.line}: there are {len(row.cells)} cells, and {columns} in the header.")
        yield row


def _without_empty(rows: Iterator[Row], everywhere: bool) -> Iterator[Row]:
    """The rows that have anything; those that have not stay if a row with something follows, or nowhere."""
    empty: list[Row] = []
    for row in rows:
        if any(row.cells):
            yield from empty
            empty.clear()
            yield row
        elif not everywhere:
            empty.append(Row(row.line, []))


def _without_cut(rows: Iterator[Row], columns: int, ended: bool, notes: list[str]) -> Iterator[Row]:
    """The rows but for a last one that may have lost its end; that is noted."""
    count, last = 0, next(rows, None)
    for row in rows:
        assert last is not None
        yield last
        count, last = count + 1, row
    if last is not None and ended and len(last.cells) == columns:
        yield last
    elif last is not None:
        notes.append(f"The last row is cut off; the {count} rows before it were read.")


def _fill(
    columns: Sequence[NumberColumn | TextColumn], rows: Iterator[Row], places: list[int], most_rows: int
) -> list[int]:
    """Give each column its cells, which are at these places of the rows; the lines of the rows."""
    lines: list[int] = []
    while block := list(islice(_picked(rows, places), _BLOCK)):
        at = [line for line, _ in block]
        lines += at
        if len(lines) > most_rows:
            raise _too_many_rows(most_rows)
        for column, cells in zip(columns, zip(*(cells for _, cells in block), strict=True), strict=True):
            column.take(list(cells), at)
    return lines


def _picked(rows: Iterator[Row], places: list[int]) -> Iterator[Row]:
    for line, cells in rows:
        yield Row(line, [cells[place] if place < len(cells) else "" for place in places])
