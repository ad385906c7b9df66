"""Runs that pages compute, outside the lanes: so many long ones at once, the others wait for their turn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
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
    """The recorded runs of a study, when their turn has come where they are long and nobody has begun them yet."""
    begun = partial(cache.has, study)
    waits = not begun() and steps_in_a_row(study.specs()) > LIMITS.quick_steps
    with turn(needless=begun) if waits else nullcontext():
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
def turn(needless: Callable[[], bool]) -> Iterator[None]:
    """Wait for a turn, and have it as long as the block takes; nobody waits any longer for what is `needless`.

    A page that is not wanted any more gives its turn up.
    """
    come = Event()
    ticket = Ticket(session(), lambda _: come.set())
    TURNS.ask(ticket)
    try:
        while not (come.wait(LOOK) or needless()):
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
