"""A comparison in hand: its words, its changes, its level and its knobs."""

import pytest
from pydantic import ValidationError

from adamax_viz.study.named.effects import EFFECTS, comparison, find_effect
from adamax_viz.study.study import (
    ALL_CONTROLS,
    LEVEL,
    add,
    change_base,
    change_variant,
    comparison_knobs,
    duplicate,
    label,
    level_value,
    move_level,
    remove,
)
from adamax_viz.study.variants import EXTRA, VariantSettings


def shown(name="clipping"):
    return comparison(find_effect(name))


def labels(one):
    return [label(one, i) for i in range(len(one.variants))]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_the_labels_of_an_effect_tell_its_variants_apart(effect):
    words = labels(comparison(effect))
    assert len(set(words)) == len(words)
    assert "as all" not in words or effect.plain == "as all"
    assert all(len(word) <= 60 for word in words)


def test_labels_follow_what_is_changed():
    one = change_variant(shown(), 1, clipvalue=0.5, beta_1=0.8)
    assert labels(one) == ["no clipping", "clipvalue 0.5, β₁ = 0.8", "clipnorm 1", "global_clipnorm 1"]
    assert labels(change_base(one, clipnorm=2.0))[0] == "as all"  # it clips now
    assert labels(shown("loss_scale"))[1:] == ["loss scale 2^8", "loss scale 2^14", "loss scale 2^16"]


def test_what_equals_the_base_again_is_no_change():
    one = change_variant(shown(), 0, beta_1=0.5)
    assert one.variants[0] == {"beta_1": 0.5}
    assert change_variant(one, 0, beta_1=0.9).variants[0] == {}
    assert change_variant(shown(), 1, clipvalue=None).variants[1] == {}
    with pytest.raises(ValidationError):
        change_variant(shown(), 1, clipvalue="much")


def test_what_keras_refuses_may_be_said():
    one = change_variant(shown(), 1, clipnorm=1.0, gradient_accumulation_steps=1)
    assert "integer >= 2" in one.settings()[1].refusal()
    assert one.settings()[0].refusal() is None


def test_variants_come_and_go_between_two_and_four():
    four = shown()
    assert add(four) == four
    assert duplicate(four, 1) == four
    two = remove(remove(four, 0), 0)
    assert labels(two) == ["clipnorm 1", "global_clipnorm 1"]
    assert remove(two, 0) == two
    assert labels(duplicate(two, 0)) == ["clipnorm 1", "clipnorm 1", "global_clipnorm 1"]
    assert add(two).variants[-1] == {}


def test_the_level_moves_all_that_set_it():
    moved = move_level(shown(), 0.25)
    assert labels(moved)[1:] == ["clipvalue 0.25", "clipnorm 0.25", "global_clipnorm 0.25"]
    assert moved.base == shown().base
    assert level_value(moved) == 0.25


def test_ratios_stay_near_one_those_of_the_rest():
    momenta = [changes.get("ema_momentum") for changes in move_level(shown("ema"), 0.95).variants]
    assert momenta == [None, 0.95, 0.995, 0.9995]
    windows = [v.get("gradient_accumulation_steps") for v in move_level(shown("accumulation"), 3).variants]
    assert windows == [None, 3, 6, 12]
    noise = move_level(shown("noise"), 2.0)
    assert (noise.base.noise_scale, noise.variants[3]["noise_scale"]) == (2.0, 60.0)


def test_a_level_that_nobody_sets_moves_the_base():
    one = shown("weight_decay")._replace(variants=({}, {"beta_1": 0.5}))
    assert level_value(one) is None
    one = change_base(one, weight_decay=0.1)
    assert move_level(one, 0.3).base.weight_decay == 0.3


def test_shared_knobs_leave_out_what_every_variant_sets_itself():
    names = [knob.name for knob in comparison_knobs(shown("beta_2"), None)]
    assert names[0] == LEVEL
    assert "beta_2" not in names
    assert {"learning_rate", "beta_1", "steps", "noise_scale"} <= set(names)


def test_the_reset_of_a_knob_leads_to_the_effect():
    knobs = {
        knob.name: knob for knob in comparison_knobs(move_level(change_base(shown(), learning_rate=0.5), 3.0), None)
    }
    assert (knobs["learning_rate"].value, knobs["learning_rate"].default) == (0.5, 0.02)
    assert (knobs[LEVEL].value, knobs[LEVEL].default) == (3.0, 1.0)


def test_the_knobs_of_one_variant_are_its_own_and_keras_sets_their_bounds():
    knobs = {knob.name: knob for knob in comparison_knobs(shown("accumulation"), 1)}
    assert knobs["b.gradient_accumulation_steps"].value == 2
    assert knobs["b.gradient_accumulation_steps"].least is None
    assert knobs["b.steps"].least == 1  # ours, not Keras's
    assert {knob.name for knob in comparison_knobs(shown("weight_decay"), 2)} >= {"c.l2_in_loss", "c.beta_1"}


def test_every_setting_beyond_keras_has_a_control():
    assert set(EXTRA) <= set(ALL_CONTROLS)
    assert all(ALL_CONTROLS[name].help.endswith(".") for name in EXTRA)
    assert set(ALL_CONTROLS) <= set(VariantSettings.model_fields)
