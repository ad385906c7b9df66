"""Variants: what Keras refuses, what becomes plain settings, and batches on the axis of their gradients."""

import numpy as np
import pytest

from adamax_viz.runs.run import run_of, runs_of
from adamax_viz.study.spec import RunSpec

NOISY = {"surface": "round_bowl", "noise": "gaussian", "noise_scale": 4.0, "steps": 48}


def test_what_keras_refuses_is_said_in_its_words_and_the_others_run():
    outcomes = runs_of(
        [
            RunSpec(),
            RunSpec(clipnorm=1.0, clipvalue=1.0),
            RunSpec(gradient_accumulation_steps=1),
        ]
    )
    assert [o.run is None for o in outcomes] == [False, True, True]
    assert outcomes[0].refusal is None
    assert outcomes[1].refusal.startswith("Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set")
    assert "must be an integer >= 2" in outcomes[2].refusal
    assert [o.letter for o in outcomes] == list("ABC")


def test_one_variant_is_the_run_of_its_settings():
    settings = RunSpec(**NOISY, clipnorm=2.0)
    (outcome, _) = runs_of([RunSpec(**NOISY, clipnorm=2.0), RunSpec(**NOISY)])
    for name in ("theta", "loss", "m", "u", "grad_clipped"):
        np.testing.assert_array_equal(outcome.run[name], run_of(settings)[name])


def test_variants_that_differ_in_more_than_the_optimizer_run_too():
    outcomes = runs_of(
        [
            RunSpec(**NOISY),
            RunSpec(**NOISY | {"noise": "none", "steps": 30}),
            RunSpec(**NOISY, dynamic_loss_scale=True),
        ]
    )
    assert [o.run.steps for o in outcomes] == [48, 30, 48]
    assert ["loss_scale" in o.run for o in outcomes] == [False, False, True]


@pytest.mark.parametrize("extra", [{}, {"use_ema": True, "ema_momentum": 0.5, "clipnorm": 1.0}])
def test_a_batch_by_hand_lies_on_the_axis_of_accumulation(extra):
    accumulated, by_hand = runs_of(
        [
            RunSpec(**NOISY, **extra, gradient_accumulation_steps=4),
            RunSpec(**NOISY, **extra, average_by_hand=4),
        ]
    )
    same = ("theta", "loss", "m", "u", "step", "grad_clipped", "clip_factor", "micro_step", "update", "is_update")
    for name in same:
        one, other = accumulated.run[name], by_hand.run[name]
        assert one.shape == other.shape, name
        np.testing.assert_allclose(one, other, atol=1e-12, err_msg=name)
    assert np.isnan(by_hand.run["ema"]).all() == (not extra)


def test_rules_reach_the_optimizer_also_under_a_loss_scale():
    assert RunSpec(rule="torch_adamax").optimizer().adamax.rule.name == "torch_adamax"
    scaled = RunSpec(rule="adamax_uncorrected", dynamic_loss_scale=True, initial_scale=8.0).optimizer()
    assert (scaled.adamax.rule.name, scaled.initial_scale) == ("adamax_uncorrected", 8.0)


def test_plain_settings_make_the_same_run_or_there_are_none():
    plain = RunSpec(**NOISY, clipnorm=2.0).for_keras()
    assert type(plain) is RunSpec
    assert plain == RunSpec(**NOISY, clipnorm=2.0)
    assert RunSpec(rule="torch_adamax").for_keras() is None
    assert RunSpec(l2_in_gradient=0.1).for_keras() is None
    assert RunSpec(clipnorm=1.0, clipvalue=1.0).for_keras() is None


@pytest.mark.parametrize("surface", ["booth", "ravine", "plateau"])
def test_an_l2_penalty_in_the_loss_is_a_formula(surface):
    variant = RunSpec(surface=surface, l2_in_loss=0.3, steps=40)
    (outcome,) = runs_of([variant])
    run = run_of(variant.for_keras())
    np.testing.assert_allclose(run["theta"], outcome.run["theta"], atol=1e-12)
    np.testing.assert_allclose(run["loss"], outcome.run["loss"], rtol=1e-12)
