"""A training in the background: what it does is what the engine does, and every way to end keeps what happened."""

import gc
import logging
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from adamax_viz.core.engine import Runner, run
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.limits import LIMITS
from adamax_viz.runs.growing_run import Segment
from adamax_viz.runs.shared_memory import SharedMemory
from adamax_viz.runs.training import Training
from adamax_viz.runs.turns import Ticket, Turns
from adamax_viz.study.training_spec import TrainingSpec

LINE = TrainingSpec(model="linear_regression", steps=120, learning_rate=0.05)
LONG = LINE.changed(steps=LIMITS.training_steps)


class Ticks:
    """A clock that goes on by a second at each look, and does something at one of them."""

    def __init__(self, at: int = -1, act: Callable[[], None] = lambda: None) -> None:
        self.now, self.at, self.act = 0, at, act

    def __call__(self) -> float:
        self.now += 1
        if self.now == self.at:
            self.act()
        return float(self.now)


def trained(training: Training) -> Training:
    training.start()
    training.wait(60)
    return training


def whole(settings: TrainingSpec, steps: int | None = None) -> Trajectory:
    problem = settings.problem()
    return run(problem, settings.optimizer(), problem.start(), steps or settings.steps)


def assert_same(ours: Trajectory | None, theirs: Trajectory) -> None:
    assert ours is not None
    assert ours.status == theirs.status
    for name, array in theirs.arrays.items():
        np.testing.assert_array_equal(ours[name], array, err_msg=name)


def paused_midway(settings: TrainingSpec, **options: Any) -> Training:
    clock = Ticks()
    training = Training(settings, patience=1e9, clock=clock, **options)
    clock.at, clock.act = clock.now + 5, training.pause
    trained(training)
    assert training.state == "paused"
    assert 0 < training.done < training.total
    return training


class TestWhatItDoes:
    def test_it_is_the_engines_run(self) -> None:
        training = trained(Training(LINE))
        assert_same(training.trajectory(), whole(LINE))
        progress = training.progress()
        assert (progress.state, progress.done, progress.total, progress.every) == ("finished", 120, 120, 1)
        assert progress.steps_per_second > 0
        assert progress.loss == whole(LINE)["loss"][0, -1]
        assert progress.sentence == "Finished after 120 steps."

    def test_pauses_and_more_steps_leave_no_trace(self) -> None:
        settings = LINE.changed(steps=3000, use_ema=True, gradient_accumulation_steps=3, clipnorm=0.5)
        training = paused_midway(settings)
        early = training.trajectory()
        assert early is not None
        assert early.steps == training.done
        training.go_on()
        training.wait(60)
        training.go_on(more=50)
        training.wait(60)
        assert training.state == "finished"
        assert_same(training.trajectory(), whole(settings, 3050))

    def test_settings_apply_from_here_on(self) -> None:
        training = paused_midway(LINE.changed(steps=3000))
        here = training.done
        training.change(training.spec.changed(learning_rate=0.01, clipnorm=0.1))
        training.go_on()
        training.wait(60)
        problem = LINE.problem()
        by_hand = Runner(problem, LINE.optimizer(), problem.start()[None])
        by_hand.reserve(3000)
        by_hand.advance(here)
        by_hand.change(training.spec.optimizer())
        by_hand.advance(3000 - here)
        assert_same(training.trajectory(), by_hand.trajectory())
        assert [segment.first for segment in training.segments] == [0, here]
        assert training.spec.optimizer().adamax.clipnorm == 0.1

    def test_another_training_can_be_followed_step_by_step(self) -> None:
        first = paused_midway(LINE.changed(steps=3000, use_ema=True))
        first.change(first.spec.changed(learning_rate=0.01, clipnorm=0.1))
        first.go_on(more=10)
        first.wait(60)
        first.change(first.spec.changed(beta_1=0.5))  # from the end on: for whoever goes on
        again = Training(first.segments[0].spec.changed(steps=first.done), patience=1e9)
        again.follow(first.segments[1:])
        assert_same(trained(again).trajectory(), first.trajectory())
        assert [segment.first for segment in again.planned] == [first.done]
        for training in (first, again):
            training.go_on(more=5)
            training.wait(60)
        assert_same(again.trajectory(), first.trajectory())
        assert [segment.first for segment in again.segments] == [segment.first for segment in first.segments]

    def test_a_change_before_the_first_step_is_the_beginning(self) -> None:
        training = Training(LINE)
        training.change(LINE.changed(beta_1=0.5))
        assert training.segments == [Segment(0, LINE.changed(beta_1=0.5))]
        assert_same(trained(training).trajectory(), whole(LINE.changed(beta_1=0.5)))

    def test_a_rival_sees_the_same_batches(self) -> None:
        training = trained(Training(TrainingSpec(model="gru", widths=(2,), points=64, steps=12), patience=1e9))
        assert training.rival is not None
        ours, theirs = training.trajectory(), training.rival.trajectory
        assert training.rival.spec == training.spec.changed(rule="adam")
        assert ours is not None
        assert theirs is not None
        np.testing.assert_array_equal(ours["grad"][0, 0], theirs["grad"][0, 0])
        assert not np.array_equal(ours["grad"][0, 1], theirs["grad"][0, 1])
        assert theirs.steps == ours.steps == 12
        lone = training.rival.spec.optimizer()
        assert_same(theirs, run(training.problem, lone, training.problem.start(), 12))

    def test_memory_is_bounded_and_the_stride_is_said(self) -> None:
        training = trained(Training(LINE, budget=1000))
        progress, trajectory = training.progress(), training.trajectory()
        assert trajectory is not None
        assert progress.every == trajectory.every > 1
        np.testing.assert_array_equal(trajectory["u"], whole(LINE)["u"][:, trajectory["micro_step"]])


class TestHowItEnds:
    def test_nobody_looks(self) -> None:
        training = trained(Training(LONG, patience=4, clock=Ticks()))
        assert training.state == "stopped"
        assert 0 < training.done < training.total
        assert "Nobody looked for 4 seconds. Stopped after" in training.progress().sentence
        trajectory = training.trajectory()
        assert trajectory is not None
        assert trajectory.steps == training.done

    def test_stopped_and_gone_on(self) -> None:
        clock = Ticks()
        training = Training(LONG, patience=1e9, clock=clock)
        clock.at, clock.act = clock.now + 4, training.stop
        trained(training)
        assert training.state == "stopped"
        training.total = training.done
        training.go_on(more=5)
        training.wait(60)
        assert training.state == "finished"

    def test_an_old_reason_is_not_said_again(self) -> None:
        clock = Ticks()
        training = trained(Training(LONG, patience=4, clock=clock))
        assert training.progress().sentence.startswith("Nobody looked for 4 seconds. Stopped after")
        training.patience = 1e9
        clock.at, clock.act = clock.now + 4, training.stop
        training.go_on()
        training.wait(60)
        assert training.progress().sentence.startswith("Stopped after")

    def test_paused_before_it_has_begun(self) -> None:
        training = Training(LINE)
        assert training.progress().sentence == "Not begun yet."
        assert training.trajectory() is None
        training.pause()
        training.go_on()
        training.wait(60)
        assert_same(training.trajectory(), whole(LINE))

    def test_divergence_names_step_and_quantity_and_keeps_the_rest(self) -> None:
        settings = LINE.changed(learning_rate=1e25)
        training = trained(Training(settings))
        status = whole(settings).status[0]
        assert training.state == "diverged"
        assert f"diverged at step {status.step}: {status.quantity} is not finite." in training.progress().sentence
        trajectory = training.trajectory()
        assert trajectory is not None
        assert np.isfinite(trajectory.happened()["theta"]).all()
        training.start()
        assert training.state == "diverged"
        with pytest.raises(ValueError, match="restart it with other settings"):
            training.go_on(10)

    @pytest.mark.parametrize("before", [0, 1])
    def test_where_pieces_end_does_not_show_in_a_run_that_diverged(
        self, before: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = LINE.changed(learning_rate=1e25)
        theirs = whole(settings).happened()
        monkeypatch.setattr("adamax_viz.runs.training.FIRST_PIECE", theirs.status[0].step + before)
        training = trained(Training(settings))
        assert training.state == "diverged"
        ours = training.trajectory()
        assert_same(ours and ours.happened(), theirs)

    def test_a_loss_that_is_lost_at_the_end_of_a_piece_is_known_at_once(self) -> None:
        settings = LINE.changed(learning_rate=1e25)
        training = Training(settings)
        training.run.reserve(120, training.budget, training.problem.start())
        training._advance(whole(settings).status[0].step)
        training.pause()
        assert training.state == "diverged"

    def test_a_fault_is_said_and_logged(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        training = Training(LINE)

        def broken() -> Any:
            raise RuntimeError("no memory")

        monkeypatch.setattr(training.problem, "start", broken)
        with caplog.at_level(logging.ERROR):
            trained(training)
        assert training.state == "failed"
        assert "could not go on: no memory" in training.progress().sentence
        assert "RuntimeError" in caplog.text
        with pytest.raises(ValueError, match="restart it"):
            training.go_on()


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"seed": 3, "batch_size": 8}, "batch_size, seed can't change"),
            ({"dynamic_loss_scale": True}, "LossScaleOptimizer can't be switched on"),
        ],
    )
    def test_what_needs_a_restart(self, changes: dict[str, Any], words: str) -> None:
        training = trained(Training(LINE))
        with pytest.raises(ValueError, match=words):
            training.change(LINE.changed(**changes))
        assert training.spec == LINE
        assert len(training.segments) == 1

    def test_too_many_steps(self) -> None:
        with pytest.raises(ValueError, match="at most 50,000 steps"):
            Training(LINE).go_on(LIMITS.training_steps)

    def test_own_points_that_are_missing(self) -> None:
        with pytest.raises(ValueError, match="open their file again"):
            Training(TrainingSpec(dataset="own"))


def test_no_two_trainings_are_taken_for_one_another() -> None:
    keys = set()
    for _ in range(50):  # each goes before the next comes, whose place in memory is often the same
        keys.add(Training(LINE).key)
    assert len(keys) == 50


def busy() -> tuple[Turns, Ticket]:
    """Turns of which somebody else has the only one."""
    turns, other = Turns(1), Ticket("another", lambda ticket: None)
    turns.ask(other)
    return turns, other


class TestTogether:
    def test_it_waits_for_its_turn_and_says_its_place(self) -> None:
        turns, other = busy()
        first, second = (Training(LINE, turns=turns) for _ in range(2))
        first.start()
        second.start()
        assert first.state == second.state == "waiting"
        assert first.progress().sentence == "Waiting: 1 training before this one."
        assert second.progress().sentence == "Waiting: 2 trainings before this one."
        turns.end(other)
        first.wait(60)
        second.wait(60)
        assert first.state == "finished"
        assert_same(first.trajectory(), whole(LINE))
        while second.state != "finished":
            second.wait(60)
        assert turns.idle

    def test_one_that_waits_can_be_stopped_and_begun_again(self) -> None:
        turns, other = busy()
        training = Training(LINE, turns=turns)
        training.start()
        training.stop()
        turns.end(other)
        assert turns.idle
        assert training.state == "stopped"
        assert training.trajectory() is None
        assert_same(trained(training).trajectory(), whole(LINE))

    def test_one_that_nobody_looks_at_any_more_is_not_begun(self) -> None:
        turns, other = busy()
        clock = Ticks()
        training = Training(LINE, turns=turns, patience=4, clock=clock)
        training.start()
        clock.now += 10
        turns.end(other)
        training.wait(60)
        assert training.state == "stopped"
        assert training.trajectory() is None

    def test_a_record_at_rest_makes_room_and_says_so(self) -> None:
        memory = SharedMemory(LINE_BYTES + 100)
        old, new = (Training(LINE, memory=memory) for _ in range(2))
        trained(old)
        trained(new)
        assert (old.state, new.state) == ("gone", "finished")
        assert old.trajectory() is None
        assert old.progress().sentence == (
            "The record of its 120 steps was let go to make room for other trainings. "
            "Its settings are kept: run it again to see it."
        )
        assert memory.taken <= memory.most
        with pytest.raises(ValueError, match="restart it"):
            old.go_on(5)

    def test_one_that_waits_and_is_not_watched_gives_its_record_and_its_place(self) -> None:
        turns, memory = Turns(1), SharedMemory(LINE_BYTES + 100)
        waiting = trained(Training(LINE, turns=turns, memory=memory))
        another = Ticket("another", lambda ticket: None)
        turns.ask(another)
        waiting.go_on(5)
        assert waiting.state == "waiting"
        waiting.on_screen = lambda: True
        assert not waiting.let_go()
        waiting.on_screen = lambda: False
        new = Training(LINE, turns=Turns(1), memory=memory)
        assert trained(new).progress().granted_bytes == LINE_BYTES
        assert waiting.state == "gone"
        turns.end(another)
        assert turns.idle
        assert waiting.trajectory() is None

    def test_one_that_waits_for_its_first_turn_has_nothing_to_give(self) -> None:
        turns, other = busy()
        training = Training(LINE, turns=turns)
        training.start()
        assert not training.let_go()
        turns.end(other)
        training.wait(60)
        assert training.state == "finished"

    def test_one_let_go_while_room_is_made_keeps_none(self) -> None:
        class Memory(SharedMemory):
            def reserve(self, owner: Any, wanted: int) -> int:
                training.end()
                return super().reserve(owner, wanted)

        memory = Memory(10 * LINE_BYTES)
        training = Training(LINE, memory=memory)
        trained(training)
        assert (training.state, memory.taken) == ("gone", 0)

    def test_where_nobody_can_make_room_it_is_recorded_more_coarsely(self) -> None:
        memory = SharedMemory(LINE_BYTES + LINE_BYTES // 4)
        busy_one = Training(LINE, memory=memory)
        busy_one.state = "running"
        memory.reserve(busy_one, LINE_BYTES)
        training = trained(Training(LINE, memory=memory))
        progress = training.progress()
        assert progress.every > 1
        assert progress.granted_bytes == LINE_BYTES // 4
        assert memory.taken <= memory.most

    def test_more_steps_reserve_more(self) -> None:
        memory = SharedMemory(10 * LINE_BYTES)
        training = trained(Training(LINE, memory=memory))
        before = memory.taken
        training.go_on(120)
        training.wait(60)
        assert memory.taken == pytest.approx(2 * before, rel=0.05)
        assert_same(training.trajectory(), whole(LINE, 240))

    def test_what_it_had_is_free_when_another_takes_its_place_or_its_session_ends(self) -> None:
        memory = SharedMemory(10 * LINE_BYTES)
        training = trained(Training(LINE, memory=memory))
        training.end()
        assert memory.taken == 0
        assert training.trajectory() is None
        training = trained(Training(LINE, memory=memory))
        trajectory = training.trajectory()
        assert trajectory is not None
        parts = [weakref.ref(part) for part in (training, training.problem, training.run, trajectory["theta"].base)]
        gc.disable()  # no garbage collector is needed for that
        try:
            del training, trajectory
            assert [part() for part in parts] == [None] * 4
        finally:
            gc.enable()
        assert memory.taken == 0


LINE_BYTES = Training(LINE).run.most_bytes(LINE.steps)
