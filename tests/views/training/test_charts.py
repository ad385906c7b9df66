"""Percentiles and norms against NumPy, step by step."""

import numpy as np

from adamax_viz.core.engine import run
from adamax_viz.core.optimizer import Adamax
from adamax_viz.views.training.charts import PERCENTILES, bands, norm_charts
from adamax_viz.views.training.sampling import MOST, bins, sampled
from tests.core.tiny import Bowl

SIZES = {"kernel": 6, "bias": 2}


def trained(steps=10, **arguments):
    bowl = Bowl(np.linspace(1, 8, 8), SIZES)
    return run(bowl, Adamax(learning_rate=0.1, **arguments), np.arange(1.0, 9.0), steps)


def test_percentiles_of_every_update():
    one = trained()
    seen = bands(one)
    assert seen.steps.tolist() == list(range(10))
    ratio = np.abs(one["step"][0]) / one["lr_t"][0][:, None]
    np.testing.assert_allclose(seen.ratio, np.percentile(ratio, PERCENTILES, axis=1))
    np.testing.assert_array_equal(seen.branch, one["u_branch"][0].mean(axis=1))


def test_norms_before_and_after_the_clip_of_each_variable():
    one = trained(clipnorm=2.0)
    charts = norm_charts(one)
    assert [chart.title for chart in charts] == ["kernel", "bias"]
    np.testing.assert_allclose(charts[1].lines[0].values, np.linalg.norm(one["grad"][0][:, 6:], axis=1))
    for chart in charts:
        before, after = (series.values for series in chart.lines)
        np.testing.assert_allclose(after, np.minimum(before, 2.0))
        assert before[0] > 2


def test_only_updates_count_under_accumulation():
    one = trained(gradient_accumulation_steps=4)
    assert bands(one).steps.tolist() == norm_charts(one)[0].lines[0].steps.tolist() == [3, 7]
    assert np.isfinite(bands(one).ratio).all()
    empty = bands(trained(steps=2, gradient_accumulation_steps=4))
    assert empty.ratio.shape == (5, 0)


def test_a_screen_has_fewer_columns_than_a_training_steps():
    one = trained(steps=MOST + 300)
    seen = bands(one)
    assert len(seen.steps) == MOST
    assert seen.steps[[0, -1]].tolist() == [0, MOST + 299]
    assert sampled(5, 10).tolist() == [0, 1, 2, 3, 4]
    assert bins(10, 3).tolist() == [0, 3, 6]
