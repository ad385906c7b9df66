"""Effects: the same run with and without, side by side."""

import streamlit as st

from adamax_viz.ui.parts.style import page_style
from adamax_viz.ui.screens import effects
from adamax_viz.ui.server.routes import freeze_startup
from adamax_viz.ui.state import comparison_state

page_style()
comparison_state.shown()
comparison_state.write_link()
top = st.container()
effects.player()  # first of all: the picture should not wait for the widgets around it
effects.compared()
with top:
    effects.chooser()
with st.sidebar:
    effects.editor()
freeze_startup()
