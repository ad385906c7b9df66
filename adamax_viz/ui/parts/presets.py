"""Examples to start from, at the top of the page."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from adamax_viz.study.named.presets import PRESETS, preset_settings
from adamax_viz.study.study import Study
from adamax_viz.ui.parts.kept import kept
from adamax_viz.ui.state.page_state import locks
from adamax_viz.ui.state.study_page import StudyPage

_CHOSEN = "preset"


def preset_picker(page: StudyPage) -> DeltaGenerator:
    """A choice of examples; what to look at stays beside it while the surface is the example's.

    Returns the place at the end of the line, for the page's own tools.
    """
    named, settings = {preset.name: preset for preset in PRESETS}, page.study.base
    chosen = named.get(st.session_state.get(_CHOSEN, ""))
    if chosen is None or preset_settings(chosen.query).surface != settings.surface:
        chosen = next((preset for preset in PRESETS if preset_settings(preset.query) == settings), None)
    st.session_state[_CHOSEN] = chosen.name if chosen else ""

    def choose(name: str) -> None:
        st.session_state[_CHOSEN] = name
        page.begin(Study(preset_settings(named[name].query)))

    # The last leaves room for the app's menu and what Streamlit says beside it.
    left, right, tools, _ = st.columns([8, 9, 3, 4], vertical_alignment="center")
    words = {"placeholder": "Take an example…", "label_visibility": "collapsed"}
    options = {"options": list(named), "format_func": lambda name: named[name].title, "disabled": bool(locks())} | words
    kept(left.selectbox, "Example", chosen.name if chosen else None, choose, key="c_preset", **options)
    right.markdown(chosen.look if chosen else "Drag the ring **start**, move a knob, or press **play**.")
    return tools
