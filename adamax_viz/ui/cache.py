"""Runs and landscapes computed once for everybody who looks at the same thing."""

from __future__ import annotations

import streamlit as st

from adamax_viz.study.links import from_query, to_query
from adamax_viz.study.runs import Run, run_settings
from adamax_viz.study.settings import Settings
from adamax_viz.views.landscape import Landscape, landscape


def run(settings: Settings) -> Run:
    """The recorded run of these settings."""
    return _run(to_query(settings))


@st.cache_resource(max_entries=64, show_spinner=False)
def _run(query: str) -> Run:
    return run_settings(from_query(query).settings)


def surface_view(settings: Settings, t: float = 0) -> Landscape:
    """The landscape of these settings at step t."""
    parts = {name: getattr(settings, name) for name in ("surface", "formula", "domain", "parameters")}
    return _surface_view(to_query(Settings(**parts)), t)


@st.cache_resource(max_entries=64, show_spinner=False)
def _surface_view(query: str, t: float) -> Landscape:
    return landscape(from_query(query).settings.problem(), t)
