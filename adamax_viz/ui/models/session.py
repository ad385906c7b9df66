"""The settings of a session's training, its own points, and the trainings it has seen; the link names the settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from adamax_viz.problems.models.networks import MODELS, find_model
from adamax_viz.problems.models.points import Points, PointsError, read_points
from adamax_viz.runs.training import Training
from adamax_viz.study.link import read_params, repaired, to_params
from adamax_viz.study.training_spec import OPTIMIZER_FIELDS, OWN, TrainingSpec
from adamax_viz.ui.state.leaving import TRAININGS
from adamax_viz.ui.state.session import PAGE_PARAMS

# What stays when another model is chosen: so many trainings, and so many bytes of them together.
KEPT, KEPT_BYTES = 3, 200_000_000
ONWARD, ANEW = "from here on", "start again"
_SETTINGS, _PARAMS, _COMPLAINTS, _OWN = "model_settings", "model_params", "model_complaints", "model_points"
_MODE, _PICKED = "model_mode", "model_picked"


def settings() -> TrainingSpec:
    """The settings of this session, read anew from the address if it names others."""
    state = st.session_state
    params = {name: value for name, value in st.query_params.to_dict().items() if name not in PAGE_PARAMS}
    # Coming back from another page the address is bare: what was there stays.
    if _SETTINGS not in state or (params and params != state.get(_PARAMS)):
        decoded = read_params(TrainingSpec, params, PAGE_PARAMS)
        state[_SETTINGS], state[_COMPLAINTS], state[_PARAMS] = decoded.settings, decoded.complaints, params
        if decoded.settings.data_name() == OWN and own() is None:
            state[_SETTINGS] = decoded.settings.changed(dataset=None)
            name = decoded.settings.changed(dataset=None).data_name()
            say(f"The link is for points of one's own, which no link carries; “{name}” is shown. Open the file again.")
    current: TrainingSpec = state[_SETTINGS]
    return current


def change(**fields: Any) -> None:
    """Other values for some settings. What can't be used is said and the old value kept."""
    old = settings()
    _forget_complaints()
    decoded = repaired(TrainingSpec, old.model_dump() | fields)
    if decoded.complaints:
        for complaint in decoded.complaints:
            say(complaint.split("; the default")[0].split(". The defaults")[0] + "; the value before it was kept.")
        return
    trained = training()
    st.session_state[_SETTINGS] = decoded.settings
    if trained is None or decoded.settings == old:
        return
    if training() is trained:
        _take_over(trained, decoded.settings)
    else:
        trained.pause()  # something else is to be trained; coming back to this it goes on


def choose_model(name: str) -> None:
    """Another model, with its own data and size; a user's own points stay where they fit."""
    points = own()
    fits = settings().data_name() == OWN and points is not None and points.kind in MODELS[name].kinds
    fresh = dict.fromkeys(("points", "data_noise", "widths", "activation", "batch_size"))
    change(model=name, dataset=OWN if fits else None, beside="auto", **fresh)


def write_link() -> None:
    """Put the settings into the address bar."""
    params = to_params(settings())
    if params != st.session_state.get(_PARAMS) or not st.query_params.to_dict().keys() >= params.keys():
        kept = {name: v for name, v in st.query_params.to_dict().items() if name in PAGE_PARAMS}
        st.query_params.from_dict(kept | params)
        st.session_state[_PARAMS] = params


def say(complaint: str) -> None:
    """Something the user should know; it stays until they do the next thing, however often a training is drawn."""
    st.session_state[_COMPLAINTS] = [*complaints(), complaint]


def complaints() -> list[str]:
    """What is to be said, one sentence each."""
    said: list[str] = st.session_state.get(_COMPLAINTS, [])
    return said


def _forget_complaints() -> None:
    st.session_state[_COMPLAINTS] = []


# -- points of one's own ---------------------------------------------------------------------------------------


def own() -> Points | None:
    """The user's own points, if a file was opened."""
    points: Points | None = st.session_state.get(_OWN)
    return points


def open_points(source: bytes) -> str | None:
    """Take the points of a file, and a model that fits them; a sentence if they can't be used, then nothing changes."""
    _forget_complaints()
    try:
        points = read_points(source)
    except PointsError as error:
        return str(error)
    st.session_state[_OWN] = points
    fits = points.kind in find_model(settings().model).kinds
    name = settings().model if fits else next(n for n in ("mlp", "mlp_curve") if points.kind in MODELS[n].kinds)
    change(model=name, dataset=OWN, points=None, data_noise=None, **({} if fits else {"widths": None}))
    for note in points.notes:
        say(note)
    return None


# -- trainings -------------------------------------------------------------------------------------------------


def training() -> Training | None:
    """The training of what the settings describe, however its optimizer is set now."""
    found: Training | None = _trainings().get(_subject(settings()))
    return found


def start(how: TrainingSpec | None = None) -> None:
    """Begin a new training of these settings; one of the same model on the same data makes room for it."""
    how = settings() if how is None else how
    _forget_complaints()
    kept = _trainings()
    old = kept.pop(_subject(how), None)
    if old is not None:
        old.stop()
    try:
        kept[_subject(how)] = new = Training(how, own())
    except ValueError as error:
        say(str(error))
        return
    _make_room(kept)
    for other in kept.values():
        if other is not new:
            other.pause()
    new.start()


def _make_room(kept: dict[Any, Training]) -> None:
    """Let the oldest trainings go; the newest stays whatever it takes."""
    sizes = {subject: training.progress().recorded_bytes for subject, training in kept.items()}
    for subject in list(kept)[:-1]:
        if len(kept) <= KEPT and sum(sizes.values()) <= KEPT_BYTES:
            return
        kept.pop(subject).stop()
        del sizes[subject]


def guarded(action: Callable[..., None], *arguments: Any) -> None:
    """Do what a button says; what can't be done is said."""
    _forget_complaints()
    try:
        action(*arguments)
    except ValueError as error:
        say(str(error))


def mode() -> str:
    """What a change of the optimizer does to a training that is there: it goes on with it, or starts again."""
    chosen: str = st.session_state.get(_MODE) or ONWARD
    return chosen


def choose_mode(chosen: str | None) -> None:
    """Choose it."""
    st.session_state[_MODE] = chosen or ONWARD


def picked() -> tuple[int, ...]:
    """The columns of the parameters that are looked at, those that the model has."""
    size = settings().problem(own()).architecture.parameters()
    chosen = tuple(c for c in st.session_state.get(_PICKED, ()) if c < size)
    return chosen or (0,)


def pick(columns: list[int]) -> None:
    """Look at these."""
    st.session_state[_PICKED] = tuple(int(c) for c in columns[:2])


def _take_over(trained: Training, new: TrainingSpec) -> None:
    if mode() == ANEW:
        start(new)
    else:
        guarded(trained.change, new)


def _trainings() -> dict[Any, Training]:
    kept: dict[Any, Training] = st.session_state.setdefault(TRAININGS, {})
    return kept


def _subject(how: TrainingSpec) -> Any:
    """What is trained: everything but the optimizer and the length."""
    fixed = tuple((n, v) for n, v in how.model_dump().items() if n not in OPTIMIZER_FIELDS and n != "steps")
    return fixed, id(own()) if how.data_name() == OWN else None
