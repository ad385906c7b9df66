"""Choices whose value is kept elsewhere: they always show it, and a choice goes there."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st


def choice(
    draw: Callable[..., Any], label: str, names: Iterable[str], value: Any, take: Callable[[Any], None], **options: Any
) -> None:
    """One of some names; pressing the chosen one again chooses nothing: it stays.

    Args:
        draw: a widget of Streamlit, such as `st.pills`.
        label: what is chosen.
        names: to choose from.
        value: what is chosen now.
        take: called with another one.
        options: of the widget; `key` is needed.
    """
    key = options["key"]
    st.session_state[key] = value

    def changed() -> None:
        if (chosen := st.session_state[key]) is not None:
            take(chosen)

    draw(label, list(names), on_change=changed, **options)
