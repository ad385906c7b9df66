"""Models: the same inspector inside real, tiny Keras models while they train."""

import streamlit as st

from adamax_viz.ui.training import live, subject
from adamax_viz.ui.training.training_page import training_page

page = training_page()
page.write()
if page.awaited is None:
    subject.subject(page)
    live.live(page)
else:
    subject.awaited(page)
with st.sidebar:
    subject.sidebar(page)
