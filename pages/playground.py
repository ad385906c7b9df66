"""Playground: one run of Adamax on one surface, with every quantity of every step."""

import streamlit as st

from adamax_viz.figures.landscape import landscape_figure
from adamax_viz.figures.panels import panel_figure
from adamax_viz.study.table import csv_text
from adamax_viz.ui import cache, controls, session
from adamax_viz.views.panels import panels
from adamax_viz.views.summary import summary

settings = session.settings()
with st.sidebar:
    controls.surface_controls(settings)
    controls.all_groups(settings)
settings = session.settings()
session.write_link()

st.markdown("#### Playground")
session.show_complaints()
run = cache.run(settings)
theme = "dark" if st.context.theme.type == "dark" else "light"
st.markdown(summary(run, settings.problem()))
left, right = st.columns([1, 1], gap="medium")
with left:
    figure = landscape_figure(cache.surface_view(settings), run, theme)
    st.plotly_chart(figure, key="landscape", theme=None, config={"displayModeBar": False})
    st.latex(f"f = {settings.problem().functions.latex}")
with right:
    columns = st.columns(2, gap="small")
    for number, panel in enumerate(panels(run)):
        with columns[number % 2]:
            st.plotly_chart(panel_figure(panel, theme), key=panel.key, theme=None, config={"displayModeBar": False})
st.download_button(
    "Download CSV",
    lambda: csv_text(run, run.labels),
    f"adamax-{settings.surface}.csv",
    "text/csv",
    icon=":material/download:",
)
