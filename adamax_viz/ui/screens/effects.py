"""The page Effects: which effect, and the question it answers; its runs are a study in the player."""

from __future__ import annotations

from typing import Any

import streamlit as st

from adamax_viz.study.named.effects import EFFECTS, FAMILIES, Effect, find_effect, first_of
from adamax_viz.study.study import study_of
from adamax_viz.ui.parts.player import player
from adamax_viz.ui.state.study_page import StudyPage

_FAMILY, _SCENE = "e_family", "e_scene"


def chooser(page: StudyPage) -> None:
    """The effects as pills, the scenes of the chosen one, and the question it answers."""
    effect = _effect(page)
    st.session_state[_FAMILY] = effect.family
    st.pills("Effect", FAMILIES, key=_FAMILY, label_visibility="collapsed", on_change=_choose_family, args=(page,))
    scenes = [scene.name for scene in EFFECTS if scene.family == effect.family]
    left, right = st.columns([10, 11], vertical_alignment="center")
    left.markdown(f"**{effect.question}**")
    if len(scenes) > 1:
        st.session_state[_SCENE] = effect.name
        options: dict[str, Any] = {"format_func": _scene_title, "label_visibility": "collapsed"}
        right.pills("Scene", scenes, key=_SCENE, on_change=_choose_scene, args=(page,), **options)


def _effect(page: StudyPage) -> Effect:
    return page.study.effect or EFFECTS[0]


def _scene_title(name: str) -> str:
    effect = find_effect(name)
    return effect.title if effect else name


def _choose_family(page: StudyPage) -> None:
    family = st.session_state[_FAMILY]
    if family:  # pressing the chosen pill again chooses nothing: it stays
        page.begin(study_of(first_of(family)))


def _choose_scene(page: StudyPage) -> None:
    effect = find_effect(st.session_state[_SCENE])
    if effect:
        page.begin(study_of(effect))


@st.fragment
def live(page: StudyPage) -> None:
    """The player."""
    player(page, "comparison", live=True, locked=page.locked_names())
