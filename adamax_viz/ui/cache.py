"""Runs and landscapes computed once for everybody who looks at the same thing."""

from __future__ import annotations

import streamlit as st

from adamax_viz.player.payload import surface_key
from adamax_viz.study.lessons import run_rule
from adamax_viz.study.links import to_query
from adamax_viz.study.runs import Run
from adamax_viz.study.settings import Settings
from adamax_viz.views.landscape import Landscape, landscape


@st.cache_resource(max_entries=48, show_spinner=False, hash_funcs={Settings: to_query})
def run(settings: Settings, rule: str = "adamax") -> Run:
    """The recorded run of these settings, under another rule if a lesson asks for one."""
    return run_rule(settings, rule)


@st.cache_resource(max_entries=48, show_spinner=False, hash_funcs={Settings: surface_key})
def surface_view(settings: Settings, t: float = 0) -> Landscape:
    """The landscape of these settings at step t."""
    return landscape(settings.problem(), t)
