"""Plotly figures: the right traces, ranges and colours, on both themes, whatever the run did."""

import json

import numpy as np
import plotly.io as pio
import pytest

import adamax_viz as av
from adamax_viz.figures.differences import differences_figure
from adamax_viz.figures.landscape import landscape_figure
from adamax_viz.figures.panels import panel_figure
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.palette import GRID, INK, LANDSCAPE, MINIMUM, QUANTITIES, QUIET
from adamax_viz.views.run.differences import differences_view
from adamax_viz.views.run.landscape import landscape, window
from adamax_viz.views.run.panels import panels

RUNS = {
    "plain": {"surface": "himmelblau", "steps": 40},
    "ema": {"surface": "booth", "steps": 40, "use_ema": True, "clipnorm": 1.0},
    "accumulation": {"surface": "booth", "steps": 40, "gradient_accumulation_steps": 4, "clipvalue": 0.5},
    "one step": {"steps": 1},
    "diverged": {"surface": "custom", "formula": "-exp(x^2)", "learning_rate": 3.0, "use_ema": True},
    "diverged at once": {"surface": "custom", "formula": "log(x)", "start": (-1.0, 1.0), "steps": 5},
    "far away": {"start": (1e200, -1e200), "steps": 3},
    "no contour": {"surface": "custom", "formula": "0*x", "steps": 3},
}
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])
EACH = pytest.mark.parametrize("name", RUNS)


def made(name):
    settings = RunSpec(**RUNS[name])
    return run_of(settings), landscape(settings.problem(), resolution=21)


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def as_the_browser_gets_it(figure):
    """The figure's JSON; NaN and infinity are no JSON and must not be in it."""
    return json.loads(pio.to_json(figure, validate=True, engine="json"), parse_constant=pytest.fail)


@THEMES
@EACH
def test_the_landscape_has_contour_path_and_ends(name, theme):
    run, view = made(name)
    figure = landscape_figure(view, run, theme)
    found = traces(figure)
    expected = ["surface", "path θ"] + ["average θ̄"] * ("ema" in name or name == "diverged")
    expected += ["minimum"] * bool(view.minima) + ["start", "end"]
    assert [trace.name for trace in figure.data] == expected
    np.testing.assert_array_equal(found["surface"].z, view.shade)
    np.testing.assert_array_equal(found["surface"].customdata, view.height)
    np.testing.assert_array_equal(np.stack([found["path θ"].x, found["path θ"].y], axis=1), run["theta"][0])
    for end, at in (("start", 0), ("end", -1)):
        assert (found[end].x[0], found[end].y[0]) == tuple(run["theta"][0, at])
    start, stop, size = view.levels
    assert found["surface"].contours.to_plotly_json() == {"start": start, "end": stop, "size": size}
    assert np.isfinite([start, stop, size]).all()
    as_the_browser_gets_it(figure)


@THEMES
@EACH
def test_the_landscapes_axes_are_the_window(name, theme):
    run, view = made(name)
    figure = landscape_figure(view, run, theme)
    (x0, x1), (y0, y1) = window(((view.x[0], view.x[-1]), (view.y[0], view.y[-1])), run["theta"][0])
    assert figure.layout.xaxis.range == (x0, x1)
    assert figure.layout.yaxis.range == (y0, y1)
    assert figure.layout.xaxis.title.text == "x"
    assert figure.layout.yaxis.title.text == "y"
    assert np.isfinite([x0, x1, y0, y1]).all()


@THEMES
def test_the_landscapes_colours_are_the_themes(theme):
    run, view = made("ema")
    found = traces(landscape_figure(view, run, theme))
    assert [colour for _, colour in found["surface"].colorscale] == LANDSCAPE[theme]
    assert found["path θ"].line.color == INK[theme]
    assert found["average θ̄"].line.color == QUANTITIES["ema"].colour(theme).line
    assert found["minimum"].marker.color == MINIMUM[theme]
    assert found["start"].marker.color == found["end"].marker.color == INK[theme]


def test_stars_are_filled_for_global_minima_alone():
    settings = RunSpec(surface="goldstein_price", steps=3)
    view = landscape(settings.problem(), resolution=11)
    trace = traces(landscape_figure(view, run_of(settings), "light"))["minimum"]
    assert trace.marker.symbol == ("star", "star-open", "star-open", "star-open")
    assert list(trace.x) == [m.x for m in view.minima]
    assert list(trace.y) == [m.y for m in view.minima]
    assert [kind for _, kind in trace.customdata] == ["global", "local", "local", "local"]


def test_one_run_of_a_batch_is_drawn():
    batch = av.run("booth", av.Adamax(learning_rate=[0.1, 0.5], use_ema=True), steps=10)
    view = landscape(RunSpec(surface="booth").problem(), resolution=11)
    found = traces(landscape_figure(view, batch, "light", run=1))
    np.testing.assert_array_equal(found["path θ"].x, batch["theta"][1, :, 0])
    np.testing.assert_array_equal(found["average θ̄"].y, batch["ema"][1, :, 1])


@pytest.mark.parametrize("keep", ["path", "all"])
def test_a_run_that_kept_its_path_alone_has_a_landscape(keep):
    settings = RunSpec(surface="booth", steps=10, use_ema=True)
    figure = landscape_figure(landscape(settings.problem(), resolution=11), run_of(settings, keep=keep), "light")
    assert ("average θ̄" in traces(figure)) == (keep == "all")


@THEMES
@EACH
def test_panels_have_a_line_for_each_of_the_views(name, theme):
    run, _ = made(name)
    for panel in panels([run]):
        figure = panel_figure(panel, theme)
        assert len(figure.data) == len(panel.lines)
        assert figure.layout.title.text == panel.title
        assert figure.layout.yaxis.type == ("log" if panel.logarithmic else "linear")
        for trace, line in zip(figure.data, panel.lines, strict=True):
            assert trace.name == line.label
            assert trace.line.color == QUANTITIES[line.quantity].colour(theme).line
            assert trace.line.dash == ("dash" if line.coordinate == "y" else "solid")
            finite = np.isfinite(line.values)
            np.testing.assert_array_equal(np.asarray(trace.y)[finite], line.values[finite])
            assert np.isnan(np.asarray(trace.y, np.float64)[~finite]).all()
        as_the_browser_gets_it(figure)


@pytest.mark.parametrize("height", [120, 300])
def test_heights_are_as_asked(height):
    run, view = made("plain")
    assert panel_figure(panels([run])[0], "light", height=height).layout.height == height
    assert landscape_figure(view, run, "light").layout.height == 560


@THEMES
def test_text_and_grid_follow_the_theme(theme):
    run, view = made("plain")
    for figure in (panel_figure(panels([run])[0], theme), landscape_figure(view, run, theme)):
        layout = figure.layout
        assert layout.font.color == INK[theme]
        assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
        for axis in (layout.xaxis, layout.yaxis):
            assert axis.tickfont.color == QUIET[theme]
            assert axis.gridcolor == GRID[theme]


class TestDifferences:
    def test_every_line_zero_and_the_allowance_are_in_sight(self):
        per_step = {"theta": np.array([0, 2e-8, 3e-7]), "m": np.array([1e-3, 0, 0])}
        view = differences_view(per_step)
        figure = differences_figure(view, 1e-6, "light")
        assert [trace.name for trace in figure.data] == ["θ", "m"]
        low, high = figure.layout.yaxis.range
        assert low < np.log10(view.floor)
        assert high > -3
        assert figure.layout.yaxis.ticktext[0] == "0"
        assert figure.layout.shapes[0].y0 == 1e-6
