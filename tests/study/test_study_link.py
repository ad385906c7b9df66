"""The codec of comparisons: short, exact, tolerant."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamax_viz.study.named.effects import EFFECTS, comparison, find_effect
from adamax_viz.study.study import change_base, change_variant, duplicate, move_level, remove
from adamax_viz.study.study_link import from_params, to_params, to_query


def reread(shown):
    return from_params(dict(parse_qsl(to_query(shown), keep_blank_values=True)))


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_an_effect_as_it_is_travels_by_name_alone(effect):
    assert to_params(comparison(effect)) == {"effect": effect.name}
    assert reread(comparison(effect)) == (comparison(effect), [])


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


@given(st.sampled_from(EFFECTS), CHANGES, st.lists(CHANGES, min_size=2, max_size=4))
def test_whatever_is_changed_comes_back(effect, base, variants):
    shown = change_base(comparison(effect), **base)
    if shown.base.refusal() is not None:
        shown = comparison(effect)
    shown = shown._replace(variants=tuple(variants))
    assert reread(shown) == (shown, [])


def test_only_what_differs_travels():
    shown = change_base(comparison(find_effect("noise")), noise_scale=2.0, surface="booth", start=None)
    assert to_query(shown) == "effect=noise&surface=booth&noise_scale=2.0"
    shown = change_variant(remove(comparison(find_effect("clipping")), 3), 2, clipnorm=0.5)
    assert to_query(shown) == "effect=clipping&a=base&b.clipvalue=1.0&c.clipnorm=0.5"
    assert reread(shown) == (shown, [])
    moved = move_level(duplicate(remove(comparison(find_effect("epsilon")), 0), 0), 1e-3)
    assert reread(moved) == (moved, [])


def test_another_surface_brings_its_own_start_and_parameters():
    shown = change_base(comparison(find_effect("epsilon")), surface="booth", parameters={}, start=None)
    assert reread(shown) == (shown, [])
    assert reread(shown)[0].base.start_point() == (6.0, 8.0)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("effect=warp", "There is no effect “warp”"),
        ("effect=ema&warp=1", "“warp” is not a setting"),
        ("effect=ema&learning_rate=fast", "learning_rate = “fast” can't be used"),
        ("effect=ema&surface=nowhere", "surface can't be used here"),
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
    shown, complaints = from_params(dict(parse_qsl(f"{query}&beta_2=0.5")))
    assert len(complaints) == 1
    assert said in complaints[0]
    assert shown.base.beta_2 == 0.5
    assert shown.base.refusal() is None
    assert len(shown.variants) >= 2


def test_what_keras_refuses_of_a_variant_is_no_complaint():
    query = "effect=clipping&a=base&b.clipnorm=1.0&b.clipvalue=2.0"
    shown, complaints = from_params(dict(parse_qsl(query)))
    assert complaints == []
    assert shown.variants[1] == {"clipnorm": 1.0, "clipvalue": 2.0}
    assert shown.settings()[1].refusal() is not None
