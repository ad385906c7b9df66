"""Which charts one run or several have, and what their lines are."""

from dataclasses import replace

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.runs.run import run_of, runs_of
from adamax_viz.study.named.effects import EFFECTS, find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import study_of
from adamax_viz.views.palette import QUANTITIES
from adamax_viz.views.run.panels import (
    DEFAULT_PANELS,
    DERIVED,
    KEYS,
    choices,
    derived,
    is_clipped,
    panels,
    turn,
)

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
    charts = panels([made(**changes)])
    assert [chart.key for chart in charts] == keys
    gradient = next(chart for chart in charts if chart.key == "gradient")
    assert [line.array for line in gradient.lines] == [array for array in gradients for _ in "xy"]


@pytest.mark.parametrize("name", CASES)
def test_lines_are_the_runs_own_arrays(name):
    run = made(**CASES[name][0])
    for chart in panels([run]):
        assert chart.title
        assert chart.help.endswith(".")
        for line in chart.lines:
            source = derived(line.array, run, run) if line.array in DERIVED else run[line.array][0]
            np.testing.assert_array_equal(line.values, source if source.ndim == 1 else source[:, line.column])
            assert line.quantity in QUANTITIES
            assert line.coordinate == ("" if source.ndim == 1 else "xy"[line.column])


def test_every_default_chart_exists_somewhere():
    keys = {chart.key for name in CASES for chart in panels([made(**CASES[name][0])])}
    assert set(DEFAULT_PANELS) < keys
    assert keys - set(DEFAULT_PANELS) == {"ratio"}


def test_all_gradients_before_the_clip_have_the_gradients_colour():
    charts = {chart.key: chart for chart in panels([made(**CASES["all"][0])])}
    assert [line.quantity for line in charts["gradient"].lines] == ["grad", "grad", "grad_clipped", "grad_clipped"]
    assert [line.label for line in charts["gradient"].lines] == ["g x", "g y", "ĝ x", "ĝ y"]
    assert {line.quantity for line in charts["bucket"].lines} == {"grad"}
    assert [line.label for line in charts["bucket"].lines] == ["ḡ x", "ḡ y"]
    assert [line.label for line in charts["rate"].lines] == ["α", "α_t"]
    assert [line.label for line in charts["ratio"].lines] == ["|Δ|/α x", "|Δ|/α y"]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_ratio_and_distance_are_computed_from_the_run(dtype):
    run = made(use_ema=True, ema_momentum=0.8, schedule="CosineDecay", decay_steps=100.0, dtype=dtype)
    extra = {name: derived(name, run, run) for name in ("ratio", "ema_distance")}
    for k in (0, 7, 59):
        for d in range(2):
            assert extra["ratio"][k, d] == pytest.approx(abs(run["step"][0, k, d]) / run["lr"][0, k])
        away = run["ema"][0, k] - run["theta"][0, k + 1]
        assert extra["ema_distance"][k] == pytest.approx(np.hypot(*away))
    drawn = {line.array for chart in panels([run]) for line in chart.lines} & DERIVED.keys()
    assert drawn == {"ratio", "ema_distance"}
    assert {line.array for chart in panels([made()]) for line in chart.lines} & DERIVED.keys() == {"ratio"}


def ratio(run):
    return derived("ratio", run, run)


def test_a_rate_of_zero_or_below_makes_no_noise():
    assert np.isnan(ratio(made(learning_rate=0.0))).all()
    np.testing.assert_allclose(ratio(made(learning_rate=-0.1, steps=1)), 1)


def test_logarithmic_where_all_values_are_positive():
    def scales(**changes):
        return {chart.key: chart.logarithmic for chart in panels([made(**changes)])}

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
    charts = panels([run])
    assert [chart.key for chart in charts] == [*ALWAYS, "ema"]
    assert all(len(line.values) in (run.steps, run.steps + 1) for chart in charts for line in chart.lines)


def test_one_run_of_a_batch():
    optimizer = av.Adamax(learning_rate=[0.1, 0.3])
    batch = av.run("ravine", optimizer, steps=20)
    alone = av.run("ravine", av.Adamax(0.3), steps=20)
    for one, other in zip(panels([batch.only(1)]), panels([alone]), strict=True):
        assert one.key == other.key
        for a, b in zip(one.lines, other.lines, strict=True):
            np.testing.assert_array_equal(a.values, b.values)


def test_adams_chart_is_the_root_of_v_and_says_so():
    run = av.run("booth", av.Adamax(0.1).with_rule("adam"), steps=20)
    charts = {chart.key: chart for chart in panels([run])}
    assert list(charts) == ALWAYS
    assert charts["u"].title == "√v"
    assert [line.label for line in charts["u"].lines] == ["√v x", "√v y"]
    assert {line.quantity for line in charts["u"].lines} == {"u"}
    assert {line.array for line in charts["u"].lines} == {"root_v"}
    np.testing.assert_array_equal(derived("root_v", run, run), np.sqrt(run["v"][0]))
    for line in charts["u"].lines:
        np.testing.assert_array_equal(line.values, np.sqrt(run["v"][0, :, line.column]))


def test_a_rule_that_divides_by_nothing_has_no_chart_of_it():
    run = av.run("booth", av.Adamax(0.1), steps=5)
    assert "u" not in [chart.key for chart in panels([replace(run, moments=("m",))])]


def test_adam_beside_adamax_has_its_root_in_the_same_chart():
    runs = [av.run("booth", av.Adamax(0.1).with_rule(rule), steps=5) for rule in ("adamax", "adam")]
    (chart,) = panels(runs, ["u"])
    assert chart.title == "Norm of gradients"
    assert [(line.run, line.array) for line in chart.lines[::2]] == [(0, "u"), (1, "root_v")]


def test_a_p_norm_is_not_called_a_maximum():
    runs = [av.run("booth", av.Adamax(0.1).with_rule(rule), steps=5) for rule in ("p=4", "adam", "adamax")]
    titles = [panels(some, ["u"])[0].title for some in (runs[:1], runs[:2], runs[1:2], runs)]
    assert titles == ["u for p = 4", "Norm of gradients", "√v", "Norm of gradients"]


# -- several runs -----------------------------------------------------------------------------------------------


def ran(name):
    return [outcome.run.happened() for outcome in runs_of(study_of(find_effect(name)).specs())]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_every_chart_that_an_effect_asks_for_is_there_and_its_lines_have_values(effect):
    runs = ran(effect.name)
    charts = {chart.key: chart for chart in panels(runs)}
    assert set(effect.panels) <= set(charts)
    assert [key for key in KEYS if key in charts] == list(charts)
    for chart in charts.values():
        for line in chart.lines:
            assert line.array in runs[line.run] or line.array in {*DERIVED, "scale"}, (chart.key, line)
            points = runs[line.run].steps + (line.array in ("theta", "loss", "difference"))
            assert len(line.values) == points, (chart.key, line)


def test_a_line_for_each_variant_and_coordinate():
    charts = {chart.key: chart for chart in panels(ran("clipping"))}
    assert [(line.run, line.coordinate) for line in charts["u"].lines] == [(v, c) for v in range(4) for c in "xy"]
    assert [line.run for line in charts["loss"].lines] == [0, 1, 2, 3]
    assert {line.run for line in charts["difference"].lines} == {1, 2, 3}
    assert [line.array for line in charts["gradient"].lines][::2] == ["grad_unscaled"] + 3 * ["grad_clipped"]
    assert charts["loss"].logarithmic
    assert not charts["u"].logarithmic


def test_charts_of_features_that_are_off_are_left_out():
    assert {"turn", "scale", "ema", "bucket", "updates"}.isdisjoint(chart.key for chart in panels(ran("beta_1")))


def test_the_difference_is_that_of_the_weights_as_far_as_both_go():
    runs = ran("loss_scale")  # the last of them stops at once
    difference = derived("difference", runs[1], runs[0])
    np.testing.assert_array_equal(difference, runs[1]["theta"][0] - runs[0]["theta"][0])
    assert derived("difference", runs[0], runs[3]).shape == runs[0]["theta"][0].shape
    assert np.isnan(derived("difference", runs[0], runs[3])[-1]).all()


def test_turns_are_angles():
    _, by_value, _, _ = ran("clipping_one")
    k = int(np.nanargmax(turn(by_value)))
    before, after = by_value["grad_accumulated"][0, k], by_value["grad_clipped"][0, k]
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    assert turn(by_value)[k] == pytest.approx(np.degrees(np.arccos(cosine)), rel=1e-9)


def test_one_of_several_is_charted_as_several_though_the_others_were_refused():
    (first, *_) = ran("clipping")
    assert "weights" in {chart.key for chart in choices([first], several=True)}
    assert {line.label for line in panels([first], ["u"], several=True)[0].lines} == {"u"}
    assert "weights" not in {chart.key for chart in choices([first], several=False)}
