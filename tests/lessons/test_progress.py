"""Answers and progress in a link: exact round trips, and nonsense is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamax_viz.lessons.progress import answers_of, answers_text, seen_of, seen_text

SHORT = st.floats(-1e4, 1e4).map(lambda value: float(f"{value:.5g}"))
ANSWERS = st.dictionaries(st.integers(1, 9), st.integers(0, 5) | SHORT | st.tuples(SHORT, SHORT))


@given(ANSWERS)
def test_answers_come_back(answers):
    text = answers_text(answers)
    assert answers_of(text) == answers
    assert all(c.isalnum() or c in "-._~" for c in text)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.integers(0, 9)))
def test_progress_comes_back(seen):
    assert seen_of(seen_text(seen)) == seen


@pytest.mark.parametrize(
    "text", [None, "", "~~", "x", "1", "1z", "_3", "1_", "1_a", "1_1_2_3", "0xff", "1b2", "❤", "²a", "9" * 5000 + "a"]
)
def test_nonsense_is_no_answer(text):
    assert answers_of(text) == {}


def test_nonsense_hides_nothing():
    assert answers_of("zzz~2b~3_") == {2: 1}
    assert seen_of("momentum.2~Momentum.3~.~a.b") == {"momentum": 2}
