"""Examples to start from, at the top of the page."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from adamax_viz.study.named.presets import PRESETS, find_preset, preset_settings
from adamax_viz.study.study import Study
from adamax_viz.ui.state.page_state import locks
from adamax_viz.ui.state.study_page import StudyPage

_KEY, _CHOSEN = "c_preset", "preset"


def preset_picker(page: StudyPage) -> DeltaGenerator:
    """A choice of examples; what to look at stays beside it while the surface is the example's.

    Returns the place at the end of the line, for the page's own tools.
    """
    chosen = find_preset(st.session_state.get(_CHOSEN))
    settings = page.study.base
    if chosen is None or preset_settings(chosen.query).surface != settings.surface:
        chosen = next((p for p in PRESETS if preset_settings(p.query) == settings), None)
    st.session_state[_CHOSEN] = st.session_state[_KEY] = chosen.name if chosen else None
    # The last leaves room for the app's menu.
    left, right, tools, _ = st.columns([8, 10, 3, 1], vertical_alignment="center")
    left.selectbox(
        "Example",
        [preset.name for preset in PRESETS],
        key=_KEY,
        format_func=_title,
        placeholder="Start from an example…",
        label_visibility="collapsed",
        on_change=_choose,
        args=(page,),
        disabled=bool(locks()),
    )
    right.markdown(chosen.look if chosen else "Drag the ring **start**, move a knob, or press **play**.")
    return tools


def _title(name: str) -> str:
    preset = find_preset(name)
    return preset.title if preset else name


def _choose(page: StudyPage) -> None:
    preset = find_preset(st.session_state[_KEY])
    st.session_state[_CHOSEN] = preset.name if preset else None
    if preset:
        page.begin(Study(preset_settings(preset.query)))
