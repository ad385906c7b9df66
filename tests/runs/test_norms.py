"""From Adam to Adamax: both limits are the rules they are named after, and all between hold section 7.1."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamax_viz.core import engine
from adamax_viz.core.rules import p_norm
from adamax_viz.runs import norms
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query
from tests.runs.accumulated import accumulate

GRADIENTS = np.random.default_rng(0).normal(size=40) * np.exp(-np.arange(40) / 9)


def test_the_slider_goes_evenly_in_one_over_p():
    ps = norms.stops()
    assert (ps[0], ps[-1]) == (2.0, inf)
    np.testing.assert_allclose(np.diff([1 / p for p in ps]), -0.5 / norms.INTERVALS, atol=1e-15)
    assert [ps[norms.nearest_stop(p)] for p in (2, 4, 8, inf, 1)] == [2, 4, 8, inf, 2]


@pytest.mark.parametrize(
    "query", ["", "noise=spikes&clipnorm=1", "use_ema=true&ema_overwrite_frequency=5", "dtype=float32"]
)
def test_infinity_is_the_run_of_the_playground_to_the_last_digit(query):
    settings = from_query(f"surface=rosenbrock&learning_rate=0.05&steps=60&{query}").settings
    runs = norms.on_surface(settings, norms.stops())
    np.testing.assert_array_equal(runs["theta"][-1], run_of(settings)["theta"][0])


def test_two_is_adam_with_the_square_of_beta_2():
    settings = norms.START
    run = norms.on_surface(settings, [2.0])
    adam = settings.changed(beta_2=settings.beta_2**2, epsilon=0.0).optimizer().adamax.with_rule("adam")
    ours = norms.on_surface(settings.changed(epsilon=0.0), [2.0])  # the two put epsilon at different places
    theirs = engine.run(settings.problem(), adam, settings.start_point(), settings.steps)
    np.testing.assert_allclose(ours["theta"], theirs["theta"], rtol=1e-9)
    assert np.abs(run["theta"] - ours["theta"]).max() < 1e-4


def test_runs_side_by_side_are_the_runs_alone():
    settings = norms.START.changed(steps=60)
    together = norms.on_surface(settings, norms.stops())
    for at in (0, 33, 79):
        rule = p_norm(norms.stops()[at])
        alone = engine.run(settings.problem(), settings.optimizer().adamax.with_rule(rule), settings.start_point(), 60)
        np.testing.assert_allclose(together["theta"][at], alone["theta"][0], rtol=1e-9)


@given(p=st.floats(2, 1e6), beta_2=st.floats(0.1, 0.9999), count=st.integers(1, 40))
def test_the_recursion_is_the_sum_of_section_7_1(p, beta_2, count):
    rows = GRADIENTS[:count]
    correction = (1 - beta_2 ** (p * count)) ** (1 / p)
    found = accumulate(rows, p, beta_2=beta_2).u[-1]
    assert found * correction == pytest.approx(norms.unrolled(rows, p, beta_2), rel=1e-12)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_no_power_overflows_and_the_limit_is_the_max(scale):
    rows = GRADIENTS * scale
    largest = np.array([norms.unrolled(rows[: k + 1], inf, 0.9) for k in range(len(rows))])
    np.testing.assert_allclose(accumulate(rows, inf, beta_2=0.9).u, largest, rtol=1e-14)
    gaps = [np.abs(accumulate(rows, p, beta_2=0.9).u / largest - 1).max() for p in (2.0, 8.0, 64.0, 1e4, 1e8)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 1e-7


def test_the_table_ends_at_the_max():
    rows = norms.limits_table(GRADIENTS, 0.9)
    assert [row["gap"] for row in rows][-1] == 0
    assert abs(rows[-2]["gap"]) < abs(rows[0]["gap"])
    assert all(row["u"] - rows[-1]["u"] == row["gap"] for row in rows)
    assert [row["factor"] for row in rows] == sorted(row["factor"] for row in rows)


def test_sources_are_finite_gradients():
    settings = norms.START.changed(surface="custom", formula="log(x + 3) + y", domain=(-3, 3, -3, 3), start=(-2.9, 0.0))
    run = norms.on_surface(settings.changed(learning_rate=0.5), [inf])
    found = norms.sources(settings.problem(), run)
    assert {"outlier", "calm"} <= {source.key for source in found}
    for source in found:
        assert np.isfinite(source.gradients).all()
        assert 1 < source.gradients.size <= norms.SHOWN


def test_a_p_below_two_or_no_number_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        accumulate(GRADIENTS, 0.5)
    with pytest.raises(ValueError, match="at least 1"):
        p_norm(np.array([[2.0], [np.nan]]))


@pytest.mark.parametrize("beta_2", [1.0, 1.5, -0.5, 1e38, 1e308, -1e308, 0.0, 5e-324])
def test_the_numbers_of_the_limit_are_numbers_whatever_beta_2_is(beta_2):
    for row in norms.limits_table(GRADIENTS, beta_2):
        assert all(type(value) is float for value in row.values())
