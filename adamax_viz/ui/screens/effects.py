"""The page Effects: which effect, and the question it answers; its runs are a study in the player."""

import streamlit as st

from adamax_viz.study.named.effects import EFFECTS, FAMILIES, Effect, first_of
from adamax_viz.study.study import study_of
from adamax_viz.ui.parts.kept import kept
from adamax_viz.ui.parts.player import player
from adamax_viz.ui.state.study_page import StudyPage


def chooser(page: StudyPage) -> None:
    """The effects as pills, the scenes of the chosen one, and the question it answers."""
    effect = page.study.effect or EFFECTS[0]
    scenes = {scene.name: scene for scene in EFFECTS if scene.family == effect.family}

    def begin(other: Effect) -> None:
        page.begin(study_of(other))

    kept(
        st.pills,
        "Effect",
        effect.family,
        lambda family: begin(first_of(family)),
        key="e_family",
        options=FAMILIES,
        label_visibility="collapsed",
    )
    left, right = st.columns([10, 11], vertical_alignment="center")
    left.markdown(f"**{effect.question}**")
    if len(scenes) > 1:
        kept(
            right.pills,
            "Scene",
            effect.name,
            lambda name: begin(scenes[name]),
            key="e_scene",
            options=list(scenes),
            format_func=lambda name: scenes[name].title,
            label_visibility="collapsed",
        )


@st.fragment
def live(page: StudyPage) -> None:
    """The player."""
    player(page, "comparison", live=True, locked=page.locked_names())
