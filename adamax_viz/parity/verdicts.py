"""Verdicts: how far a run is from the installed Keras's, found in the background and kept.

Nothing here imports Keras before somebody asks.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from math import ceil, inf, log10
from typing import Any, Generic, NamedTuple, TypeVar

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.core.types import Array
from adamax_viz.parity.keras_optimizer import KerasRun, verify
from adamax_viz.problems.models.backend import KerasUnavailable
from adamax_viz.runs.difference import Difference
from adamax_viz.study.link import to_query
from adamax_viz.study.named.effects import keras_cases
from adamax_viz.study.named.presets import PRESETS, preset_settings
from adamax_viz.study.spec import RunSpec

ALLOWED = 1e-6  # what "matches" means: absolute, or relative to the quantity's peak where that is large
TESTED = "3.15"  # the Keras whose behaviour the tests pin
KEPT = 300  # verdicts; of 20,000 steps each they would take 250 MB
WORDS = {"weights": "weights", "m": "first moment", "u": "infinity norm", "lr": "learning rate", "ema": "average"}


class Verdict(NamedTuple):
    """One run beside Keras's on the same gradients."""

    differences: dict[str, Difference]  # by quantity: weights, m, u, lr, and ema if it is on
    versions: dict[str, str]  # of keras and its backend; "backend" names the latter
    steps: int  # micro-steps compared
    ended: str  # how our run ended
    dtype: str
    seconds: float

    @property
    def worst(self) -> str:
        """The quantity that is furthest apart."""
        return max(self.differences, key=lambda name: distance(self.differences[name]))

    @property
    def apart(self) -> float:
        """How far the worst quantity is apart."""
        return distance(self.differences[self.worst])

    @property
    def matches(self) -> bool:
        """Whether every quantity is within what is allowed."""
        return self.apart <= ALLOWED


class Failure(NamedTuple):
    """Why a run could not be compared, as a sentence for the screen."""

    words: str


class Case(NamedTuple):
    """One run of "run all"."""

    group: str
    title: str
    settings: RunSpec


def distance(difference: Difference) -> float:
    """Absolute, or relative to the peak where the quantity itself is large."""
    return min(difference.largest, difference.relative_to_peak)


def distances(difference: Difference) -> Array:
    """The distance at each micro-step, measured as `distance` is, ``(T,)``."""
    if difference.largest in (0, inf):
        return difference.per_step
    return difference.per_step * (distance(difference) / difference.largest)


def power_of_ten(apart: float) -> str:
    """The smallest power of ten that holds a distance, such as "1e-7"; "0" for none."""
    if apart == 0:
        return "0"
    return f"1e{ceil(log10(apart))}" if apart < inf else "∞"


def short(number: float) -> str:
    """Two digits, as people write them: "3e-7", "0.21", "∞"."""
    if number == inf:
        return "∞"
    mantissa, _, exponent = f"{number:.2g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def in_words(verdict: Verdict | Failure) -> str:
    """The badge's line: computed from the run, whatever it is."""
    if isinstance(verdict, Failure):
        return verdict.words
    if verdict.apart == 0:
        return f"equals Keras {verdict.versions['keras']} to the last digit"
    if verdict.matches:
        return f"matches Keras {verdict.versions['keras']} to {power_of_ten(verdict.apart)}"
    return f"differs from Keras {verdict.versions['keras']} by {short(verdict.apart)} in its {WORDS[verdict.worst]}"


def about_version(versions: dict[str, str]) -> str | None:
    """A sentence if the installed Keras is not the one that the tests pin."""
    if versions["keras"].startswith(f"{TESTED}.") and versions["backend"] == "jax":
        return None
    return (
        f"Keras {versions['keras']} on {versions['backend']} is installed; this project's tests compare with Keras "
        f"{TESTED} on JAX. The differences shown are those of your installation."
    )


Both = tuple[Trajectory, KerasRun, dict[str, Difference]]


def run_both(settings: RunSpec) -> Both | Failure:
    """The settings' run here and in the installed Keras; what goes wrong is a sentence."""
    try:
        return verify(
            settings.problem(), settings.optimizer(), settings.start_point(), settings.steps, **settings.run_options()
        )
    except KerasUnavailable as error:
        return Failure(str(error))
    except Exception as error:  # another version of Keras may refuse or fail in its own way
        first = (str(error).strip() or "no message").splitlines()[0]
        return Failure(f"Keras could not make this run ({type(error).__name__}: {first}).")


def judge(settings: RunSpec) -> Verdict | Failure:
    """How far the settings' run is from the installed Keras's."""
    began = time.perf_counter()
    both = run_both(settings)
    if isinstance(both, Failure):
        return both
    trajectory, keras_run, differences = both
    seconds = time.perf_counter() - began
    status = str(trajectory.status[0])
    return Verdict(differences, keras_run.versions, len(keras_run.lr), status, settings.dtype, seconds)


@cache
def everything() -> tuple[Case, ...]:
    """Every preset, and every variant of an effect that Keras can run; in float32, Keras's own precision."""
    found = [("Example", p.title, preset_settings(p.query)) for p in PRESETS]
    found += [("Effect", name, settings) for name, settings in keras_cases()]
    return tuple(Case(group, title, settings.changed(dtype="float32")) for group, title, settings in found)


Answer = TypeVar("Answer")


class Desk(Generic[Answer]):
    """Questions answered in the background, one at a time; the answers are kept for whoever asks the same.

    Args:
        answer: what finds an answer; runs in the desk's own thread.
    """

    def __init__(self, answer: Callable[[Any], Answer]) -> None:
        self._answer = answer
        self._futures: OrderedDict[str, Future[Answer]] = OrderedDict()
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def ask(self, key: str, question: Any) -> None:
        """Put a question, unless it is answered or waiting already."""
        with self._lock:
            if key in self._futures:
                return
            self._pool = self._pool or ThreadPoolExecutor(1, "keras")
            self._futures[key] = self._pool.submit(self._answer, question)
            for old in [k for k, f in self._futures.items() if f.done()][: max(0, len(self._futures) - KEPT)]:
                del self._futures[old]

    def forget(self, key: str) -> None:
        """Drop an answer, so that the question can be put again; one under way is left alone."""
        with self._lock:
            if key in self._futures and self._futures[key].done():
                del self._futures[key]

    def asked(self, key: str) -> bool:
        """Whether somebody has put this question."""
        return key in self._futures

    def answer(self, key: str, wait: float | None = 0) -> Answer | None:
        """The answer, or None while there is none; waits so many seconds for it (None: as long as it takes)."""
        future = self._futures.get(key)
        if future is None:
            return None
        try:
            return future.result(wait)
        except TimeoutError:
            return None


def key_of(settings: RunSpec) -> str:
    """What a verdict is kept under: all that makes the run."""
    return f"{type(settings).__name__}?{to_query(settings)}"


VERDICTS: Desk[Verdict | Failure] = Desk(judge)
