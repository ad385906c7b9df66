"""The knobs of a study: of all runs together, the level first, or of one."""

from __future__ import annotations

from typing import Any

from adamax_viz.study.fields import Knob, knob, knobs
from adamax_viz.study.optimizer_spec import ADAMAX_ARGUMENTS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, LEVEL, PARAMETERS, TABLE, Study, level_of, level_value, study_of


def study_knobs(study: Study, target: int | None = None) -> list[Knob]:
    """The knobs of all runs, or of one among several: those are named ``b.clipnorm``."""
    if study.is_one:
        return knobs(study.specs()[0])
    return _shared(study) if target is None else _own(study, target)


def _shared(study: Study) -> list[Knob]:
    """Without those that every run sets itself, and those that the level moves."""
    covered = {name for name in RunSpec.model_fields if all(name in changes for changes in study.variants)}
    level = level_of(study)
    covered |= set(level.names if level else ())
    first = study.effect.base if study.effect else {}
    rest = [one for one in knobs(study.base) if one.name not in covered]
    return [*_level(study), *(one._replace(default=_default(first, one)) for one in rest)]


def _default(first: Any, one: Knob) -> float:
    """Where a knob's reset leads: to the effect's own value."""
    name = one.name.removeprefix(PARAMETERS)
    value = first.get(name) if name == one.name else first.get("parameters", {}).get(name)
    return one.default if value is None else value


def _level(study: Study) -> list[Knob]:
    level, value = level_of(study), level_value(study)
    if level is None or value is None or study.effect is None:
        return []
    moved = knob(TABLE[level.names[0]], value)
    first = level_value(study_of(study.effect))
    words = f"{moved.help} Moves it in all variants that set it; they keep their ratios."
    return [moved._replace(name=LEVEL, label=level.label, help=words, default=value if first is None else first)]


def _own(study: Study, i: int) -> list[Knob]:
    base = study.base.model_dump()
    made = []
    for one in knobs(study.specs()[i]):
        name = one.name.removeprefix(PARAMETERS)
        shared = base["parameters"].get(name) if name != one.name else base[name]
        # What Keras checks, Keras says: at the variant, in its own words.
        free = one._replace(least=None, most=None) if name in ADAMAX_ARGUMENTS else one
        default = one.default if shared is None else shared
        made.append(free._replace(name=f"{LETTERS[i].lower()}.{one.name}", default=default))
    return made


def bare_name(name: str) -> str:
    """The setting that a knob moves, whichever run it is of."""
    letter, dot, rest = name.partition(".")
    return rest if dot and letter.upper() in LETTERS and len(letter) == 1 else name
