"""Where the documentation of Keras and its behaviour part: each line with a run that shows it.

A line predicts one quantity of the installed Keras twice, as the documentation may be read and as Keras computes it,
from what that very run recorded. Nothing is stored: which prediction holds is measured.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.core.types import Array
from adamax_viz.parity.keras_optimizer import KerasRun
from adamax_viz.parity.verdicts import Failure, run_both
from adamax_viz.runs.distance import Difference, difference
from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec

CLOSE, FAR = 1e-5, 1e-2  # relative to the quantity's peak


class Predictions(NamedTuple):
    """One quantity of a run three times, each ``(T, D)``: as documented, as we say, and Keras's own."""

    documented: Array
    real: Array
    keras: Array


class Behaviour(NamedTuple):
    """One line of the table."""

    says: str  # the documentation, word for word
    does: str  # Keras
    reading: str  # how `says` is computed here, for a sentence
    quantity: str  # a key of the palette
    query: str  # the run that shows it
    predict: Callable[[RunSpec, Trajectory, KerasRun], Predictions]
    source: str = "Keras's documentation"
    measured: str = ""  # what the numbers are, if not the quantity itself

    @property
    def settings(self) -> RunSpec:
        """Of the run."""
        return from_query(self.query).settings


class Evidence(NamedTuple):
    """What a run says about a line."""

    documented: Difference
    real: Difference
    versions: dict[str, str]

    @property
    def shows(self) -> bool:
        """Whether Keras does what we say, and not what the documentation's words would give."""
        return self.real.relative_to_peak <= CLOSE and self.documented.relative_to_peak >= FAR


def show(line: Behaviour) -> Evidence | Failure:
    """Run a line in the installed Keras."""
    settings = line.settings
    both = run_both(settings)
    if isinstance(both, Failure):
        return both
    trajectory, keras_run, _ = both
    documented, real, keras = line.predict(settings, trajectory, keras_run)
    return Evidence(difference(documented, keras), difference(real, keras), keras_run.versions)


# -- predictions, from the gradients that Keras was given and from its own record ---------------------------------


def _windows(settings: RunSpec) -> int:
    return settings.gradient_accumulation_steps or 1


def _moment(gradients: Iterable[Array | None], settings: RunSpec, gain: float | None = None) -> Array:
    """m after each micro-step, of the gradients that reach it; None: a micro-step without an update."""
    gain = 1 - settings.beta_1 if gain is None else gain
    m, seen = np.zeros(2), []
    for g in gradients:
        m = m if g is None else settings.beta_1 * m + gain * g
        seen.append(m)
    return np.array(seen)


def _means(rows: Array, settings: RunSpec) -> list[Array | None]:
    """The mean gradient at each update, None in between."""
    n = _windows(settings)
    return [rows[k + 1 - n : k + 1].mean(axis=0) if (k + 1) % n == 0 else None for k in range(len(rows))]


def _shorten(g: Array, limit: float) -> Array:
    return np.asarray(g * limit / max(float(np.linalg.norm(g)), limit))


def _average(settings: RunSpec, keras: KerasRun, copied: int, every: int = 1) -> Array:
    """The average after each micro-step: at first a copy of the weights, then moved every so many micro-steps."""
    average, seen, momentum = np.zeros(2), [], settings.ema_momentum
    for k, weights in enumerate(keras.theta[1:].astype(np.float64)):
        if k < copied:
            average = weights
        elif (k + 1) % every == 0:
            average = momentum * average + (1 - momentum) * weights
        seen.append(average)
    return np.array(seen)


def _first_moment(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    rows = run["grad"][0].astype(np.float64)
    return Predictions(_moment(rows, settings, 1 - settings.beta_2), _moment(rows, settings), keras.m)


def _ema_micro_steps(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    n = _windows(settings)
    return Predictions(_average(settings, keras, n, every=n), _average(settings, keras, n), np.asarray(keras.ema))


def _ema_start(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    return Predictions(_average(settings, keras, 0), _average(settings, keras, 1), np.asarray(keras.ema))


def _overwrite(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    """1 where Keras's weights jump by more than their step."""
    n, every = _windows(settings), settings.ema_overwrite_frequency or 1
    k = np.arange(len(keras.lr))
    documented = (k + 1) % (n * every) == 0
    real = (k // n + 1) % every == 0
    jumps = np.diff(keras.theta, axis=0) - np.nan_to_num(run["step"][0])
    overwritten = np.abs(jumps).max(axis=1) > CLOSE
    return Predictions(documented[:, None] * 1.0, real[:, None] * 1.0, overwritten[:, None] * 1.0)


def _clip_of_the_mean(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    rows, limit = run["grad"][0].astype(np.float64), settings.clipnorm or 0.0
    each = _means(np.array([_shorten(g, limit) for g in rows]), settings)
    mean = [None if g is None else _shorten(g, limit) for g in _means(rows, settings)]
    return Predictions(_moment(each, settings), _moment(mean, settings), keras.m)


def _both_sides(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    rows, limit = run["grad"][0].astype(np.float64), settings.clipvalue or 0.0
    above, both = np.minimum(rows, limit), np.clip(rows, -limit, limit)
    return Predictions(_moment(above, settings), _moment(both, settings), keras.m)


def _decay(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    """The weights one step ahead, from Keras's own weights, m, u and rate."""
    before, lr = keras.theta[:-1].astype(np.float64), keras.lr.astype(np.float64)[:, None]
    t = np.arange(1, len(lr) + 1)[:, None]
    step = lr * keras.m / ((1 - settings.beta_1**t) * (keras.u + settings.epsilon))
    decay = before * (settings.weight_decay or 0.0) * lr
    return Predictions(before - step, before - decay - step, keras.theta[1:])


def _raw_counter(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    k, rates = np.arange(len(keras.lr)), settings.optimizer().adamax.rates
    return Predictions(rates(k // _windows(settings))[:, None], rates(k)[:, None], keras.lr[:, None])


def _scale(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    rows = run["grad"][0].astype(np.float64)
    return Predictions(_moment(rows, settings), _moment(rows / (settings.loss_scale_factor or 1.0), settings), keras.m)


def _bound(settings: RunSpec, run: Trajectory, keras: KerasRun) -> Predictions:
    """|step| / alpha of the first coordinate, whose gradient shrinks like beta_2^t."""
    ratio = np.abs(np.diff(keras.theta, axis=0))[:, :1] / keras.lr[:, None]
    k = np.arange(len(ratio))
    memory = np.cumsum((settings.beta_1 / settings.beta_2) ** k)
    bound = (1 - settings.beta_1) / (1 - settings.beta_1 ** (k + 1.0)) * memory
    return Predictions(np.ones_like(ratio), bound[:, None], ratio)


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        "m = beta1 * m + (1 - beta) * g",
        "The factor is 1 − beta_1.",
        "with beta read as beta_2",
        "m",
        "surface=ravine&learning_rate=0.1&steps=60&dtype=float32",
        _first_moment,
    ),
    Behaviour(
        'EMA frequency will look at "accumulated" iterations value (optimizer steps // gradient_accumulation_steps).',
        "Only the condition of the overwrite does. The average itself moves on every micro-step.",
        "with the average moved at updates alone",
        "ema",
        "surface=round_bowl&learning_rate=0.2&steps=48&dtype=float32&use_ema=true&ema_momentum=0.9"
        "&gradient_accumulation_steps=4",
        _ema_micro_steps,
    ),
    Behaviour(
        "new_average = ema_momentum * old_average + (1 - ema_momentum) * current_variable_value",
        "The first window copies the weights instead, so the average does not start at zero, and needs no correction.",
        "from the zeros that the average is built with",
        "ema",
        "surface=himmelblau&steps=60&dtype=float32&use_ema=true&ema_momentum=0.95",
        _ema_start,
    ),
    Behaviour(
        "Every `ema_overwrite_frequency` steps of iterations, we overwrite the model variable by its moving average.",
        "When (iterations + 1) % ema_overwrite_frequency is 0, and then on each micro-step of that window.",
        "with one overwrite each time, at the update",
        "theta",
        "surface=round_bowl&learning_rate=0.2&steps=48&dtype=float32&use_ema=true&ema_momentum=0.9"
        "&ema_overwrite_frequency=3&gradient_accumulation_steps=2",
        _overwrite,
        measured="whether the weights are overwritten, 1 or 0",
    ),
    Behaviour(
        "the gradient of each weight is individually clipped so that its norm is no higher than this value.",
        "Clipped is what accumulation hands on: the mean of the window, not each gradient.",
        "with each gradient clipped before the mean",
        "m",
        "surface=ravine&learning_rate=0.1&steps=64&dtype=float32&clipnorm=1.0&gradient_accumulation_steps=4"
        "&noise=gaussian&noise_scale=3.0",
        _clip_of_the_mean,
    ),
    Behaviour(
        "the gradient of each weight is clipped to be no higher than this value.",
        "clipvalue cuts both sides: no entry is above the value or below its negative.",
        "with entries cut from above alone",
        "m",
        "surface=ravine&learning_rate=0.1&steps=60&dtype=float32&clipvalue=0.5",
        _both_sides,
    ),
    Behaviour(
        "If set, weight decay is applied.",
        "Decoupled: the weights shrink by weight_decay times the scheduled rate (not α_t), after clipping and before "
        "the update. m and u never see it.",
        "with decay inside the gradient alone",
        "theta",
        "surface=round_bowl&start=2.0,2.0&learning_rate=0.3&steps=60&dtype=float32&weight_decay=0.5"
        "&schedule=ExponentialDecay&decay_steps=20.0",
        _decay,
    ),
    Behaviour(
        'Learning rate schedules will look at "real" iterations value (optimizer steps).',
        "“Real” are the calls of apply, not the updates: with N = 4 a schedule is through after a quarter of them.",
        "with “real” read as the count of updates",
        "lr",
        "surface=round_bowl&learning_rate=0.2&steps=64&dtype=float32&gradient_accumulation_steps=4"
        "&schedule=ExponentialDecay&decay_steps=20.0",
        _raw_counter,
    ),
    Behaviour(
        "the scale factor will be multiplied the loss before computing gradients, and the inverse of the scale factor "
        "will be multiplied by the gradients before updating variables.",
        "apply only divides. Multiplying the loss is the work of fit, or of your own loop through scale_loss.",
        "with nothing left to divide",
        "m",
        "surface=round_bowl&learning_rate=0.2&steps=40&dtype=float32&loss_scale_factor=128.0",
        _scale,
    ),
    Behaviour(
        "|Δ_t| ≤ α",
        "Not quite: |Δ_t| ≤ α (1 − β₁)/(1 − β₁ᵗ) Σ (β₁/β₂)ᵏ, which gradients that shrink like β₂ᵗ meet.",
        "with α as the longest step",
        "step",
        "surface=custom&formula=(x%20%2B%20y)*exp(-0.05129329438755058*t)&start=0.0,0.0&beta_2=0.95&epsilon=0.0&steps=120",
        _bound,
        source="The paper",
        measured="|Δ|/α",
    ),
)
