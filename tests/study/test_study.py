"""A comparison in hand: its words, its changes, its level and its knobs."""

import pytest
from pydantic import ValidationError

from adamax_viz.study.knobs import study_knobs
from adamax_viz.study.named.effects import EFFECTS, find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import (
    LEVEL,
    MOST,
    TABLE,
    Study,
    add,
    apply,
    change_base,
    change_variant,
    duplicate,
    level_value,
    move_level,
    remove,
    study_of,
)
from adamax_viz.words.labels import label


def shown(name="clipping"):
    return study_of(find_effect(name))


def labels(one):
    return [label(one, i) for i in range(len(one.variants))]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_the_labels_of_an_effect_tell_its_variants_apart(effect):
    words = labels(study_of(effect))
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
    assert "integer >= 2" in one.specs()[1].refusal()
    assert one.specs()[0].refusal() is None


def test_variants_come_and_go_between_two_and_twelve():
    full = shown()
    for _ in range(MOST):
        full = add(full)
    assert len(full.variants) == MOST == 12
    assert add(full) == full
    assert duplicate(full, 1) == full
    two = remove(remove(shown(), 0), 0)
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
    names = [knob.name for knob in study_knobs(shown("beta_2"), None)]
    assert names[0] == LEVEL
    assert "beta_2" not in names
    assert {"learning_rate", "beta_1", "steps", "noise_scale"} <= set(names)


def test_the_reset_of_a_knob_leads_to_the_effect():
    knobs = {knob.name: knob for knob in study_knobs(move_level(change_base(shown(), learning_rate=0.5), 3.0), None)}
    assert (knobs["learning_rate"].value, knobs["learning_rate"].default) == (0.5, 0.02)
    assert (knobs[LEVEL].value, knobs[LEVEL].default) == (3.0, 1.0)


def test_the_knobs_of_one_variant_are_its_own_and_keras_sets_their_bounds():
    knobs = {knob.name: knob for knob in study_knobs(shown("accumulation"), 1)}
    assert knobs["b.gradient_accumulation_steps"].value == 2
    assert knobs["b.gradient_accumulation_steps"].least is None
    assert knobs["b.steps"].least == 1  # ours, not Keras's
    assert {knob.name for knob in study_knobs(shown("weight_decay"), 2)} >= {"c.l2_in_loss", "c.beta_1"}


def test_every_setting_beyond_keras_has_a_control():
    beyond = [entry for entry in TABLE.values() if entry.group == "beyond"]
    assert {entry.name for entry in beyond} == {"rule", "l2_in_loss", "l2_in_gradient", "average_by_hand"}
    assert all(entry.control and entry.help.endswith(".") for entry in beyond)


# -- a run and others beside it ------------------------------------------------------------------------------------


def test_compare_with_pins_the_run_and_opens_another():
    two = add(Study(RunSpec(surface="booth")))
    assert two.specs() == [RunSpec(surface="booth")] * 2
    two, complaints = apply(two, {"b.beta_1": 0.5})
    assert complaints == []
    assert [spec.beta_1 for spec in two.specs()] == [0.9, 0.5]
    assert labels(two) == ["as all", "β₁ = 0.5"]
    two, _ = apply(two, {"learning_rate": 0.2})
    assert [spec.learning_rate for spec in two.specs()] == [0.2, 0.2]


def test_what_is_left_alone_becomes_the_run():
    two = Study(RunSpec(surface="booth"), ({}, {"beta_1": 0.5}))
    assert remove(two, 0) == Study(RunSpec(surface="booth", beta_1=0.5))
    assert remove(two, 1) == Study(RunSpec(surface="booth"))
    assert remove(Study(RunSpec()), 0) == Study(RunSpec())


@pytest.mark.parametrize("value", [1e308, float("inf"), float("nan"), 10**400], ids=["large", "inf", "nan", "whole"])
@pytest.mark.parametrize("name", [effect.name for effect in EFFECTS if effect.level])
def test_a_level_beyond_all_numbers_is_refused_or_makes_a_study(name, value):
    study, complaints = apply(shown(name), {"level": value})
    assert bool(complaints) == (study == shown(name))
    study.specs()


def test_apply_keeps_what_can_be_used_and_says_the_rest():
    one, complaints = apply(Study(RunSpec(surface="ravine")), {"start": [1.0, 2.0], "parameters.condition": 7.0})
    assert (one.base.start, one.base.parameters, complaints) == ((1.0, 2.0), {"condition": 7.0}, [])
    one, complaints = apply(one, {"steps": 0, "beta_1": 0.5})
    assert (one.base.steps, one.base.beta_1) == (300, 0.5)
    assert complaints == ["steps = “0” can't be used (it must be at least 1); the value before it was kept."]
    one, complaints = apply(one, {"gradient_accumulation_steps": 1})
    assert one.base.gradient_accumulation_steps is None
    assert "must be an integer >= 2" in complaints[0]
    several, complaints = apply(shown(), {"b.clipvalue": "much", "level": 2.0})
    assert several.variants[1] == {"clipvalue": 2.0}
    assert "clipvalue = “much” can't be used" in complaints[0]


def test_a_value_for_a_run_that_is_gone_is_refused_in_words():
    two = Study(RunSpec(), ({}, {"beta_1": 0.5}))
    study, complaints = apply(two, {"c.beta_1": 0.25, "b.beta_1": 0.75})
    assert study == Study(RunSpec(), ({}, {"beta_1": 0.75}))
    assert complaints == ["Run C is gone; what was moved of it was left out."]
