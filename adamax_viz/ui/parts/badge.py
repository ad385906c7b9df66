"""A small line beside a run: how far it is from the installed Keras, once somebody has asked."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from adamax_viz.parity.verdicts import VERDICTS, Failure, Verdict, in_words, key_of
from adamax_viz.study.link import to_params
from adamax_viz.study.spec import RunSpec

PAGE = "verify.py"
POLL = 0.5  # seconds between looks at a comparison under way


def badges(runs: Mapping[str, RunSpec], key: str = "c_badge") -> None:
    """Not compared yet, comparing, or the verdicts; each opens the page Verify with the same settings.

    Nothing is computed, nor Keras imported, before the button is pressed; then it happens in the background.

    Args:
        runs: by their letters, "" for one alone; the button is pressed once for all of them.
        key: of the button.
    """
    if runs:
        waiting = _asked(runs) and not _done(runs)
        st.fragment(_draw, run_every=POLL if waiting else None)(runs, key, waiting)


def _asked(runs: Mapping[str, RunSpec]) -> bool:
    return all(VERDICTS.asked(key_of(settings)) for settings in runs.values())


def _done(runs: Mapping[str, RunSpec]) -> bool:
    return all(VERDICTS.answer(key_of(settings)) is not None for settings in runs.values())


def _ask(runs: Mapping[str, RunSpec]) -> None:
    for settings in runs.values():
        VERDICTS.ask(key_of(settings), settings)


def _draw(runs: Mapping[str, RunSpec], key: str, waiting: bool) -> None:
    if waiting != (_asked(runs) and not _done(runs)):
        st.rerun()  # the looking again begins, or ends
    if waiting:
        st.button("comparing with Keras…", key=key, type="tertiary", icon="spinner", disabled=True)
    elif not _asked(runs):
        st.button(
            "not compared with Keras yet",
            key=key,
            type="tertiary",
            icon=":material/balance:",
            help="Feeds the gradients of this run to the installed keras.optimizers.Adamax and compares every step.",
            on_click=_ask,
            args=(runs,),
        )
    else:
        row = st.container(horizontal=True)
        for letter, settings in runs.items():
            verdict = VERDICTS.answer(key_of(settings))
            assert verdict is not None
            words, icon = _look(verdict)
            label = f"{letter} {words}" if letter else words
            row.page_link(PAGE, label=label, icon=icon, query_params=to_params(settings))


def _look(verdict: Verdict | Failure) -> tuple[str, str]:
    """A line and a sign."""
    if isinstance(verdict, Failure):
        return "could not be compared with Keras", ":material/help:"
    return in_words(verdict), ":material/verified:" if verdict.matches else ":material/warning:"
