"""Effects: the same run with and without, side by side."""

import streamlit as st

from adamax_viz.ui import comparison_state, effects
from adamax_viz.ui.server import freeze_startup
from adamax_viz.ui.style import page_style

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
