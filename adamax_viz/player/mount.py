"""The player on a page: mounts the component, answers its requests."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import streamlit as st

COMPONENT = "adamax-viz.player"


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component(COMPONENT, js="player.js", css="player.css", isolate_styles=False)


def mount(key: str, payload: bytes, on_request: Callable[[dict[str, Any]], None]) -> None:
    """Show a payload.

    Args:
        key: of the component on this page; its playhead and zoom live as long as the key.
        payload: of `adamax_viz.player.payload.pack`.
        on_request: called with ``{"fields": {...}, "final": bool, "sequence": int}`` when a knob or the start moves.
    """

    def requested() -> None:
        request = st.session_state[key].get("request")
        if request:
            on_request(request)

    _component()(key=key, data=payload, on_request_change=requested)
