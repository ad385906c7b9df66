"""One session of one server: its name, and how its page comes back when that server is gone."""

import uuid

import streamlit as st

_NAME = "session"
A_DAY = 86_400  # seconds


def session_name() -> str:
    """What tells this session from all others: a page that hears another name tells again what was not kept."""
    name: str = st.session_state.setdefault(_NAME, uuid.uuid4().hex)
    return name


@st.fragment(run_every=A_DAY)
def come_back() -> None:
    """Have the browser run the page as soon as it has found a server again.

    Streamlit's page reconnects by itself, but a new session shows nothing before it is asked to, and would not know the
    first change it is told. A page with a part that is drawn every so often asks at once.
    """
