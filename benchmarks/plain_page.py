"""The yardstick for the player: the same run on a page of plain Streamlit widgets and charts."""

import streamlit as st

from adamax_viz.runs.run import run_of
from adamax_viz.study.link import read_params
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.run.landscape import Landscape, landscape
from adamax_viz.views.run.panels import DEFAULT_PANELS, panels
from benchmarks.plain_figures import landscape_figure, panel_figure


@st.cache_resource
def surface(name: str) -> Landscape:
    """The landscape of a surface of the catalogue."""
    return landscape(RunSpec(surface=name).problem())


st.set_page_config("Plain page", layout="wide")
linked = read_params(RunSpec, st.query_params.to_dict(), frozenset({"panels"})).settings
chosen = st.query_params.get("panels", ",".join(DEFAULT_PANELS)).split(",")

for_rate, *for_start = st.columns([2, 1, 1])
rate = for_rate.slider("Learning rate", 0.001, 0.5, linked.learning_rate, 0.001, format="%.3f")
x, y = (
    column.number_input(f"Start {name}", value=value)
    for column, name, value in zip(for_start, "xy", linked.start_point(), strict=True)
)
run = run_of(linked.changed(learning_rate=rate, start=(x, y)))

left, right = st.columns(2)
left.plotly_chart(landscape_figure(surface(linked.surface), run), key="landscape")
columns = right.columns(2)
for i, panel in enumerate(panel for panel in panels([run]) if panel.key in chosen):
    columns[i % 2].plotly_chart(panel_figure(panel), key=panel.key)
