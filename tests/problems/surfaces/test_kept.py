"""What is kept is made once, nobody waits for another's, and there is never too much of it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from adamax_viz.problems.surfaces.formula_text import FormulaBusy, FormulaError
from adamax_viz.problems.surfaces.kept import Kept

WAIT = 60.0  # seconds, for a thread on a busy machine


def kept(most: int = 10, weight: int = 1000) -> Kept[str]:
    return Kept(most, weight, len)


def test_the_same_key_is_made_once_by_whoever_comes_first() -> None:
    store, begun, go, made = kept(), threading.Event(), threading.Event(), []

    def make() -> str:
        made.append(1)
        begun.set()
        assert go.wait(WAIT)
        return "value"

    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(store.get, "key", make) for _ in range(8)]
        assert begun.wait(WAIT)
        go.set()
        assert [result.result(WAIT) for result in results] == ["value"] * 8
    assert len(made) == 1


def test_nobody_waits_for_another_key() -> None:
    store, begun, go = kept(), threading.Event(), threading.Event()

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


def test_a_refusal_is_kept_and_raised_anew() -> None:
    store, made = kept(), []

    def make() -> str:
        made.append(1)
        raise FormulaError("Wrong", 3, "Right it.")

    errors = []
    for _ in range(3):
        with pytest.raises(FormulaError) as caught:
            store.get("key", make)
        errors.append(caught.value)
    assert len(made) == 1
    assert {str(error) for error in errors} == {"Wrong (at character 4). Right it."}
    assert {error.position for error in errors} == {3}
    assert len({id(error) for error in errors}) == 3


@pytest.mark.parametrize("error", [FormulaBusy(), RuntimeError("a fault")])
def test_what_may_go_well_next_time_is_not_kept(error: Exception) -> None:
    store = kept()

    def fail() -> str:
        raise error

    with pytest.raises(type(error)):
        store.get("key", fail)
    assert len(store) == 0
    assert store.get("key", lambda: "value") == "value"


def test_the_ones_not_asked_for_longest_go() -> None:
    store = kept(most=2)
    for key in "abac":
        store.get(key, lambda key=key: key)
    assert store.get("a", lambda: "anew") == "a"
    assert store.get("b", lambda: "anew") == "anew"


def test_heavy_ones_push_out_more() -> None:
    store = kept(weight=10)
    for key in "abcd":
        store.get(key, lambda: "x" * 3)
    assert len(store) == 3
    store.get("heavy", lambda: "x" * 9)
    assert len(store) == 1
    store.get("heavier than all", lambda: "x" * 99)
    assert len(store) == 1
