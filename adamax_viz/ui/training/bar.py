"""Buttons and progress of a training, above its player."""

import math
from functools import partial
from typing import Any

import streamlit as st

from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.backend import not_installed
from adamax_viz.runs.training import ACTIVE, OVER, Progress
from adamax_viz.ui.parts.kept import kept
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.training.training_page import ANEW, ONWARD, TrainingPage

PREPARING = "Keras and JAX are imported and the model is compiled: some seconds, the first time."

# The link says how far a training went, or was to go if it was at work.
LOST = (
    "This training is no longer here: the page was reloaded, or it was begun in another window, or the server "
    "restarted. The same settings give the same numbers, as far as it went or was to go."
)


def bar(page: TrainingPage, progress: Progress | None) -> None:
    """What can be done with the training, and where it is."""
    missing = not_installed()
    shape: dict[str, Any] = {"disabled": bool(missing)}
    if progress is None and page.trained is not None:
        _lost(page, page.trained.steps, missing, shape)
    elif progress is None:
        left, right = st.columns([2, 9], vertical_alignment="center")
        with left:
            _button(page, "Train", "play_arrow", page.start, primary=True, key="m_train", width="stretch", **shape)
        right.markdown(missing or "Watch every weight, gradient, m, u and step while it learns.")
    else:
        _going_on(page, progress)


def _lost(page: TrainingPage, steps: int, missing: str, shape: dict[str, Any]) -> None:
    st.info(LOST, icon=":material/history:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _run_again(page, steps, **shape)
        _button(page, "Train anew", "play_arrow", page.start, **shape)
    if missing:
        st.caption(missing)


def _run_again(page: TrainingPage, steps: int, **shape: Any) -> None:
    words = f"Run it again, to step {steps:,}"
    _button(page, words, "history", page.run_again, primary=True, **shape)


def _going_on(page: TrainingPage, progress: Progress) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _buttons(page, progress)
        words, take = "A moved slider applies", partial(setattr, page, "on_change")
        st.caption(words, width="content")
        help_line = "What a moved slider does: the training goes on with it from here, or starts again."
        options: dict[str, Any] = {"options": [ONWARD, ANEW], "help": help_line, "label_visibility": "collapsed"}
        kept(st.segmented_control, words, page.on_change, take, key="m_mode", **options)
    if progress.state == "preparing":
        st.info(PREPARING, icon=":material/hourglass_top:")
    elif progress.state in OVER:
        st.error(plain(progress.sentence), icon=":material/warning:")
    else:
        st.progress(min(1.0, progress.done / progress.total), text=_line(progress))


def _buttons(page: TrainingPage, progress: Progress) -> None:
    training = page.training
    assert training is not None
    if progress.state in ACTIVE:
        _button(page, "Pause", "pause", training.pause, primary=True)
        _button(page, "Stop", "stop", training.stop)
        return
    if progress.done < progress.total and progress.state in ("paused", "stopped"):
        _button(page, "Continue", "play_arrow", training.start, primary=True)
    over = progress.state in OVER
    if not over:
        complete = progress.done >= progress.total
        _button(page, f"{page.more} more", "fast_forward", training.go_on, page.more, primary=complete)
        take, options = partial(setattr, page, "more"), {"min_value": 1, "max_value": LIMITS.more_steps, "width": 110}
        kept(st.number_input, "More steps", page.more, take, key="m_more", label_visibility="collapsed", **options)
    if gone := progress.state == "gone":
        _run_again(page, progress.done)
    _button(page, "Start again", "restart_alt", page.start, primary=over and not gone)


def _button(page: TrainingPage, label: str, icon: str, *action: Any, primary: bool = False, **more: Any) -> None:
    """A button that does this: a function, and its arguments."""
    options = {"key": f"m_{icon}", "icon": f":material/{icon}:", "type": "primary" if primary else "secondary"} | more
    st.button(label, on_click=page.guarded, args=action, **options)


def _line(progress: Progress) -> str:
    """Where it is, speed, loss and time left; the parts of a line end without a full stop."""
    parts = [progress.sentence.removesuffix(".")]
    if progress.state != "waiting" and math.isfinite(progress.steps_per_second):
        parts.append(f"{progress.steps_per_second:,.0f} steps/s")
    if math.isfinite(progress.loss):
        parts.append(f"loss of the last batch {progress.loss:.4g}")
    if progress.state == "running" and math.isfinite(progress.seconds_left):
        parts.append(f"{progress.seconds_left:.0f} s left")
    if progress.granted_bytes:
        held, granted = progress.recorded_bytes / 1e6, progress.granted_bytes / 1e6
        parts.append(f"{held:.3g} of about {granted:.3g} MB for the record")
    if progress.every > 1:
        parts.append(f"one step in {progress.every} kept")
    return " · ".join(parts)
