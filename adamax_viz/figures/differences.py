"""How far a run is from Keras's, step by step."""

from math import log10
from typing import Any

import plotly.graph_objects as go

from adamax_viz.views.palette import GRID, INK, QUANTITIES, QUIET, Theme
from adamax_viz.views.run.differences import Differences


def differences_figure(view: Differences, allowed: float | None, theme: Theme) -> go.Figure:
    """A line a quantity on a logarithmic axis, zero at its floor, and what is allowed as a dotted line."""
    figure = go.Figure(layout=base_layout(theme, height=260))
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    figure.update_layout(showlegend=True, legend=legend, margin={"t": 36})
    for line in view.lines:
        figure.add_scatter(
            y=line.values,
            mode="lines",
            name=line.symbol,
            line={"color": QUANTITIES[line.quantity].colour(theme).line, "width": 1.6},
            hovertemplate=f"step %{{x}}<br>{line.symbol}: %{{y:.2g}}<extra></extra>",
        )
    largest = [log10(float(line.values[line.values > 0].max(initial=view.floor))) + 0.3 for line in view.lines]
    low, high = log10(view.floor), max(largest, default=0.0)
    if allowed is not None:
        text, font = f"allowed: 1e{round(log10(allowed))}", {"color": QUIET[theme], "size": 12}
        label = {"text": text, "font": font, "textposition": "end"}
        figure.add_hline(allowed, line={"color": QUIET[theme], "width": 1, "dash": "dot"}, label=label)
        high = log10(allowed) + 1
    decades = [10.0**n for n in range(round(low), round(high) + 1, max(1, round((high - low) / 5)))]
    texts = ["0", *(f"1e{round(log10(v))}" for v in decades[1:])]
    top = max([high, *largest])
    figure.update_yaxes(type="log", range=[low - 0.2, top], tickvals=[view.floor, *decades[1:]], ticktext=texts)
    figure.update_xaxes(title_text="micro-step")
    return figure


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
