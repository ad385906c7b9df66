"""A comparison in hand: its words, its knobs, and what can be done to it. Each change gives a new comparison."""

from __future__ import annotations

from typing import Any

from adamax_viz.study.fields import CONTROLS, GROUPS, Control, Knob, knob, knobs
from adamax_viz.study.named.effects import FEWEST, LETTERS, MOST, Changes, Level, Study
from adamax_viz.study.spec import ADAMAX_ARGUMENTS
from adamax_viz.study.variants import BEYOND, VariantSettings
from adamax_viz.words.numbers import number

LEVEL = "level"  # the knob that moves all variants
# What a comparison has in common: one landscape, one start.
SHARED = frozenset({"surface", "formula", "domain", "start"})
ALL_CONTROLS: dict[str, Control] = CONTROLS | {c.name: c for c in BEYOND.controls}


# -- words -----------------------------------------------------------------------------------------------------

_NAMES = {"beta_1": "β₁", "beta_2": "β₂", "epsilon": "ε", "learning_rate": "α", "gradient_accumulation_steps": "N"}
_RULES = {
    "adamax": "Adamax",
    "adamax_uncorrected": "no bias correction",
    "torch_adamax": "torch's rule",
    "adam": "Adam",
}
_NOISES = {
    "none": "no noise",
    "gaussian": "Gaussian noise",
    "heavy_tailed": "heavy-tailed noise",
    "spikes": "spikes",
    "outlier": "an outlier",
}
_SHORT = {
    "ema_overwrite_frequency": "overwrite every {}",
    "ema_momentum": "momentum {}",
    "weight_decay": "weight decay {}",
    "l2_in_loss": "L2 in the loss {}",
    "l2_in_gradient": "L2 in the gradient {}",
    "average_by_hand": "{} by hand",
    "loss_scale_factor": "loss scale {}",
    "initial_scale": "from {}",
    "dynamic_growth_steps": "growth every {}",
    "warmup_steps": "{} steps of warm-up",
    "warmup_target": "up to {}",
    "noise_scale": "amplitude {}",
}
_SILENT = frozenset({"boundaries", "values"})  # their schedule's name is enough


def label(shown: Study, i: int) -> str:
    """What a variant does otherwise than the base, in a few words; made anew at every change, so that it is true."""
    words = [_words(name, value) for name, value in shown.variants[i].items() if name not in _SILENT]
    return ", ".join(word for word in words if word) or _plain(shown)


def _plain(shown: Study) -> str:
    """The effect's word for a variant without changes, as long as the base is still without the effect."""
    own = VariantSettings(**shown.effect.base)
    matter = {name for changes in shown.effect.variants for name in changes}
    same = all(getattr(shown.base, name) == getattr(own, name) for name in matter)
    return shown.effect.plain if same else "as all"


def _words(name: str, value: Any) -> str:
    if name == "rule":
        return _RULES[str(value)]
    if name == "schedule":
        return "no schedule" if value == "none" else str(value)
    if name == "noise":
        return _NOISES[str(value)]
    if name == "variables":
        return "one variable" if value == "one" else "two variables"
    if name == "parameters":
        return ", ".join(f"{key} {_text(v)}" for key, v in value.items())
    if isinstance(value, bool):
        titles = {"use_ema": "EMA", "dynamic_loss_scale": "LossScaleOptimizer"}
        return titles.get(name, name) if value else f"no {titles.get(name, name)}"
    if value is None:
        return f"no {_NAMES.get(name, name)}"
    if name in _SHORT:
        return _SHORT[name].format(_text(value))
    symbol = _NAMES.get(name, name)
    return f"{symbol} = {_text(value)}" if name in _NAMES else f"{symbol} {_text(value)}"


def _text(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        power = _power_of_two(value)
        return f"2^{power}" if power > 6 else number(value)
    return str(value)


def _power_of_two(value: float) -> int:
    """The exponent of a whole power of two, else 0."""
    whole = int(value)
    return whole.bit_length() - 1 if whole == value and whole > 0 and whole & (whole - 1) == 0 else 0


# -- changes ---------------------------------------------------------------------------------------------------


def change_base(comparison: Study, **fields: Any) -> Study:
    """Other values for all variants that have none of their own.

    Raises:
        ValueError: a value of the wrong kind.
    """
    return comparison._replace(base=comparison.base.changed(**fields))


def change_variant(comparison: Study, i: int, **fields: Any) -> Study:
    """Other values for one variant; what then equals the base is no change any more.

    Raises:
        ValueError: a value of the wrong kind.
    """
    base = comparison.base.model_dump()
    kept = VariantSettings(**(base | dict(comparison.variants[i]) | fields)).model_dump()
    names = [*comparison.variants[i], *(name for name in fields if name not in comparison.variants[i])]
    changes = {
        name: kept[name] for name in names if kept[name] != base[name] or type(kept[name]) is not type(base[name])
    }
    return _with_variant(comparison, i, changes)


def _with_variant(comparison: Study, i: int, changes: Changes) -> Study:
    variants = [*comparison.variants]
    variants[i] = changes
    return comparison._replace(variants=tuple(variants))


def duplicate(comparison: Study, i: int) -> Study:
    """A variant once more, right behind it; at most four."""
    if len(comparison.variants) >= MOST:
        return comparison
    variants = comparison.variants
    return comparison._replace(variants=(*variants[: i + 1], dict(variants[i]), *variants[i + 1 :]))


def add(comparison: Study) -> Study:
    """One more variant that changes nothing yet; at most four."""
    if len(comparison.variants) >= MOST:
        return comparison
    return comparison._replace(variants=(*comparison.variants, {}))


def remove(comparison: Study, i: int) -> Study:
    """One variant less; at least two."""
    if len(comparison.variants) <= FEWEST:
        return comparison
    return comparison._replace(variants=comparison.variants[:i] + comparison.variants[i + 1 :])


# -- the level and the knobs -----------------------------------------------------------------------------------


def _holders(comparison: Study, level: Level) -> list[tuple[int | None, str, float]]:
    """Who sets the level: the base as None, variants by number; with the field and its value."""
    base, effect = comparison.base, comparison.effect
    own: list[tuple[int | None, str, float]] = []
    own += [(None, name, getattr(base, name)) for name in level.names if getattr(base, name) is not None]
    found = [holder for holder in own if holder[1] in effect.base]
    for i, changes in enumerate(comparison.variants):
        found += [(i, name, changes[name]) for name in level.names if changes.get(name) is not None]
    return found or own[:1]


def level_value(comparison: Study) -> float | None:
    """The level's value at the first who sets it; None if there is no level."""
    level = comparison.effect.level
    holders = _holders(comparison, level) if level else []
    return holders[0][2] if holders else None


def move_level(comparison: Study, value: float) -> Study:
    """The level's value for the first who sets it; the others keep their ratio to it, near 1 that of 1 - value."""
    level = comparison.effect.level
    if level is None:
        return comparison
    control = ALL_CONTROLS[level.names[0]]
    holders = _holders(comparison, level)
    for who, name, old in holders:
        new = _moved(control, holders[0][2], value, old)
        if who is None:
            comparison = change_base(comparison, **{name: new})
        else:
            comparison = _with_variant(comparison, who, dict(comparison.variants[who]) | {name: new})
    return comparison


def _moved(control: Control, first: float, wanted: float, old: float) -> float:
    if old == first:
        return wanted
    if control.kind == "decay":
        rest = (1 - old) * (1 - wanted) / (1 - first) if first != 1 else 1 - wanted
        return float(f"{1 - float(f'{rest:.6g}'):.12g}")
    ratio = old / first if first else 1.0
    if control.kind == "whole":
        return max(round(ratio * wanted), 1)
    return float(f"{ratio * wanted:.6g}")


def comparison_knobs(comparison: Study, target: int | None) -> list[Knob]:
    """The knobs of all variants together (the level first), or of one, named ``b.clipnorm``."""
    if target is not None:
        return _own_knobs(comparison, target)
    covered = {name for name in comparison.base.model_dump() if all(name in v for v in comparison.variants)}
    own = comparison.effect.base
    shared = [
        k._replace(default=_default(own, k))
        for k in knobs(comparison.base, (*GROUPS, BEYOND))
        if k.name not in covered and k.name not in (comparison.effect.level or Level("", ())).names
    ]
    return [*_level_knob(comparison), *shared]


def _default(own: Changes, k: Knob) -> float:
    """Where a knob's reset leads: to the effect's own value."""
    group, _, name = k.name.partition(".")
    value = own.get(group, {}).get(name) if name else own.get(k.name)
    return k.default if value is None else value


def _level_knob(comparison: Study) -> list[Knob]:
    level, value = comparison.effect.level, level_value(comparison)
    if level is None or value is None:
        return []
    made = knob(ALL_CONTROLS[level.names[0]], value)
    began = level_value(Study(comparison.effect, VariantSettings(**comparison.effect.base), comparison.effect.variants))
    help_line = f"{made.help} Moves it in all variants that set it; they keep their ratios."
    return [made._replace(name=LEVEL, label=level.label, help=help_line, default=value if began is None else began)]


def _own_knobs(comparison: Study, i: int) -> list[Knob]:
    settings, base = comparison.settings()[i], comparison.base.model_dump()
    made = []
    for k in knobs(settings, (*GROUPS, BEYOND)):
        if k.name.startswith("parameters."):
            default = comparison.base.parameters.get(k.name.partition(".")[2], k.default)
        else:
            default = k.default if base[k.name] is None else base[k.name]
        # What Keras checks, Keras says: at the variant, in its own words.
        own = k._replace(least=None, most=None) if k.name in ADAMAX_ARGUMENTS else k
        made.append(own._replace(name=f"{LETTERS[i].lower()}.{k.name}", default=default))
    return made
