"""What happens to a page's work when another page is opened. Light: every page imports it."""

from __future__ import annotations

import streamlit as st

TRAININGS = "trainings"  # of the Models page, by what is trained


def leave(page: str) -> None:
    """Stop the work of every page but this one; what it has done so far stays."""
    if page != "models":
        for training in st.session_state.get(TRAININGS, {}).values():
            training.stop()
