"""Which theme the page has, for pictures drawn in Python."""

import streamlit as st

from adamax_viz.views.palette import Theme


def theme() -> Theme:
    """The browser's theme as Streamlit knows it; light until it does."""
    return "dark" if st.context.theme.type == "dark" else "light"
