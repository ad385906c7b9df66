"""Models: the same inspector inside real, tiny Keras models while they train."""

import streamlit as st

from adamax_viz.ui.parts.style import page_style
from adamax_viz.ui.server.routes import freeze_startup
from adamax_viz.ui.training import page as models
from adamax_viz.ui.training import session, subject

page_style()
spec = session.spec()
session.write_link()
subject.subject(spec)
models.page()
with st.sidebar:
    subject.sidebar(spec)
freeze_startup()
