"""What is kept is made once, nobody waits for another's, and there is never too much of it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from adamax_viz.shelf import Shelf

WAIT = 60.0  # seconds, for a thread on a busy machine


class BusyError(RuntimeError):
    """A failure that those who wait share."""


def shelf(most: int = 1000, **more: Any) -> Shelf[str]:
    return Shelf(most, len, **more)


class Asked(str):
    """A key that tells when it is looked up: whoever asks by it has what is being made, or makes it."""

    __slots__ = ("seen",)

    def __init__(self, _: str) -> None:
        self.seen = threading.Event()

    def __hash__(self) -> int:
        self.seen.set()
        return super().__hash__()


def meanwhile(
    store: Shelf[str], first: Callable[[], str], then: Callable[[], str], others: int
) -> tuple[Future[str], list[Future[str]]]:
    """What the first to ask for a key gets, and those who ask for it while that is being made."""
    begun, go, keys = threading.Event(), threading.Event(), [Asked("key") for _ in range(others)]

    def slow() -> str:
        begun.set()
        assert go.wait(WAIT)
        return first()

    with ThreadPoolExecutor(1 + others) as pool:
        made = pool.submit(store.get, "key", slow)
        assert begun.wait(WAIT)
        found = [pool.submit(store.get, key, then) for key in keys]
        assert all(key.seen.wait(WAIT) for key in keys)
        go.set()
    return made, found


def raises(error: BaseException) -> Callable[[], str]:
    def make() -> str:
        raise error

    return make


def test_the_same_key_is_made_once_by_whoever_comes_first() -> None:
    made, found = meanwhile(shelf(), lambda: "value", raises(AssertionError("made twice")), 7)
    assert [each.result() for each in [made, *found]] == ["value"] * 8


def test_nobody_waits_for_another_key() -> None:
    store, begun, go = shelf(), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go.wait(WAIT)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store.get, "slow", slow)
        assert begun.wait(WAIT)
        assert store.get("quick", lambda: "quick") == "quick"
        go.set()
        assert waiting.result(WAIT) == "slow"


@pytest.mark.parametrize("error", [BusyError(), ValueError("no"), KeyboardInterrupt()])
def test_what_failed_is_tried_anew(error: BaseException) -> None:
    store = shelf(shared=(BusyError,))
    with pytest.raises(type(error)):
        store.get("key", raises(error))
    assert len(store) == 0
    assert store.get("key", lambda: "value") == "value"


def test_who_waited_for_one_that_failed_makes_it() -> None:
    tried: list[str] = []

    def again() -> str:
        tried.append("again")
        return "value"

    made, found = meanwhile(shelf(), raises(ValueError("no")), again, 3)
    assert isinstance(made.exception(), ValueError)
    assert [each.result() for each in found] == ["value"] * 3
    assert tried == ["again"]


def test_a_shared_failure_is_that_of_all_who_waited() -> None:
    made, found = meanwhile(shelf(shared=(BusyError,)), raises(BusyError()), raises(AssertionError("tried anew")), 3)
    assert all(isinstance(each.exception(), BusyError) for each in [made, *found])


def test_the_ones_not_asked_for_longest_go() -> None:
    store = shelf(count=2)
    for key in "abac":
        store.get(key, lambda key=key: key)
    assert store.get("a", lambda: "anew") == "a"
    assert store.get("b", lambda: "anew") == "anew"


def test_there_is_never_more_than_so_much() -> None:
    store, made = shelf(10), list[str]()

    def get(key: str) -> str:
        return store.get(key, lambda: made.append(key) or key * 4)  # type: ignore[func-returns-value]

    for key in "abaac":
        assert get(key) == key * 4
        assert store.taken <= 10
    assert made == ["a", "b", "c"]
    get("a")
    get("b")  # it had to go for c
    assert made == ["a", "b", "c", "b"]


def test_heavy_ones_push_out_more_and_the_newest_stays() -> None:
    store = shelf(10)
    for key in "abcd":
        store.get(key, lambda: "x" * 3)
    assert (len(store), store.taken) == (3, 9)
    store.get("heavy", lambda: "x" * 9)
    assert (len(store), store.taken) == (1, 9)
    store.get("heavier than all", lambda: "x" * 99)
    assert (len(store), store.taken) == (1, 99)


def test_what_is_let_go_of_is_made_anew() -> None:
    store = shelf()
    store.get("one", lambda: "made before")

    def clearing() -> str:
        store.clear()
        return "made meanwhile"

    assert store.get("two", clearing) == "made meanwhile"
    assert (store.taken, "one" in store, "two" in store) == (len("made meanwhile"), False, True)
    assert store.get("one", lambda: "anew") == "anew"
