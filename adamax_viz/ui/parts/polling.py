"""Parts of a page that wait for work in the background: drawn again and again until it is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

POLL = 0.5  # seconds between two looks


def polled(draw: Callable[..., None], *arguments: Any, waiting: Callable[..., object], every: float = POLL) -> None:
    """Draw a part of the page; while it is `waiting(*arguments)`, again and again.

    When the waiting begins or ends, or is for something else, the whole page is drawn anew: a fragment can't change its
    own clock.
    """
    before = waiting(*arguments)

    @wraps(draw)
    def look() -> None:
        now = waiting(*arguments)  # what is shown counts: the work may end while it is drawn
        draw(*arguments)
        if (now or waiting(*arguments)) != before:
            st.rerun()

    st.fragment(look, run_every=every if before else None)()
