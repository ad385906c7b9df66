"""A process beside this one: what it answers, how it dies, and when it is started again."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from adamax_viz import apart
from adamax_viz.apart import BUSY, LATE, LOST, Answer, Apart

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it is for systems with process groups")

HANG = 60.0


def until(condition: Callable[[], bool]) -> None:
    ended = time.monotonic() + HANG
    while not condition():
        assert time.monotonic() < ended


def causes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Why processes have ended that were not told to, as the log says it."""
    return [r.message.partition("): ")[2] for r in caplog.records if r.message.startswith("The process of tests.echo")]


@pytest.fixture
def echo() -> Iterator[Apart]:
    """One that repeats."""
    process = Apart("tests.echo", at_once=2, seconds=HANG)
    yield process
    process.end()


def test_it_is_started_by_the_first_request_and_stays(echo: Apart) -> None:
    assert not echo.is_ready
    first, second = echo.ask({}), echo.ask({})
    assert echo.is_ready
    assert first["pid"] == second["pid"] != os.getpid()


@pytest.mark.parametrize("text", ["x", "one\ntwo\n", "é" * 100_000, '{"id": 0}\n'])
def test_an_answer_may_have_bytes_whatever_they_are(echo: Apart, text: str) -> None:
    assert echo.ask({"body": text})["body"] == text.encode()
    assert "body" not in echo.ask({})


def test_one_that_dies_of_a_request_is_lost_and_the_next_asks_another(
    echo: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "AGAIN", 0.0)
    before = echo.ask({})["pid"]
    assert echo.ask({"die": True}) is LOST  # of the one started anew, too
    assert echo.ask({})["pid"] != before


def test_one_that_never_comes_up_is_not_started_all_the_time(echo: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHO", "stillborn")
    started = []
    monkeypatch.setattr(apart, "Link", lambda *given, link=apart.Link: started.append(given) or link(*given))
    monkeypatch.setattr(apart, "AGAIN", HANG)
    for _ in range(5):
        assert echo.ask({}) is LOST
    assert len(started) == 1
    monkeypatch.setattr(apart, "AGAIN", 0.0)
    assert echo.ask({}) is LOST
    assert len(started) == 3


def test_who_comes_when_there_are_too_many_others_is_told_so(echo: Apart) -> None:
    echo.ask({})
    assert echo.link is not None
    asked = echo.link.asked
    waiting = [threading.Thread(target=echo.ask, args=({"silent": True},), daemon=True) for _ in range(2)]
    for each in waiting:
        each.start()
    until(lambda: len(asked) == 2)
    assert echo.ask({}) is BUSY
    echo.end()
    for each in waiting:
        each.join(HANG)


@pytest.mark.parametrize("ends_late", [True, False])
def test_what_is_late_may_end_it(ends_late: bool, caplog: pytest.LogCaptureFixture) -> None:
    echo = Apart("tests.echo", at_once=2, seconds=HANG, ends_late=ends_late)
    try:
        pid = echo.ask({})["pid"]
        echo.seconds = 0.01
        assert echo.ask({"silent": True}) is LATE
        echo.seconds = HANG
        if ends_late:
            assert echo.link is not None
            echo.link.listener.join(HANG)
        assert echo.link is not None
        assert echo.link.is_alive is not ends_late
        assert ends_late or echo.ask({})["pid"] == pid
        assert causes(caplog) == ["an answer was late"] * ends_late
    finally:
        echo.end()


@pytest.mark.parametrize("tries", [1, 2])
def test_half_an_answer_is_none_and_is_in_the_log(
    tries: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(apart, "AGAIN", 0.0)
    echo = Apart("tests.echo", at_once=2, seconds=HANG, tries=tries)
    try:
        assert echo.ask({"half": True}) is LOST
    finally:
        echo.end()
    assert causes(caplog) == ["by itself"] * tries


@pytest.mark.parametrize("said", ["no JSON", "5", "[]", "{}", '{"id": []}', '{"ready": true}'])
def test_what_is_no_answer_ends_it_and_is_in_the_log(said: str, caplog: pytest.LogCaptureFixture) -> None:
    echo = Apart("tests.echo", at_once=2, seconds=HANG, tries=1)
    try:
        assert echo.ask({"junk": said}) is LOST
    finally:
        echo.end()
    (cause,) = causes(caplog)
    assert cause.startswith("it said something else (")


def test_one_that_takes_nothing_keeps_nobody(echo: Apart, caplog: pytest.LogCaptureFixture) -> None:
    echo.ask({})
    assert echo.link is not None
    os.kill(echo.link.process.pid, signal.SIGSTOP)
    echo.seconds = 0.2
    found: list[Answer] = []
    much = {"body": "x" * 1_000_000}  # more than a pipe takes
    asking = [threading.Thread(target=lambda: found.append(echo.ask(much)), daemon=True) for _ in range(2)]
    for each in asking:
        each.start()
    for each in asking:
        each.join(HANG)
    assert len(found) == 2
    assert all("busy" in answer or answer is LOST for answer in found)
    echo.link.listener.join(HANG)
    assert not echo.link.is_alive
    assert causes(caplog) == ["it took no request"]


@pytest.mark.parametrize("error", [BlockingIOError("no process"), RuntimeError("can't start new thread")])
def test_where_no_process_can_be_made_it_is_lost_and_not_tried_all_the_time(
    echo: Apart, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def fail(*given: object) -> None:
        tried.append(given)
        raise error

    monkeypatch.setattr(apart, "Link", fail)
    monkeypatch.setattr(apart, "AGAIN", HANG)
    assert [echo.start(), echo.ask({}) is LOST, len(tried)] == [False, True, 1]


def test_one_that_does_not_come_up_is_ended(
    echo: Apart, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ECHO", "asleep")
    echo.start()
    assert echo.link is not None
    monkeypatch.setattr(apart, "START", 0.0)
    until(lambda: not (echo.start() and echo.link and echo.link.is_alive))
    assert causes(caplog) == ["it did not come up"]


def test_after_the_end_of_all_there_is_none(echo: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_ALL", {echo})
    echo.ask({})
    link = echo.link
    assert link is not None
    apart.end_all()
    assert link.process.returncode == 0
    assert link.ask({}, 1, HANG) is LOST
    assert echo.ask({}) is BUSY
    assert echo.link is link


def test_it_has_an_environment_of_its_own() -> None:
    dead = Apart("tests.echo", 1, HANG, environment={"ECHO": "stillborn"})
    assert dead.ask({}) is LOST


def test_it_ends_when_it_is_told_to(echo: Apart, caplog: pytest.LogCaptureFixture) -> None:
    echo.ask({})
    assert echo.link is not None
    echo.end()
    assert echo.link.process.returncode == 0
    assert not echo.is_ready
    assert causes(caplog) == []
