"""Verdicts: how far a run is from the installed Keras's, found in the background and kept.

Nothing here imports Keras before somebody asks.
"""

import time
from functools import cache
from math import ceil, inf, log10
from typing import NamedTuple

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.core.types import Array, Dtype
from adamax_viz.parity.answers import Answers
from adamax_viz.parity.keras_optimizer import KerasRun, verify
from adamax_viz.problems.models.backend import KerasUnavailable
from adamax_viz.runs.distance import Difference
from adamax_viz.study.link import to_query
from adamax_viz.study.named.presets import PRESETS, preset_settings
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import keras_cases
from adamax_viz.words.differing import WORDS

# What "matches" means, by the precision in which Keras computes: absolute, or relative to the peak where that is large.
ALLOWED: dict[Dtype, float] = {"float32": 1e-6, "float64": 1e-12}
_COSINES = ("CosineDecay", "CosineDecayRestarts")  # Keras takes the cosine in float32 whatever the floatx
TESTED = "3.15"  # the Keras whose behaviour the tests pin


class Verdict(NamedTuple):
    """One run beside Keras's on the same gradients."""

    differences: dict[str, Difference]  # by array: theta, the moments, lr, and ema if it is on
    versions: dict[str, str]  # of keras and its backend; "backend" names the latter
    steps: int  # micro-steps compared
    ended: str  # how our run ended
    dtype: Dtype  # in which Keras computed it
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
    def allowed(self) -> float:
        """How far the worst quantity may be apart."""
        return ALLOWED[self.dtype]

    @property
    def matches(self) -> bool:
        """Whether every quantity is within what is allowed."""
        return self.apart <= self.allowed


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
    dtype: Dtype = "float32" if settings.schedule in _COSINES else settings.dtype
    return Verdict(differences, keras_run.versions, len(keras_run.lr), status, dtype, seconds)


@cache
def everything() -> tuple[Case, ...]:
    """Every preset, and every variant of an effect that Keras can run; in float32, Keras's own precision."""
    cases = [("Example", p.title, preset_settings(p.query)) for p in PRESETS]
    cases += [("Effect", name, settings) for name, settings in keras_cases()]
    return tuple(Case(group, title, settings.changed(dtype="float32")) for group, title, settings in cases)


def key_of(settings: RunSpec) -> str:
    """What a verdict is kept under: all that makes the run."""
    return f"{type(settings).__name__}?{to_query(settings)}"


VERDICTS = Answers(judge, key_of)
