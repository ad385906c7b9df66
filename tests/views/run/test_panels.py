"""Which charts a run has, and what their lines are."""

from dataclasses import replace

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.palette import QUANTITIES
from adamax_viz.views.run.panels import DEFAULT_PANELS, extra_arrays, is_clipped, panels

ALWAYS = ["loss", "gradient", "m", "u", "rate", "step", "ratio"]

# Settings, the charts they have, and the arrays in the gradient's chart.
CASES = {
    "plain": ({}, ALWAYS, ["grad_unscaled"]),
    "clipped": ({"clipnorm": 0.5}, ALWAYS, ["grad_unscaled", "grad_clipped"]),
    "clip that never cuts": ({"clipnorm": 1e9}, ALWAYS, ["grad_unscaled"]),
    "rounding of a global clip": ({"global_clipnorm": 0.49 * 2**30}, ALWAYS, ["grad_unscaled"]),
    "ema": ({"use_ema": True}, [*ALWAYS, "ema"], ["grad_unscaled"]),
    "accumulation": ({"gradient_accumulation_steps": 4}, [*ALWAYS, "bucket"], ["grad_unscaled"]),
    "loss scale": ({"loss_scale_factor": 8.0}, ALWAYS, ["grad_unscaled"]),
    "all": (
        {"use_ema": True, "gradient_accumulation_steps": 4, "clipvalue": 0.1, "weight_decay": 0.1},
        [*ALWAYS, "ema", "bucket"],
        ["grad_unscaled", "grad_clipped"],
    ),
    "skipped steps are no windows": (
        {"dynamic_loss_scale": True, "gradient_dtype": "float16", "surface": "rosenbrock"},
        ALWAYS,
        ["grad_unscaled"],
    ),
    "windows under a dynamic scale": (
        {"dynamic_loss_scale": True, "gradient_accumulation_steps": 4},
        [*ALWAYS, "bucket"],
        ["grad_unscaled"],
    ),
}


def made(**changes):
    return run_of(RunSpec(**({"surface": "booth", "steps": 60} | changes)))


@pytest.mark.parametrize("name", CASES)
def test_charts_are_those_of_the_features_that_are_on(name):
    changes, keys, gradients = CASES[name]
    charts = panels(made(**changes))
    assert [chart.key for chart in charts] == keys
    gradient = next(chart for chart in charts if chart.key == "gradient")
    assert [line.array for line in gradient.lines] == [array for array in gradients for _ in "xy"]


@pytest.mark.parametrize("name", CASES)
def test_lines_are_the_runs_own_arrays(name):
    run = made(**CASES[name][0])
    extra = extra_arrays(run)
    for chart in panels(run):
        assert chart.title
        assert chart.help.endswith(".")
        for line in chart.lines:
            source = extra[line.array] if line.array in extra else run[line.array][0]
            np.testing.assert_array_equal(line.values, source if source.ndim == 1 else source[:, line.column])
            assert line.quantity in QUANTITIES
            assert line.coordinate == ("" if source.ndim == 1 else "xy"[line.column])


def test_every_default_chart_exists_somewhere():
    keys = {chart.key for name in CASES for chart in panels(made(**CASES[name][0]))}
    assert set(DEFAULT_PANELS) < keys
    assert keys - set(DEFAULT_PANELS) == {"ratio"}


def test_all_gradients_before_the_clip_have_the_gradients_colour():
    charts = {chart.key: chart for chart in panels(made(**CASES["all"][0]))}
    assert [line.quantity for line in charts["gradient"].lines] == ["grad", "grad", "grad_clipped", "grad_clipped"]
    assert [line.label for line in charts["gradient"].lines] == ["g x", "g y", "ĝ x", "ĝ y"]
    assert {line.quantity for line in charts["bucket"].lines} == {"grad"}
    assert [line.label for line in charts["bucket"].lines] == ["ḡ x", "ḡ y"]
    assert [line.label for line in charts["rate"].lines] == ["α", "α_t"]
    assert [line.label for line in charts["ratio"].lines] == ["|Δ|/α x", "|Δ|/α y"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_ratio_and_distance_are_computed_from_the_run(dtype):
    run = made(use_ema=True, ema_momentum=0.8, schedule="CosineDecay", decay_steps=100.0, dtype=dtype)
    extra = extra_arrays(run)
    for k in (0, 7, 59):
        for d in range(2):
            assert extra["ratio"][k, d] == pytest.approx(abs(run["step"][0, k, d]) / run["lr"][0, k])
        away = run["ema"][0, k] - run["theta"][0, k + 1]
        assert extra["ema_distance"][k] == pytest.approx(np.hypot(*away))
    assert set(extra) == {"ratio", "ema_distance"}
    assert set(extra_arrays(made())) == {"ratio"}


def test_a_rate_of_zero_or_below_makes_no_noise():
    assert np.isnan(extra_arrays(made(learning_rate=0.0))["ratio"]).all()
    np.testing.assert_allclose(extra_arrays(made(learning_rate=-0.1, steps=1))["ratio"], 1)


def test_logarithmic_where_all_values_are_positive():
    def scales(**changes):
        return {chart.key: chart.logarithmic for chart in panels(made(**changes))}

    assert {key for key, log in scales().items() if log} == {"loss", "rate"}
    assert not scales(surface="styblinski_tang")["loss"]  # below zero
    assert not scales(surface="round_bowl", start=(0.0, 0.0))["loss"]  # zero
    assert not scales(learning_rate=-0.1)["rate"]
    assert not scales(learning_rate=0.0)["rate"]


def test_is_clipped_means_that_a_gradient_changed():
    assert is_clipped(made(clipnorm=1.0))
    assert is_clipped(made(clipvalue=85.0))
    assert not is_clipped(made(clipvalue=1000.0))
    assert not is_clipped(made())
    assert not is_clipped(made(clipnorm=1.0, gradient_accumulation_steps=90))  # no update, no clip


def test_a_diverged_run_still_has_its_charts():
    run = made(surface="custom", formula="-exp(x^2)", learning_rate=3.0, use_ema=True, clipvalue=1e200)
    assert run.status[0].kind == "diverged"
    charts = panels(run)
    assert [chart.key for chart in charts] == [*ALWAYS, "ema"]
    assert all(len(line.values) in (run.steps, run.steps + 1) for chart in charts for line in chart.lines)


def test_one_run_of_a_batch():
    optimizer = av.Adamax(learning_rate=[0.1, 0.3])
    batch = av.run("ravine", optimizer, steps=20)
    alone = av.run("ravine", av.Adamax(0.3), steps=20)
    for one, other in zip(panels(batch, run=1), panels(alone), strict=True):
        assert one.key == other.key
        for a, b in zip(one.lines, other.lines, strict=True):
            np.testing.assert_array_equal(a.values, b.values)


def test_adams_chart_is_the_root_of_v_and_says_so():
    run = av.run("booth", av.Adamax(0.1).with_rule("adam"), steps=20)
    charts = {chart.key: chart for chart in panels(run)}
    assert list(charts) == ALWAYS
    assert charts["u"].title == "√v"
    assert [line.label for line in charts["u"].lines] == ["√v x", "√v y"]
    assert {line.quantity for line in charts["u"].lines} == {"u"}
    assert {line.array for line in charts["u"].lines} == {"root_v"}
    np.testing.assert_array_equal(extra_arrays(run)["root_v"], np.sqrt(run["v"][0]))
    for line in charts["u"].lines:
        np.testing.assert_array_equal(line.values, np.sqrt(run["v"][0, :, line.column]))


def test_a_rule_that_divides_by_nothing_has_no_chart_of_it():
    run = av.run("booth", av.Adamax(0.1), steps=5)
    assert "u" not in [chart.key for chart in panels(replace(run, moments=("m",)))]
