"""What a player asks is taken as far as it is of the right kind, whatever it is."""

import itertools

import pytest

from adamax_viz.ui.state.asked import point_of, request_of, texts_of, whole, whole_of

ODD = [None, True, 0, -1, 10**400, 1e308, float("nan"), float("inf"), "", "1", "\ud800", [], {}, [1], [None], [[]]]


def test_a_request_is_one_or_none():
    good = {"fields": {"beta_1": 0.5}, "final": True, "sequence": 3}
    assert request_of({"request": good}) == good
    assert request_of({"request": {"fields": {}, "sequence": 1}}) == {"fields": {}, "final": False, "sequence": 1}
    for odd in [*ODD, {"request": None}, {"request": []}, {"request": {}}, {"request": {"fields": {}}}]:
        assert request_of(odd) is None
    for fields, sequence in itertools.product([value for value in ODD if not isinstance(value, dict)], [1, *ODD]):
        assert request_of({"request": {"fields": fields, "final": [], "sequence": sequence}}) is None


@pytest.mark.parametrize("value", ODD)
def test_odd_values_are_none_or_within_bounds(value):
    number = whole_of(value, 9)
    assert number is None or (type(number) is int and 0 <= number <= 9)
    assert all(isinstance(text, str) for text in texts_of(value))
    assert point_of(value) is None
    assert point_of([value, 1]) is None or point_of([value, 1]) == (float(value), 1.0)


def test_usual_values():
    assert whole_of(4, 9) == 4
    assert texts_of(["loss", 3, "m"]) == ["loss", "m"]
    assert texts_of(["loss"] * 1000) == []
    assert point_of([1, -2.5]) == (1.0, -2.5)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999", 999_999)])
def test_digits_are_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize(
    "text",
    [None, "", " 1", "1\n", "²", "٣", "-1", "+1", "1e3", "1.0", "1_000", "0x1", "1000000", "9" * 5000, "nan", "1\0"],
)
def test_anything_else_is_none(text: str | None) -> None:
    assert whole(text) is None
