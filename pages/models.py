"""Models: the same inspector inside real, tiny Keras models while they train."""

import streamlit as st

from adamax_viz.ui import model_controls, model_session, models
from adamax_viz.ui.server import freeze_startup
from adamax_viz.ui.style import page_style

page_style()
settings = model_session.settings()
model_session.write_link()
model_controls.subject(settings)
models.page()
with st.sidebar:
    model_controls.sidebar(settings)
freeze_startup()
