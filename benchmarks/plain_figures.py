"""The figures of the plain page: the path over the contour, and one chart over the steps."""

import numpy as np
import plotly.graph_objects as go

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.figures.differences import base_layout
from adamax_viz.views.palette import BACKGROUND, INK, LANDSCAPE, MINIMUM, QUANTITIES, Theme
from adamax_viz.views.run.landscape import Landscape, window
from adamax_viz.views.run.panels import Line, Panel

THEME: Theme = "light"
DASH = {"x": "solid", "y": "dash", "": "solid"}


def landscape_figure(view: Landscape, run: Trajectory) -> go.Figure:
    """Contour, minima, path with start and end, and the average's path if there is one."""
    path = run["theta"][0]
    figure = go.Figure([_contour(view), _path(path)], base_layout(THEME, height=560))
    ema = run["ema"][0]
    if not np.isnan(ema).all():
        figure.add_scatter(
            x=ema[:, 0],
            y=ema[:, 1],
            mode="lines",
            name="average θ̄",
            hoverinfo="skip",
            line={"color": QUANTITIES["ema"].light.line, "width": 2},
        )
    if view.minima:
        figure.add_trace(_minima(view))
    for at, symbol, name in ((0, "circle-open", "start"), (-1, "circle", "end")):
        figure.add_scatter(
            x=[path[at, 0]],
            y=[path[at, 1]],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 11, "color": INK[THEME], "line": {"width": 2, "color": INK[THEME]}},
            hovertemplate=f"{name} (%{{x:.4g}}, %{{y:.4g}})<extra></extra>",
        )
    (x0, x1), (y0, y1) = window(((view.x[0], view.x[-1]), (view.y[0], view.y[-1])), path)
    figure.update_xaxes(range=[x0, x1], title_text="x", constrain="domain", showgrid=False)
    figure.update_yaxes(range=[y0, y1], title_text="y", showgrid=False)
    return figure


def _contour(view: Landscape) -> go.Contour:
    start, end, size = view.levels
    colours = LANDSCAPE[THEME]
    return go.Contour(
        x=view.x,
        y=view.y,
        z=view.shade,
        customdata=view.height,
        showscale=False,
        name="surface",
        contours={"start": start, "end": end, "size": size},
        autocontour=False,
        colorscale=[[i / (len(colours) - 1), c] for i, c in enumerate(colours)],
        line={"width": 0.6, "color": "rgba(120,135,150,0.45)"},
        hovertemplate="x %{x:.4g}, y %{y:.4g}<br>f %{customdata:.5g}<extra></extra>",
    )


def _path(path: np.ndarray) -> go.Scatter:
    return go.Scatter(
        x=path[:, 0],
        y=path[:, 1],
        mode="lines",
        name="path θ",
        customdata=np.arange(len(path)),
        line={"color": INK[THEME], "width": 2},
        hovertemplate="step %{customdata}<br>(%{x:.5g}, %{y:.5g})<extra></extra>",
    )


def _minima(view: Landscape) -> go.Scatter:
    return go.Scatter(
        x=[m.x for m in view.minima],
        y=[m.y for m in view.minima],
        mode="markers",
        name="minimum",
        customdata=[[m.value, "global" if m.is_global else "local"] for m in view.minima],
        marker={
            "symbol": ["star" if m.is_global else "star-open" for m in view.minima],
            "size": 13,
            "color": MINIMUM[THEME],
            "line": {"width": 1.2, "color": BACKGROUND[THEME]},
        },
        hovertemplate="%{customdata[1]} minimum (%{x:.4g}, %{y:.4g})<br>f %{customdata[0]:.4g}<extra></extra>",
    )


def panel_figure(panel: Panel[Line]) -> go.Figure:
    """The panel's lines: the colour is the quantity, the dash the coordinate."""
    figure = go.Figure(layout=base_layout(THEME, height=176))
    for line in panel.lines:
        finite = np.where(np.isfinite(line.values), line.values, np.nan)
        figure.add_scatter(
            y=finite,
            mode="lines",
            name=line.label,
            line={"color": QUANTITIES[line.quantity].light.line, "width": 1.6, "dash": DASH[line.coordinate]},
            hovertemplate=f"step %{{x}}<br>{line.label} = %{{y:.5g}}<extra></extra>",
        )
    figure.update_layout(title={"text": panel.title, "font": {"size": 13}, "x": 0.01, "y": 0.97}, margin={"t": 28})
    figure.update_yaxes(type="log" if panel.logarithmic else "linear", exponentformat="power", nticks=5)
    return figure
