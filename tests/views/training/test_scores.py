"""Losses and accuracies along a training, at the exact weights and the averaged ones; the sentences about them."""

import numpy as np
import pytest

from adamax_viz.views.training.charts import charts, norm_charts
from adamax_viz.views.training.scores import scores
from adamax_viz.words.learning import beside, words
from tests.views.tiny_model import Logistic, trained

MODEL = Logistic()


def test_every_step_is_measured_at_its_own_weights():
    one, _ = trained((0, {"use_ema": True, "ema_momentum": 0.9}))
    measured = scores(MODEL, one, most=100)
    assert measured.steps.tolist() == list(range(41))
    np.testing.assert_array_equal(measured.raw["train"].loss, MODEL.measure(one["theta"][0]).loss)
    np.testing.assert_array_equal(measured.ema["validation"].loss[1:], MODEL.measure(one["ema"][0], "validation").loss)
    assert measured.ema["train"].loss[0] == measured.raw["train"].loss[0]


def test_of_a_thinned_training_the_steps_are_the_true_ones():
    one, _ = trained((0, {}), steps=60, budget=1200)
    assert one.every > 1
    measured = scores(MODEL, one, most=100)
    assert measured.steps.tolist() == [*one["micro_step"], 60]


def test_charts_take_what_was_measured_and_leave_out_what_is_off():
    one, _ = trained((0, {"clipnorm": 0.05}))
    measured = scores(MODEL, one, most=5)
    loss, accuracy, ratio, branch, rate = charts(one, measured)
    assert [(s.quantity, s.label, s.dashed) for s in loss.lines] == [("loss", "train", False), ("loss", "val", True)]
    assert loss.lines[0].steps.tolist() == [0, 10, 20, 30, 40]
    assert accuracy.lines[1].values.tolist() == measured.raw["validation"].accuracy.tolist()
    assert all((s.upper >= s.values).all() for s in ratio.lines if s.upper is not None)
    assert branch.lines[0].values[0] == 1  # u begins at zero: the first gradient wins
    assert [s.label for s in rate.lines] == ["α", "α_t"]
    with_rival = charts(one, measured, measured, "Adam")[0]
    assert [(s.label, s.rival) for s in with_rival.lines][:2] == [("train Adam", True), ("val Adam", True)]
    assert not any(s.rival for s in with_rival.lines[2:])
    norms = norm_charts(one)
    assert [chart.title for chart in norms] == ["output/kernel", "output/bias"]
    assert [s.quantity for s in norms[0].lines] == ["grad", "grad_clipped"]
    assert max(norms[0].lines[1].values) == pytest.approx(0.05)
    assert [s.quantity for s in norm_charts(trained((0, {}))[0])[0].lines] == ["grad"]


def test_the_sentences_say_the_training_s_own_numbers():
    one, _ = trained((0, {"use_ema": True}))
    measured = scores(MODEL, one, most=3)
    said = words(one, measured)
    assert said[0].startswith("40 steps: training loss from ")
    assert f"{100 * measured.raw['train'].accuracy[-1]:.1f} % right" in said[0]
    assert said[1].startswith("With the averaged weights: training loss ")
    still = scores(MODEL, trained((0, {"learning_rate": 1e-6}))[0], most=3)
    here, there = (m.raw["validation"].loss[-1] for m in (measured, still))
    assert here < there
    assert f"is {here:.4g} with Adamax and {there:.4g} with Adam; Adamax's is the smaller" in beside(
        measured, still, "Adamax", "Adam"
    )
    assert "Adamax's is the larger one" in beside(still, measured, "Adamax", "Adam")
    assert beside(measured, measured, "Adamax", "Adam").endswith("; equal.")
