"""Runs and landscapes computed once for everybody who looks at the same thing."""

from __future__ import annotations

import streamlit as st

from adamax_viz.player.scene import surface_key
from adamax_viz.runs.run import Run, run_of
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.run.landscape import Landscape, landscape


@st.cache_resource(max_entries=48, show_spinner=False, hash_funcs={RunSpec: to_query})
def run(settings: RunSpec) -> Run:
    """The recorded run of these settings."""
    return run_of(settings)


@st.cache_resource(max_entries=48, show_spinner=False, hash_funcs={RunSpec: surface_key})
def surface_view(settings: RunSpec, t: float = 0) -> Landscape:
    """The landscape of these settings at step t."""
    return landscape(settings.problem(), t)
