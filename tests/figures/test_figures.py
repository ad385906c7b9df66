"""Plotly figures: the right traces, ranges and colours, on both themes."""

import json

import numpy as np
import plotly.io as pio
import pytest

from adamax_viz.figures.differences import differences_figure
from adamax_viz.views.palette import GRID, INK, QUANTITIES, QUIET
from adamax_viz.views.run.differences import differences_view

PER_STEP = {"theta": np.array([0, 2e-8, 3e-7, np.inf]), "m": np.array([1e-3, 0, 0, 0])}
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


def test_every_line_zero_and_the_allowance_are_in_sight():
    view = differences_view(PER_STEP)
    figure = differences_figure(view, 1e-6, "light")
    assert [trace.name for trace in figure.data] == ["θ", "m"]
    low, high = figure.layout.yaxis.range
    assert low < np.log10(view.floor)
    assert high > -3
    assert figure.layout.yaxis.ticktext[0] == "0"
    assert figure.layout.shapes[0].y0 == 1e-6


@THEMES
@pytest.mark.parametrize("allowed", [None, 1e-6])
def test_the_browser_gets_json_without_nan_or_infinity(theme, allowed):
    figure = differences_figure(differences_view(PER_STEP), allowed, theme)
    json.loads(pio.to_json(figure, validate=True, engine="json"), parse_constant=pytest.fail)
    for trace, line in zip(figure.data, differences_view(PER_STEP).lines, strict=True):
        np.testing.assert_array_equal(trace.y, line.values)


@THEMES
def test_colours_follow_the_theme(theme):
    figure = differences_figure(differences_view(PER_STEP), None, theme)
    layout = figure.layout
    assert [trace.line.color for trace in figure.data] == [QUANTITIES[q].colour(theme).line for q in ("theta", "m")]
    assert layout.height == 260
    assert layout.font.color == INK[theme]
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.tickfont.color == QUIET[theme]
        assert axis.gridcolor == GRID[theme]
