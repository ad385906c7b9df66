"""Pages compute long runs one after the other; what is quick or kept never waits, and who is stopped leaves."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, cast

import pytest
from streamlit.runtime.scriptrunner import StopException, add_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SafeSessionState, SessionState

from adamax_viz.limits import LIMITS
from adamax_viz.runs.run import Outcome
from adamax_viz.runs.turns import Turns
from adamax_viz.shelf import Shelf
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import cache, page_runs


class Page(threading.Thread):
    """A page's script that asks for a run of so many steps; Streamlit can stop it."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.study, self.found, self.stopped = Study(RunSpec(steps=steps)), list[Outcome](), threading.Event()
        state = SafeSessionState(SessionState(), self._end_if_told)
        nothing = cast(Any, None)
        add_script_run_ctx(self, ScriptRunContext(str(id(self)), nothing, "", state, *[nothing] * 5))
        self.start()

    def _end_if_told(self) -> None:
        if self.stopped.is_set():
            raise StopException

    def run(self) -> None:
        with suppress(StopException):
            self.found = page_runs.outcomes(self.study)


class Work:
    """What stands for the computing of runs: it goes on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = list[int](), threading.Event()

    def __call__(self, specs: list[RunSpec], *, progress: Callable[[int], None]) -> list[Outcome]:
        self.begun.append(specs[0].steps)
        while specs[0].steps > LIMITS.quick_steps and not self.let_go.wait(0.001):
            progress(0)
        return [Outcome("a", spec, None, "made") for spec in specs]


LONG = [LIMITS.quick_steps + n for n in (1, 2, 3)]


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    work = Work()
    monkeypatch.setattr(cache, "runs_of", work)
    monkeypatch.setattr(cache, "_OUTCOMES", Shelf(LIMITS.run_bytes, cache._of_outcomes))
    monkeypatch.setattr(page_runs, "TURNS", Turns(1))
    monkeypatch.setattr(page_runs, "LOOK", 0.001)
    yield work
    work.let_go.set()


def waiting() -> int:
    return len(page_runs.TURNS._waiting)


def until(condition: Callable[[], bool]) -> None:
    ended = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ended


def test_long_runs_of_pages_wait_for_their_turn_and_nothing_else_does(work: Work) -> None:
    first = Page(LONG[0])
    until(lambda: work.begun == LONG[:1])
    second = Page(LONG[1])
    until(lambda: waiting() == 1)
    quick = Page(10)
    quick.join(60)
    assert quick.found
    assert work.begun == [LONG[0], 10]
    work.let_go.set()
    for page in (first, second):
        page.join(60)
        assert page.found
    work.let_go.clear()
    another = Page(LONG[2])
    until(lambda: work.begun[-1] == LONG[2])
    kept = Page(LONG[0])
    kept.join(60)
    assert kept.found is first.found
    assert another.is_alive()


def test_a_page_that_is_stopped_gives_up_its_turn_whether_it_waits_or_has_it(work: Work) -> None:
    pages = [Page(LONG[0])]
    until(lambda: work.begun == LONG[:1])
    pages.append(Page(LONG[1]))
    until(lambda: waiting() == 1)
    for page in reversed(pages):
        page.stopped.set()
        page.join(60)
        assert not page.is_alive()
    assert page_runs.TURNS.idle
    work.let_go.set()
    last = Page(LONG[0])  # nothing is left of the one that was stopped
    last.join(60)
    assert last.found


def test_a_lane_has_its_own_places(work: Work) -> None:
    Page(LONG[0])
    until(lambda: work.begun == LONG[:1])
    beside = threading.Thread(target=cache.outcomes, args=[Study(RunSpec(steps=LONG[1]))])
    beside.start()
    until(lambda: work.begun == LONG[:2])


def test_who_waits_keeps_nobody_else_from_the_same_and_takes_what_others_made(work: Work) -> None:
    first = Page(LONG[0])
    until(lambda: work.begun == LONG[:1])
    waits = Page(LONG[1])
    until(lambda: waiting() == 1)
    beside = threading.Thread(target=cache.outcomes, args=[waits.study])
    beside.start()  # a lane does not wait for the page's turn
    until(lambda: work.begun == LONG[:2])
    first.stopped.set()
    first.join(60)
    work.let_go.set()
    waits.join(60)
    assert waits.found
    assert work.begun == LONG[:2]


def test_who_waits_for_what_a_lane_makes_can_be_stopped_too(work: Work) -> None:
    beside = threading.Thread(target=cache.outcomes, args=[Study(RunSpec(steps=LONG[0]))])
    beside.start()
    until(lambda: work.begun == LONG[:1])
    page = Page(LONG[0])
    until(lambda: not page_runs.TURNS.idle)
    page.stopped.set()
    page.join(60)
    assert not page.is_alive()
    assert beside.is_alive()
    assert page_runs.TURNS.idle
