"""One chart over the steps."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from adamax_viz.figures.layout import base_layout
from adamax_viz.views.palette import QUANTITIES, Theme
from adamax_viz.views.run.panels import Panel

DASH = {"x": "solid", "y": "dash", "": "solid"}


def panel_figure(panel: Panel, theme: Theme, height: int = 176) -> go.Figure:
    """The panel's lines: the colour is the quantity, the dash the coordinate."""
    figure = go.Figure(layout=base_layout(theme, height))
    for line in panel.lines:
        finite = np.where(np.isfinite(line.values), line.values, np.nan)
        figure.add_scatter(
            y=finite,
            mode="lines",
            name=line.label,
            line={"color": QUANTITIES[line.quantity].colour(theme).line, "width": 1.6, "dash": DASH[line.coordinate]},
            hovertemplate=f"step %{{x}}<br>{line.label} = %{{y:.5g}}<extra></extra>",
        )
    figure.update_layout(title={"text": panel.title, "font": {"size": 13}, "x": 0.01, "y": 0.97}, margin={"t": 28})
    figure.update_yaxes(type="log" if panel.logarithmic else "linear", exponentformat="power", nticks=5)
    return figure
