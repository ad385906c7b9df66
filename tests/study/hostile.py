"""Values as somebody sends them who means no good: as texts of a link, as JSON, as a player's request."""

from collections.abc import Mapping
from random import Random
from typing import Any

from adamax_viz.study.fields import settings_of

# Texts that a link may carry.
TEXTS = (
    *(
        "0",
        "-0.0",
        "1",
        "-1",
        "0.5",
        "2",
        "3",
        "100000",
        "16777217",
        "65504",
        "1e5",
        "1_000",
        " 7 ",
        "٣",
        "0x10",
        "[1]",
    ),
    *("1e308", "-1e308", "1e400", "5e-324", "1e-310", "1e-45", "1e38", "1e39", "nan", "inf", "-inf", "0.999", "1.5"),
    *("2147483647", "2147483648", "4294967296", "9223372036854775808", "-9223372036854775809", "1" + "0" * 30),
    *(
        "9" * 400,
        "9" * 5000,
        "true",
        "none",
        "",
        "\u202e",
        "\x00",
        "1,2",
        "1," * 200,
        "x" * 3000,
        "<img src=x>",
        "'; --",
    ),
)
# What JSON, or a session of Streamlit, may hold.
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 0.5, -0.0, 10**18, 10**19, -(10**30), 10**400, 10**5000),
    *(1e38, 1e308, -1e308, 5e-324, float("nan"), float("inf"), "1", "x", "", "\ud800", "\u202e", "a" * 5000),
    *([], {}, [1], [1, 2], [None], ["x"] * 500, {"a": 1}, {"\ud800": 1}, {"<b>": 1}, {"a": {}}, [[[]]], "<img src=x>"),
)
# Texts that mean something to a setting, and lead to what others don't.
MEANT: Mapping[str, tuple[str, ...]] = {
    "surface": ("round_bowl", "rosenbrock", "ravine", "kink", "drifting_bowl", "rare_feature", "custom"),
    "noise": ("gaussian", "heavy_tailed", "spikes", "outlier"),
    "noise_envelope": ("1", "t", "1/t"),
    "schedule": (
        *("ExponentialDecay", "PiecewiseConstantDecay", "PolynomialDecay", "InverseTimeDecay"),
        *("CosineDecay", "CosineDecayRestarts"),
    ),
    "rule": ("adam", "p=4", "p=1e5", "p=1", "p=0.001", "p=1e308", "p=nan", "torch_adamax", "adamax_uncorrected"),
    "boundaries": ("5,9", "1,1,1", "-1", "0", "9,5", "9223372036854775808"),
    "values": ("1,2", "1e308,1,-1e308", "1,2,3"),
    "domain": ("0,0,0,0", "-1e308,1e308,-1,1", "0,1e-320,0,1", "-1e-300,1e-300,1,2"),
    "start": ("1e308,-1e308", "0,0", "1e160,1"),
    "dtype": ("float32",),
    "gradient_dtype": ("float16",),
    "variables": ("two",),
    "use_ema": ("true",),
    "dynamic_loss_scale": ("true",),
    "average_by_hand": ("2", "1000", "1001", "2147483647"),
    "model": ("linear_regression", "mlp", "mlp_curve"),
    "widths": ("1", "2,3", "1," * 9 + "1", "-1", "2147483647"),
    "activation": ("relu",),
    "points": ("12", "5000", "50000", "2147483647"),
}
ODD_NAMES = (
    "level",
    "parameters.condition",
    "parameters.x",
    "self",
    "spec",
    "study",
    "i",
    "b.i",
    "b.self",
    "\ud800",
    "",
)


def link(random: Random, model: type[Any]) -> dict[str, str]:
    """Parameters of a link, some of one run among several."""
    names = list(settings_of(model))
    params = {name: _text(random, name) for name in random.sample(names, random.randint(1, 8))}
    if random.random() < 0.3:
        for letter in random.sample("abcl", 2):
            chosen = random.sample(names, random.randint(0, 3))
            params |= {f"{letter}.{name}": _text(random, name) for name in chosen} or {letter: "base"}
    if random.random() < 0.2:
        params |= {name: random.choice(TEXTS) for name in random.sample(ODD_NAMES, 2)}
    if random.random() < 0.2:
        params["effect"] = random.choice(("clipping", "ema", "noise", "schedules", "<b>"))
    return params


def _text(random: Random, name: str) -> str:
    usual = MEANT.get(name, ())
    return random.choice(usual) if usual and random.random() < 0.75 else random.choice(TEXTS)


def request(random: Random, model: type[Any], more: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a player may be made to ask."""
    names = random.sample([*settings_of(model), *ODD_NAMES, *more], random.randint(1, 5))
    return {name: random.choice(VALUES) for name in names}
