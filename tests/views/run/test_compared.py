"""The charts of several runs as plain data."""

import numpy as np
import pytest

from adamax_viz.study.named.effects import EFFECTS, comparison, find_effect
from adamax_viz.study.variants import run_variants
from adamax_viz.views.run.compared import ORDER, compared, compared_arrays, title_of, turn


def ran(name):
    return [outcome.run.happened() for outcome in run_variants(comparison(find_effect(name)).settings())]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_every_chart_that_an_effect_asks_for_is_there_and_its_lines_have_values(effect):
    runs = ran(effect.name)
    charts = {chart.key: chart for chart in compared(runs)}
    assert set(effect.panels) <= set(charts)
    assert [key for key in ORDER if key in charts] == list(charts)
    extra = [compared_arrays(run, runs[0]) for run in runs]
    for chart in charts.values():
        for line in chart.lines:
            known = line.array in runs[line.variant] or line.array in extra[line.variant]
            assert known or line.array == "scale", (chart.key, line)


def test_a_line_for_each_variant_and_coordinate():
    charts = {chart.key: chart for chart in compared(ran("clipping"))}
    assert [(line.variant, line.coordinate) for line in charts["u"].lines] == [(v, c) for v in range(4) for c in "xy"]
    assert [line.variant for line in charts["loss"].lines] == [0, 1, 2, 3]
    assert {line.variant for line in charts["difference"].lines} == {1, 2, 3}
    assert [line.array for line in charts["gradient"].lines][::2] == ["grad_unscaled"] + 3 * ["grad_clipped"]
    assert charts["loss"].logarithmic
    assert not charts["u"].logarithmic


def test_charts_of_features_that_are_off_are_left_out():
    assert {"turn", "scale", "ema", "bucket", "updates"}.isdisjoint(chart.key for chart in compared(ran("beta_1")))


def test_the_difference_is_that_of_the_weights_as_far_as_both_go():
    runs = ran("loss_scale")  # the last of them stops at once
    difference = compared_arrays(runs[1], runs[0])["difference"]
    np.testing.assert_array_equal(difference, runs[1]["theta"][0] - runs[0]["theta"][0])
    assert compared_arrays(runs[0], runs[3])["difference"].shape == runs[0]["theta"][0].shape
    assert np.isnan(compared_arrays(runs[0], runs[3])["difference"][-1]).all()


def test_turns_are_angles():
    _, by_value, _, _ = ran("clipping_one")
    k = int(np.nanargmax(turn(by_value)))
    before, after = by_value["grad_accumulated"][0, k], by_value["grad_clipped"][0, k]
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    assert turn(by_value)[k] == pytest.approx(np.degrees(np.arccos(cosine)), rel=1e-9)


def test_every_chart_has_a_title():
    assert all(title_of(key) for key in ORDER)
