"""Models: the same inspector inside real, tiny Keras models while they train."""

import streamlit as st

from adamax_viz.ui.models import page as models
from adamax_viz.ui.models import session as model_session
from adamax_viz.ui.models import subject as model_controls
from adamax_viz.ui.parts.style import page_style
from adamax_viz.ui.server.routes import freeze_startup

page_style()
settings = model_session.settings()
model_session.write_link()
model_controls.subject(settings)
models.page()
with st.sidebar:
    model_controls.sidebar(settings)
freeze_startup()
