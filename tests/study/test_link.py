"""Settings go out as link or JSON and come back the same; what is wrong is named and the rest kept."""

import json

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from adamax_viz.study.link import from_json, from_query, read_params, to_json, to_params, to_query
from adamax_viz.study.spec import RunSpec
from tests.study.strategies import settings

quick = hypothesis_settings(derandomize=True, max_examples=150)


@quick
@given(settings())
def test_query_round_trip(original):
    decoded = from_query(to_query(original))
    assert decoded.complaints == []
    assert decoded.settings == original


@quick
@given(settings())
def test_params_and_json_round_trip(original):
    assert read_params(RunSpec, to_params(original)) == (original, [])
    assert from_json(to_json(original)) == (original, [])


def test_only_differences_travel():
    assert to_params(RunSpec()) == {}
    assert to_query(RunSpec()) == "surface=himmelblau"
    assert (
        to_query(RunSpec(surface="rosenbrock", learning_rate=0.1, clipnorm=1.0))
        == "surface=rosenbrock&learning_rate=0.1&clipnorm=1.0"
    )


def test_a_whole_address_is_read():
    decoded = from_query("https://example.org/app/?surface=ackley&beta_1=0.5&v=1#top")
    assert decoded == (RunSpec(surface="ackley", beta_1=0.5), [])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("learning_rate=fast", "learning_rate = “fast”"),
        ("learning_rate=nan", "learning_rate"),
        ("steps=0", "steps"),
        ("steps=2.5", "steps"),
        ("steps=1000000000", "steps"),
        ("use_ema=perhaps", "use_ema"),
        ("start=1", "start"),
        ("start=1,2,3", "start"),
        ("start=inf,0", "start"),
        ("surface=rosenbrok", "rosenbrock"),
        ("gradient_accumulation_steps=1", "must be an integer >= 2"),
        ("schedule=StepDecay", "schedule"),
        ("nonsense=1", "“nonsense” is not a setting"),
        ("parameters.depth=3", "no parameter 'depth'"),
        ("v=99", "The link is of version “99”, newer than this app; what it knows was used."),
        ("v=" + "9" * 5000, "newer than this app"),
        ("v=0", "The link is of version “0”, which this app does not know; what it knows was used."),
        ("v=-1", "which this app does not know"),
        ("v=", "version “”, which this app does not know"),
        ("v=two", "version “two”, which this app does not know"),
        ("beta_1=" + "9" * 30_000, "characters"),
    ],
)
def test_a_wrong_value_is_named_and_the_rest_kept(query, words):
    decoded = from_query(query + ("" if len(query) > 20_000 else "&epsilon=0.001"))
    assert len(decoded.complaints) == 1
    assert words in decoded.complaints[0]
    assert len(decoded.complaints[0]) < 400
    assert len(query) > 20_000 or decoded.settings == RunSpec(epsilon=0.001)


def test_what_only_looks_like_an_address_is_said():
    settings, complaints = from_query("http://[::1")
    assert settings == RunSpec()
    assert complaints == ["The link is no address; it was ignored."]


def test_settings_that_exclude_each_other_keep_the_first():
    decoded = from_query("clipnorm=1.0&clipvalue=2.0&beta_1=0.5")
    assert decoded.settings == RunSpec(clipnorm=1.0, beta_1=0.5)
    assert "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set" in decoded.complaints[0]
    assert "clipvalue" in decoded.complaints[0].split("kept for")[1]


def test_a_bad_formula_keeps_everything_else():
    decoded = from_query("surface=custom&formula=x**&steps=7")
    assert decoded.settings.steps == 7
    assert len(decoded.complaints) == 1


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "3", "nul", '{"a": 1', "\x00"])
def test_broken_json_is_refused_in_one_sentence(text):
    with pytest.raises(ValueError, match=r"JSON"):
        from_json(text)


def test_json_of_another_version_opens_with_what_is_known():
    decoded = from_json(json.dumps({"version": 7, "beta_1": 0.5, "warp": 9}))
    assert decoded.settings == RunSpec(beta_1=0.5)
    assert len(decoded.complaints) == 2


def test_huge_json_is_refused_before_it_is_read():
    with pytest.raises(ValueError, match="more than 1000000 bytes"):
        from_json(" " * 1_000_001)


# Links that were published once; they must open for ever.
PUBLISHED = {
    "surface=rosenbrock&learning_rate=0.1&v=1": {"surface": "rosenbrock", "learning_rate": 0.1},
    "surface=ackley&start=2.0,1.0&use_ema=true&ema_momentum=0.9": {
        "surface": "ackley", "start": (2.0, 1.0), "use_ema": True, "ema_momentum": 0.9,
    },
    "surface=custom&formula=x**2%20%2B%20y**2&domain=-1.0,1.0,-1.0,1.0": {
        "surface": "custom", "formula": "x**2 + y**2", "domain": (-1.0, 1.0, -1.0, 1.0),
    },
}  # fmt: skip


@pytest.mark.parametrize("query", PUBLISHED)
def test_published_links_still_open(query):
    assert from_query(query) == (RunSpec(**PUBLISHED[query]), [])
