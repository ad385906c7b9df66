"""What is computed once for everybody: made once, dropped by its size, tried anew where it failed."""

import threading

import pytest

from adamax_viz.limits import LIMITS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import cache
from adamax_viz.ui.server.cache import Shelf


def test_it_is_made_once_and_the_longest_unused_go_where_there_is_too_much() -> None:
    shelf, made = Shelf(10, len), list[str]()

    def get(key: str) -> str:
        return shelf.get(key, lambda: made.append(key) or key * 4)  # type: ignore[func-returns-value]

    for key in "abaac":
        assert get(key) == key * 4
        assert shelf.bytes <= 10
    assert made == ["a", "b", "c"]
    get("a")
    get("b")  # it had to go for c
    assert made == ["a", "b", "c", "b"]


def test_the_newest_stays_whatever_it_takes() -> None:
    shelf = Shelf(3, len)
    assert [shelf.get(key, lambda: "large") for key in "ab"] == ["large"] * 2
    assert shelf.bytes == 5


def test_those_who_ask_meanwhile_wait_for_the_same() -> None:
    shelf, begun, go, made = Shelf(100, len), threading.Event(), threading.Event(), list[int]()

    def slow() -> str:
        made.append(1)
        begun.set()
        go.wait(60)
        return "there"

    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(shelf.get("a", slow))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    go.set()
    for thread in threads:
        thread.join(60)
    assert found == ["there"] * 3
    assert made == [1]


def test_what_failed_is_tried_anew() -> None:
    shelf = Shelf(100, len)

    def fails() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        shelf.get("a", fails)
    assert shelf.get("a", lambda: "yes") == "yes"


def test_who_waited_for_one_that_failed_makes_it() -> None:
    shelf, begun, go, found = Shelf(100, len), threading.Event(), threading.Event(), list[str]()

    def fails() -> str:
        begun.set()
        go.wait(60)
        raise ValueError("no")

    def first() -> None:
        with pytest.raises(ValueError, match="no"):
            shelf.get("a", fails)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert begun.wait(60)
    threads.append(threading.Thread(target=lambda: found.append(shelf.get("a", lambda: "yes"))))
    threads[1].start()
    go.set()
    for thread in threads:
        thread.join(60)
    assert found == ["yes"]


def test_runs_are_kept_by_what_they_take() -> None:
    study = Study(RunSpec(steps=50))
    assert cache.outcomes(study) is cache.outcomes(study)
    assert cache.surface_view(study.base) is cache.surface_view(study.base.changed(learning_rate=0.3))
    assert 0 < cache._OUTCOMES.bytes <= LIMITS.run_bytes
    assert 0 < cache._LANDSCAPES.bytes <= LIMITS.landscape_bytes


def test_studies_without_a_run_take_something_too() -> None:
    refused = cache.outcomes(Study(RunSpec(), ({"clipnorm": 1.0, "clipvalue": 1.0},) * 2))
    assert all(outcome.run is None for outcome in refused)
    assert cache._of_outcomes(refused) == 2 * cache.LEAST
