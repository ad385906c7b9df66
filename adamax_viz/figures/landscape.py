"""The path over the contour."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.figures.layout import base_layout
from adamax_viz.views.palette import BACKGROUND, INK, LANDSCAPE, MINIMUM, QUANTITIES, Theme
from adamax_viz.views.run.landscape import Landscape, window


def landscape_figure(view: Landscape, trajectory: Trajectory, theme: Theme, run: int = 0) -> go.Figure:
    """Contour, minima, path with start and end, and the average's path if there is one."""
    path = trajectory["theta"][run]
    figure = go.Figure([_contour(view, theme), _path(path, theme)], base_layout(theme, height=560))
    ema = trajectory["ema"][run] if "ema" in trajectory else None
    if ema is not None and not np.isnan(ema).all():
        figure.add_scatter(
            x=ema[:, 0],
            y=ema[:, 1],
            mode="lines",
            name="average θ̄",
            hoverinfo="skip",
            line={"color": QUANTITIES["ema"].colour(theme).line, "width": 2},
        )
    if view.minima:
        figure.add_trace(_minima(view, theme))
    for at, symbol, name in ((0, "circle-open", "start"), (-1, "circle", "end")):
        figure.add_scatter(
            x=[path[at, 0]],
            y=[path[at, 1]],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 11, "color": INK[theme], "line": {"width": 2, "color": INK[theme]}},
            hovertemplate=f"{name} (%{{x:.4g}}, %{{y:.4g}})<extra></extra>",
        )
    (x0, x1), (y0, y1) = window(((view.x[0], view.x[-1]), (view.y[0], view.y[-1])), path)
    figure.update_xaxes(range=[x0, x1], title_text="x", constrain="domain", showgrid=False)
    figure.update_yaxes(range=[y0, y1], title_text="y", showgrid=False)
    return figure


def _contour(view: Landscape, theme: Theme) -> go.Contour:
    start, end, size = view.levels
    colours = LANDSCAPE[theme]
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


def _path(path: np.ndarray, theme: Theme) -> go.Scatter:
    return go.Scatter(
        x=path[:, 0],
        y=path[:, 1],
        mode="lines",
        name="path θ",
        customdata=np.arange(len(path)),
        line={"color": INK[theme], "width": 2},
        hovertemplate="step %{customdata}<br>(%{x:.5g}, %{y:.5g})<extra></extra>",
    )


def _minima(view: Landscape, theme: Theme) -> go.Scatter:
    return go.Scatter(
        x=[m.x for m in view.minima],
        y=[m.y for m in view.minima],
        mode="markers",
        name="minimum",
        customdata=[[m.value, "global" if m.is_global else "local"] for m in view.minima],
        marker={
            "symbol": ["star" if m.is_global else "star-open" for m in view.minima],
            "size": 13,
            "color": MINIMUM[theme],
            "line": {"width": 1.2, "color": BACKGROUND[theme]},
        },
        hovertemplate="%{customdata[1]} minimum (%{x:.4g}, %{y:.4g})<br>f %{customdata[0]:.4g}<extra></extra>",
    )
