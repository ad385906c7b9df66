"""Effects: the same run with and without, side by side; an effect is a question, and its runs are a study."""

import streamlit as st

from adamax_viz.study.named.effects import EFFECTS, FAMILIES, Effect, first_of
from adamax_viz.study.study import study_of
from adamax_viz.ui.parts.editor import editor
from adamax_viz.ui.parts.kept import kept
from adamax_viz.ui.parts.player import player
from adamax_viz.ui.screens import playground
from adamax_viz.ui.state.study_page import StudyPage, study_page


@st.fragment
def live(page: StudyPage) -> None:
    """The player."""
    player(page, "comparison", live=True, locked=page.locked_names())


def begin(effect: Effect) -> None:
    """Another effect: its runs from the beginning."""
    page.begin(study_of(effect))


page = study_page("effects", EFFECTS[0])
page.write()
top = st.container()
live(page)  # first of all: the picture should not wait for the widgets around it
playground.compared(page)
effect = page.study.effect or EFFECTS[0]
scenes = {scene.name: scene for scene in EFFECTS if scene.family == effect.family}
options = {"options": FAMILIES, "label_visibility": "collapsed"}
with top:
    kept(st.pills, "Effect", effect.family, lambda name: begin(first_of(name)), key="e_family", **options)
    left, right = st.columns([10, 11], vertical_alignment="center")
    left.markdown(f"**{effect.question}**")
    if len(scenes) > 1:
        options |= {"options": list(scenes), "format_func": lambda name: scenes[name].title}
        kept(right.pills, "Scene", effect.name, lambda name: begin(scenes[name]), key="e_scene", **options)
with st.sidebar:
    editor(page)
