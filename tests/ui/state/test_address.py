"""One rule for whole numbers in an address."""

import pytest

from adamax_viz.ui.state.address import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999", 999_999)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize(
    "text",
    [None, "", " 1", "1\n", "²", "٣", "-1", "+1", "1e3", "1.0", "1_000", "0x1", "1000000", "9" * 5000, "nan", "1\0"],
)
def test_anything_else_is_none(text: str | None) -> None:
    assert whole(text) is None
