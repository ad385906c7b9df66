"""The trainings that a session has seen, and what a change of its spec does to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from adamax_viz.files.point_table import read_points
from adamax_viz.files.strict_csv import TableError
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.problems.models.points import Points
from adamax_viz.runs.training import CHANGEABLE, Training
from adamax_viz.study.link import with_fields
from adamax_viz.study.training_spec import OWN, TrainingSpec
from adamax_viz.ui.state.leaving import TRAININGS
from adamax_viz.ui.training.session import ANEW, complain, spec, state

# What stays when another model is chosen: so many trainings, and so many bytes of them together.
KEPT, KEPT_BYTES = 3, 200_000_000


def training() -> Training | None:
    """The training of what the spec describes, however its optimizer is set now."""
    return _trainings().get(subject_key(spec(), state().points))


def start(new: TrainingSpec | None = None) -> None:
    """Begin a new training of this spec; one of the same model on the same data makes room for it."""
    state().complaints = []
    new = spec() if new is None else new
    trainings, key = _trainings(), subject_key(new, state().points)
    old = trainings.pop(key, None)
    if old is not None:
        old.stop()
    try:
        trainings[key] = begun = Training(new, state().points)
    except ValueError as error:
        complain(str(error))
        return
    _make_room(trainings)
    for other in trainings.values():
        if other is not begun:
            other.pause()
    begun.start()


def _make_room(trainings: dict[Any, Training]) -> None:
    """Let the oldest trainings go; the newest stays whatever it takes."""
    sizes = {key: training.progress().recorded_bytes for key, training in trainings.items()}
    for key in list(trainings)[:-1]:
        if len(trainings) <= KEPT and sum(sizes.values()) <= KEPT_BYTES:
            return
        trainings.pop(key).stop()
        del sizes[key]


def guarded(action: Callable[..., None], *arguments: Any) -> None:
    """Do what a button says; what can't be done is said."""
    state().complaints = []
    try:
        action(*arguments)
    except ValueError as error:
        complain(str(error))


def change(**fields: Any) -> None:
    """Other values for some settings. What can't be used is said and the old value kept."""
    page, old = state(), spec()
    new, page.complaints = with_fields(old, fields)
    if page.complaints:
        return
    trained = training()
    page.spec = new
    if trained is None or new == old:
        return
    if training() is not trained:
        trained.pause()  # something else is to be trained; coming back to this it goes on
    elif page.on_change == ANEW:
        start(new)
    else:
        guarded(trained.change, new)


def choose_model(name: str) -> None:
    """Another model, with its own data and size; a user's own points stay where they fit."""
    points = state().points
    fits = spec().data_name() == OWN and points is not None and points.kind in MODELS[name].kinds
    fresh = dict.fromkeys(("points", "data_noise", "widths", "activation", "batch_size"))
    change(model=name, dataset=OWN if fits else None, beside="auto", **fresh)


def open_points(source: bytes) -> str | None:
    """Take the points of a file, and a model that fits them; a sentence if they can't be used, then nothing changes."""
    state().complaints = []
    try:
        points = read_points(source)
    except TableError as error:
        return str(error)
    state().points = points
    name = spec().model
    fields: dict[str, Any] = {}
    if points.kind not in MODELS[name].kinds:
        name = next(n for n in ("mlp", "mlp_curve") if points.kind in MODELS[n].kinds)
        fields = {"widths": None}
    change(model=name, dataset=OWN, points=None, data_noise=None, **fields)
    for note in points.notes:
        complain(note)
    return None


def subject_key(of: TrainingSpec, points: Points | None) -> tuple[Any, ...]:
    """What is trained, and by which rule: everything that can't change on the way."""
    fixed = tuple((n, v) for n, v in of.model_dump().items() if n not in CHANGEABLE)
    return fixed, points.digest() if of.data_name() == OWN and points is not None else None


def _trainings() -> dict[Any, Training]:
    trainings: dict[Any, Training] = st.session_state.setdefault(TRAININGS, {})
    return trainings
