"""Runs that pages compute, outside the lanes: so many long ones at once, the others wait for their turn."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from threading import Event

import streamlit as st

from adamax_viz.limits import LIMITS
from adamax_viz.runs.run import Outcome, Run, steps_in_a_row
from adamax_viz.runs.turns import Ticket, Turns
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import cache
from adamax_viz.ui.server.sessions import session

LOOK = 0.1  # seconds between two looks whether the page is still wanted
TURNS = Turns(LIMITS.long_pages_at_once)


def outcomes(study: Study) -> list[Outcome]:
    """The recorded runs of a study; where they are long, when their turn has come, or somebody else has made them."""
    waits = not cache.has(study) and steps_in_a_row(study.specs()) > LIMITS.quick_steps
    with turn(study) if waits else nullcontext():
        return cache.outcomes(study, go_on)


def run(spec: RunSpec) -> Run:
    """The recorded run of a spec.

    Raises:
        ValueError: no run can be made of it.
    """
    alone = outcomes(Study(spec))[0]
    if alone.run is None:
        raise ValueError(alone.refusal)
    return alone.run


@contextmanager
def turn(study: Study) -> Iterator[None]:
    """Wait for a turn, and have it as long as the block takes; nobody waits any longer once the runs are there.

    A page that is not wanted any more gives its turn up.
    """
    come = Event()
    ticket = Ticket(session(), lambda _: come.set())
    TURNS.ask(ticket)
    try:
        while not cache.has(study):
            if come.wait(LOOK):
                if not cache.is_begun(study):
                    break
                time.sleep(LOOK)  # a lane is at it
            go_on()
        yield
    finally:
        TURNS.end(ticket)


def go_on(_: int = 0) -> None:
    """Between two pieces of work of a page: end it if Streamlit wants to stop its script, or to run it anew.

    Elsewhere nothing happens.
    """
    if session():
        st.session_state.get("anything")  # Streamlit ends a script whenever it looks there
