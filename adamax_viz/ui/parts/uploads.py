"""Files that a page is given stay in its browser's tab too: a session that replaces another gets them from there."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from adamax_viz.limits import LIMITS
from adamax_viz.ui.state.session import session_name


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component("adamax-viz.uploads", js="uploads/root.js", isolate_styles=False)


def field_key(slot: str) -> str:
    """The key of the upload field: another session has another one, which shows nothing of the one before."""
    return f"{slot}_{session_name()[:8]}"


def remembered(
    slot: str,
    field: str,
    kept: Iterable[tuple[str, int]],
    most: int,
    *,
    wanted: bool = True,
    nothing: Callable[[], None] | None = None,
) -> None:
    """Let the browser remember the files of an upload field as long as its tab is open, and give them back.

    Args:
        slot: what they are for.
        field: the key of the upload field.
        kept: names and sizes of the files that this session has; what is no longer among them is forgotten.
        most: how many.
        wanted: whether this session wants those that another one had.
        nothing: called once if it wants them and the browser has none.
    """
    data = {
        "slot": slot,
        "session": session_name(),
        "uploader": f"st-key-{field}",
        "kept": [list(each) for each in kept],
        "most": most,
        "bytes": LIMITS.file_bytes,
        "wanted": wanted,
        "says": nothing is not None,
    }
    _component()(key=f"{slot}_remembered", data=data, on_nothing_change=nothing or _ignore)


def _ignore() -> None:
    """Nobody asked."""


def name_and_size(upload: UploadedFile) -> tuple[str, int]:
    """What tells a file from the others."""
    return upload.name, upload.size
