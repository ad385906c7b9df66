"""A training that goes on in the background: started, paused, continued, changed and stopped while somebody looks.

All methods may be called from any thread. A training that nobody looks at (`progress`, `touch`) for `patience` seconds
stops by itself, so leaving the page is enough. Whatever ends it, what happened stays.
"""

import logging
import math
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.points import Points
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.growing_run import GrowingRun, Segment
from adamax_viz.study.training_spec import OPTIMIZER_FIELDS, TrainingSpec

# "ready" has not begun; "preparing" compiles the model; "failed" could not go on for a reason outside the run.
State = Literal["ready", "preparing", "running", "paused", "finished", "stopped", "diverged", "failed"]
ACTIVE: tuple[State, ...] = ("preparing", "running")  # the thread is at work, or about to be
HALTABLE: tuple[State, ...] = ("ready", "paused", *ACTIVE)
OVER: tuple[State, ...] = ("diverged", "failed")  # nothing goes on from there
SENTENCES: dict[State, str] = {
    "ready": "Not begun yet.",
    "preparing": "The model is being built and compiled.",
    "running": "Training: {done:,} of {total:,} steps.",
    "paused": "Paused after {done:,} of {total:,} steps.",
    "finished": "Finished after {done:,} steps.",
    "stopped": "{reason} Stopped after {done:,} of {total:,} steps.",
    "diverged": "{reason} Everything before it is kept; lower the learning rate or clip, and restart.",
    "failed": "{reason} What came before is kept.",
}

BUDGET = 160_000_000  # bytes for the recorded arrays of parameters, all runs of a training together
PATIENCE = 20.0  # a page that is open looks every second
CHANGEABLE = OPTIMIZER_FIELDS - {"rule"} | {"steps"}  # in the middle of a training
PIECE = 0.1  # seconds of training between two looks at what is asked
FIRST_PIECE = 8


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
    sentence: str


class Training:
    """One training, and maybe a rival: the same spec with another rule, on the same batches.

    `key` names this training and no other, for as long as anybody remembers it.

    Args:
        spec: what is trained and how.
        user_points: a user's own points, where the spec asks for them.
        budget: bytes that recording may take, see `adamax_viz.core.engine.Runner`.
        patience: seconds without a look after which it stops.
        clock: what time it is, in seconds.

    Raises:
        ValueError: points that are missing or that the model is not made for.
    """

    def __init__(
        self,
        spec: TrainingSpec,
        user_points: Points | None = None,
        *,
        budget: int = BUDGET,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.key = uuid.uuid4().hex
        self.user_points, self.patience, self.clock = user_points, patience, clock
        self.problem: ModelProblem = spec.problem(user_points)
        self.total = spec.steps
        self.state: State = "ready"
        specs = _with_rival(spec)
        self.runs = [GrowingRun(self.problem, each, budget // len(specs)) for each in specs]
        self.run = self.runs[0]
        self.rival = self.runs[1] if len(specs) > 1 else None
        self.planned: list[Segment] = []  # changes that are still to come
        self._reason = ""  # of the state, where it needs one
        self._work = threading.RLock()  # held while a piece is computed, and by whoever changes what is computed
        self._thread: threading.Thread | None = None
        self._seconds, self._counted = 0.0, 0  # spent training, and the steps done in them
        self._looked = clock()

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

    def touch(self) -> None:
        """Somebody looks."""
        self._looked = self.clock()

    def progress(self) -> Progress:
        """Where it is."""
        self.touch()
        trajectory, state, done = self.trajectory(), self.state, self.done
        rate = self._counted / self._seconds if self._seconds > 0 else math.nan
        left = (self.total - done) / rate if state == "running" and rate > 0 else 0.0
        loss, every = (math.nan, 1) if trajectory is None else (float(trajectory["loss"][0, -1]), trajectory.every)
        size = sum(run.recorded_bytes for run in self.runs)
        sentence = SENTENCES[state].format(done=done, total=self.total, reason=self._reason).strip()
        return Progress(state, done, self.total, rate, left, loss, every, size, sentence)

    # -- what a page does ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, or go on, in the background; nothing if it runs already, or can't go on."""
        self.touch()
        with self._work:
            if self.state in (*ACTIVE, *OVER) or self.done >= self.total:
                return
            self._enter("running" if self.run.runner else "preparing")
            self._thread = threading.Thread(target=self._train, args=(self._thread,), name="training", daemon=True)
            self._thread.start()

    def go_on(self, more: int = 0) -> None:
        """Go on after a pause, a stop or the end, for so many micro-steps more than were asked for.

        Raises:
            ValueError: it diverged or failed, or would have more than 50,000 steps.
        """
        with self._work:
            if self.state in OVER:
                raise ValueError(f"{self._reason} It can't go on from there; restart it with other settings.")
            if self.total + more > LIMITS.training_steps:
                raise ValueError(
                    f"A training has at most {LIMITS.training_steps:,} steps; {self.total:,} are asked for already."
                )
            self.total += more
            for run in self.runs:
                if run.runner is not None:
                    run.runner.reserve(self.total)
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

    def _halt(self, state: State) -> None:
        self.touch()
        with self._work:
            if self.state in HALTABLE:
                self._enter(state)

    def _enter(self, state: State, reason: str = "") -> None:
        self._reason, self.state = reason, state

    # -- the thread ------------------------------------------------------------------------------------------

    def _train(self, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()  # it may still be at its last piece
        try:
            if self.run.runner is None:
                self._prepare()
            steps = FIRST_PIECE
            while self._may_go_on():
                begun = time.perf_counter()
                with self._work:
                    if self.state != "running":
                        return
                    self._advance(min(steps, self._next_change() - self.done))
                seconds = time.perf_counter() - begun
                # Pieces of even length; a slow first step, which compiles, does not count.
                steps = max(1, min(4 * steps, round(steps * PIECE / max(seconds, 1e-4))))
        except Exception as error:
            logging.getLogger(__name__).exception("A training failed")
            with self._work:
                self._enter("failed", f"The training could not go on: {error}")

    def _prepare(self) -> None:
        """Build and compile the model, outside the lock: a page may look or stop it meanwhile."""
        start = self.problem.start()
        self.problem.evaluate(start[None], 0)
        with self._work:
            for run in self.runs:
                run.prepare(start, self.total)
            if self.state == "preparing":
                self._enter("running")

    def _may_go_on(self) -> bool:
        with self._work:
            if self.state == "running" and self.clock() - self._looked > self.patience:
                self._enter("stopped", f"Nobody looked for {self.patience:.0f} seconds.")
            return self.state == "running"

    def _next_change(self) -> int:
        """The micro-step of the change that is planned next, or the end; one that is due now is made."""
        while self.planned and self.planned[0].first <= self.done:
            (_, spec), *rest = self.planned
            self.change(spec)
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


def _with_rival(spec: TrainingSpec) -> list[TrainingSpec]:
    """The spec, and the one that is trained beside it, if any."""
    rival = spec.rival()
    return [spec] if rival is None else [spec, rival]
