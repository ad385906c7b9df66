"""Effects: the same run with and without, side by side."""

import streamlit as st

from adamax_viz.study.named.effects import EFFECTS
from adamax_viz.ui.parts.editor import editor
from adamax_viz.ui.screens import effects, playground
from adamax_viz.ui.state.study_page import study_page

page = study_page("effects", EFFECTS[0])
page.write()
top = st.container()
effects.live(page)  # first of all: the picture should not wait for the widgets around it
playground.compared(page)
with top:
    effects.chooser(page)
with st.sidebar:
    editor(page)
