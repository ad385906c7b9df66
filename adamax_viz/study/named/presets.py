"""Examples that show something at first sight: a link each, and what to look at."""

from functools import cache
from typing import NamedTuple

from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec


class Preset(NamedTuple):
    """One example. `look` names what to watch; what it claims is checked in the tests by name."""

    name: str
    title: str
    query: str
    look: str


PRESETS: tuple[Preset, ...] = (
    Preset(
        "bias_correction",
        "Bias correction on step 1",
        "surface=round_bowl&learning_rate=0.2&steps=60",
        "Press Home: m is only a tenth of g, yet the first step is α long, because m is divided by 1 − β₁.",
    ),
    Preset(
        "ravine",
        "A ravine, equal steps",
        "surface=ravine&learning_rate=0.1&steps=150",
        "The gradient along y is many times larger, but u is too: both coordinates set out with steps of about α.",
    ),
    Preset(
        "outlier",
        "One outlier, a long memory",
        "surface=round_bowl&start=-2.5,2.0&learning_rate=0.05&steps=400&noise=outlier&noise_scale=300.0&noise_step=15",
        "At step 15 one huge gradient jumps into u and stays for hundreds of steps: watch the steps shrink.",
    ),
    Preset(
        "forgetting",
        "The same outlier, β₂ = 0.9",
        "surface=round_bowl&start=-2.5,2.0&learning_rate=0.05&steps=400&beta_2=0.9&noise=outlier&noise_scale=300.0&noise_step=15",
        "With β₂ = 0.9 instead of 0.999, u forgets the outlier soon and the run arrives.",
    ),
    Preset(
        "clipvalue",
        "clipvalue bends the direction",
        "surface=ravine&learning_rate=0.1&steps=150&clipvalue=1.0",
        "Compare the arrows −g and −ĝ: cutting each entry on its own turns the gradient.",
    ),
    Preset(
        "clipnorm",
        "clipnorm keeps it",
        "surface=ravine&learning_rate=0.1&steps=150&clipnorm=1.0",
        "The same ravine with clipnorm: ĝ is shorter than g and points the same way.",
    ),
    Preset(
        "ema",
        "EMA smooths a limit cycle",
        "surface=kink&learning_rate=0.3&steps=300&use_ema=true&ema_momentum=0.95",
        "The path circles the kink for ever; its average θ̄ comes much closer.",
    ),
    Preset(
        "accumulation",
        "Accumulation under noise",
        "surface=round_bowl&learning_rate=0.2&steps=640&noise=gaussian&noise_scale=4.0&seed=3&gradient_accumulation_steps=8",
        "Eight noisy gradients make one step: watch the bucket fill, then the head move.",
    ),
    Preset(
        "kink",
        "A kink has no small gradients",
        "surface=kink&learning_rate=0.2&steps=200",
        "|x| + |y| has slope 1 up to the very tip: nothing tells Adamax to slow down.",
    ),
    Preset(
        "cosine",
        "A decaying rate lets it rest",
        "surface=kink&learning_rate=0.2&steps=200&schedule=CosineDecay&decay_steps=200.0",
        "The same kink with a cosine schedule: the circles shrink with the learning rate.",
    ),
    Preset(
        "saddle",
        "Escape from a saddle",
        "surface=saddle&learning_rate=0.05&steps=200",
        "The gradient out of the saddle is tiny, but divided by its own size it is a full step.",
    ),
    Preset(
        "cliff",
        "Over a cliff",
        "surface=cliff&learning_rate=0.05&steps=300",
        "The wall's gradient is enormous; the step is not. But u remembers the wall for a long time.",
    ),
    Preset(
        "moving_bowl",
        "A bowl that moves",
        "surface=drifting_bowl&learning_rate=0.1&steps=400",
        "The minimum wanders with the step; how well the path follows depends on α and β₁.",
    ),
    Preset(
        "weight_decay",
        "Weight decay stops short",
        "surface=himmelblau&learning_rate=0.05&steps=400&weight_decay=0.5",
        "The run stops at (−2, −2), between the minimum and zero: there decay, λ|θ|α, takes back a full step of α.",
    ),
    Preset(
        "underflow",
        "float16 loses small gradients",
        "surface=scaled_bowl&parameters.scale=1e-09&learning_rate=0.05&epsilon=1e-12&steps=150&gradient_dtype=float16",
        "Every gradient rounds to zero, so nothing moves. Switch a loss scale on and it does.",
    ),
    Preset(
        "himmelblau",
        "Four minima, one start",
        "surface=himmelblau",
        "Drag the start: which of the four minima wins changes along lines you can find.",
    ),
)


@cache
def preset_settings(query: str) -> RunSpec:
    """The settings of a preset's link."""
    return from_query(query).settings
