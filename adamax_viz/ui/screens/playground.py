"""The page Playground: a run, or several side by side, with every quantity of every step."""

from __future__ import annotations

from typing import Any

import streamlit as st

from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, Study
from adamax_viz.ui.parts import present
from adamax_viz.ui.parts.badge import badges
from adamax_viz.ui.parts.code import code_of
from adamax_viz.ui.parts.player import locked_names, player
from adamax_viz.ui.state.address import whole
from adamax_viz.ui.state.page_state import PageState


@st.fragment
def live(page: PageState) -> None:
    """The player; while a thumb moves, the server answers it directly."""
    player(page, "player", live=True, locked=locked_names(page), options=asked())


def asked() -> dict[str, Any]:
    """What the link asks of the player: parts to show, presenting, the step to begin at."""
    return {
        "show": present.shown_parts(),
        "present": present.presenting(),
        "step": whole(st.query_params.get("step")),
    }


def compared(page: PageState) -> None:
    """How far the runs that Keras can make are from it, and the code of the one in hand."""
    by_keras = keras_runs(page.study)
    badges(by_keras, "c_badge")
    letter = "" if page.study.is_one else LETTERS[page.target or 0]
    if letter in by_keras:
        code_of(by_keras[letter], f"Code of {letter}" if letter else "Code of this run")


def keras_runs(study: Study) -> dict[str, RunSpec]:
    """The runs that Keras's Adamax can make, by letter; a single one has none."""
    specs = {"" if study.is_one else LETTERS[i]: spec.for_keras() for i, spec in enumerate(study.specs())}
    return {letter: spec for letter, spec in specs.items() if spec is not None}
