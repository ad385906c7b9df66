"""The codec of comparisons: short, exact, tolerant."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamax_viz.study.link import read_study, to_params, to_query
from adamax_viz.study.named.effects import EFFECTS, find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study, change_base, change_variant, duplicate, move_level, remove, study_of


def reread(shown):
    return read_study(dict(parse_qsl(to_query(shown), keep_blank_values=True)))


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_an_effect_as_it_is_travels_by_name_alone(effect):
    assert to_params(study_of(effect)) == {"effect": effect.name}
    assert reread(study_of(effect)) == (study_of(effect), [])


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "beta_1": st.floats(0, 1),
        "epsilon": st.sampled_from([1e-8, 0.1]),
        "clipnorm": st.none() | st.floats(1e-3, 10),
        "clipvalue": st.none() | st.floats(1e-3, 10),
        "use_ema": st.booleans(),
        "gradient_accumulation_steps": st.none() | st.integers(0, 8),
        "rule": st.sampled_from(["adamax", "torch_adamax"]),
        "l2_in_loss": st.none() | st.floats(0, 1),
        "boundaries": st.just((10, 20)),
    },
)


@given(st.sampled_from(EFFECTS), CHANGES, st.lists(CHANGES, min_size=2, max_size=12))
def test_whatever_is_changed_comes_back(effect, base, variants):
    shown = change_base(study_of(effect), **base)
    if shown.base.refusal() is not None:
        shown = study_of(effect)
    shown = shown._replace(variants=tuple(variants))
    assert reread(shown) == (shown, [])


def test_only_what_differs_travels():
    shown = change_base(study_of(find_effect("noise")), noise_scale=2.0, surface="booth", start=None)
    assert to_query(shown) == "effect=noise&surface=booth&noise_scale=2.0"
    shown = change_variant(remove(study_of(find_effect("clipping")), 3), 2, clipnorm=0.5)
    assert to_query(shown) == "effect=clipping&a=base&b.clipvalue=1.0&c.clipnorm=0.5"
    assert reread(shown) == (shown, [])
    moved = move_level(duplicate(remove(study_of(find_effect("epsilon")), 0), 0), 1e-3)
    assert reread(moved) == (moved, [])


def test_another_surface_brings_its_own_start_and_parameters():
    shown = change_base(study_of(find_effect("epsilon")), surface="booth", parameters={}, start=None)
    assert reread(shown) == (shown, [])
    assert reread(shown)[0].base.start_point() == (6.0, 8.0)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("effect=warp", "There is no effect “warp”"),
        ("effect=ema&warp=1", "“warp” is not a setting"),
        ("effect=ema&learning_rate=fast", "learning_rate = “fast” can't be used"),
        ("effect=ema&surface=nowhere", "kept for: surface"),
        ("effect=ema&gradient_accumulation_steps=1", "must be an integer >= 2"),
        ("effect=ema&noise_envelope=banana", "banana"),
        ("effect=clipping&a=base&b.clipnorm=much", "B: clipnorm = “much” can't be used"),
        ("effect=clipping&a=base&b.start=1,2", "B: all variants have the same start"),
        ("effect=clipping&a=base&b.warp=1", "B: “warp” is not a setting"),
        ("effect=clipping&b.clipnorm=2", "at least 2 variants"),
        ("effect=clipping&learning_rate=" + "9" * 400, "can't be used"),
    ],
)
def test_what_cannot_be_used_is_said_once_and_the_rest_kept(query, said):
    shown, complaints = read_study(dict(parse_qsl(f"{query}&beta_2=0.5")), otherwise=EFFECTS[0])
    assert len(complaints) == 1
    assert said in complaints[0]
    assert shown.base.beta_2 == 0.5
    assert shown.base.refusal() is None
    assert len(shown.variants) >= 2


def test_what_keras_refuses_of_a_variant_is_no_complaint():
    query = "effect=clipping&a=base&b.clipnorm=1.0&b.clipvalue=2.0"
    shown, complaints = read_study(dict(parse_qsl(query)))
    assert complaints == []
    assert shown.variants[1] == {"clipnorm": 1.0, "clipvalue": 2.0}
    assert shown.specs()[1].refusal() is not None


@given(CHANGES, st.lists(CHANGES, max_size=11))
def test_a_study_without_a_name_travels_by_its_base_and_its_letters(base, variants):
    spec = RunSpec(**base)
    study = Study(RunSpec() if spec.refusal() else spec, ({}, *variants))
    assert reread(study) == (study, [])


def test_a_run_alone_is_a_study_and_its_link_is_the_run_s():
    study, complaints = read_study({"surface": "booth", "beta_1": "0.5", "v": "1"})
    assert (study, complaints) == (Study(RunSpec(surface="booth", beta_1=0.5)), [])
    assert to_query(study) == to_query(study.base) == "surface=booth&beta_1=0.5"


def test_the_first_run_is_the_base_unless_it_says_otherwise():
    study = Study(RunSpec(surface="booth"), ({}, {"beta_1": 0.5}, {}))
    assert to_query(study) == "surface=booth&b.beta_1=0.5&c=base"
    own = Study(RunSpec(), ({"beta_1": 0.1}, {}))
    assert to_query(own) == "surface=himmelblau&a.beta_1=0.1&b=base"
    assert reread(own) == (own, [])


def test_a_surface_that_is_unknown_leaves_an_effect_its_own():
    study, complaints = read_study({"effect": "epsilon", "surface": "matyas_"})
    assert study == study_of(find_effect("epsilon"))
    assert "matyas_" in complaints[0]


def test_a_run_that_changes_nothing_is_no_parameter_of_a_page():
    seven = study_of(find_effect("clipping"))
    seven = seven._replace(variants=(*seven.variants[:2], *[{"beta_1": n / 10} for n in range(4)], {}))
    params = to_params(seven)
    assert params["g"] == "base"
    assert read_study(params, frozenset({"g", "p"})) == (seven, [])
    assert read_study({"g": "1,2,3"}, frozenset({"g"})) == (Study(RunSpec()), [])
