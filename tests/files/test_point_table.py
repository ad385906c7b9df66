"""A user's CSV: what is read, and one sentence with row and column for what is not."""

import numpy as np
import pytest

from adamax_viz.files.point_table import read_points
from adamax_viz.files.refusal import TableError
from adamax_viz.limits import LIMITS

ROWS = [f"{i / 10:g},{-i / 5:g},{'cat' if i % 3 else 'dog'}" for i in range(15)]
GOOD = "\n".join(["x,y,label", *ROWS])


def changed(row: int, text: str) -> bytes:
    """The good file with another line; 1 is the header."""
    lines = GOOD.split("\n")
    lines[row - 1] = text
    return "\n".join(lines).encode()


class TestWhatIsRead:
    def test_labels(self) -> None:
        points = read_points(GOOD.encode())
        assert (points.kind, points.labels, points.notes) == ("classes", ("cat", "dog"), ())
        np.testing.assert_allclose(points.inputs[3], (0.3, -0.6))
        np.testing.assert_array_equal(points.targets[:4, 0], [1, 0, 0, 1])
        data = points.data(seed=2)
        assert (data.name, data.points, len(data.validation_inputs)) == ("own", 11, 4)
        assert data.inputs.dtype == np.float32

    def test_the_same_points_have_the_same_digest(self) -> None:
        digest = read_points(GOOD.encode()).digest()
        assert read_points(GOOD.replace(",", ";").encode()).digest() == digest
        others = [changed(3, "0.1,-0.3,cat"), changed(3, "0.1,-0.2,dog"), GOOD.replace("cat", "cow").encode()]
        assert digest not in {read_points(source).digest() for source in others}

    def test_values_over_a_plane_or_a_line(self) -> None:
        lines = [f"{i},{i * i},{i / 3}" for i in range(15)]
        plane = read_points("\n".join(["X, Y ,Value", *lines]).encode())
        assert (plane.kind, plane.inputs.shape, plane.targets[3, 0]) == ("plane", (15, 2), 1.0)
        assert "go up to 196" in plane.notes[0]
        for header in ("x,y", "x,value", "y,x"):
            pairs = "\n".join([header, *(f"{i / 10},{i / 10}" for i in range(15))])
            line = read_points(pairs.encode())
            assert (line.kind, line.inputs.shape, line.targets[4, 0]) == ("curve", (15, 1), 0.4)

    @pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n", ",,\n,,\n"])
    def test_bom_other_line_ends_and_empty_rows_at_the_end(self, end: str) -> None:
        text = "\ufeff" + GOOD.replace("\n", "\r\n") + ("\n" if end.startswith(",") else "") + end
        assert len(read_points(text.encode()).inputs) == 15

    def test_semicolons_and_decimal_commas(self) -> None:
        text = "\n".join(["x;y;label", *(f"{i},5;-{i},25;a,{i % 2}" for i in range(15))])
        points = read_points(text.encode())
        np.testing.assert_allclose(points.inputs[2], (2.5, -2.25))
        assert points.labels == ("a,0", "a,1")
        assert points.notes == (
            "Read with semicolons between the columns.",
            "Commas in numbers were read as decimal points.",
        )

    def test_empty_lines_above_the_header(self) -> None:
        assert len(read_points(b"\r\n\n" + GOOD.encode()).inputs) == 15

    def test_a_comma_in_a_header_of_semicolons(self) -> None:
        text = "\n".join(["x;y;label;note, free", *(f"{i}.5;{i}.25;{i % 2};," for i in range(15))])
        assert read_points(text.encode()).notes[1:] == ("Left out: column note, free.",)

    def test_other_columns_are_left_out_with_a_note(self) -> None:
        text = "\n".join(["id,x,y,label,colour", *(f"{i},{row},red" for i, row in enumerate(ROWS))])
        points = read_points(text.encode())
        assert points.notes == ("Left out: column id, colour.",)

    def test_up_to_six_labels(self) -> None:
        text = "\n".join(["x,y,label", *(f"{i},{i},{i % 6}" for i in range(15))])
        assert read_points(text.encode()).labels == tuple("012345")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"", "The file is empty"),
        (b" \r\n \n", "The file is empty"),
        (b"x,y,label\n", "has 0 rows of points; at least 12"),
        (b"x,y,label\n1,2,a\n3,4,b\n", "has 2 rows of points; at least 12"),
        (changed(1, "a,b,label"), "Row 1: the column 'x' is missing; the file needs x, y and label.* has a, b, label"),
        (changed(1, "x,b,label"), "Row 1: the column 'y' is missing"),
        (changed(1, "0.5,0.25,cat"), "Row 1: the column 'x' is missing"),
        (changed(4, "0.3,abc,cat"), "Row 4, column 'y': 'abc' is not a number"),
        (changed(5, ",1,cat"), "Row 5, column 'x': the cell is empty, a number is needed"),
        (changed(6, "nan,1,cat"), "Row 6, column 'x': 'nan' is not a finite number"),
        (changed(7, "1,-inf,cat"), "Row 7, column 'y': '-inf' is not a finite number"),
        (changed(8, "1,1e300,cat"), "Row 8, column 'y': '1e300' is too large"),
        (changed(9, "1,2,"), "Row 9, column 'label': the cell is empty, a label is needed"),
        (changed(10, "1,2,bird"), "Row 10, column 'label': 'bird' is the only row with this label"),
        (changed(4, ""), "Row 4, column 'x': the cell is empty"),
        (changed(4, "1,2,3,4,5"), "Row 4: there are 5 cells, and 3 in the header"),
        (b"\n \n" + changed(4, "0.3,abc,cat"), "Row 6, column 'y': 'abc' is not a number"),
        (GOOD.replace("dog", "cat").encode(), "Column 'label': every row has the label 'cat'; two or more"),
        ("\n".join(["x,y,label", *(f"{i},{i},{i}" for i in range(15))]).encode(), "15 different labels, at most 6"),
        (changed(3, "1,2,Stra\u00dfe").decode().encode("latin-1"), "Row 3: the file is no text in UTF-8"),
        (GOOD.encode("utf-16"), "no text"),
        (b"PK\x03\x04\x00\x00", "bytes that are no text"),
        (b"x,y,label\n" + b"1,2,a\n" * (LIMITS.points_rows + 9), "more than 5000 rows; keep at most"),
        (b"x,y,label\n" + b"1,2,a\n" * 10**6, "The file has 6 MB; files of more than 2 MB are not read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_sentence_for_what_is_not_read(source: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words) as caught:
        read_points(source)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_a_large_file_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(TableError, match="are not read"):
        read_points(b"\xff" * (LIMITS.points_bytes + 1))
