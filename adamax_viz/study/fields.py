"""The controls as data: label, range and one line of help for each setting, in named groups."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from adamax_viz.core.schedules import SCHEDULES
from adamax_viz.study.spec import DEFAULTS, MAX_STEPS, RunSpec

# "decay" is a slider that is fine near 1: it moves 1 - value logarithmically.
Kind = Literal["linear", "log", "decay", "whole", "switch", "choice", "text", "numbers"]
NUMERIC = ("linear", "log", "decay", "whole")


class Control(NamedTuple):
    """One setting on the screen.

    `low` and `high` bound the slider, not the setting: a link may carry any value the settings allow.
    """

    name: str
    label: str
    kind: Kind
    help: str
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    choices: tuple[str, ...] = ()
    optional: float | None = None  # the value that switching an optional setting on begins with


class Group(NamedTuple):
    """Controls that belong together, and what they do to the path in one line."""

    name: str
    title: str
    help: str
    controls: tuple[Control, ...]
    exclusive: str = ""  # the title of a choice between its optional controls, of which at most one is on


MAIN = Group(
    "main",
    "Adamax",
    "The few that matter most.",
    (
        Control(
            "learning_rate",
            "Rate α",
            "log",
            "The learning rate, how long a step is: each coordinate moves by about α.",
            1e-4,
            10.0,
        ),
        Control(
            "beta_1",
            "β₁",
            "decay",
            "How long m remembers: higher rolls on, lower follows each gradient.",
            0.0,
            0.9999,
        ),
        Control(
            "beta_2",
            "β₂",
            "decay",
            "How slowly u forgets its largest gradient; a big u means small steps.",
            0.0,
            0.99999,
        ),
        Control(
            "epsilon",
            "ε",
            "log",
            "Added to u before dividing: with tiny gradients it makes the steps shorter.",
            1e-10,
            1.0,
        ),
        Control("steps", "Steps", "whole", "How many gradients the run sees.", 1, 2000, 1),
    ),
)

GROUPS: tuple[Group, ...] = (
    Group(
        "precision",
        "Precision, stopping",
        "How finely Keras computes, and when to stop early.",
        (
            Control(
                "dtype",
                "Precision",
                "choice",
                "Keras computes in float32; float64 is finer.",
                choices=("float64", "float32"),
            ),
            Control(
                "tolerance",
                "Tolerance",
                "log",
                "Stop once every gradient entry is this small.",
                1e-12,
                1.0,
                optional=1e-6,
            ),
        ),
    ),
    Group(
        "clipping",
        "Clipping",
        "Limits the gradient before m and u see it; only one kind at a time.",
        (
            Control(
                "clipnorm",
                "clipnorm",
                "log",
                "Shortens each variable's gradient to this norm; its direction stays.",
                1e-3,
                100.0,
                optional=1.0,
            ),
            Control(
                "clipvalue",
                "clipvalue",
                "log",
                "Cuts each entry at ± this value; that bends the direction.",
                1e-3,
                100.0,
                optional=1.0,
            ),
            Control(
                "global_clipnorm",
                "global_clipnorm",
                "log",
                "Shortens all variables together to this norm.",
                1e-3,
                100.0,
                optional=1.0,
            ),
            Control(
                "variables",
                "x and y are",
                "choice",
                "One Keras variable or two: clipnorm takes the norm of each.",
                choices=("one", "two"),
            ),
        ),
        exclusive="Clip",
    ),
    Group(
        "ema",
        "EMA",
        "A moving average of the weights beside the path.",
        (
            Control("use_ema", "use_ema", "switch", "Keep a moving average of the weights."),
            Control(
                "ema_momentum", "ema_momentum", "decay", "How slowly the average follows the path.", 0.0, 0.999, 0.001
            ),
            Control(
                "ema_overwrite_frequency",
                "ema_overwrite_frequency",
                "whole",
                "Every so many updates the path jumps onto its average.",
                1,
                200,
                1,
                optional=50,
            ),
        ),
    ),
    Group(
        "accumulation",
        "Accumulation",
        "Collects gradients and moves once on their mean.",
        (
            Control(
                "gradient_accumulation_steps",
                "gradient_accumulation_steps",
                "whole",
                "So many gradients make one step.",
                2,
                64,
                1,
                optional=4,
            ),
        ),
    ),
    Group(
        "decay",
        "Weight decay",
        "Pulls the weights towards zero at every step.",
        (
            Control(
                "weight_decay",
                "weight_decay",
                "log",
                "Each step also shrinks the weights by this times the learning rate.",
                1e-5,
                2.0,
                optional=0.1,
            ),
        ),
    ),
    Group(
        "schedule",
        "Schedule",
        "Changes the learning rate while the run goes on; α above is where it begins.",
        (
            Control(
                "schedule",
                "Schedule",
                "choice",
                "The learning rate over time.",
                choices=("none", *SCHEDULES),
            ),
            Control("decay_steps", "decay_steps", "log", "Steps that the decay takes.", 1.0, 5000.0),
            Control(
                "decay_rate",
                "decay_rate",
                "linear",
                "How much remains after decay_steps (or how fast 1/t falls).",
                0.01,
                2.0,
                0.01,
            ),
            Control("staircase", "staircase", "switch", "Fall in stairs, not smoothly."),
            Control("boundaries", "boundaries", "numbers", "Steps after which the rate changes, with commas between."),
            Control("values", "values", "numbers", "The rates in between, one more than boundaries."),
            Control("end_learning_rate", "end_learning_rate", "log", "Where the polynomial ends.", 1e-6, 1.0),
            Control("power", "power", "linear", "1 is a straight line, 2 a parabola.", 0.1, 5.0, 0.1),
            Control("cycle", "cycle", "switch", "Start again, longer, each time the end is reached."),
            Control("alpha", "alpha", "linear", "The cosine's floor as a part of the first rate.", 0.0, 1.0, 0.01),
            Control(
                "warmup_target",
                "warmup_target",
                "log",
                "Rise to this rate first, then decay from it.",
                1e-4,
                10.0,
                optional=0.1,
            ),
            Control("warmup_steps", "warmup_steps", "whole", "Steps of the rise.", 0, 1000, 1),
            Control("first_decay_steps", "first_decay_steps", "log", "Length of the first period.", 1.0, 2000.0),
            Control("t_mul", "t_mul", "linear", "Each period is so many times longer.", 0.5, 4.0, 0.1),
            Control("m_mul", "m_mul", "linear", "Each period begins so many times as high.", 0.1, 2.0, 0.05),
        ),
    ),
    Group(
        "loss_scale",
        "Loss scale",
        "Half precision: small gradients vanish and large ones overflow unless the loss is scaled.",
        (
            Control(
                "gradient_dtype",
                "Gradients in",
                "choice",
                "float16 rounds each gradient to half precision.",
                choices=("none", "float16"),
            ),
            Control(
                "loss_scale_factor",
                "loss_scale_factor",
                "log",
                "Multiplies the loss and divides the gradient again.",
                1.0,
                65536.0,
                optional=1024.0,
            ),
            Control(
                "dynamic_loss_scale",
                "LossScaleOptimizer",
                "switch",
                "Let Keras find the scale: halve on overflow, double when all is well.",
            ),
            Control("initial_scale", "initial_scale", "log", "Where that search begins.", 1.0, 2.0**24),
            Control(
                "dynamic_growth_steps",
                "dynamic_growth_steps",
                "whole",
                "Good steps before the scale doubles.",
                1,
                2000,
                1,
            ),
        ),
    ),
    Group(
        "noise",
        "Noise",
        "Disturbs the gradients, the same way each time for the same seed.",
        (
            Control(
                "noise",
                "Noise",
                "choice",
                "What disturbs the gradient.",
                choices=("none", "gaussian", "heavy_tailed", "spikes", "outlier"),
            ),
            Control("noise_scale", "Amplitude", "log", "How strong it is, in units of the gradient.", 1e-3, 1000.0),
            Control(
                "noise_probability", "Chance of a spike", "linear", "How often a step has a spike.", 0.0, 1.0, 0.005
            ),
            Control("noise_step", "Outlier at step", "whole", "Which step it hits.", 0, 2000, 1),
            Control(
                "noise_envelope",
                "Amplitude over time",
                "text",
                "A formula in t that multiplies the amplitude, such as exp(-t/100).",
            ),
            Control("seed", "Seed", "whole", "Another seed, another noise.", 0, 999, 1),
        ),
    ),
)

CONTROLS: dict[str, Control] = {c.name: c for group in (MAIN, *GROUPS) for c in group.controls}

# Which controls a choice brings with it; the others of its group stay hidden.
SHOWN_WITH: dict[str, dict[str, tuple[str, ...]]] = {
    "schedule": {
        "none": (),
        "ExponentialDecay": ("decay_steps", "decay_rate", "staircase"),
        "PiecewiseConstantDecay": ("boundaries", "values"),
        "PolynomialDecay": ("decay_steps", "end_learning_rate", "power", "cycle"),
        "InverseTimeDecay": ("decay_steps", "decay_rate", "staircase"),
        "CosineDecay": ("decay_steps", "alpha", "warmup_target", "warmup_steps"),
        "CosineDecayRestarts": ("first_decay_steps", "t_mul", "m_mul", "alpha"),
    },
    "noise": {
        "none": (),
        "gaussian": ("noise_scale", "noise_envelope", "seed"),
        "heavy_tailed": ("noise_scale", "noise_envelope", "seed"),
        "spikes": ("noise_scale", "noise_probability", "noise_envelope", "seed"),
        "outlier": ("noise_scale", "noise_step"),
    },
    "use_ema": {"False": (), "True": ("ema_momentum", "ema_overwrite_frequency")},
    "dynamic_loss_scale": {"False": ("loss_scale_factor",), "True": ("initial_scale", "dynamic_growth_steps")},
}


def is_shown(name: str, values: dict[str, Any]) -> bool:
    """Whether a control matters for these values: its group's choice may have switched it off."""
    governed = [(chooser, table) for chooser, table in SHOWN_WITH.items() if any(name in n for n in table.values())]
    return all(name in table[str(values[chooser])] for chooser, table in governed)


class Knob(NamedTuple):
    """A number that responds while its thumb moves. `low` and `high` bound the slider, `least` and `most` the value."""

    name: str
    label: str
    help: str
    kind: Kind
    low: float
    high: float
    step: float
    value: float
    default: float
    least: float | None = None
    most: float | None = None


# Bounds of the values themselves, where the settings have some.
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "steps": (1, MAX_STEPS),
    "ema_momentum": (0, 1),
    "ema_overwrite_frequency": (1, None),
    "gradient_accumulation_steps": (2, None),
    "noise_probability": (0, 1),
    "noise_step": (0, None),
    "warmup_steps": (0, None),
    "dynamic_growth_steps": (1, None),
    "seed": (0, 2**32 - 1),
}


def knobs(settings: RunSpec, groups: tuple[Group, ...] = GROUPS) -> list[Knob]:
    """The knobs that do something: the main ones, the surface's own, and those of the features that are on."""
    values = settings.model_dump()
    made = [knob(control, values[control.name]) for control in MAIN.controls]
    made += [
        Knob(f"parameters.{name}", name.replace("_", " "), p.help, _scale(p.low, p.high), p.low, p.high,
             (p.high - p.low) / 200, settings.parameters.get(name, p.default), p.default)
        for name, p in settings.the_surface().parameters.items()
    ]  # fmt: skip
    for group in groups:
        for control in group.controls:
            if control.kind in NUMERIC and values[control.name] is not None and is_shown(control.name, values):
                made.append(knob(control, values[control.name]))
    return made


# Keras's longer names don't fit on a knob; the sidebar's switch beside it has them in full.
_SHORT = {
    "ema_momentum": "EMA momentum",
    "ema_overwrite_frequency": "overwrite every",
    "gradient_accumulation_steps": "accumulate",
    "weight_decay": "weight decay",
    "loss_scale_factor": "loss scale",
    "global_clipnorm": "global clip",
    "dynamic_growth_steps": "growth steps",
    "end_learning_rate": "end rate",
    "first_decay_steps": "first period",
    "noise_probability": "spike chance",
    "noise_step": "outlier at",
    "warmup_target": "warm-up to",
    "warmup_steps": "warm-up steps",
}


def _scale(low: float, high: float) -> Kind:
    """Ranges over decades move logarithmically."""
    return "log" if low > 0 and high / low >= 50 else "linear"


def knob(control: Control, value: float) -> Knob:
    """A control of a number as a knob at this value."""
    c, bounds = control, _BOUNDS.get(control.name, (None, None))
    default = DEFAULTS[c.name] if c.optional is None else c.optional
    return Knob(c.name, _SHORT.get(c.name, c.label), c.help, c.kind, c.low, c.high, c.step, value, default, *bounds)
