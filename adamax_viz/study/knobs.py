"""The knobs of a study: of all runs together, the level first, or of one."""

from typing import Any

from adamax_viz.study.fields import Knob, knob_of, knobs
from adamax_viz.study.optimizer_spec import ADAMAX_ARGUMENTS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, LEVEL, PARAMETERS, TABLE, Study, level_value, study_of


def study_knobs(study: Study, target: int | None = None) -> list[Knob]:
    """The knobs of all runs, or of one among several: those are named ``b.clipnorm``."""
    if study.is_one:
        return knobs(study.specs()[0])
    return _shared(study) if target is None else _own(study, target)


def _shared(study: Study) -> list[Knob]:
    """Without those that every run sets itself, and those that the level moves."""
    covered = {name for name in RunSpec.model_fields if all(name in changes for changes in study.variants)}
    covered.update(study.level.names if study.level else ())
    first = study.effect.base if study.effect else {}
    return [*_level(study), *(_reset(knob, first) for knob in knobs(study.base) if knob.name not in covered)]


def _reset(knob: Knob, values: Any) -> Knob:
    """A knob whose reset leads to its own among these values, if there is one."""
    name = knob.name.removeprefix(PARAMETERS)
    value = values.get(name) if name == knob.name else values.get("parameters", {}).get(name)
    return knob if value is None else knob._replace(default=value)


def _level(study: Study) -> list[Knob]:
    level, value = study.level, level_value(study)
    if level is None or value is None or study.effect is None:
        return []
    moved = knob_of(TABLE[level.names[0]], value)
    first = level_value(study_of(study.effect))
    words = f"{moved.help} Moves it in all variants that set it; they keep their ratios."
    return [moved._replace(name=LEVEL, label=level.label, help=words, default=value if first is None else first)]


def _own(study: Study, i: int) -> list[Knob]:
    """A reset leads to the value that all runs share; what Keras checks, Keras says: at the variant, in its words."""
    base, letter = study.base.model_dump(), LETTERS[i].lower()
    free: dict[str, Any] = {"least": None, "most": None}
    return [
        _reset(knob, base)._replace(name=f"{letter}.{knob.name}", **free if knob.name in ADAMAX_ARGUMENTS else {})
        for knob in knobs(study.specs()[i])
    ]


def bare_name(name: str) -> str:
    """The setting that a knob moves, whichever run it is of."""
    letter, dot, rest = name.partition(".")
    return rest if dot and letter.upper() in LETTERS and len(letter) == 1 else name
