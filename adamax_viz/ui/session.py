"""The settings of a session, and the address bar that always names them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from adamax_viz.study.links import from_params, to_params, validated
from adamax_viz.study.settings import Settings

_SETTINGS, _PARAMS, _COMPLAINTS = "settings", "params", "complaints"
# Parameters of the page itself that share the address with the settings.
PAGE_PARAMS = frozenset({"v", "embed", "embed_options"})


def settings() -> Settings:
    """The settings of this session, read anew from the address if the user opened or went back to another link."""
    state = st.session_state
    params = {name: value for name, value in st.query_params.to_dict().items() if name not in PAGE_PARAMS}
    if _SETTINGS not in state or params != state.get(_PARAMS):
        if _SETTINGS not in state or params:
            decoded = from_params(params)
            state[_SETTINGS], state[_COMPLAINTS] = decoded.settings, decoded.complaints
        state[_PARAMS] = params
    current: Settings = state[_SETTINGS]
    return current


def change(**fields: Any) -> None:
    """Other values for some settings. What can't be used is said and the old value kept."""
    state = st.session_state
    old: Settings = state[_SETTINGS]
    decoded = validated(old.model_dump() | fields)
    state[_COMPLAINTS] = decoded.complaints
    if not decoded.complaints:
        state[_SETTINGS] = decoded.settings
    else:
        state[_COMPLAINTS] = [_kept(c) for c in decoded.complaints]


def _kept(complaint: str) -> str:
    """In a form nothing falls back to a default: what was there stays."""
    return complaint.split("; the default")[0].split(". The defaults")[0] + "; the value before it was kept."


def replace(new: Settings) -> None:
    """Other settings altogether."""
    st.session_state[_SETTINGS], st.session_state[_COMPLAINTS] = new, []


def write_link() -> None:
    """Put the settings into the address bar."""
    state = st.session_state
    params = to_params(state[_SETTINGS])
    if params != state.get(_PARAMS):
        kept = {name: value for name, value in st.query_params.to_dict().items() if name in PAGE_PARAMS}
        st.query_params.from_dict(kept | params)
        state[_PARAMS] = params


def complain(sentences: list[str]) -> None:
    """Sentences to show at the top of the page, once."""
    st.session_state[_COMPLAINTS] = sentences


def show_complaints() -> None:
    """What could not be used, one sentence each."""
    for complaint in st.session_state.get(_COMPLAINTS, []):
        st.warning(complaint, icon=":material/info:")
    st.session_state[_COMPLAINTS] = []
