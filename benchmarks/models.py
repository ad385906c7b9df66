"""A recorded training beside Keras's own in the same process, and what recording a large one takes."""

import gc
import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.backend import import_keras_on_jax
from adamax_viz.problems.models.problem import ModelProblem, keras_loss
from adamax_viz.runs.training import Training
from adamax_viz.study.training_spec import TrainingSpec
from adamax_viz.views.training.plane import plane
from benchmarks.measure import once, table, verdict

MLP = TrainingSpec(model="mlp", widths=(16, 16), steps=2000)
LARGE = TrainingSpec(
    model="mlp",
    widths=(42, 42),
    steps=2000,
    clipnorm=1.0,
    use_ema=True,
    gradient_accumulation_steps=2,
    loss_scale_factor=64.0,
)
REPEATS = 5


def main() -> None:
    speed()
    memory()


def speed() -> None:
    """Steps a second of a 2-16-16-1 MLP on the moons, batches of 32: trained and recorded, and trained by Keras."""
    rates = {
        "adamax_viz, every step recorded": ours,
        "model.train_on_batch, keras.optimizers.Adamax": by_batch,
        "model.fit, keras.optimizers.Adamax": by_fit,
    }
    medians = {name: float(np.median(turns)) for name, turns in interleaved(rates).items()}
    mine, batch = list(medians.values())[:2]
    bars = {"adamax_viz, every step recorded": verdict(mine >= 1500 and mine >= batch)}
    rows = [
        [name, f"{rate:.0f}", f"{rate / mine:.2f}", "1500, train_on_batch" if name in bars else "", bars.get(name, "")]
        for name, rate in medians.items()
    ]
    table("A 2-16-16-1 MLP, batches of 32", ["what", "steps/s", "times ours", "bar", "verdict"], rows)


def interleaved(rates: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Each in turn, so that a busy moment strikes all of them; the first turn compiles and does not count."""
    turns = [{name: rate() for name, rate in rates.items()} for _ in range(REPEATS + 1)]
    return {name: [turn[name] for turn in turns[1:]] for name in rates}


def ours() -> float:
    """As on the page: in the background, in pieces."""
    training = Training(MLP)
    training.problem.evaluate(training.problem.start()[None], 0)
    begun = time.perf_counter()
    training.start()
    training.wait()
    return MLP.steps / (time.perf_counter() - begun)


@cache
def twin(way: str) -> tuple[Any, ModelProblem]:
    """A compiled Keras model on the same data, one for each way to train it; compiled once, as ours is."""
    keras = import_keras_on_jax()
    problem = MLP.problem()
    model = problem.keras_model()
    model.compile(optimizer=keras.optimizers.Adamax(MLP.learning_rate), loss=keras_loss(problem.architecture))
    return model, problem


def by_batch() -> float:
    """Keras's own step, batch by batch."""
    model, problem = twin("by batch")
    data, steps = problem.data, 500
    begun = time.perf_counter()
    for k in range(steps):
        rows = problem.batch(k)
        model.train_on_batch(data.inputs[rows], data.targets[rows])
    return steps / (time.perf_counter() - begun)


def by_fit() -> float:
    """Keras's own loop over epochs."""
    model, problem = twin("by fit")
    data, epochs = problem.data, 50
    begun = time.perf_counter()
    model.fit(data.inputs, data.targets, batch_size=32, epochs=epochs, verbose=0)
    return epochs * -(-data.points // 32) / (time.perf_counter() - begun)


# -- memory ------------------------------------------------------------------------------------------------------


def memory() -> None:
    """What 2000 parameters over 2000 steps take, recorded, looked at, and as the whole process."""
    training = Training(LARGE)
    training.problem.evaluate(training.problem.start()[None], 0)
    gc.collect()
    before = resident()
    with Peak() as peak:
        training.start()
        training.wait()
        trajectory = training.trajectory()
        assert trajectory is not None
        seconds = once(lambda: plane(training.problem, trajectory))
    parameters = len(training.problem.coordinates)
    size = training.run.recorded_bytes
    grown = peak.bytes - before
    rows = [
        [
            "recorded arrays",
            f"{size / 1e6:.0f}",
            f"{LIMITS.one_training_bytes / 1e6:.0f}",
            verdict(size <= LIMITS.one_training_bytes * 1.05),
        ],
        ["growth of the process, its peak", f"{grown / 1e6:.0f}", "500", verdict(grown < 500e6)],
        ["the process with Keras and JAX, its peak", f"{peak.bytes / 1e6:.0f}", "", ""],
    ]
    title = (
        f"{parameters:,} parameters × {LARGE.steps:,} steps, everything on, every "
        f"{'step' if trajectory.every == 1 else f'{trajectory.every}th step'} recorded; plane drawn in {seconds:.1f} s"
    )
    table(title, ["what", "MB", "bar", "verdict"], rows)


def resident() -> int:
    """Bytes of this process in memory, 0 where that can't be seen."""
    status = Path("/proc/self/statm")
    if not status.exists():
        print("The memory of a process can't be seen here; its rows are 0.", file=sys.stderr)
        return 0
    return int(status.read_text().split()[1]) * 4096


class Peak:
    """The most memory that the process had inside the block, looked at a hundred times a second."""

    def __enter__(self) -> "Peak":
        self.bytes, self._over = resident(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            self.bytes = max(self.bytes, resident())

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


if __name__ == "__main__":
    main()
