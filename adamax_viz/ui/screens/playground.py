"""The page Playground: a run, or several side by side, with every quantity of every step."""

from typing import Any

import streamlit as st

from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS
from adamax_viz.ui.parts import present
from adamax_viz.ui.parts.badge import badges
from adamax_viz.ui.parts.player import player
from adamax_viz.ui.state.asked import whole
from adamax_viz.ui.state.study_page import StudyPage

# The code of a run, to copy or take home: what makes it, its file, and what it needs.
_CODES = {
    "Keras alone": (keras_code, "keras", "Needs Keras, JAX and NumPy. The surface and its gradient are plain NumPy."),
    "adamax_viz": (library_code, "lab", "Needs this project's package. Every quantity of every step is recorded."),
}


@st.fragment
def live(page: StudyPage) -> None:
    """The player; while a thumb moves, the server answers it directly."""
    player(page, "player", live=True, locked=page.locked_names(), options=asked())


def asked() -> dict[str, Any]:
    """What the link asks of the player: parts to show, presenting, the step to begin at."""
    return {
        "show": present.shown_parts(),
        "present": present.presenting(),
        "step": whole(st.query_params.get("step")),
    }


def compared(page: StudyPage) -> None:
    """How far the runs that Keras can make are from it, and the code of the one in hand."""
    specs = {i: spec.for_keras() for i, spec in enumerate(page.study.specs())}
    by_keras = {i: spec for i, spec in specs.items() if spec is not None}
    if by_keras:
        badges(page, by_keras)
    if (i := page.target or 0) in by_keras:
        _code_of(by_keras[i], "Code of this run" if page.study.is_one else f"Code of {LETTERS[i]}")


@st.fragment
def _code_of(settings: RunSpec, title: str) -> None:
    """An expander with the run as Python; the text is only made while it is open."""
    expander = st.expander(title, icon=":material/code:", key="c_code", on_change="rerun")
    if not expander.open:
        return
    with expander:
        for tab, (title, (make, name, words)) in zip(st.tabs(list(_CODES)), _CODES.items(), strict=True):
            with tab:
                code = make(settings)
                st.caption(words)
                st.code(code, height=420)
                file = f"adamax_{settings.surface}_{name}.py"
                st.download_button("Download", code, file, "text/x-python", key=f"c_code_{title}", on_click="ignore")
