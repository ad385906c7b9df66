"""A server that computes is well, however much it has to do; one whose lanes are stuck is not."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from adamax_viz.limits import LIMITS
from adamax_viz.ui.server import health, lanes
from adamax_viz.ui.server.lanes import Lane
from tests.ui.server.asgi import Client, run, until


@pytest.fixture
def empty_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINKS", "QUICK"):
        monkeypatch.setattr(health, name, Lane(1, 1))
    monkeypatch.setattr(health, "LANES", {"quick": health.QUICK, "long": Lane(1, 1)})


def with_limits(monkeypatch: pytest.MonkeyPatch, **limits: float) -> None:
    monkeypatch.setattr(health, "LIMITS", LIMITS.model_copy(update=limits))


async def asked_while_one_works(lane: Lane) -> Client:
    let_go, began = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        let_go.wait()

    task = asyncio.create_task(lane.run(Client().request(), work))
    await until(began.is_set)
    try:
        return await Client("/health").get()
    finally:
        let_go.set()
        await task


def test_a_server_that_computes_is_well() -> None:
    found = run(Client("/health").get)
    assert (found.status_code, found.text) == (200, "ok")


def test_the_run_is_made_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = health.run_of
    monkeypatch.setattr(health, "run_of", lambda spec: made.append(spec.steps) or real(spec))
    run(Client("/health").get)
    run(Client("/health").get)
    assert made == [3, 3]


def test_one_that_is_busy_with_a_long_run_is_well(empty_lanes: None) -> None:
    assert run(lambda: asked_while_one_works(health.LANES["long"])).status_code == 200


def test_one_whose_quick_lane_is_stuck_is_not(empty_lanes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with_limits(monkeypatch, health_seconds=0.05)
    found = run(lambda: asked_while_one_works(health.QUICK))
    assert (found.status_code, found.text) == (503, "A small run was not made within 0.05 s.")


def test_one_with_a_long_queue_that_moves_is(empty_lanes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with_limits(monkeypatch, health_seconds=0.05)

    async def probe(work: Callable[[], object]) -> object:
        health.QUICK.ended += 1  # somebody has a turn while the check waits
        return await Lane.probe(health.LINKS, work)

    monkeypatch.setattr(health.LINKS, "probe", probe)
    found = run(lambda: asked_while_one_works(health.QUICK))
    assert (found.status_code, found.text) == (200, "busy")


def test_one_with_work_that_does_not_end_is_not(empty_lanes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with_limits(monkeypatch, stuck_seconds=-1)  # whatever is under way is so for too long
    monkeypatch.setattr(health, "LANES", {"long": Lane(1, 1)})
    found = run(lambda: asked_while_one_works(health.LANES["long"]))
    assert found.status_code == 503
    assert "“long” has not ended" in found.text


def test_it_takes_the_lanes_of_moving_hands() -> None:
    assert (health.LINKS, health.QUICK) == (lanes.LINKS, lanes.QUICK)
