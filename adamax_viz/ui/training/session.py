"""What a session's Models page remembers: the spec, the user's points, what is looked at; the link names the spec."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from adamax_viz.problems.models.points import Points
from adamax_viz.study.link import read_params, to_params
from adamax_viz.study.training_spec import OWN, TrainingSpec
from adamax_viz.ui.state.address import PAGE_PARAMS, shown_params, write_params
from adamax_viz.views.training.plane import Basis

if TYPE_CHECKING:
    from adamax_viz.parity.keras_training import Proof
    from adamax_viz.ui.training.plane_job import PlaneJob

ONWARD, ANEW = "from here on", "start again"
FIRST_MORE = 500
_STATE = "models_page"


@dataclass
class ModelsPage:
    """One session's page."""

    spec: TrainingSpec | None = None
    params: dict[str, str] | None = None  # the address that the spec was read from or written to
    complaints: list[str] = field(default_factory=list)
    points: Points | None = None  # the user's own
    on_change: str = ONWARD  # what a moved slider does to a training that is there
    more: int = FIRST_MORE  # steps that "more" adds
    picked: tuple[int, ...] = ()  # columns of theta that are looked at
    rest: int | None = None  # the step at which the playhead rests
    answered: int = 0  # sequence number of the player's last request
    moved: bool = False  # a knob was moved: what stands around the player is to be drawn anew
    drawing: float = 0.0  # seconds that the last picture took
    basis: Basis = "pca"
    plane_job: PlaneJob | None = None
    proof: tuple[tuple[str, int], Proof | None] | None = None  # by training and length; None is to be made


def state() -> ModelsPage:
    """That of this session."""
    page: ModelsPage = st.session_state.setdefault(_STATE, ModelsPage())
    return page


def spec() -> TrainingSpec:
    """The spec of this session, read anew from the address if it names another."""
    page, params = state(), shown_params()
    # Coming back from another page the address is bare: what was there stays.
    if page.spec is None or (params and params != page.params):
        decoded = read_params(TrainingSpec, params, PAGE_PARAMS)
        page.spec, page.complaints, page.params = decoded.settings, decoded.complaints, params
        if page.spec.data_name() == OWN and page.points is None:
            page.spec = page.spec.changed(dataset=None)
            complain(
                "The link is for points of one's own, which no link carries; "
                f"“{page.spec.data_name()}” is shown. Open the file again."
            )
    return page.spec


def write_link() -> None:
    """Put the spec into the address bar."""
    page, params = state(), to_params(spec())
    if params != page.params or params != shown_params():
        write_params(params)
        page.params = params


def complain(sentence: str) -> None:
    """Something the user should know; it stays until they do the next thing, however often a training is drawn."""
    state().complaints = [*state().complaints, sentence]


def picked() -> tuple[int, ...]:
    """The columns of the parameters that are looked at, those that the model has."""
    size = spec().problem(state().points).architecture.parameters()
    return tuple(c for c in state().picked if c < size) or (0,)
