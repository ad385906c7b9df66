"""A player on a page: mounts the component, answers its requests."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import streamlit as st

from adamax_viz.player.pack import Arrays, Header, pack


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component(
        "adamax-viz.player", js="scenes/root.js", css="scenes/root.css", isolate_styles=False
    )


def mount(key: str, header: Header, arrays: Arrays, on_request: Callable[[], None]) -> None:
    """Show a scene.

    Args:
        key: of the component on this page; its playhead and zoom live as long as the key.
        header, arrays: of a builder, such as `adamax_viz.player.scene.build_runs`.
        on_request: called when a knob or the start moves; what is asked is ``st.session_state[key]["request"]``:
            ``{"fields": {...}, "final": bool, "sequence": int}``.
    """
    _component()(key=key, data=pack(header, arrays), on_request_change=on_request)
