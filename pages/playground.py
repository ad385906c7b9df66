"""Playground: a run of Adamax on a surface, or several side by side, with every quantity of every step."""

import streamlit as st

from adamax_viz.ui.parts import present, presets, share
from adamax_viz.ui.parts.editor import editor
from adamax_viz.ui.screens import playground
from adamax_viz.ui.state.study_page import study_page

present.style()
page = study_page("playground")
page.write()
top = st.container()
playground.live(page)  # first of all: the picture should not wait for the widgets around it
playground.compared(page)
with top:
    tools = presets.preset_picker(page)
with tools:
    share.share_button(page)
with st.sidebar:
    editor(page)
    present.button()
