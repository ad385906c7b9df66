"""What is said of a value of the wrong kind is what a person would say."""

import pytest

from adamax_viz.study.link import from_query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("learning_rate=abc", "it is not a number"),
        ("learning_rate=1e400", "it is not a finite number"),
        ("steps=1.5", "it is not a whole number"),
        ("steps=1000000", "it must be at most 100,000"),
        ("steps=0", "it must be at least 1"),
        ("use_ema=maybe", "it must be true or false"),
        ("noise=foo", "it must be none, gaussian, heavy_tailed, spikes or outlier"),
        ("start=1", "a number is missing"),
        ("start=1,2,3", "it has more than 2 numbers"),
    ],
)
def test_a_link_s_wrong_value(query: str, words: str) -> None:
    name, _, text = query.partition("=")
    [complaint] = from_query(query)[1]
    assert complaint.startswith(f"{name} = “{text}” can't be used ({words}); the default ")


def test_a_surface_that_is_not_there() -> None:
    near = "There is no surface “banana”; near it is branin. The defaults were kept for: surface."
    assert from_query("surface=banana")[1] == [near]
    [far] = from_query("surface=qqqq")[1]
    assert len(far) < 150
