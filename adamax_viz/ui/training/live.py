"""The training of the page Models while one looks: its buttons, its player, and what can be taken home."""

import time
from random import uniform

import streamlit as st

from adamax_viz.limits import LIMITS
from adamax_viz.player.training.header import build
from adamax_viz.runs.giving_way import BACKGROUND
from adamax_viz.runs.training import ACTIVE
from adamax_viz.study.fields import knobs
from adamax_viz.ui.parts.polling import polled
from adamax_viz.ui.state.page_state import locks
from adamax_viz.ui.training.bar import bar
from adamax_viz.ui.training.plane_job import plane_job
from adamax_viz.ui.training.take import take
from adamax_viz.ui.training.training_page import TrainingPage

EVERY = 0.8  # seconds between two pictures of a training that runs; more where a picture takes long
IN_QUEUE, FAR = 2.5, 4  # seconds between two looks at a place in the queue, for each before it; so many at most
SPREAD = 0.8, 1.2  # times as long: a class that began together does not look together
PART = 0.25  # of the time may go into pictures
# While a picture is on its way the one before stays as it is: Streamlit would let it fade, again and again.
STYLE = "<style>[data-testid=stElementContainer][data-stale=true] { opacity: 1 !important; }</style>"


def live(page: TrainingPage) -> None:
    """Buttons, progress and player; while something goes on they are drawn anew again and again."""
    st.html(STYLE)
    polled(_draw, page, waiting=_goes_on, every=seconds_to_next(page))


def seconds_to_next(page: TrainingPage) -> float:
    """Until the page is drawn again: who has many others before it looks seldom."""
    before = 0 if page.training is None else page.training.before
    if not before:
        return max(EVERY, page.drawing / PART)
    return min(min(before, FAR) * IN_QUEUE * uniform(*SPREAD), LIMITS.training_seconds / 2)  # or nobody looks


def _goes_on(page: TrainingPage) -> str | int:
    """What is waited for, if anything: few or many others, the training itself or what is computed after it."""
    training, job = page.training, page.plane_job
    if training is None:
        return ""
    if training.state in ACTIVE:
        return min(training.before, FAR) or "active"
    return "active" if job is not None and job.awaited(training) else ""


def _draw(page: TrainingPage) -> None:
    page.follow()
    begun, training = time.perf_counter(), page.training
    progress = None if training is None else training.progress()
    bar(page, progress)
    trajectory = None if training is None else training.trajectory()
    active = progress is not None and progress.state in ACTIVE
    if not active:
        page.write()  # a training of few steps may be over before anybody saw that it began
    if training is None or trajectory is None:
        header, arrays = build(page.spec.problem(page.points))
    else:
        if not active:
            page.plane_job = plane_job(training, trajectory, page.basis, page.plane_job)
        rival = training.rival
        plane = None if active or page.plane_job is None else page.plane_job.plane()
        with BACKGROUND:
            header, arrays = build(
                training.problem,
                trajectory,
                tuple(training.segments),
                rival=None if rival is None else rival.trajectory,
                rival_rule="adam" if rival is None else rival.spec.rule,
                picked=page.picked(training.problem),
                plane=plane,
                rest=page.rest,
                live=active,
            )
    own_knobs, locked = knobs(page.spec), locks()
    header |= {
        "key": "" if training is None else training.key,
        "knobs": [knob._asdict() for knob in own_knobs],
        "locked": [knob.name for knob in own_knobs if locked.has(knob.name)],
    }
    page.show("models", header, arrays)
    page.drawing = time.perf_counter() - begun
    if training is not None and trajectory is not None and not active:
        take(page, training, trajectory)
