"""The Models page: start, follow and steer a training, and look into it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from adamax_viz.player.mount import mount
from adamax_viz.player.training.header import build
from adamax_viz.player.training.view import TrainingView
from adamax_viz.runs.training import ACTIVE, Training
from adamax_viz.study.fields import knobs
from adamax_viz.ui.state.page_state import locks
from adamax_viz.ui.training import trainings
from adamax_viz.ui.training.bar import bar
from adamax_viz.ui.training.plane_job import pending, plane_of
from adamax_viz.ui.training.session import picked, spec, state
from adamax_viz.ui.training.take import take

PLAYER = "models"  # key of the component
EVERY = 0.8  # seconds between two pictures of a training that runs; more where a picture takes long
PART = 0.4  # of the time may go into pictures
# While a picture is on its way the one before stays as it is: Streamlit would let it fade, again and again.
STYLE = "<style>[data-testid=stElementContainer][data-stale=true] { opacity: 1 !important; }</style>"


def page() -> None:
    """Buttons, progress and player; while something goes on they are drawn anew again and again."""
    st.html(STYLE)
    training = trainings.training()
    active = training is not None and (training.state in ACTIVE or pending(training))
    every = max(EVERY, state().drawing / PART)
    st.fragment(_live, run_every=every if active else None)(active)


def _live(active: bool) -> None:
    training = trainings.training()
    begun = time.perf_counter()
    progress = None if training is None else training.progress()
    bar(training, progress)
    live = progress is not None and progress.state in ACTIVE
    _player(training, live=live)
    state().drawing = time.perf_counter() - begun
    trajectory = None if training is None else training.trajectory()
    if training is not None and trajectory is not None and not live:
        take(training, trajectory)
    # What is shown counts: the training may have ended meanwhile, and the page must see that too.
    moved, state().moved = state().moved, False
    if moved or (live or pending(training)) != active:
        st.rerun()  # the clock of this fragment starts or ends; what stands around it follows


def _player(training: Training | None, *, live: bool) -> None:
    header, arrays = build(_view(training, live=live))
    own_knobs, locked = knobs(spec()), locks()
    header |= {
        "key": "" if training is None else training.key,
        "knobs": [knob._asdict() for knob in own_knobs],
        "locked": [knob.name for knob in own_knobs if locked.has(knob.name)],
        "answered": state().answered,
        "complaints": state().complaints,
    }
    mount(PLAYER, header, arrays, _answer)


def _view(training: Training | None, *, live: bool) -> TrainingView:
    trajectory = None if training is None else training.trajectory()
    if training is None or trajectory is None:
        return TrainingView(spec().problem(state().points))
    rival = training.rival
    return TrainingView(
        training.problem,
        trajectory,
        tuple(training.segments),
        training.spec.rule,
        None if rival is None else rival.trajectory,
        "" if rival is None else rival.spec.rule,
        picked(),
        None if live else plane_of(training),
        state().rest,
        live,
    )


# -- what the player asks for ----------------------------------------------------------------------------------


def _pick(columns: list[int]) -> None:
    state().picked = tuple(int(column) for column in columns[:2])


def _rest(step: float) -> None:
    state().rest = max(0, int(step))


def _choose_plane(basis: Any) -> None:
    state().basis = basis


REQUESTS: dict[str, Callable[[Any], None]] = {"picked": _pick, "at": _rest, "plane": _choose_plane}


def _answer() -> None:
    """Take what the player asks for; what is no request of this page is a moved knob."""
    request = st.session_state[PLAYER]["request"]
    fields = request["fields"]
    for name in REQUESTS.keys() & fields:
        REQUESTS[name](fields[name])
    knobs = {name: value for name, value in fields.items() if name not in REQUESTS}
    if knobs:
        trainings.change(**knobs)
        state().moved = True  # the sidebar and the link follow
    state().answered = request["sequence"]
