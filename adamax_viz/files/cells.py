"""The cells of one column while a table is read: numbers as numbers, each text once."""

import re
from array import array
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adamax_viz.files.refusal import TableError, quoted
from adamax_viz.limits import LIMITS

# What `float` reads as well, but for texts that it takes and a file should not have: other digits, underscores.
_NUMBER = re.compile(r"\s*[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf|infinity)\s*", re.ASCII | re.IGNORECASE)
_NAN = float("nan")


@dataclass
class NumberColumn:
    """A column of numbers.

    Args:
        name: in the header.
        largest: values must be there, finite and not beyond this; if None, empty cells and NaN are NaN.
        decimal_comma: whether a comma is a decimal point.
    """

    name: str
    largest: float | None = None
    decimal_comma: bool = False
    commas: bool = False  # whether there was one
    found: "array[float]" = field(default_factory=lambda: array("d"))

    def take(self, cells: list[str], lines: list[int]) -> None:
        """The next cells, and the lines of the file they are in.

        Raises:
            TableError: the first cell that is no such number.
        """
        written, text = cells, "".join(cells)
        if self.decimal_comma and "," in text:
            written = [cell.replace(",", ".") for cell in cells]
            self.commas = True
        try:
            if "_" in text or not text.isascii():
                raise ValueError
            values = [float(cell) if cell else _NAN for cell in written]
        except ValueError:
            values = [float(cell) if _NUMBER.fullmatch(cell) else _NAN for cell in written]
        bound = np.inf if self.largest is None else self.largest
        with np.errstate(invalid="ignore"):
            doubtful = np.flatnonzero(~(np.abs(values) <= bound))
        for place in doubtful.tolist():
            if fault := self._fault(cells[place].strip(), written[place].strip()):
                raise TableError(f"Row {lines[place]}, column {quoted(self.name.strip())}: {fault}.")
        self.found.fromlist(values)

    def values(self) -> NDArray[np.float64]:
        """All of them."""
        return np.frombuffer(self.found, np.float64)

    def _fault(self, cell: str, written: str) -> str | None:
        """What is wrong with a cell that is no number, or too large a one."""
        largest = self.largest
        missing = cell == "" if largest is None else cell.lower() in ("", "na", "n/a", "null")
        if not missing and not _NUMBER.fullmatch(written):
            return f"{quoted(cell)} is not a number"
        if largest is None:
            return None
        if not cell:
            return "the cell is empty, a number is needed"
        if not any(digit.isdigit() for digit in cell):
            return f"{quoted(cell)} is not a finite number"
        return f"{quoted(cell)} is too large, numbers up to {largest:,.0f} are read"


@dataclass
class TextColumn:
    """A column of texts."""

    name: str
    known: dict[str, int] = field(default_factory=dict)  # each text, and its number
    found: "array[int]" = field(default_factory=lambda: array("i"))

    def take(self, cells: list[str], lines: list[int]) -> None:
        """The next cells, and the lines of the file they are in.

        Raises:
            TableError: a cell that is too long.
        """
        for cell, line in zip(cells, lines, strict=True):
            if len(cell) > LIMITS.cell_length:
                raise TableError(
                    f"Row {line}, column {quoted(self.name)}: the cell has {len(cell)} characters; at most "
                    f"{LIMITS.cell_length} are read."
                )
            self.found.append(self.known.setdefault(cell, len(self.known)))

    def values(self) -> pd.Categorical:
        """All of them."""
        return pd.Categorical.from_codes(np.frombuffer(self.found, np.intc), pd.Index(list(self.known), dtype=object))
