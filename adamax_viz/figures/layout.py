"""What all figures share."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from adamax_viz.views.palette import GRID, INK, QUIET, Theme


def base_layout(theme: Theme, height: int) -> go.Layout:
    """Transparent background, quiet axes, the theme's ink."""
    axis: dict[str, Any] = {
        "gridcolor": GRID[theme],
        "zeroline": False,
        "linecolor": GRID[theme],
        "tickfont": {"color": QUIET[theme], "size": 11},
        "title": {"font": {"color": QUIET[theme], "size": 12}, "standoff": 4},
    }
    return go.Layout(
        height=height,
        margin={"l": 44, "r": 8, "t": 8, "b": 36},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK[theme], "size": 12},
        showlegend=False,
        hovermode="closest",
        xaxis=axis,
        yaxis=axis,
    )
