"""The effects as data: a question, the settings that answer it, and the same run with and without."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Changes = Mapping[str, Any]  # fields of RunSpec that differ from the base


class Level(NamedTuple):
    """The number an effect is about. One knob moves it in all variants that set it; their ratios stay."""

    label: str
    names: tuple[str, ...]  # fields of RunSpec


class Effect(NamedTuple):
    """One scene of a family: a question, and two to four variants of one run that answer it."""

    name: str
    family: str
    title: str
    question: str
    line: str  # what to look at
    base: Changes
    variants: tuple[Changes, ...]
    panels: tuple[str, ...]  # keys of the charts that show it
    says: tuple[str, ...] = ()  # what the runs are asked: names of adamax_viz.words.findings
    level: Level | None = None
    first: int | None = None  # so many first steps are worth enlarging
    plain: str = "as all"  # a variant that changes nothing, in a few words


_MOMENTUM = Level("Momentum", ("ema_momentum",))
_WINDOW = Level("Window N", ("gradient_accumulation_steps", "average_by_hand"))
_SCALE = Level("Loss scale", ("loss_scale_factor", "initial_scale"))
_NOISE = Level("Amplitude", ("noise_scale",))
_GAUSSIAN = {"surface": "round_bowl", "noise": "gaussian", "noise_scale": 4.0, "seed": 3}
# Its gradients differ by eight decades between x and y: float16 holds less than that.
_HALF = {
    "surface": "custom",
    "formula": "(1e-8*x^2 + y^2)/2",
    "start": (-2.5, 2.4),
    "steps": 120,
    "epsilon": 1e-12,
    "gradient_dtype": "float16",
}
_CLIPPING = Effect(
    "clipping",
    "Clipping",
    "x, y two variables",
    "What does clipnorm do that global_clipnorm doesn't?",
    "With x and y as two variables, clipnorm cuts each on its own, just as clipvalue does; only the global norm "
    "keeps the direction.",
    {"surface": "rosenbrock", "learning_rate": 0.02, "variables": "two"},
    ({}, {"clipvalue": 1.0}, {"clipnorm": 1.0}, {"global_clipnorm": 1.0}),
    ("loss", "gradient", "turn", "u", "ratio", "difference"),
    ("turned", "coincide", "ends"),
    Level("Clip limit", ("clipnorm", "clipvalue", "global_clipnorm")),
    plain="no clipping",
)

EFFECTS: tuple[Effect, ...] = (
    _CLIPPING,
    _CLIPPING._replace(
        name="clipping_one",
        title="x, y one variable",
        question="And when x and y are one variable?",
        line="Then the variable's norm is the global norm; only clipvalue still bends the gradient.",
        base={**_CLIPPING.base, "variables": "one"},
    ),
    Effect(
        "rescaling",
        "Clipping",
        "Rescaling all or some",
        "Is a clip more than a smaller gradient?",
        "Every gradient a hundred times smaller: the same path. Only the spikes cut: another path.",
        {"surface": "scaled_bowl", "noise": "spikes", "noise_scale": 60.0, "noise_probability": 0.03},
        ({}, {"parameters": {"scale": 0.01}, "noise_scale": 0.6}, {"clipnorm": 1.0}),
        ("loss", "gradient", "u", "ratio", "step", "difference"),
        ("rescaled", "ends"),
        Level("Clip limit", ("clipnorm",)),
        plain="as it is",
    ),
    Effect(
        "ema",
        "EMA",
        "Momentum",
        "What does use_ema change?",
        "The path stays as it is: the average runs beside it, and only finalize puts it into the weights.",
        {"surface": "booth", "learning_rate": 0.2, "steps": 500, "noise": "gaussian", "noise_scale": 20.0},
        (
            {},
            {"use_ema": True, "ema_momentum": 0.9},
            {"use_ema": True, "ema_momentum": 0.99},
            {"use_ema": True, "ema_momentum": 0.999},
        ),
        ("average", "ema", "loss", "difference"),
        ("finalized", "coincide"),
        _MOMENTUM,
        plain="no EMA",
    ),
    Effect(
        "ema_overwrite",
        "EMA",
        "Overwrite",
        "What does ema_overwrite_frequency do to the path?",
        "Every so many updates the weights jump onto their average; too often, and they never get away from it.",
        {
            "surface": "booth",
            "learning_rate": 0.2,
            "noise": "gaussian",
            "noise_scale": 20.0,
            "use_ema": True,
            "ema_momentum": 0.95,
        },
        ({}, {"ema_overwrite_frequency": 5}, {"ema_overwrite_frequency": 20}, {"ema_overwrite_frequency": 80}),
        ("average", "ema", "loss", "difference"),
        ("overwritten", "farthest", "ends"),
        _MOMENTUM,
        plain="no overwrite",
    ),
    Effect(
        "ema_window",
        "EMA",
        "First window",
        "Where does the average begin?",
        "During the whole first window the average is a copy of the weights; after it, it moves on every micro-step.",
        {"surface": "round_bowl", "learning_rate": 0.2, "steps": 64, "use_ema": True, "ema_momentum": 0.9},
        ({}, {"gradient_accumulation_steps": 4}, {"gradient_accumulation_steps": 16}),
        ("average", "ema", "weights", "difference"),
        ("first_window", "finalized"),
        _MOMENTUM,
        first=32,
        plain="N = 1",
    ),
    Effect(
        "accumulation",
        "Accumulation",
        "N = 1, 2, 4, 8",
        "What does gradient_accumulation_steps do under noise?",
        "The same gradients in the same order: a larger N makes fewer and calmer steps.",
        _GAUSSIAN | {"learning_rate": 0.1, "steps": 320},
        (
            {},
            {"gradient_accumulation_steps": 2},
            {"gradient_accumulation_steps": 4},
            {"gradient_accumulation_steps": 8},
        ),
        ("loss", "bucket", "m", "updates", "step", "difference"),
        ("updated", "ends"),
        _WINDOW,
        first=32,
        plain="N = 1",
    ),
    Effect(
        "accumulation_by_hand",
        "Accumulation",
        "By hand",
        "Is accumulation the same as a bigger batch?",
        "Eight gradients averaged by hand and one step for them, beside Keras's accumulation of the same eight.",
        _GAUSSIAN | {"learning_rate": 0.2, "steps": 320},
        ({}, {"gradient_accumulation_steps": 8}, {"average_by_hand": 8}),
        ("loss", "bucket", "m", "u", "step", "difference"),
        ("by_hand", "updated", "ends"),
        _WINDOW,
        first=32,
        plain="N = 1",
    ),
    Effect(
        "accumulation_schedule",
        "Accumulation",
        "With a schedule",
        "Does a schedule count updates or calls?",
        "Calls: under accumulation the rate falls N times faster than the updates that use it.",
        _GAUSSIAN | {"learning_rate": 0.2, "steps": 320, "schedule": "CosineDecay", "decay_steps": 320.0},
        ({"gradient_accumulation_steps": 4}, {"average_by_hand": 4}, {"average_by_hand": 4, "decay_steps": 80.0}),
        ("loss", "rate", "step", "difference"),
        ("rates_seen", "by_hand", "farthest"),
        _WINDOW,
    ),
    Effect(
        "weight_decay",
        "Weight decay",
        "Decoupled or L2",
        "Is weight decay an L2 penalty?",
        "Not in Adamax: decoupled decay competes with the length of the step, a penalty with the gradient.",
        {"surface": "booth", "learning_rate": 0.05, "beta_2": 0.99, "steps": 400},
        ({}, {"weight_decay": 0.2}, {"l2_in_loss": 0.2}, {"l2_in_gradient": 0.2, "rule": "torch_adamax"}),
        ("weights", "loss", "gradient", "u", "ratio", "difference"),
        ("fixed_points", "farthest"),
        Level("Strength λ", ("weight_decay", "l2_in_loss", "l2_in_gradient")),
        plain="no decay",
    ),
    Effect(
        "schedules",
        "Schedules",
        "Smooth",
        "What does a falling learning rate do to the end of a run?",
        "On a kink nothing but the schedule tells Adamax to slow down: the circles are as wide as the rate.",
        {"surface": "kink", "learning_rate": 0.2, "steps": 200, "decay_steps": 200.0},
        (
            {},
            {"schedule": "ExponentialDecay", "decay_rate": 0.1},
            {"schedule": "InverseTimeDecay", "decay_rate": 10.0},
            {"schedule": "PolynomialDecay"},
        ),
        ("loss", "rate", "step", "difference"),
        ("swings", "ends"),
        Level("Decay steps", ("decay_steps",)),
        plain="constant rate",
    ),
    Effect(
        "schedules_shaped",
        "Schedules",
        "Stairs, cosine, warm-up",
        "Stairs, a cosine, restarts or a warm-up?",
        "A restart throws the path off its resting place; a warm-up begins slowly, on top of the bias correction.",
        {"surface": "kink", "learning_rate": 0.2, "steps": 200, "decay_steps": 200.0, "first_decay_steps": 40.0},
        (
            {"schedule": "PiecewiseConstantDecay", "boundaries": (60, 130), "values": (0.2, 0.05, 0.01)},
            {"schedule": "CosineDecay"},
            {"schedule": "CosineDecayRestarts"},
            {"schedule": "CosineDecay", "learning_rate": 0.0, "warmup_target": 0.2, "warmup_steps": 40},
        ),
        ("loss", "rate", "step", "difference"),
        ("restarted", "swings"),
        Level("Decay steps", ("decay_steps",)),
    ),
    Effect(
        "bias_correction",
        "Bias correction",
        "On, off",
        "Why is m divided by 1 − β₁ᵗ, and u not?",
        "m begins at zero and needs time to grow; u takes the first gradient whole, because it is a maximum.",
        {"surface": "round_bowl", "learning_rate": 0.1, "steps": 80},
        ({}, {"rule": "adamax_uncorrected"}),
        ("m", "u", "rate", "ratio", "loss", "difference"),
        ("first_steps", "farthest", "ends"),
        first=12,
        plain="corrected, as Keras",
    ),
    Effect(
        "beta_1",
        "β₁, β₂, ε",
        "β₁: rolling on",
        "What does a high β₁ do?",
        "m remembers longer, so the path rolls on through the minimum and swings back.",
        {"surface": "ravine", "learning_rate": 0.1},
        ({"beta_1": 0.0}, {"beta_1": 0.9}, {"beta_1": 0.97}, {"beta_1": 0.99}),
        ("loss", "m", "weights", "ratio", "step", "difference"),
        ("crossings", "ends"),
        Level("β₁", ("beta_1",)),
    ),
    Effect(
        "beta_2",
        "β₁, β₂, ε",
        "β₂: an outlier",
        "How long does u remember one huge gradient?",
        "u falls by β₂ a step, so the steps stay short for thousands of them at 0.999 and for a few dozen at 0.9.",
        {
            "surface": "round_bowl",
            "start": (-2.5, 2.0),
            "steps": 400,
            "noise": "outlier",
            "noise_scale": 300.0,
            "noise_step": 15,
        },
        ({"beta_2": 0.9}, {"beta_2": 0.99}, {"beta_2": 0.999}),
        ("loss", "u", "ratio", "step", "gradient", "difference"),
        ("memory", "ends"),
        Level("β₂", ("beta_2",)),
    ),
    Effect(
        "epsilon",
        "β₁, β₂, ε",
        "ε: tiny gradients",
        "When does ε matter?",
        "When the gradients are about as small as it: then u + ε is mostly ε, and the steps are no longer about α.",
        {"surface": "scaled_bowl", "parameters": {"scale": 1e-6}, "steps": 200},
        ({"epsilon": 1e-10}, {"epsilon": 1e-7}, {"epsilon": 1e-6}, {"epsilon": 1e-5}),
        ("loss", "u", "ratio", "step", "gradient", "difference"),
        ("epsilon_share", "ends"),
        Level("ε", ("epsilon",)),
    ),
    Effect(
        "loss_scale",
        "Loss scale",
        "Fixed",
        "Why multiply a loss only to divide its gradient again?",
        "Half precision holds gradients between about 6e-8 and 65504: too small a scale loses x, too large a one y.",
        _HALF,
        ({}, {"loss_scale_factor": 2.0**8}, {"loss_scale_factor": 2.0**14}, {"loss_scale_factor": 2.0**16}),
        ("scaled", "gradient", "weights", "loss", "step", "difference"),
        ("half_precision", "coincide"),
        _SCALE,
        first=12,
        plain="no loss scale",
    ),
    Effect(
        "dynamic_loss_scale",
        "Loss scale",
        "Dynamic",
        "How does LossScaleOptimizer find the scale?",
        "It doubles after enough good steps; an overflow halves it and costs that step.",
        _HALF,
        (
            {"loss_scale_factor": 2.0**8},
            {"dynamic_loss_scale": True},
            {"dynamic_loss_scale": True, "dynamic_growth_steps": 10},
            {"dynamic_loss_scale": True, "initial_scale": 1.0, "dynamic_growth_steps": 10},
        ),
        ("scale", "scaled", "weights", "loss", "step", "difference"),
        ("scale_walk", "farthest"),
        Level("Growth", ("dynamic_growth_steps",)),
    ),
    Effect(
        "noise",
        "Noise",
        "Kinds of noise",
        "Which noise hurts Adamax?",
        "Noise of one size hardly; rare large values do, because u keeps the largest gradient it has seen.",
        {"surface": "round_bowl", "noise_scale": 1.0},
        ({}, {"noise": "gaussian"}, {"noise": "heavy_tailed"}, {"noise": "spikes", "noise_scale": 30.0}),
        ("loss", "gradient", "u", "ratio", "step", "difference"),
        ("late_steps", "ends"),
        _NOISE,
        plain="no noise",
    ),
    Effect(
        "outlier",
        "Noise",
        "One outlier",
        "What helps against one outlier?",
        "A clip keeps it out of u; a lower β₂ lets u forget it.",
        {"surface": "round_bowl", "start": (-2.5, 2.0), "noise": "outlier", "noise_scale": 300.0, "noise_step": 15},
        ({"noise": "none"}, {}, {"clipnorm": 3.0}, {"beta_2": 0.95}),
        ("loss", "u", "gradient", "ratio", "step", "difference"),
        ("late_steps", "ends"),
        _NOISE,
        plain="the outlier as it is",
    ),
)
FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(effect.family for effect in EFFECTS))


def find_effect(name: str | None) -> Effect | None:
    """The effect of that name."""
    return next((effect for effect in EFFECTS if effect.name == name), None)


def first_of(family: str) -> Effect:
    """The first scene of a family."""
    return next(effect for effect in EFFECTS if effect.family == family)
