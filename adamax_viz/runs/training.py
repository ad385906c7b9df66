"""A training that goes on in the background: started, paused, continued, changed and stopped while somebody looks.

All methods may be called from any thread. A training that nobody looks at (`progress`, `touch`) for `patience` seconds
stops by itself, so leaving the page is enough. Whatever ends it, what happened stays; only where the records of all
trainings take too much together, one at rest is let go.
"""

import logging
import math
import threading
import time
import uuid
from collections.abc import Callable, Hashable, Sequence
from typing import Literal, NamedTuple

from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.points import Points
from adamax_viz.problems.models.problem import ModelProblem, compiled_models, forget_compiled
from adamax_viz.runs.giving_way import BACKGROUND
from adamax_viz.runs.growing_run import GrowingRun, Segment
from adamax_viz.runs.shared_memory import SharedMemory
from adamax_viz.runs.turns import Ticket, Turns
from adamax_viz.study.training_spec import OPTIMIZER_FIELDS, TrainingSpec

# "ready" has not begun; "waiting" has no turn yet; "preparing" compiles the model; "failed" could not go on for a
# reason outside the run; "gone" had to give back its record.
State = Literal[
    "ready", "waiting", "preparing", "running", "paused", "finished", "stopped", "diverged", "failed", "gone"
]
ACTIVE: tuple[State, ...] = ("waiting", "preparing", "running")  # the thread is at work, or will be
HALTABLE: tuple[State, ...] = ("ready", "paused", *ACTIVE)
OVER: tuple[State, ...] = ("diverged", "failed", "gone")  # nothing goes on from there
SENTENCES: dict[State, str] = {
    "ready": "Not begun yet.",
    "waiting": "Waiting: {before} before this one.",
    "preparing": "The model is being built and compiled.",
    "running": "Training: {done:,} of {total:,} steps.",
    "paused": "Paused after {done:,} of {total:,} steps.",
    "finished": "Finished after {done:,} steps.",
    "stopped": "{reason} Stopped after {done:,} of {total:,} steps.",
    "diverged": "{reason} Everything before it is kept; lower the learning rate or clip, and restart.",
    "failed": "{reason} What came before is kept.",
    "gone": "{reason} Its settings are kept: run it again to see it.",
}

CHANGEABLE = OPTIMIZER_FIELDS - {"rule"} | {"steps"}  # in the middle of a training
PIECE = 0.1  # seconds of training between two looks at what is asked
FIRST_PIECE = 8
# What the trainings of this process share.
TURNS, MEMORY = Turns(LIMITS.trainings_at_once), SharedMemory(LIMITS.training_bytes)


class Progress(NamedTuple):
    """Where a training is; `sentence` says it in words."""

    state: State
    done: int  # micro-steps
    total: int
    steps_per_second: float  # of the time spent training; NaN before there is any
    seconds_left: float
    loss: float  # of the last batch
    every: int  # micro-steps between two recorded ones
    recorded_bytes: int
    granted_bytes: int  # that it may take; 0 before it has any
    sentence: str


class Training:
    """One training, and maybe a rival: the same spec with another rule, on the same batches.

    `key` names this training and no other, for as long as anybody remembers it.

    Args:
        spec: what is trained and how.
        user_points: a user's own points, where the spec asks for them.
        person: whose it is: nobody's second training goes before another's first.
        on_screen: whether its person has this page open.
        budget: bytes that recording may take, see `adamax_viz.core.engine.Runner`; less where all together take more.
        patience: seconds without a look after which it stops.
        clock: what time it is, in seconds.
        turns, memory: what it shares with other trainings.

    Raises:
        ValueError: points that are missing or that the model is not made for.
    """

    def __init__(
        self,
        spec: TrainingSpec,
        user_points: Points | None = None,
        *,
        person: Hashable = None,
        on_screen: Callable[[], bool] = lambda: False,
        budget: int = LIMITS.one_training_bytes,
        patience: float = LIMITS.training_seconds,
        clock: Callable[[], float] = time.monotonic,
        turns: Turns = TURNS,
        memory: SharedMemory = MEMORY,
    ) -> None:
        self.key = uuid.uuid4().hex
        self.person = self.key if person is None else person
        self.on_screen, self.budget, self.turns, self.memory = on_screen, budget, turns, memory
        self.user_points, self.patience, self.clock = user_points, patience, clock
        self.problem: ModelProblem = spec.problem(user_points)
        self.total, self.granted = spec.steps, 0  # micro-steps, and bytes of the record
        self.state: State = "ready"
        self.runs = [GrowingRun(self.problem, each) for each in _with_rival(spec)]
        self.run = self.runs[0]
        self.rival = self.runs[1] if len(self.runs) > 1 else None
        self.planned: list[Segment] = []  # changes that are still to come
        self._reason = ""  # of the state, where it needs one
        self._work = threading.RLock()  # held while a piece is computed, and by whoever changes what is computed
        self._ticket: Ticket | None = None  # of the turn that it waits for or has
        self._thread: threading.Thread | None = None
        self._seconds, self._counted = 0.0, 0  # spent training, and the steps done in them
        self.looked = clock()
        self.attended = True  # whether a page that is open shows it

    # -- what a page asks ------------------------------------------------------------------------------------

    @property
    def spec(self) -> TrainingSpec:
        """What is trained, and how it is optimized now."""
        return self.run.spec

    @property
    def segments(self) -> list[Segment]:
        """The specs it was trained with, each from its first micro-step on."""
        return self.run.segments

    @property
    def done(self) -> int:
        """Micro-steps that are over."""
        return self.run.step

    def trajectory(self) -> Trajectory | None:
        """What happened so far, R = 1; None before the first piece is over."""
        return self.run.trajectory

    @property
    def before(self) -> int:
        """How many trainings come before this one; 0 where it waits for none."""
        ticket = self._ticket
        return 0 if ticket is None else self.turns.before(ticket)

    @property
    def watched(self) -> bool:
        """Whether somebody has it on the screen."""
        return self.attended and self.on_screen()

    def touch(self) -> None:
        """Somebody looks."""
        self.looked, self.attended = self.clock(), True

    def progress(self) -> Progress:
        """Where it is."""
        self.touch()
        trajectory, state, done, before = self.trajectory(), self.state, self.done, self.before
        rate = self._counted / self._seconds if self._seconds > 0 else math.nan
        left = (self.total - done) / rate if state == "running" and rate > 0 else 0.0
        loss, every = (math.nan, 1) if trajectory is None else (float(trajectory["loss"][0, -1]), trajectory.every)
        size = sum(run.recorded_bytes for run in self.runs)
        others = f"{before} training{'s' * (before != 1)}"
        words = {"done": done, "total": self.total, "reason": self._reason, "before": others}
        sentence = SENTENCES[state].format_map(words).strip()
        return Progress(state, done, self.total, rate, left, loss, every, size, self.granted, sentence)

    # -- what a page does ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, or go on, in the background, when its turn comes; nothing if it does already, or can't go on."""
        self.touch()
        with self._work:
            if self.state in (*ACTIVE, *OVER) or self.done >= self.total:
                return
            self._enter("waiting")
            self._ticket = ticket = Ticket(self.person, self._begin)
        self.turns.ask(ticket)

    def go_on(self, more: int = 0) -> None:
        """Go on after a pause, a stop or the end, for so many micro-steps more than were asked for.

        Raises:
            ValueError: it diverged or failed, or would have too many steps.
        """
        with self._work:
            if self.state in OVER:
                raise ValueError(f"{self._reason} It can't go on from there; restart it with other settings.")
            if self.total + more > LIMITS.training_steps:
                raise ValueError(
                    f"A training has at most {LIMITS.training_steps:,} steps; {self.total:,} are asked for already."
                )
            self.total += more
        self.start()

    def pause(self) -> None:
        """Stop after the present piece, to go on later."""
        self._halt("paused")

    def stop(self) -> None:
        """Stop after the present piece; what is there stays, and `go_on` still can."""
        self._halt("stopped")

    def change(self, spec: TrainingSpec) -> None:
        """Another optimizer from here on.

        Raises:
            ValueError: something else differs, or what can't change in the middle of a run; nothing is changed then.
        """
        self.touch()
        self._change(spec)

    def _change(self, spec: TrainingSpec) -> None:
        old, new = self.spec.model_dump(), spec.model_dump()
        others = sorted(n for n in old if n not in CHANGEABLE and old[n] != new[n])
        if others:
            raise ValueError(f"{', '.join(others)} can't change in the middle of a training; restart it.")
        with self._work:
            self.planned = []
            for run, each in zip(self.runs, _with_rival(spec), strict=True):
                run.change(each)

    def follow(self, segments: Sequence[Segment]) -> None:
        """Change on the way as another training did: each spec from its first micro-step on."""
        with self._work:
            self.planned = list(segments)

    def wait(self, timeout: float | None = None) -> None:
        """Until the thread ends, for scripts and tests."""
        if self._thread is not None:
            self._thread.join(timeout)

    def look_away(self) -> None:
        """Its page shows something else."""
        self.attended = False

    def let_go(self) -> bool:
        """Give back the record, so that others have room; whether that was done: not while it is at work or awaited."""
        with self._work:
            waits = self.state == "waiting" and self.run.runner is not None and not self.watched
            if self.state in (*ACTIVE, "ready", "gone") and not waits:
                return False
            ticket, self.granted = self._ticket, 0
            self._enter("gone", f"The record of its {self.done:,} steps was let go to make room for other trainings.")
            for run in self.runs:
                run.let_go()
        if ticket is not None:
            self.turns.end(ticket)
        return True

    def end(self) -> None:
        """Another one takes its place: it stops, and its record is dropped."""
        self.stop()
        self.let_go()
        self.memory.release(self)

    def _halt(self, state: State) -> None:
        self.touch()
        with self._work:
            if self.state not in HALTABLE:
                return
            waiting = self._ticket if self.state == "waiting" else None
            self._enter(state)
        if waiting is not None:
            self.turns.end(waiting)

    def _enter(self, state: State, reason: str = "") -> None:
        self._reason, self.state = reason, state
        if state not in ACTIVE:
            self._ticket = None

    # -- the thread ------------------------------------------------------------------------------------------

    def _begin(self, ticket: Ticket) -> None:
        """Its turn has come."""
        with self._work:
            thread = threading.Thread(target=self._train, args=(ticket, self._thread), name="training", daemon=True)
            self._thread = thread
        thread.start()

    def _train(self, ticket: Ticket, before: threading.Thread | None) -> None:
        try:
            if before is not None:
                before.join()  # it may still be at its last piece
            if self._may_go_on(ticket):
                self._prepare(ticket)
            steps = FIRST_PIECE
            while self._may_go_on(ticket):
                begun = time.perf_counter()
                with self._work:
                    if self._ticket is not ticket:
                        return
                    self._advance(min(steps, self._next_change() - self.done))
                seconds = time.perf_counter() - begun
                # Pieces of even length; a slow first step, which compiles, does not count.
                steps = max(1, min(4 * steps, round(steps * PIECE / max(seconds, 1e-4))))
        except Exception as error:
            logging.getLogger(__name__).exception("A training failed")
            with self._work:
                self._enter("failed", f"The training could not go on: {error}")
        finally:
            self.turns.end(ticket)

    def _may_go_on(self, ticket: Ticket) -> bool:
        with self._work:
            if self._ticket is ticket and self.clock() - self.looked > self.patience:
                self._enter("stopped", f"Nobody looked for {self.patience:.0f} seconds.")
            return self._ticket is ticket

    def _prepare(self, ticket: Ticket) -> None:
        """The model is built and compiled, and room made, outside the lock: a page may look or stop it meanwhile."""
        start = None
        if self.run.runner is None:
            with self._work:
                if self._ticket is ticket:
                    self._enter("preparing")
            with BACKGROUND:
                start = self.problem.start()
                self.problem.evaluate(start[None], 0)
        most = sum(run.most_bytes(self.total) for run in self.runs)
        granted = self.memory.reserve(self, min(self.budget, most))
        with self._work:
            was_let_go = self.state == "gone"
            if not was_let_go:
                self.granted = granted
                for run in self.runs:
                    run.reserve(self.total, granted // len(self.runs), start)
                if self._ticket is ticket:
                    self._enter("running")
        if was_let_go:
            self.memory.release(self)

    def _next_change(self) -> int:
        """The micro-step of the change that is planned next, or the end; one that is due now is made."""
        while self.planned and self.planned[0].first <= self.done:
            (_, spec), *rest = self.planned
            self._change(spec)
            self.planned = rest
        return min([self.total, *(first for first, _ in self.planned)])

    def _status(self) -> Status:
        trajectory = self.trajectory()
        assert trajectory is not None
        return trajectory.status[0]

    def _advance(self, steps: int) -> None:
        begun, before = time.perf_counter(), self.done
        for run in self.runs:
            run.advance(steps)
        status = self._status()
        if status.kind == "diverged" and status.step == self.done < self.total:
            # The loss was lost at this piece's edge: the step that shows what diverged belongs to the piece.
            for run in self.runs:
                run.advance(1)
        self._seconds += time.perf_counter() - begun
        self._counted += self.done - before
        status = self._status()
        if status.kind == "diverged":
            self._enter("diverged", f"The training diverged at step {status.step}: {status.quantity} is not finite.")
        elif self.done >= self.total:
            self._enter("finished")


def clear_up() -> None:
    """Drop what was compiled for many models, while no training is under way."""
    if TURNS.idle and compiled_models() > 1:
        forget_compiled()


def _with_rival(spec: TrainingSpec) -> list[TrainingSpec]:
    """The spec, and the one that is trained beside it, if any."""
    rival = spec.rival()
    return [spec] if rival is None else [spec, rival]
