"""Sentences about several runs: their numbers are the runs', and they change when the runs do."""

import re

import numpy as np
import pytest

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.runs.run import runs_of
from adamax_viz.study.named.effects import EFFECTS, find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import change_base, change_variant, study_of
from adamax_viz.words.findings.registry import FINDINGS, sentences


def said(findings, *variants, **base):
    settings = [RunSpec(**(base | changes)) for changes in variants]
    outcomes = runs_of(settings)
    return sentences(findings, outcomes), [outcome.run for outcome in outcomes]


def of(name, change=lambda shown: shown):
    shown = change(study_of(find_effect(name)))
    outcomes = runs_of(shown.specs())
    return sentences(shown.effect.says, outcomes), [outcome.run for outcome in outcomes]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_every_effect_says_something_readable(effect):
    words, runs = of(effect.name)
    assert 2 <= len(words) <= 8
    for sentence in words:
        assert sentence.endswith(".")
        assert len(sentence) < 240
        assert not re.search(r"nan|inf\b|None|\d\.\d{6}|\bnp\b", sentence), sentence
    for i in range(len(runs)):
        assert any("ABCD"[i] in sentence for sentence in words)


def test_effects_name_the_findings_that_exist():
    assert {name for effect in EFFECTS for name in effect.says} == set(FINDINGS)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_other_settings_make_other_sentences(effect):
    before, _ = of(effect.name)
    after, _ = of(effect.name, lambda shown: change_base(shown, steps=7, beta_1=0.4, start=(1.5, 0.5)))
    assert len(set(before) & set(after)) < len(before)


def test_the_clip_is_counted_and_measured():
    words, runs = of("clipping_one")
    clipped = int((runs[1]["clip_factor"][0] < 1 - 1e-6).sum())
    assert words[0].startswith(f"B clips {clipped} of 300 updates and turns the gradient by up to 36.9°")
    assert "keeps the gradient's direction" in words[1]
    loose, _ = of("clipping_one", lambda shown: change_variant(shown, 1, clipvalue=1e6))
    assert loose[0] == "B clips nothing: every gradient is within its limit."


def test_paths_that_coincide_are_said_to_and_others_not():
    words, _ = said(("coincide",), {}, {"use_ema": True}, {"beta_1": 0.5}, surface="booth", steps=30)
    assert words == ["A and B walk the same path, to the last bit."]
    words, _ = said(("coincide",), {}, {"beta_1": 0.5}, surface="booth", steps=30)
    assert words == []


def test_the_farthest_is_found_with_its_step():
    (sentence,), runs = said(("farthest",), {}, {"beta_1": 0.5}, {"beta_1": 0.99}, surface="booth", steps=80)
    distances = [np.hypot(*(run["theta"][0] - runs[0]["theta"][0]).T) for run in runs]
    assert sentence.startswith(f"{'ABC'[int(np.argmax([d.max() for d in distances]))]} is the farthest from A")
    assert sentence.endswith(f"at step {int(np.argmax(max(distances, key=np.max)))}.")


def test_accumulating_is_said_to_be_averaging_only_where_it_is():
    words, _ = of("accumulation_by_hand")
    assert words[0].startswith("Accumulating 8 (B) is averaging 8 by hand (C): ")
    words, _ = of("accumulation_by_hand", lambda shown: change_base(shown, schedule="CosineDecay", decay_steps=100.0))
    assert words[0].startswith("Accumulating 8 (B) is not averaging 8 by hand (C) here: ")
    words, _ = of("accumulation_by_hand", lambda shown: change_variant(shown, 2, average_by_hand=4))
    assert not any("averaging" in sentence for sentence in words)


def test_rates_are_those_of_the_last_update():
    words, runs = of("accumulation_schedule")
    assert words[0].startswith("A's update number 80 is call number 320 for the schedule: α = 4.82e−6")
    assert runs[0]["lr"][0, 319] == pytest.approx(4.82e-6, rel=1e-3)
    assert words[1].startswith("B's update number 80 is call number 80")


def test_the_first_window_is_counted():
    words, _ = of("ema_window")
    assert "A (N = 1) the average equals the weights for the first micro-step" in words[0]
    assert "for the first 7 micro-steps" in words[1]  # the second update is the first that the average lags behind
    assert "for the first 31 micro-steps" in words[2]


def test_decay_is_balanced_where_it_is_said_to_be():
    words, runs = of("weight_decay")
    residual = [s for s in words if "opposite of λθ" in s]
    assert len(residual) == 2
    assert all(float(re.search(r"to ([\d.e−]+)\.$", s)[1].replace("−", "-")) < 1e-3 for s in residual)
    assert "of what decay takes" in words[1]
    assert np.hypot(*(runs[0]["theta"][0, -1] - [1, 3])) < 1e-5


def test_no_balance_is_said_where_the_path_is_still_on_its_way():
    words, runs = of("weight_decay", lambda shown: change_base(shown, steps=50))
    slopes = SurfaceProblem(CATALOGUE["booth"]).evaluate(np.stack([run["theta"][0, -1] for run in runs]), 50)[1]
    for letter, run, slope in zip("CD", runs[2:], slopes[2:], strict=True):
        assert np.abs(slope + 0.2 * run["theta"][0, -1]).max() > 1
        (sentence,) = (s for s in words if s.startswith(f"{letter} ends"))
        assert "is not the opposite of λθ = (" in sentence


def test_half_precision_is_counted_against_the_exact_gradient():
    words, _ = of("loss_scale")
    assert words[:2] == [
        "A loses the gradient of x to zero at 120 of 120 steps.",
        "B loses no gradient to half precision.",
    ]
    assert "D diverged at step 0: the gradient is not finite." in words
    words, _ = of("loss_scale", lambda shown: change_base(shown, formula="0*x^2 + y^2/2"))
    assert words[0] == "A loses no gradient to half precision."  # a gradient that is zero is not lost


def test_the_walk_of_the_scale_is_told():
    words, runs = of("dynamic_loss_scale")
    skipped = int((~runs[2]["is_update"]).sum())
    assert f"; {skipped} steps were skipped." in words[1]
    assert words[2].startswith("The scale of D goes from 1 to ")


def test_the_first_step_is_a_tenth_without_correction():
    words, _ = of("bias_correction")
    assert words[0] == "The first step is 1 α in A and 0.1 α in B."
    words, _ = of("bias_correction", lambda shown: change_base(shown, beta_1=0.75))
    assert words[0] == "The first step is 1 α in A and 0.25 α in B."


def test_a_correction_of_both_moments_is_not_said_to_lift_the_rate():
    rules = ({}, {"rule": "adam"}, {"rule": "p=4"}, {"rule": "torch_adamax"})
    words, _ = said(("first_steps",), *rules, surface="round_bowl", steps=80)
    lifted = [sentence[3] for sentence in words if "lifts the rate" in sentence]
    assert lifted == ["A", "D"]


def test_a_single_variant_and_a_stopped_one_break_nothing():
    everything = tuple(dict.fromkeys(name for effect in EFFECTS for name in effect.says))
    for changes in ({}, {"learning_rate": 1e300}, {"steps": 1}, {"noise": "outlier", "noise_scale": 1e308}):
        words, _ = said(everything, changes, surface="rosenbrock", steps=12)
        assert all(isinstance(sentence, str) for sentence in words)
