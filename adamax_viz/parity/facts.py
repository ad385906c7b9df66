"""What Keras does at the extremes, each fact with a check that runs the installed Keras.

A check returns whether the fact holds; the tests run them all, and so does the page Reference when asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core.adamax import Adamax
from adamax_viz.core.engine import Optimizer
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.types import Array
from adamax_viz.parity.keras_optimizer import KerasRun, run_keras
from adamax_viz.problems.models.backend import build_keras, import_keras

RATE, START = 0.1, (1.0, -2.0)
STEADY = np.array([[0.5, -0.25], [-1.0, 2.0], [0.25, 0.125], [3.0, -1.0], [-0.5, 0.75], [1.0, 1.0]])


class Fact(NamedTuple):
    """One claim about an argument."""

    key: str
    argument: str  # a name of `adamax_viz.parity.reference.ARGUMENTS`
    claim: str
    check: Callable[[], bool | np.bool_]


# -- Keras, asked ------------------------------------------------------------------------------------------------


def _run(grads: ArrayLike, optimizer: Optimizer | None = None, **arguments: Any) -> KerasRun:
    """Gradients ``(T, 2)`` through the installed Keras, in its own precision."""
    made = optimizer or Adamax(**{"learning_rate": RATE} | arguments, dtype="float32")
    return run_keras(made, np.reshape(grads, (-1, 2)), START, {"theta": slice(0, 2)})


def _dynamic(grads: ArrayLike, growth: int = 2000, initial: float = 2.0**15) -> KerasRun:
    return _run(grads, LossScaleOptimizer(Adamax(RATE, dtype="float32"), initial, growth))


def _refuses(words: str, **arguments: Any) -> bool:
    """Whether Keras's own constructor refuses these arguments with these words."""
    try:
        import_keras().optimizers.Adamax(**arguments)
    except ValueError as error:
        return words in str(error)
    return False


def _takes(**arguments: Any) -> bool:
    import_keras().optimizers.Adamax(**arguments)
    return True


def _schedule(name: str, **arguments: Any) -> Callable[[int], float]:
    made = getattr(import_keras().optimizers.schedules, name)(**arguments)
    return lambda k: float(made(k))


def _fails(action: Callable[[], Any], words: str = "") -> bool:
    """Whether something raises an error with these words, whatever its type."""
    try:
        action()
    except Exception as error:
        return words in str(error)
    return False


def _same(a: Any, b: Any) -> bool:
    return np.array_equal(a, b, equal_nan=True)


def _close(a: Any, b: Any) -> bool:
    return bool(np.allclose(a, b, rtol=1e-5, atol=1e-7))


# -- checks that take more than a line ---------------------------------------------------------------------------


def _decays_alone() -> bool:
    theta = _run(np.zeros((4, 2)), weight_decay=0.5).theta
    return _close(theta[:, 0], START[0] * (1 - 0.5 * RATE) ** np.arange(5))


def _decay_hides_from_moments() -> bool:
    with_decay, without = _run(STEADY, weight_decay=0.5), _run(STEADY)
    return _same(with_decay.m, without.m) and _same(with_decay.u, without.u)


def _leftover_waits() -> bool:
    theta = _run(STEADY, gradient_accumulation_steps=4).theta
    return not _same(theta[4], theta[3]) and _same(theta[4], theta[6])


def _counts_updates() -> bool:
    """The first update is as long as a first step: alpha, not alpha divided by a later correction."""
    theta = _run(np.ones((4, 2)), gradient_accumulation_steps=4).theta
    return _close(theta[4] - theta[3], -RATE)


def _overflow_only_halves() -> bool:
    run = _dynamic([[np.inf, 1.0], [1.0, 1.0]])
    assert run.loss_scale is not None
    rests = _same(run.theta[0], run.theta[1]) and not run.m[0].any() and not run.u[0].any()
    return rests and run.loss_scale.tolist() == [2.0**15, 2.0**14]


def _skipped_step_is_not_counted() -> bool:
    """With a step skipped at first, a run goes as if it had never been."""
    scaled = STEADY * 2.0**15
    plain = _dynamic(scaled)
    skipped = _dynamic(np.concatenate([[[np.nan, 0.0]], scaled / 2]))
    return _close(skipped.theta[1:], plain.theta) and _close(skipped.m[1:], plain.m)


def _doubles() -> bool:
    scales = _dynamic(np.ones((5, 2)), growth=2).loss_scale
    assert scales is not None
    return bool((scales == 2.0**15 * np.array([1, 1, 2, 2, 4])).all())


def _no_floor_no_ceiling() -> bool:
    low = _dynamic(np.full((9, 2), np.inf), initial=2.0**-145).loss_scale
    high = _dynamic(np.full((9, 2), 1e-38), growth=1, initial=2.0**122).loss_scale
    assert low is not None
    assert high is not None
    return bool(low[-1] == 0 and np.isinf(high[-1]))


def _drops_the_inner_scale() -> bool:
    keras = import_keras()
    inner = keras.optimizers.Adamax(loss_scale_factor=8.0)
    keras.optimizers.LossScaleOptimizer(inner)
    return inner.loss_scale_factor is None


def _eager(optimizer: Optimizer, grads: list[Any]) -> Array:
    """One eager ``apply``; the weights after it."""
    keras = import_keras()
    built, weights = build_keras(optimizer), keras.Variable(np.ones(2), dtype="float32")
    built.build([weights])
    built.apply(grads, [weights])
    return np.asarray(keras.ops.convert_to_numpy(weights))


def _eager_loss_scale_fails_on_jax() -> bool:
    keras = import_keras()
    scaled = LossScaleOptimizer(Adamax(RATE, dtype="float32"))
    failed = _fails(lambda: _eager(scaled, [keras.ops.ones(2)]))
    return failed is (str(keras.backend.backend()) == "jax")


def _poisoned() -> bool:
    run = _run(np.concatenate([STEADY[:2], [[np.nan, 1.0]], STEADY]))
    after = np.stack([run.m[2:, 0], run.u[2:, 0], run.theta[3:, 0]])
    return bool(np.isnan(after).all() and np.isfinite(run.m[:, 1]).all())


def _kinds_of_rates() -> bool:
    words = "Argument `learning_rate` should be float"
    refused = all(_refuses(words, learning_rate=rate) for rate in (1, True, np.array([0.1])))
    schedule = import_keras().optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    return refused and all(_takes(learning_rate=rate) for rate in (0.1, lambda: 0.1, schedule))


def _int_schedule_stays_zero() -> bool:
    rate = _schedule("CosineDecay", initial_learning_rate=0, decay_steps=100, warmup_target=0.1, warmup_steps=10)
    return all(rate(k) == 0 for k in (0, 5, 10, 50))


def _clips_of_zero_are_off() -> bool:
    plain = _run(STEADY)
    clips = ("clipnorm", "clipvalue", "global_clipnorm")
    limits: list[dict[str, Any]] = [{clip: limit} for clip in clips for limit in (0.0, -1.0)]
    return all(_same(_run(STEADY, **limit).m, plain.m) for limit in limits)


FACTS: tuple[Fact, ...] = (
    Fact(
        "rate_kinds",
        "learning_rate",
        "Taken are a float, a schedule, or a callable without arguments; an int, a bool or an array is refused.",
        _kinds_of_rates,
    ),
    Fact(
        "rate_zero",
        "learning_rate",
        "0.0 stops the steps, and weight decay with them.",
        lambda: not np.diff(_run(STEADY, learning_rate=0.0, weight_decay=0.5).theta, axis=0).any(),
    ),
    Fact(
        "rate_int_schedule",
        "learning_rate",
        "An int as initial_learning_rate makes a schedule compute in whole numbers: "
        "CosineDecay(0, 100, warmup_target=0.1, warmup_steps=10) stays 0 for ever.",
        _int_schedule_stays_zero,
    ),
    Fact(
        "piecewise_edge",
        "learning_rate",
        "PiecewiseConstantDecay keeps a value up to its boundary, the boundary included.",
        lambda: [_schedule("PiecewiseConstantDecay", boundaries=[5], values=[1.0, 0.5])(k) for k in (5, 6)] == [1, 0.5],
    ),
    Fact(
        "restarts_nan",
        "learning_rate",
        "CosineDecayRestarts with t_mul below 1 ends in NaN once its ever shorter periods are used up.",
        lambda: np.isnan(
            _schedule("CosineDecayRestarts", initial_learning_rate=0.1, first_decay_steps=4, t_mul=0.5)(9)
        ),
    ),
    Fact("beta_1_zero", "beta_1", "0: m is the gradient itself.", lambda: _close(_run(STEADY, beta_1=0.0).m, STEADY)),
    Fact(
        "beta_1_one",
        "beta_1",
        "1: NaN at the first step, 0 divided by 0.",
        lambda: np.isnan(_run(STEADY, beta_1=1.0).theta[1:]).all(),
    ),
    Fact("beta_1_free", "beta_1", "Nothing is checked: 1.5 is taken too.", lambda: _takes(beta_1=1.5, beta_2=1.5)),
    Fact(
        "beta_2_zero",
        "beta_2",
        "0: u is the size of the last gradient; with β₁ = 0 every step is ±α.",
        lambda: (
            _same(_run(STEADY, beta_2=0.0).u, np.abs(STEADY))
            and _close(np.abs(np.diff(_run(STEADY, beta_1=0.0, beta_2=0.0).theta, axis=0)), RATE)
        ),
    ),
    Fact(
        "beta_2_one",
        "beta_2",
        "1: u never forgets, it is the largest gradient so far.",
        lambda: _same(_run(STEADY, beta_2=1.0).u, np.maximum.accumulate(np.abs(STEADY))),
    ),
    Fact(
        "epsilon_outside",
        "epsilon",
        "It is added after the max, so u itself never contains it.",
        lambda: _same(_run(STEADY, epsilon=1.0).u, _run(STEADY).u),
    ),
    Fact(
        "epsilon_zero",
        "epsilon",
        "0: a gradient that is zero from the start gives NaN, 0 divided by 0.",
        lambda: np.isnan(_run([[0.0, 1.0]], epsilon=0.0).theta[1]).tolist() == [True, False],
    ),
    Fact(
        "epsilon_default",
        "epsilon",
        "The default keeps a weight without gradient where it is.",
        lambda: _run([[0.0, 1.0]] * 3).theta[-1, 0] == START[0],
    ),
    Fact(
        "decay_alone",
        "weight_decay",
        "Without a gradient the weights shrink by 1 − weight_decay · α at each update.",
        _decays_alone,
    ),
    Fact("decay_moments", "weight_decay", "m and u never see it.", _decay_hides_from_moments),
    Fact(
        "clip_one_kind",
        "clipnorm",
        "The three clips exclude each other, even if one of them is 0.0.",
        lambda: _refuses("Only one of", clipnorm=1.0, clipvalue=0.0),
    ),
    Fact("clip_off", "clipnorm", "0 or less switches any of the three off.", _clips_of_zero_are_off),
    Fact(
        "clipnorm_infinite",
        "clipnorm",
        "An infinite entry becomes NaN, the other entries 0.",
        lambda: _same(_run([[np.inf, 1.0]], clipnorm=1.0).m[0], [np.nan, 0.0]),
    ),
    Fact(
        "clipnorm_overflow",
        "clipnorm",
        "A gradient above 2e19 overflows the norm in float32: nothing of it is left.",
        lambda: not _run([[3e19, 1.0]], clipnorm=1.0).m.any(),
    ),
    Fact(
        "clipvalue_infinite",
        "clipvalue",
        "An infinite entry becomes ± the value.",
        lambda: _same(_run([[np.inf, -np.inf]], clipvalue=2.0, beta_1=0.0).m[0], [2.0, -2.0]),
    ),
    Fact(
        "global_infinite",
        "global_clipnorm",
        "An infinite entry makes every entry of every variable NaN.",
        lambda: np.isnan(_run([[np.inf, 1.0]], global_clipnorm=1.0).m).all(),
    ),
    Fact(
        "global_overflow",
        "global_clipnorm",
        "A gradient above 2e19 overflows the norm in float32: everything is NaN.",
        lambda: np.isnan(_run([[3e19, 1.0]], global_clipnorm=1.0).m).all(),
    ),
    Fact(
        "ema_beside",
        "use_ema",
        "Without an overwrite the path is the same as without it.",
        lambda: _same(_run(STEADY, use_ema=True).theta, _run(STEADY).theta),
    ),
    Fact(
        "ema_finalize",
        "use_ema",
        "finalize_variable_values puts the average into the weights; fit does it at its end.",
        lambda: _same((run := _run(STEADY, use_ema=True)).finalized, np.asarray(run.ema)[-1]),
    ),
    Fact(
        "ema_too_early",
        "use_ema",
        "finalize_variable_values before any step sets the weights to zero.",
        lambda: not _run(np.zeros((0, 2)), use_ema=True).finalized.any(),
    ),
    Fact(
        "momentum_zero",
        "ema_momentum",
        "0: the average is the weights.",
        lambda: _same((run := _run(STEADY, use_ema=True, ema_momentum=0.0)).ema, run.theta[1:]),
    ),
    Fact(
        "momentum_one",
        "ema_momentum",
        "1: the average stays what it was after the first window.",
        lambda: _same((run := _run(STEADY, use_ema=True, ema_momentum=1.0)).ema, np.tile(run.theta[1], (6, 1))),
    ),
    Fact(
        "momentum_checked",
        "ema_momentum",
        "It is only checked if use_ema is on: then it must be between 0 and 1.",
        lambda: _takes(ema_momentum=2.0) and _refuses("must be in the range [0, 1]", use_ema=True, ema_momentum=2.0),
    ),
    Fact(
        "overwrite_one",
        "ema_overwrite_frequency",
        "1: the weights are their average after every update.",
        lambda: _same((run := _run(STEADY, use_ema=True, ema_overwrite_frequency=1)).ema, run.theta[1:]),
    ),
    Fact(
        "overwrite_refused",
        "ema_overwrite_frequency",
        "A negative or fractional value is refused.",
        lambda: all(_refuses("integer >= 1", use_ema=True, ema_overwrite_frequency=n) for n in (-1, 2.5)),
    ),
    Fact(
        "scale_divides",
        "loss_scale_factor",
        "apply only divides: gradients that were not multiplied come out too small.",
        lambda: _same(_run(STEADY, loss_scale_factor=8.0).m, _run(STEADY / 8).m),
    ),
    Fact(
        "accumulation_refused",
        "gradient_accumulation_steps",
        "1, True and negative numbers are refused; None and 0 mean off.",
        lambda: (
            all(_refuses("integer >= 2", gradient_accumulation_steps=n) for n in (1, True, -2))
            and _takes(gradient_accumulation_steps=0)
        ),
    ),
    Fact(
        "accumulation_leftover",
        "gradient_accumulation_steps",
        "A window that is not full at the end is never applied.",
        _leftover_waits,
    ),
    Fact(
        "accumulation_bias",
        "gradient_accumulation_steps",
        "The bias correction counts updates, not calls.",
        _counts_updates,
    ),
    Fact("dynamic_halves", "initial_scale", "An overflow halves the scale; nothing else moves.", _overflow_only_halves),
    Fact(
        "dynamic_rests",
        "initial_scale",
        "A step that is left out is not counted, not even by the bias correction.",
        _skipped_step_is_not_counted,
    ),
    Fact(
        "dynamic_range",
        "initial_scale",
        "The scale has no floor and no ceiling: it can end at 0 or at infinity.",
        _no_floor_no_ceiling,
    ),
    Fact(
        "dynamic_inner",
        "initial_scale",
        "LossScaleOptimizer switches the inner optimizer's own loss_scale_factor off.",
        _drops_the_inner_scale,
    ),
    Fact(
        "dynamic_eager",
        "initial_scale",
        "On JAX a plain apply raises an error; stateless_apply, which fit uses, works.",
        _eager_loss_scale_fails_on_jax,
    ),
    Fact(
        "dynamic_doubles",
        "dynamic_growth_steps",
        "After so many good steps in a row the scale doubles, and the count starts anew.",
        _doubles,
    ),
    Fact(
        "gradients_nan",
        "gradients",
        "A NaN or an infinity stays in m and u for good; other weights go on.",
        _poisoned,
    ),
    Fact(
        "gradients_none",
        "gradients",
        "None leaves a variable out of a step; None for all of them is an error.",
        lambda: _fails(lambda: _eager(Adamax(RATE, dtype="float32"), [None]), "No gradients provided"),
    ),
    Fact(
        "unknown",
        "gradients",
        "An argument that does not exist is refused by name.",
        lambda: _refuses("Argument(s) not recognized", momentum=0.9),
    ),
)


def holds(fact: Fact) -> bool | str:
    """Whether the installed Keras behaves so, or why that could not be found out."""
    try:
        with np.errstate(all="ignore"):
            return bool(fact.check())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
