"""Buttons and progress of a training, above its player."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from adamax_viz.runs.training import ACTIVE, BUDGET, OVER, Progress, Training
from adamax_viz.ui.training import trainings
from adamax_viz.ui.training.session import ANEW, ONWARD, state

PREPARING = "Keras and JAX are imported and the model is compiled: some seconds, the first time."
MOST_MORE = 20_000


def bar(training: Training | None, progress: Progress | None) -> None:
    """What can be done with the training, and where it is."""
    if training is None or progress is None:
        left, right = st.columns([2, 9], vertical_alignment="center")
        with left:
            _button("Train", "play_arrow", trainings.start, key="m_train", primary=True, width="stretch")
        right.markdown("Watch every weight, gradient, m, u and step while it learns.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _buttons(training, progress)
        _on_change()
    if progress.state == "preparing":
        st.info(PREPARING, icon=":material/hourglass_top:")
    elif progress.state in OVER:
        st.error(progress.sentence, icon=":material/warning:")
    else:
        st.progress(min(1.0, progress.done / progress.total), text=_line(progress))


def _buttons(training: Training, progress: Progress) -> None:
    over = progress.state in OVER
    if progress.state in ACTIVE:
        _button("Pause", "pause", training.pause, primary=True)
        _button("Stop", "stop", training.stop)
        return
    if progress.done < progress.total and progress.state in ("paused", "stopped"):
        _button("Continue", "play_arrow", training.start, primary=True)
    if not over:
        more = st.session_state["m_more"] = state().more
        _button(f"{more} more", "fast_forward", training.go_on, more, primary=progress.done >= progress.total)
        st.number_input(
            "More steps", 1, MOST_MORE, key="m_more", label_visibility="collapsed", width=110, on_change=_keep_more
        )
    _button("Start again", "restart_alt", trainings.start, primary=over)


def _button(
    label: str,
    icon: str,
    action: Any,
    *arguments: Any,
    primary: bool = False,
    key: str | None = None,
    width: Any = "content",
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="primary" if primary else "secondary",
        key=key or f"m_{icon}",
        on_click=trainings.guarded,
        args=(action, *arguments),
        width=width,
    )


def _keep_more() -> None:
    state().more = int(st.session_state["m_more"])


def _on_change() -> None:
    """What a moved slider does to the training."""

    def choose() -> None:
        state().on_change = st.session_state["m_mode"] or ONWARD

    st.caption("A moved slider applies", width="content")
    st.session_state["m_mode"] = state().on_change
    help_line = "What a moved slider does: the training goes on with it from here, or starts again."
    st.segmented_control(
        "A moved slider applies",
        [ONWARD, ANEW],
        key="m_mode",
        label_visibility="collapsed",
        help=help_line,
        on_change=choose,
    )


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
