"""The one reader of tables: what becomes columns, and the one sentence, with its row, for what does not."""

import numpy as np
import pytest

from adamax_viz.files.refusal import TableError
from adamax_viz.files.strict_csv import Table, Wanted, read_table
from adamax_viz.limits import LIMITS


def texts(source: bytes, **options: bool) -> Table:
    """The whole table as texts."""
    return read_table(source, lambda names: Wanted([], names), **options)


def numbers(source: bytes, largest: float | None = None) -> list[float]:
    """Its column a."""
    return read_table(source, lambda names: Wanted(["a"], [], largest)).frame["a"].tolist()


def cells(source: bytes) -> list[list[str]]:
    frame = texts(source).frame
    return [list(frame.columns), *frame.to_numpy().tolist()]


@pytest.mark.parametrize(
    "source",
    [
        b"a,b\n1,2\n3,4\n",
        b"\xef\xbb\xbfa,b\r\n1,2\r\n3,4\r\n",
        b"a,b\r1,2\r3,4",
        b"\n\r\na,b\n1,2\n3,4\n\n,,\n"[:-3] + b",\n\n",
        b'"a","b"\n"1",2\n3,"4"\n',
        b"a;b\n1;2\n3;4\n",
        b"a\tb\n1\t2\n3\t4\n",
    ],
)
def test_the_same_table_however_it_was_saved(source: bytes) -> None:
    assert cells(source) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_rows_are_the_files_lines_also_behind_a_cell_of_two_lines() -> None:
    table = texts(b'\na,b\n"1\n1",2\n\n3,4\n')
    assert table.frame.index.tolist() == [3, 5, 6]
    assert table.frame["a"].tolist() == ["1\n1", "", "3"]


@pytest.mark.parametrize(("end", "cut"), [(b"3,4\n", False), (b"3,4", True), (b"3\n", True), (b"", False)])
def test_a_row_that_lost_its_end_is_left_out_and_said(end: bytes, cut: bool) -> None:
    table = texts(b"a,b\n1,2\n\n" + end, only_whole=True)
    assert table.frame["a"].tolist() == ["1"] if cut or not end else ["1", "3"]
    assert table.notes == ["The last row is cut off; the 1 rows before it were read."] * cut


def test_columns_without_a_name_are_told_apart() -> None:
    assert cells(b",a,\n1,2,\n")[0] == ["column 1", "a", "column 3"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "The file is empty; it needs a first row"),
        (b"a,b\n1,2\n3,4,5\n", "Row 3: there are 3 cells, and 2 in the header"),
        (b"a,a\n1,2\n", "Row 1: 2 columns are called 'a'"),
        (b'a,b\n1,2\n3,"4\n', "Row 3: the file can't be read as a CSV"),
        (b"a,b\n1,2\n3,\xff\n", "Row 3: the file is no text in UTF-8"),
        (b"a,b\n1,\0\n", "Row 2: the file has bytes that are no text"),
        (b"a" * (LIMITS.file_bytes + 1), "The file has 20 MB; files of more than 20 MB are not read"),
    ],
)
def test_what_is_no_table_is_refused_with_its_row(source: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words) as refused:
        texts(source)
    assert str(refused.value).endswith(".")


def test_numbers_are_exact_and_empty_cells_nan() -> None:
    found = numbers(b"a\n0.1\n 2e-3 \n-.5\n+7.\nnan\n-inf\n1e999\n")
    np.testing.assert_array_equal(found, [0.1, 2e-3, -0.5, 7.0, np.nan, -np.inf, np.inf])
    np.testing.assert_array_equal(numbers(b"a,b\n,1\n  ,1\n2,1\n"), [np.nan, np.nan, 2.0])


@pytest.mark.parametrize("cell", ["much", "1_000", "0x1f", "\u0663", "1,5", "--1", "1e", "."])
def test_a_cell_that_is_no_number_is_named_with_row_and_column(cell: str) -> None:
    with pytest.raises(TableError, match=r"^Row 3, column 'a': .* is not a number\.$"):
        numbers(f'a,b\n1,2\n"{cell}",4\n'.encode())


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "the cell is empty"),
        ("inf", "not a finite number"),
        ("n/a", "not a finite"),
        ("-101", "up to 100 are read"),
    ],
)
def test_numbers_that_have_to_be_there_and_not_too_large(cell: str, words: str) -> None:
    with pytest.raises(TableError, match=f"^Row 3, column 'a': .*{words}"):
        numbers(f"a,b\n100,2\n{cell},4\n".encode(), largest=100)
