"""The Models page: start, follow and steer a training, and look into it."""

from __future__ import annotations

import math
import time
from typing import Any

import streamlit as st

from adamax_viz.player.mount import mount
from adamax_viz.player.payload import pack
from adamax_viz.player.training import Shown, build
from adamax_viz.runs.training import BUDGET, Progress, Training
from adamax_viz.study.training_fields import model_knobs
from adamax_viz.ui.models import plane_job as model_plane
from adamax_viz.ui.models import session as model_session
from adamax_viz.ui.models import take as model_take
from adamax_viz.ui.models.session import ANEW, ONWARD
from adamax_viz.ui.state import session

EVERY = 0.8  # seconds between two pictures of a training that runs; more where a picture takes long
PART = 0.4  # of the time may go into pictures
ACTIVE = ("preparing", "running")
_ANSWERED, _AT, _CHANGED, _MORE, _TOOK = "model_answered", "model_at", "model_changed", "model_more", "model_took"
PREPARING = "Keras and JAX are imported and the model is compiled: some seconds, the first time."
FIRST_MORE = 500
# While a picture is on its way the one before stays as it is: Streamlit would let it fade, again and again.
STYLE = "<style>[data-testid=stElementContainer][data-stale=true] { opacity: 1 !important; }</style>"


def page() -> None:
    """Buttons, progress and player; while something goes on they are drawn anew again and again."""
    st.html(STYLE)
    active = _active(model_session.training())
    every = max(EVERY, st.session_state.get(_TOOK, 0.0) / PART)
    st.fragment(_live, run_every=every if active else None)(active)


def _active(training: Training | None) -> bool:
    return training is not None and (training.state in ACTIVE or model_plane.pending(training))


def _live(active: bool) -> None:
    training = model_session.training()
    begun = time.perf_counter()
    progress = None if training is None else training.progress()
    _bar(training, progress)
    live = progress is not None and progress.state in ACTIVE
    _player(training, live=live)
    st.session_state[_TOOK] = time.perf_counter() - begun
    trajectory = None if training is None else training.trajectory()
    if training is not None and trajectory is not None and not live:
        model_take.take(training, trajectory)
    # What is shown counts: the training may have ended meanwhile, and the page must see that too.
    changed = st.session_state.pop(_CHANGED, False)
    if changed or (live or model_plane.pending(training)) != active:
        st.rerun()  # the clock of this fragment starts or ends; what stands around it follows


# -- buttons and progress --------------------------------------------------------------------------------------


def _bar(training: Training | None, progress: Progress | None) -> None:
    if training is None or progress is None:
        left, right = st.columns([2, 9], vertical_alignment="center")
        left.button(
            "Train",
            icon=":material/play_arrow:",
            type="primary",
            key="m_train",
            on_click=model_session.start,
            width="stretch",
        )
        right.markdown("Watch every weight, gradient, m, u and step while it learns.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if progress.state in ACTIVE:
            _button("Pause", "pause", training.pause, primary=True)
            _button("Stop", "stop", training.stop)
        else:
            if progress.done < progress.total and progress.state in ("paused", "stopped"):
                _button("Continue", "play_arrow", training.start, primary=True)
            if progress.state not in ("diverged", "failed"):
                more = st.session_state["m_more"] = st.session_state.get(_MORE, FIRST_MORE)
                _button(f"{more} more", "fast_forward", _go_on, training, primary=progress.done >= progress.total)
                st.number_input(
                    "More steps", 1, 20_000, key="m_more", label_visibility="collapsed", width=110, on_change=_keep_more
                )
            _button("Start again", "restart_alt", model_session.start, primary=progress.state in ("diverged", "failed"))
        st.caption("A moved slider applies", width="content")
        st.session_state["m_mode"] = model_session.mode()
        st.segmented_control(
            "A moved slider applies", [ONWARD, ANEW], key="m_mode", label_visibility="collapsed",
            help="What a moved slider does: the training goes on with it from here, or starts again.",
            on_change=lambda: model_session.choose_mode(st.session_state["m_mode"]),
        )  # fmt: skip
    if progress.state == "preparing":
        st.info(PREPARING, icon=":material/hourglass_top:")
    elif progress.state in ("diverged", "failed"):
        st.error(progress.sentence, icon=":material/warning:")
    else:
        st.progress(min(1.0, progress.done / progress.total), text=_line(progress))


def _button(label: str, icon: str, action: Any, *arguments: Any, primary: bool = False) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="primary" if primary else "secondary",
        key=f"m_{icon}",
        on_click=model_session.guarded,
        args=(action, *arguments),
    )


def _keep_more() -> None:
    st.session_state[_MORE] = int(st.session_state["m_more"])


def _go_on(training: Training) -> None:
    training.go_on(st.session_state.get(_MORE, FIRST_MORE))


def _line(progress: Progress) -> str:
    """Speed, loss and time left."""
    parts = [progress.sentence]
    if math.isfinite(progress.steps_per_second):
        parts.append(f"{progress.steps_per_second:,.0f} steps/s")
    if math.isfinite(progress.loss):
        parts.append(f"loss of the last batch {progress.loss:.4g}")
    if progress.state == "running" and math.isfinite(progress.seconds_left):
        parts.append(f"{progress.seconds_left:.0f} s left")
    parts.append(f"{progress.recorded_bytes / 1e6:.0f} of about {BUDGET / 1e6:.0f} MB recorded")
    if progress.every > 1:
        parts.append(f"one step in {progress.every} kept")
    return " · ".join(parts)


# -- the player ------------------------------------------------------------------------------------------------


def _player(training: Training | None, *, live: bool) -> None:
    settings = model_session.settings()
    trajectory = None if training is None else training.trajectory()
    if training is None or trajectory is None:
        shown = Shown(settings.problem(model_session.own()))
    else:
        rival = training.rival
        shown = Shown(
            training.problem,
            trajectory,
            tuple(training.segments),
            training.trajectory(rival) if rival else None,
            rival or "",
            model_session.picked(),
            None if live else model_plane.found(training),
            st.session_state.get(_AT),
            live,
        )
    header, arrays = build(shown)
    knobs, locks = model_knobs(settings), session.locks()
    header |= {
        "key": f"{id(training)}" if training is not None else "",
        "knobs": [knob._asdict() for knob in knobs],
        "locked": [knob.name for knob in knobs if locks.has(knob.name)],
        "answered": st.session_state.get(_ANSWERED, 0),
        "complaints": model_session.complaints(),
    }
    mount("models", pack(header, arrays), _answer, "models")


def _answer(request: dict[str, Any]) -> None:
    """Take what the player asks for."""
    fields = dict(request["fields"])
    if "picked" in fields:
        model_session.pick(fields.pop("picked"))
    if "at" in fields:
        st.session_state[_AT] = max(0, int(fields.pop("at")))
    if "plane" in fields:
        model_plane.choose(fields.pop("plane"))
    if fields:
        model_session.change(**fields)
        st.session_state[_CHANGED] = True  # the sidebar and the link follow
    st.session_state[_ANSWERED] = request["sequence"]
