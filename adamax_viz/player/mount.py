"""A player on a page: mounts its component, answers its requests."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import streamlit as st

# Component: the root of its script and its style.
ROOTS = {"player": "player", "comparison": "comparison", "models": "model", "norms": "norms"}


@lru_cache(maxsize=len(ROOTS))
def _component(name: str) -> Any:
    root = ROOTS[name]
    return st.components.v2.component(
        f"adamax-viz.{name}", js=f"scenes/{root}.js", css=f"scenes/{root}.css", isolate_styles=False
    )


def mount(key: str, payload: bytes, on_request: Callable[[dict[str, Any]], None], component: str = "player") -> None:
    """Show a payload.

    Args:
        key: of the component on this page; its playhead and zoom live as long as the key.
        payload: of `adamax_viz.player.payload.pack`.
        on_request: called with ``{"fields": {...}, "final": bool, "sequence": int}`` when a knob or the start moves.
        component: "player", for a run on a surface; "comparison", for several; "models", for a training; "norms",
            from Adam to Adamax.
    """

    def requested() -> None:
        request = st.session_state[key].get("request")
        if request:
            on_request(request)

    _component(component)(key=key, data=payload, on_request_change=requested)
