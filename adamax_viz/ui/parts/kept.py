"""Widgets whose value is kept elsewhere: they always show it, and what is chosen goes there."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from adamax_viz.ui.parts.plain import plain


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


class _Refused(NamedTuple):
    """What was typed and could not be used."""

    text: str
    value: str  # that was kept instead
    sentences: Sequence[str]  # why


def typed(
    draw: Callable[..., Any], label: str, value: str, enter: Callable[[str], Sequence[str]], *, key: str, **options: Any
) -> None:
    """A field for text, kept elsewhere; what is refused stays in it, and why stands below, until either changes.

    Args:
        draw: the widget, such as `st.text_input`.
        label: what is typed.
        value: what is used now.
        enter: called with another text; why it can't be used, if it can't.
        key: of the widget.
        options: of the widget.
    """
    about = f"{key}_refused"
    if key not in st.session_state:  # the field is new on the page: who left it has dropped what was typed
        st.session_state.pop(about, None)
    refused: _Refused | None = st.session_state.get(about)
    if refused is not None and refused.value != value:
        refused = None

    def entered(text: str) -> None:
        sentences = enter(text)
        st.session_state[about] = _Refused(text, value, sentences) if sentences else None

    kept(draw, label, value if refused is None else refused.text, entered, key=key, **options)
    for sentence in refused.sentences if refused else ():
        st.warning(plain(sentence))
