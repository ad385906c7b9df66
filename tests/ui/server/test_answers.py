"""Quick answers are the same bytes from a process of their own, which may die, hang or refuse at any time."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

import pytest

from adamax_viz.apart import Apart
from adamax_viz.study.link import read_study
from adamax_viz.ui.server import live
from adamax_viz.ui.server.answers import is_quick, quickly
from adamax_viz.ui.server.lanes import QUICK
from tests.problems.surfaces.test_worker import children, has_ended
from tests.ui.server.asgi import Client, run

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="processes are looked at as Linux shows them")

HANG = 60.0


@contextmanager
def running() -> Iterator[Apart]:
    """A process that answers the routes."""
    apart = Apart(live.ANSWERING.module, at_once=3, seconds=HANG, tries=1, ends_late=True)
    apart.start()
    assert apart.link is not None
    assert apart.link.ready.result(HANG)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(live, "ANSWERING", apart)
        yield apart
    apart.end()


@pytest.fixture(scope="module")
def process() -> Iterator[Apart]:
    """One that all tests of this file ask."""
    with running() as apart:
        yield apart


@pytest.fixture
def fresh() -> Iterator[Apart]:
    """One that a test may kill."""
    with running() as apart:
        yield apart


def pid(apart: Apart) -> int:
    assert apart.link is not None
    return apart.link.process.pid


def get(query: str) -> tuple[int, bytes]:
    found = run(Client(f"/live?{query}").get)
    return found.status_code, found.body


QUERIES = [
    "surface=rosenbrock&learning_rate=0.1&steps=20",
    "surface=booth&steps=3&panels=loss,u&surface_step=2",
    "surface=booth&b.learning_rate=0.3&c.rule=adam&target=b&steps=30",
    "surface=nowhere&learning_rate=nan",
    'surface=booth&change={"learning_rate":0.5}',
    "surface=booth&steps=3100",  # a long one
    "surface=custom&formula=x**2%2By**2&steps=5",
]


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_answer_from_there_and_from_here(query: str, process: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    there = get(query)
    monkeypatch.setattr(live, "ANSWERING", Apart(process.module, 1, 1))
    assert get(query) == there
    assert there[0] == 200


def test_it_is_the_process_that_answers(process: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "asked", None)  # here nothing could be
    assert get(QUERIES[0])[0] == 200


def test_a_link_with_a_formula_never_goes_there(process: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "ask", None)
    assert get(QUERIES[-1])[0] == 200


@pytest.mark.parametrize(
    "query", ["surface=custom&steps=4", "effect=loss_scale", 'steps=4&change={"surface":"custom"}']
)
def test_a_formula_that_no_link_names_is_worked_out_by_the_server(query: str, process: Apart) -> None:
    assert process.ask({"params": dict(parse_qsl(query))}) == {"failed": True}
    assert not children(pid(process))
    assert get(query)[0] == 200


def test_one_that_is_killed_is_started_again_and_nobody_is_refused(fresh: Apart) -> None:
    expected, killed = get(QUERIES[0]), pid(fresh)
    os.kill(killed, signal.SIGKILL)
    assert fresh.link is not None
    fresh.link.listener.join(HANG)
    assert get(QUERIES[0]) == expected
    ended = time.monotonic() + HANG
    while not fresh.is_ready:
        assert get(QUERIES[0]) == expected
        assert time.monotonic() < ended
    assert pid(fresh) != killed
    assert get(QUERIES[0]) == expected


def test_one_that_hangs_is_ended_and_who_asked_may_ask_again(fresh: Apart) -> None:
    expected, hung = get(QUERIES[0]), pid(fresh)
    os.kill(hung, signal.SIGSTOP)
    fresh.seconds = 0.1
    assert get(QUERIES[0])[0] == 503
    assert fresh.link is not None
    fresh.link.listener.join(HANG)
    assert not fresh.link.is_alive
    assert get(QUERIES[0]) == expected


def test_it_ends_with_its_server_whatever_it_is_at() -> None:
    code = (
        "from adamax_viz.ui.server.live import ANSWERING as a\n"
        "import os, signal, threading\n"
        "a.start(); a.link.ready.result(60)\n"
        "a.link._say({'id': 0, 'params': {'steps': '3000', 'noise': 'gaussian', 'surface': 'ackley'}}, 1e9)\n"
        "print(a.link.process.pid, flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert has_ended(int(done.stdout))


def test_many_at_once_get_their_own_answers(process: Apart) -> None:
    async def story() -> list[tuple[int, bytes]]:
        clients = [Client(f"/live?surface=booth&steps=3&learning_rate=0.{n}") for n in range(1, 30)]
        return [(client.status_code, client.body) for client in await asyncio.gather(*(each.get() for each in clients))]

    found = run(story)
    assert found == [get(f"surface=booth&steps=3&learning_rate=0.{n}") for n in range(1, 30)]
    assert QUICK.longest == 0


def test_what_fails_there_is_left_to_the_server() -> None:
    assert quickly({"surface": None}) == ({"failed": True}, b"")  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("query", "quick"),
    [
        ("steps=3000", True),
        ("steps=3001", False),
        ("steps=3000&" + "&".join(f"{letter}.learning_rate=0.{n}" for n, letter in enumerate("abcdef", 1)), True),
        ("steps=1000&" + "&".join(f"{letter}.seed={n}" for n, letter in enumerate("abcd")), False),
    ],
)
def test_steps_one_after_the_other_make_it_quick_or_long(query: str, quick: bool) -> None:
    assert is_quick(read_study(dict(parse_qsl(query)))[0]) is quick
