"""Widgets whose value is kept elsewhere: they always show it, and what is chosen goes there."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def kept(
    draw: Callable[..., Any], label: str, value: Any, take: Callable[[Any], Any], *, key: str, **options: Any
) -> None:
    """A widget of Streamlit's that shows this value; pressing a chosen name again chooses nothing: it stays.

    Args:
        draw: the widget, such as `st.pills`.
        label: what is chosen.
        value: what is chosen now.
        take: called with another one.
        key: of the widget.
        options: of the widget.
    """
    st.session_state[key] = value

    def changed() -> None:
        if (chosen := st.session_state[key]) is not None:
            take(chosen)

    draw(label, key=key, on_change=changed, **options)
