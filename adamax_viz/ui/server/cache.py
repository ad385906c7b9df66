"""Runs and landscapes computed once for everybody who looks at the same thing."""

import streamlit as st

from adamax_viz.player.scene import surface_key
from adamax_viz.runs.run import Outcome, Run, runs_of
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server.lanes import go_on
from adamax_viz.views.run.landscape import Landscape, landscape


@st.cache_resource(max_entries=48, show_spinner=False, hash_funcs={Study: to_query})
def outcomes(study: Study) -> list[Outcome]:
    """The recorded runs of a study."""
    return runs_of(study.specs(), progress=go_on)


def run(spec: RunSpec) -> Run:
    """The recorded run of a spec.

    Raises:
        ValueError: no run can be made of it.
    """
    alone = outcomes(Study(spec))[0]
    if alone.run is None:
        raise ValueError(alone.refusal)
    return alone.run


def surface_view(spec: RunSpec, step: float = 0) -> Landscape:
    """The landscape of a spec; one that moves as it is at a step."""
    return _surface_view(spec, step if spec.problem().functions.moves else 0)


@st.cache_resource(max_entries=48, show_spinner=False, hash_funcs={RunSpec: surface_key})
def _surface_view(spec: RunSpec, t: float) -> Landscape:
    return landscape(spec.problem(), t)
