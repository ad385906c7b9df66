"""A process beside this one: what it answers, how it dies, and when it is started again."""

import os
import threading
from collections.abc import Iterator

import pytest

from adamax_viz import apart
from adamax_viz.apart import BUSY, LATE, LOST, Apart

pytestmark = pytest.mark.skipif(os.name != "posix", reason="it is for systems with process groups")

HANG = 60.0


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
    waiting = [threading.Thread(target=echo.ask, args=({"silent": True},), daemon=True) for _ in range(2)]
    for each in waiting:
        each.start()
    while len(echo.link.asked) < 2:
        pass
    assert echo.ask({}) is BUSY
    echo.end()
    for each in waiting:
        each.join(HANG)


@pytest.mark.parametrize("ends_late", [True, False])
def test_what_is_late_may_end_it(ends_late: bool) -> None:
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
    finally:
        echo.end()


def test_it_has_an_environment_of_its_own() -> None:
    dead = Apart("tests.echo", 1, HANG, environment={"ECHO": "stillborn"})
    assert dead.ask({}) is LOST


def test_it_ends_when_it_is_told_to(echo: Apart) -> None:
    echo.ask({})
    assert echo.link is not None
    echo.end()
    assert echo.link.process.returncode == 0
    assert not echo.is_ready
