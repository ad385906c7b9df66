"""A small line beside a run: how far it is from the installed Keras, once somebody has asked."""

from collections.abc import Mapping

import streamlit as st

from adamax_viz.parity.verdicts import VERDICTS, Failure, Verdict, in_words
from adamax_viz.problems.models.backend import not_installed
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS
from adamax_viz.ui.parts.polling import polled
from adamax_viz.ui.state.study_page import StudyPage

_HELP = "Feeds the gradients of this run to the installed keras.optimizers.Adamax and compares every step."


def badges(page: StudyPage, runs: Mapping[int, RunSpec]) -> None:
    """Not compared yet, comparing, or the verdicts; each opens the page Verify with the same study, its run in hand.

    Nothing is computed, nor Keras imported, before the button is pressed, once for all runs; then it happens in the
    background.

    Args:
        page: whose study it is.
        runs: those that Keras can make, by their place in the study.
    """
    polled(_draw, page, runs, waiting=lambda page, runs: _is_asked(runs) and None in _verdicts(runs).values())


def _verdicts(runs: Mapping[int, RunSpec]) -> dict[int, Verdict | Failure | None]:
    return {i: VERDICTS.answer(settings) for i, settings in runs.items()}


def _is_asked(runs: Mapping[int, RunSpec]) -> bool:
    return all(map(VERDICTS.asked, runs.values()))


def _ask(runs: Mapping[int, RunSpec]) -> None:
    for settings in runs.values():
        VERDICTS.ask(settings)


def _draw(page: StudyPage, runs: Mapping[int, RunSpec]) -> None:
    if not _is_asked(runs):
        missing = not_installed()
        st.button(
            "not compared with Keras yet",
            key="c_badge",
            type="tertiary",
            icon=":material/balance:",
            help=missing or _HELP,
            disabled=bool(missing),
            on_click=_ask,
            args=(runs,),
        )
        return
    verdicts = _verdicts(runs)
    if None in verdicts.values():
        st.button("comparing with Keras…", key="c_badge", type="tertiary", icon="spinner", disabled=True)
        return
    row = st.container(horizontal=True)
    for i, verdict in verdicts.items():
        words, icon = "could not be compared with Keras", "help"
        if isinstance(verdict, Verdict):
            words, icon = in_words(verdict), "verified" if verdict.matches else "warning"
        label = words if page.study.is_one else f"{LETTERS[i]} {words}"
        row.page_link("verify.py", label=label, icon=f":material/{icon}:", query_params=page.link(i))
