"""Whoever computes in the background waits for answers under way, but not for ever."""

import threading

import pytest

from adamax_viz.runs.giving_way import GivingWay
from adamax_viz.runs.training import Training
from adamax_viz.study.training_spec import TrainingSpec

LINE = TrainingSpec(model="linear_regression", steps=40)


def test_nobody_waits_where_nobody_is_answered() -> None:
    assert GivingWay().wait(0)


def test_it_waits_until_the_last_answer_is_given() -> None:
    way, waiting, found = GivingWay(), threading.Event(), list[bool]()

    def wait() -> None:
        waiting.set()
        found.append(way.wait(60))

    thread = threading.Thread(target=wait)
    with way.answering():
        with way.answering():
            thread.start()
            assert waiting.wait(60)
        assert not found
        assert not way.wait(0)
    thread.join(60)
    assert found == [True]


def test_an_answer_that_fails_is_over_too() -> None:
    way = GivingWay()
    with pytest.raises(ValueError, match="no"), way.answering():
        raise ValueError("no")
    assert way.wait(0)


def test_a_training_gives_way_and_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    way, waits = GivingWay(), list[float]()

    def wait(most: float) -> bool:
        waits.append(most)
        return GivingWay.wait(way, 0)

    monkeypatch.setattr("adamax_viz.runs.growing_run.ANSWERS", way)
    monkeypatch.setattr(way, "wait", wait)
    training = Training(LINE)
    with way.answering():
        training.start()
        training.wait(60)
    assert training.state == "finished"
    assert len(waits) >= 5
    assert 0 < max(waits) < 1
