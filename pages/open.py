"""Open a file: replay what was saved, or a run of one's own, and compare."""

import streamlit as st

from adamax_viz.ui.screens import open as opening

st.markdown("### Open a file")
runs = opening.uploads()
opening.about_columns()
if runs:
    shown, other = opening.choose(runs)
    compared = opening.comparison(shown, *other) if other else None
    opening.replay(shown, other)
    if compared:
        opening.differences(compared)
