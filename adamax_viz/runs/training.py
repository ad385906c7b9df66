"""A training that goes on in the background: started, paused, continued, changed and stopped while somebody looks.

In short::

    training = Training(TrainingSpec(model="mlp", steps=500))
    training.start()                      # returns at once; a thread trains in pieces of a tenth of a second
    training.progress()                   # state, steps done, steps a second, loss, seconds left; also says "I look"
    training.trajectory()                 # what happened so far, complete and unchanging
    training.pause(); training.go_on(); training.go_on(more=200)
    training.change(training.settings.changed(learning_rate=0.1))    # from here on
    training.stop()

All methods may be called from any thread. A training that nobody looks at (`progress`, `touch`) for `patience` seconds
stops by itself, so leaving the page is enough. Whatever ends it, what happened stays.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from adamax_viz.core.engine import Optimizer, Runner
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.points import Points
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.study.training_spec import MAX_TRAINING_STEPS, OPTIMIZER_FIELDS, TrainingSpec

# "ready" has not begun; "preparing" compiles the model; "failed" could not go on for a reason outside the run.
State = Literal["ready", "preparing", "running", "paused", "finished", "stopped", "diverged", "failed"]

MAIN = "adamax"
BUDGET = 160_000_000  # bytes for the recorded arrays of parameters, all runs of a training together
PATIENCE = 20.0  # a page that is open looks every second
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


class Segment(NamedTuple):
    """The settings from a micro-step on."""

    first: int
    settings: TrainingSpec

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of these steps."""
        return self.settings.optimizer()


class Training:
    """One training, and maybe a rival with another rule on the same batches.

    Args:
        settings: what is trained and how.
        own: a user's own points, where the settings ask for them.
        budget: bytes that recording may take, see `adamax_viz.core.engine.Runner`.
        patience: seconds without a look after which it stops.
        clock: what time it is, in seconds.

    Raises:
        ValueError: own points that are missing or that the model is not made for.
    """

    def __init__(
        self,
        settings: TrainingSpec,
        own: Points | None = None,
        *,
        budget: int = BUDGET,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings, self.own, self.patience, self.clock = settings, own, patience, clock
        self.problem: ModelProblem = settings.problem(own)
        self.segments = [Segment(0, settings)]
        self.total = settings.steps
        self.state: State = "ready"
        self._reason = ""
        self._budget = budget
        self._runners: dict[str, Runner] = {}  # by rule, the main one first
        self._snapshots: dict[str, Trajectory] = {}
        self._work = threading.RLock()  # held while a piece is computed, and by whoever changes what is computed
        self._thread: threading.Thread | None = None
        self._seconds, self._counted = 0.0, 0  # spent training, and the steps done in them
        self._looked = clock()

    # -- what a page asks ------------------------------------------------------------------------------------

    def touch(self) -> None:
        """Somebody looks."""
        self._looked = self.clock()

    def progress(self) -> Progress:
        """Where it is."""
        self.touch()
        snapshot, state = self._snapshots.get(MAIN), self.state
        done = self.done
        rate = self._counted / self._seconds if self._seconds > 0 else math.nan
        left = (self.total - done) / rate if state == "running" and rate > 0 else 0.0
        loss = math.nan if snapshot is None else float(snapshot["loss"][0, -1])
        every = 1 if snapshot is None else snapshot.every
        size = sum(recorded_bytes(trajectory) for trajectory in list(self._snapshots.values()))
        return Progress(state, done, self.total, rate, left, loss, every, size, self._sentence(state, done))

    @property
    def done(self) -> int:
        """Micro-steps that are over."""
        runner = self._runners.get(MAIN)
        return 0 if runner is None else runner.step

    @property
    def rival(self) -> str | None:
        """The rule of the other run, if there is one."""
        return next((rule for rule in self._snapshots if rule != MAIN), None)

    def trajectory(self, rule: str = MAIN) -> Trajectory | None:
        """What happened so far, R = 1; None before the first piece is over."""
        return self._snapshots.get(rule)

    def optimizer(self) -> Optimizer:
        """The one that trains now."""
        return self.settings.optimizer()

    # -- what a page does ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, or go on, in the background; nothing if it runs already, or can't go on."""
        self.touch()
        with self._work:
            if self.state in ("preparing", "running", "diverged", "failed") or self.done >= self.total:
                return
            self.state = "running" if self._runners else "preparing"
            self._thread = threading.Thread(target=self._train, args=(self._thread,), name="training", daemon=True)
            self._thread.start()

    def go_on(self, more: int = 0) -> None:
        """Go on after a pause, a stop or the end, for so many micro-steps more than were asked for.

        Raises:
            ValueError: it diverged or failed, or would have more than 50,000 steps.
        """
        with self._work:
            if self.state in ("diverged", "failed"):
                raise ValueError(f"{self._reason} It can't go on from there; restart it with other settings.")
            if self.total + more > MAX_TRAINING_STEPS:
                raise ValueError(
                    f"A training has at most {MAX_TRAINING_STEPS:,} steps; {self.total:,} are asked for already."
                )
            self.total += more
            for runner in self._runners.values():
                runner.reserve(self.total)
        self.start()

    def pause(self) -> None:
        """Stop after the present piece, to go on later."""
        self._halt("paused")

    def stop(self) -> None:
        """Stop after the present piece; what is there stays, and `go_on` still can."""
        self._halt("stopped")

    def _halt(self, state: State) -> None:
        self.touch()
        with self._work:
            if self.state in ("running", "preparing", "paused", "ready"):
                self.state = state

    def change(self, settings: TrainingSpec) -> None:
        """Other settings of the optimizer from here on.

        Raises:
            ValueError: something else differs, or what can't change in the middle of a run; nothing is changed then.
        """
        self.touch()
        old, new = self.settings.model_dump(), settings.model_dump()
        others = sorted(n for n in old if n not in OPTIMIZER_FIELDS | {"steps"} and old[n] != new[n])
        if others:
            raise ValueError(f"{', '.join(others)} can't change in the middle of a training; restart it.")
        with self._work:
            for rule, runner in self._runners.items():
                runner.change(_with_rule(settings.optimizer(), rule))
                runner.gradient_dtype = settings.run_options()["gradient_dtype"]
            self.settings = settings
            if self.segments[-1].first == self.done:
                self.segments.pop()
            self.segments.append(Segment(self.done, settings))

    def wait(self, timeout: float | None = None) -> None:
        """Until the thread ends, for scripts and tests."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)

    # -- the thread ------------------------------------------------------------------------------------------

    def _train(self, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()  # it may still be at its last piece
        try:
            if not self._runners:
                self._prepare()
            steps = FIRST_PIECE
            while self._may_go_on():
                begun = time.perf_counter()
                with self._work:
                    if self.state != "running":
                        return
                    self._advance(min(steps, self.total - self.done))
                seconds = time.perf_counter() - begun
                # Pieces of even length; a slow first step, which compiles, does not count.
                steps = max(1, min(4 * steps, round(steps * PIECE / max(seconds, 1e-4))))
        except Exception as error:
            logging.getLogger(__name__).exception("A training failed")
            with self._work:
                self.state, self._reason = "failed", f"The training could not go on: {error}"

    def _prepare(self) -> None:
        """Build and compile the model, outside the lock: a page may look or stop it meanwhile."""
        start = self.problem.start()[None]
        self.problem.evaluate(start, 0)
        rules = [MAIN, *filter(None, [self.settings.rival()])]
        with self._work:
            optimizer = self.settings.optimizer()
            for rule in rules:
                runner = Runner(
                    self.problem,
                    _with_rule(optimizer, rule),
                    start,
                    budget=self._budget // len(rules),
                    **self.settings.run_options(),
                )
                runner.reserve(self.total)
                self._runners[rule] = runner
            if self.state == "preparing":
                self.state = "running"

    def _may_go_on(self) -> bool:
        with self._work:
            if self.state == "running" and self.clock() - self._looked > self.patience:
                self.state, self._reason = "stopped", f"Nobody looked for {self.patience:.0f} seconds."
            return self.state == "running"

    def _advance(self, steps: int) -> None:
        begun, before = time.perf_counter(), self.done
        for rule, runner in self._runners.items():
            if runner.running:
                runner.advance(steps)
                self._snapshots[rule] = runner.trajectory()
        self._seconds += time.perf_counter() - begun
        self._counted += self.done - before
        status = self._snapshots[MAIN].status[0]
        if status.kind == "diverged":
            self.state = "diverged"
            self._reason = f"The training diverged at step {status.step}: {status.quantity} is not finite."
        elif self.done >= self.total:
            self.state = "finished"

    def _sentence(self, state: State, done: int) -> str:
        steps = f"{done:,} of {self.total:,} steps"
        return {
            "ready": "Not begun yet.",
            "preparing": "The model is being built and compiled.",
            "running": f"Training: {steps}.",
            "paused": f"Paused after {steps}.",
            "finished": f"Finished after {done:,} steps.",
            "stopped": f"{self._reason} Stopped after {steps}.".strip(),
            "diverged": f"{self._reason} Everything before it is kept; lower the learning rate or clip, and restart.",
            "failed": f"{self._reason} What came before is kept.",
        }[state]


def recorded_bytes(trajectory: Trajectory) -> int:
    """What the arrays of a trajectory take; those that share their memory count once."""
    found: dict[int, int] = {}
    for array in trajectory.arrays.values():
        base = array if array.base is None else array.base
        while isinstance(base, np.ndarray) and base.base is not None:
            base = base.base
        found[id(base)] = max(found.get(id(base), 0), array.nbytes if 0 not in array.strides else 0)
    return sum(found.values())


def _with_rule(optimizer: Optimizer, rule: str) -> Optimizer:
    if rule == MAIN:
        return optimizer
    if isinstance(optimizer, LossScaleOptimizer):
        inner = optimizer.adamax.with_rule(rule)
        return LossScaleOptimizer(inner, optimizer.initial_scale, optimizer.dynamic_growth_steps)
    return optimizer.with_rule(rule)
