"""So many at once and waiting; who has gone is not computed for."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from adamax_viz.ui.server.lanes import FORMULAS, LINKS, BusyError, GoneError, Lane, go_on, reading
from tests.ui.server.asgi import Client, run, until


class Work:
    """Work that goes on until it is let go, or nobody wants it any more."""

    def __init__(self) -> None:
        self.began, self.let_go = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.began.set()
        while not self.let_go.wait(0.001):
            go_on()
        return "done"


class Ask:
    """Somebody who wants work done by a lane."""

    def __init__(self, lane: Lane, work: Callable[[], Any]) -> None:
        self.client = Client()
        self.task = asyncio.create_task(lane.run(self.client.request(), work))


def queued(lane: Lane) -> int:
    return lane._limiter.statistics().tasks_waiting


def told(story: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def test() -> None:
        run(story)

    test.__name__ = story.__name__
    return test


@told
async def test_one_more_than_may_wait_is_refused_at_once() -> None:
    lane, work = Lane(1, 2), Work()
    first = Ask(lane, work)
    await until(work.began.is_set)
    others = [Ask(lane, lambda n=n: n) for n in range(2)]
    await until(lambda: queued(lane) == 2)
    with pytest.raises(BusyError, match="try again"):
        await Ask(lane, work).task
    work.let_go.set()
    assert await first.task == "done"
    assert [await other.task for other in others] == [0, 1]


@told
async def test_who_leaves_the_queue_makes_room_and_is_not_computed_for() -> None:
    lane, work, never = Lane(1, 1), Work(), Work()
    first, second = Ask(lane, work), Ask(lane, never)
    await until(work.began.is_set)
    await until(lambda: queued(lane) == 1)
    second.client.left.set()
    with pytest.raises(GoneError):
        await second.task
    third = Ask(lane, lambda: "third")
    work.let_go.set()
    assert (await first.task, await third.task) == ("done", "third")
    assert not never.began.is_set()


@told
async def test_what_runs_for_somebody_who_has_gone_ends() -> None:
    lane, work = Lane(1, 1), Work()
    first = Ask(lane, work)
    await until(work.began.is_set)
    first.client.left.set()
    with pytest.raises(GoneError):
        await first.task
    assert lane.longest == 0
    assert await Ask(lane, lambda: "next").task == "next"


@told
async def test_a_lane_that_closes_ends_what_runs_and_sends_the_others_away() -> None:
    lane, work, never = Lane(1, 1), Work(), Work()
    running, waiting = Ask(lane, work), Ask(lane, never)
    await until(work.began.is_set)
    lane.close()
    for each in (running, waiting, Ask(lane, never)):
        with pytest.raises(BusyError):
            await each.task
    assert not never.began.is_set()


@told
async def test_an_error_of_the_work_is_its_own() -> None:
    lane = Lane(1, 1)
    with pytest.raises(ZeroDivisionError):
        await Ask(lane, lambda: 1 / 0).task
    assert await Ask(lane, lambda: "next").task == "next"


@told
async def test_a_probe_waits_its_turn_but_is_never_refused() -> None:
    lane, work = Lane(1, 1), Work()
    asks = [Ask(lane, work)]
    await until(work.began.is_set)
    asks.append(Ask(lane, lambda: "second"))
    await until(lambda: queued(lane) == 1)
    probe = asyncio.create_task(lane.probe(lambda: "well"))
    await until(lambda: queued(lane) == 2)
    work.let_go.set()
    assert await probe == "well"
    assert lane.longest == 0


def test_outside_of_a_lane_work_goes_on() -> None:
    go_on()


@pytest.mark.parametrize(
    ("params", "lane"),
    [
        ({"surface": "booth", "change": '{"learning_rate": 0.1}'}, LINKS),
        ({"surface": "custom", "formula": "x*y"}, FORMULAS),
        ({"b.formula": "x*y"}, FORMULAS),
        ({"surface": "booth", "change": '{"formula": "x*y"}'}, FORMULAS),
        ({"surface": "booth", "change": '{"formul\\u0061": "x*y"}'}, FORMULAS),
    ],
)
def test_links_with_a_formula_are_read_apart(params: dict[str, str], lane: Lane) -> None:
    assert reading(params) is lane
