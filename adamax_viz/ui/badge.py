"""A small line beside a run: how far it is from the installed Keras, once somebody has asked."""

from __future__ import annotations

import streamlit as st

from adamax_viz.study.links import to_params
from adamax_viz.study.settings import Settings
from adamax_viz.study.verify import VERDICTS, Failure, Verdict, in_words, key_of

PAGE = "verify.py"
POLL = 0.5  # seconds between looks at a comparison under way


def badge(settings: Settings, key: str = "c_badge") -> None:
    """Not compared yet, comparing, or the verdict; the verdict opens the page Verify with the same settings.

    Nothing is computed, nor Keras imported, before the button is pressed; then it happens in the background.
    """
    name = key_of(settings)
    waiting = VERDICTS.asked(name) and VERDICTS.answer(name) is None
    st.fragment(_draw, run_every=POLL if waiting else None)(settings, name, key, waiting)


def _draw(settings: Settings, name: str, key: str, waiting: bool) -> None:
    verdict = VERDICTS.answer(name)
    if waiting != (VERDICTS.asked(name) and verdict is None):
        st.rerun()  # the looking again begins, or ends
    if verdict is not None:
        label, icon = _look(verdict)
        st.page_link(PAGE, label=label, icon=icon, query_params=to_params(settings))
    elif waiting:
        st.button("comparing with Keras…", key=key, type="tertiary", icon="spinner", disabled=True)
    else:
        st.button(
            "not compared with Keras yet",
            key=key,
            type="tertiary",
            icon=":material/balance:",
            help="Feeds the gradients of this run to the installed keras.optimizers.Adamax and compares every step.",
            on_click=VERDICTS.ask,
            args=(name, settings),
        )


def _look(verdict: Verdict | Failure) -> tuple[str, str]:
    """A line and a sign."""
    if isinstance(verdict, Failure):
        return "could not be compared with Keras", ":material/help:"
    return in_words(verdict), ":material/verified:" if verdict.matches else ":material/warning:"
