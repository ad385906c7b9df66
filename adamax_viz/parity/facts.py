"""What Keras does at the extremes, each fact with a check that runs the installed Keras.

A check returns whether the fact holds; the tests run them all, and so does the page Reference when asked.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.parity.experiments import (
    RATE,
    START,
    STEADY,
    close,
    dynamic,
    eager,
    fails,
    feed,
    moves,
    refuses,
    same,
    schedule,
    takes,
)
from adamax_viz.problems.models.backend import import_keras

Check = Callable[[], bool | np.bool_]


class Fact(NamedTuple):
    """One claim about an argument."""

    argument: str
    claim: str
    check: Check


# -- checks that take more than a line ---------------------------------------------------------------------------


def overflow_only_halves() -> bool:
    run = dynamic([[np.inf, 1.0], [1.0, 1.0]])
    rests = same(run.theta[0], run.theta[1]) and not run.m[0].any() and not run.u[0].any()
    return rests and same(run.loss_scale, [2.0**15, 2.0**14])


def skipped_step_is_not_counted() -> bool:
    """With a step skipped at first, a run goes as if it had never been."""
    scaled = STEADY * 2.0**15
    plain = dynamic(scaled)
    skipped = dynamic(np.concatenate([[[np.nan, 0.0]], scaled / 2]))
    return close(skipped.theta[1:], plain.theta) and close(skipped.m[1:], plain.m)


def no_floor_no_ceiling() -> bool:
    low = np.asarray(dynamic(np.full((9, 2), np.inf), initial=2.0**-145).loss_scale)
    high = np.asarray(dynamic(np.full((9, 2), 1e-38), growth=1, initial=2.0**122).loss_scale)
    return bool(low[-1] == 0 and np.isinf(high[-1]))


def drops_the_inner_scale() -> bool:
    keras = import_keras()
    inner = keras.optimizers.Adamax(loss_scale_factor=8.0)
    keras.optimizers.LossScaleOptimizer(inner)
    return inner.loss_scale_factor is None


def eager_loss_scale_fails_on_jax() -> bool:
    keras = import_keras()
    scaled = LossScaleOptimizer(Adamax(RATE, dtype="float32"))
    failed = fails(lambda: eager(scaled, [keras.ops.ones(2)]))
    return failed is (str(keras.backend.backend()) == "jax")


def poisoned() -> bool:
    run = feed(np.concatenate([STEADY[:2], [[np.nan, 1.0]], STEADY]))
    after = np.stack([run.m[2:, 0], run.u[2:, 0], run.theta[3:, 0]])
    return bool(np.isnan(after).all() and np.isfinite(run.m[:, 1]).all())


def kinds_of_rates() -> bool:
    words = "Argument `learning_rate` should be float"
    refused = all(refuses(words, learning_rate=rate) for rate in (1, True, np.array([0.1])))
    schedule = import_keras().optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    return refused and all(takes(learning_rate=rate) for rate in (0.1, lambda: 0.1, schedule))


def clips_of_zero_are_off() -> bool:
    plain = feed(STEADY)
    clips = ("clipnorm", "clipvalue", "global_clipnorm")
    limits: list[dict[str, Any]] = [{clip: limit} for clip in clips for limit in (0.0, -1.0)]
    return all(same(feed(STEADY, **limit).m, plain.m) for limit in limits)


FACTS: tuple[Fact, ...] = (
    Fact(
        "learning_rate",
        "Taken are a float, a schedule, or a callable without arguments; an int, a bool or an array is refused.",
        kinds_of_rates,
    ),
    Fact(
        "learning_rate",
        "0.0 stops the steps, and weight decay with them.",
        lambda: not moves(STEADY, learning_rate=0.0, weight_decay=0.5).any(),
    ),
    Fact(
        "learning_rate",
        "An int as initial_learning_rate makes a schedule compute in whole numbers: "
        "CosineDecay(0, 100, warmup_target=0.1, warmup_steps=10) stays 0 for ever.",
        lambda: (
            not any(
                schedule("CosineDecay", initial_learning_rate=0, decay_steps=100, warmup_target=0.1, warmup_steps=10)(k)
                for k in (0, 5, 10, 50)
            )
        ),
    ),
    Fact(
        "learning_rate",
        "PiecewiseConstantDecay keeps a value up to its boundary, the boundary included.",
        lambda: [schedule("PiecewiseConstantDecay", boundaries=[5], values=[1.0, 0.5])(k) for k in (5, 6)] == [1, 0.5],
    ),
    Fact(
        "learning_rate",
        "CosineDecayRestarts with t_mul below 1 ends in NaN once its ever shorter periods are used up.",
        lambda: np.isnan(schedule("CosineDecayRestarts", initial_learning_rate=0.1, first_decay_steps=4, t_mul=0.5)(9)),
    ),
    Fact("beta_1", "0: m is the gradient itself.", lambda: close(feed(STEADY, beta_1=0.0).m, STEADY)),
    Fact(
        "beta_1",
        "1: NaN at the first step, 0 divided by 0.",
        lambda: np.isnan(feed(STEADY, beta_1=1.0).theta[1:]).all(),
    ),
    Fact("beta_1", "Nothing is checked: 1.5 is taken too.", lambda: takes(beta_1=1.5, beta_2=1.5)),
    Fact(
        "beta_2",
        "0: u is the size of the last gradient; with β₁ = 0 every step is ±α.",
        lambda: (
            same(feed(STEADY, beta_2=0.0).u, np.abs(STEADY))
            and close(np.abs(moves(STEADY, beta_1=0.0, beta_2=0.0)), RATE)
        ),
    ),
    Fact(
        "beta_2",
        "1: u never forgets, it is the largest gradient so far.",
        lambda: same(feed(STEADY, beta_2=1.0).u, np.maximum.accumulate(np.abs(STEADY))),
    ),
    Fact(
        "epsilon",
        "It is added after the max, so u itself never contains it.",
        lambda: same(feed(STEADY, epsilon=1.0).u, feed(STEADY).u),
    ),
    Fact(
        "epsilon",
        "0: a gradient that is zero from the start gives NaN, 0 divided by 0.",
        lambda: np.isnan(feed([[0.0, 1.0]], epsilon=0.0).theta[1]).tolist() == [True, False],
    ),
    Fact(
        "epsilon",
        "The default keeps a weight without gradient where it is.",
        lambda: feed([[0.0, 1.0]] * 3).theta[-1, 0] == START[0],
    ),
    Fact(
        "weight_decay",
        "Without a gradient the weights shrink by 1 − weight_decay · α at each update.",
        lambda: close(feed(np.zeros((4, 2)), weight_decay=0.5).theta[:, 0], (1 - 0.5 * RATE) ** np.arange(5)),
    ),
    Fact(
        "weight_decay",
        "m and u never see it.",
        lambda: all(same(feed(STEADY, weight_decay=0.5).moments[n], feed(STEADY).moments[n]) for n in "mu"),
    ),
    Fact(
        "clipnorm",
        "The three clips exclude each other, even if one of them is 0.0.",
        lambda: refuses("Only one of", clipnorm=1.0, clipvalue=0.0),
    ),
    Fact("clipnorm", "0 or less switches any of the three off.", clips_of_zero_are_off),
    Fact(
        "clipnorm",
        "An infinite entry becomes NaN, the other entries 0.",
        lambda: same(feed([[np.inf, 1.0]], clipnorm=1.0).m[0], [np.nan, 0.0]),
    ),
    Fact(
        "clipnorm",
        "A gradient above 2e19 overflows the norm in float32: nothing of it is left.",
        lambda: not feed([[3e19, 1.0]], clipnorm=1.0).m.any(),
    ),
    Fact(
        "clipvalue",
        "An infinite entry becomes ± the value.",
        lambda: same(feed([[np.inf, -np.inf]], clipvalue=2.0, beta_1=0.0).m[0], [2.0, -2.0]),
    ),
    Fact(
        "global_clipnorm",
        "An infinite entry makes every entry of every variable NaN.",
        lambda: np.isnan(feed([[np.inf, 1.0]], global_clipnorm=1.0).m).all(),
    ),
    Fact(
        "global_clipnorm",
        "A gradient above 2e19 overflows the norm in float32: everything is NaN.",
        lambda: np.isnan(feed([[3e19, 1.0]], global_clipnorm=1.0).m).all(),
    ),
    Fact(
        "use_ema",
        "Without an overwrite the path is the same as without it.",
        lambda: same(feed(STEADY, use_ema=True).theta, feed(STEADY).theta),
    ),
    Fact(
        "use_ema",
        "finalize_variable_values puts the average into the weights; fit does it at its end.",
        lambda: same((run := feed(STEADY, use_ema=True)).finalized, np.asarray(run.ema)[-1]),
    ),
    Fact(
        "use_ema",
        "finalize_variable_values before any step sets the weights to zero.",
        lambda: not feed(np.zeros((0, 2)), use_ema=True).finalized.any(),
    ),
    Fact(
        "ema_momentum",
        "0: the average is the weights.",
        lambda: same((run := feed(STEADY, use_ema=True, ema_momentum=0.0)).ema, run.theta[1:]),
    ),
    Fact(
        "ema_momentum",
        "1: the average stays what it was after the first window.",
        lambda: same((run := feed(STEADY, use_ema=True, ema_momentum=1.0)).ema, np.tile(run.theta[1], (6, 1))),
    ),
    Fact(
        "ema_momentum",
        "It is only checked if use_ema is on: then it must be between 0 and 1.",
        lambda: takes(ema_momentum=2.0) and refuses("must be in the range [0, 1]", use_ema=True, ema_momentum=2.0),
    ),
    Fact(
        "ema_overwrite_frequency",
        "1: the weights are their average after every update.",
        lambda: same((run := feed(STEADY, use_ema=True, ema_overwrite_frequency=1)).ema, run.theta[1:]),
    ),
    Fact(
        "ema_overwrite_frequency",
        "A negative or fractional value is refused.",
        lambda: all(refuses("integer >= 1", use_ema=True, ema_overwrite_frequency=n) for n in (-1, 2.5)),
    ),
    Fact(
        "loss_scale_factor",
        "apply only divides: gradients that were not multiplied come out too small.",
        lambda: same(feed(STEADY, loss_scale_factor=8.0).m, feed(STEADY / 8).m),
    ),
    Fact(
        "gradient_accumulation_steps",
        "1, True and negative numbers are refused; None and 0 mean off.",
        lambda: (
            all(refuses("integer >= 2", gradient_accumulation_steps=n) for n in (1, True, -2))
            and takes(gradient_accumulation_steps=0)
        ),
    ),
    Fact(
        "gradient_accumulation_steps",
        "A window that is not full at the end is never applied.",
        lambda: np.flatnonzero(moves(STEADY, gradient_accumulation_steps=4).any(axis=1)).tolist() == [3],
    ),
    Fact(
        "gradient_accumulation_steps",
        "The bias correction counts updates, not calls.",
        lambda: close(
            moves(np.ones((4, 2)), gradient_accumulation_steps=4)[3],
            -RATE,  # as long as a first step
        ),
    ),
    Fact("initial_scale", "An overflow halves the scale; nothing else moves.", overflow_only_halves),
    Fact(
        "initial_scale",
        "A step that is left out is not counted, not even by the bias correction.",
        skipped_step_is_not_counted,
    ),
    Fact(
        "initial_scale", "The scale has no floor and no ceiling: it can end at 0 or at infinity.", no_floor_no_ceiling
    ),
    Fact(
        "initial_scale",
        "LossScaleOptimizer switches the inner optimizer's own loss_scale_factor off.",
        drops_the_inner_scale,
    ),
    Fact(
        "initial_scale",
        "On JAX a plain apply raises an error; stateless_apply, which fit uses, works.",
        eager_loss_scale_fails_on_jax,
    ),
    Fact(
        "dynamic_growth_steps",
        "After so many good steps in a row the scale doubles, and the count starts anew.",
        lambda: same(dynamic(np.ones((5, 2)), growth=2).loss_scale, 2.0**15 * np.array([1, 1, 2, 2, 4])),
    ),
    Fact("gradients", "A NaN or an infinity stays in m and u for good; other weights go on.", poisoned),
    Fact(
        "gradients",
        "None leaves a variable out of a step; None for all of them is an error.",
        lambda: fails(lambda: eager(Adamax(RATE, dtype="float32"), [None]), "No gradients provided"),
    ),
    Fact(
        "gradients",
        "An argument that does not exist is refused by name.",
        lambda: refuses("Argument(s) not recognized", momentum=0.9),
    ),
)


def holds(fact: Fact) -> bool | str:
    """Whether the installed Keras behaves so, or why that could not be found out."""
    try:
        with np.errstate(all="ignore"):
            return bool(fact.check())
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"
