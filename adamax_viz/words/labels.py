"""What a run of a study does otherwise, in a few words; made anew at every change, so that it is true."""

import math
from typing import Any

from adamax_viz.study.study import TABLE, Study, study_of
from adamax_viz.words.numbers import number

SILENT = frozenset({"boundaries", "values"})  # their schedule's name is enough
PLAIN = "as all"


def labels(study: Study) -> list[str]:
    """The label of each run."""
    return [label(study, i) for i in range(len(study.variants))]


def label(study: Study, i: int) -> str:
    """The label of one run."""
    words = [words_of(name, value) for name, value in study.variants[i].items() if name not in SILENT]
    return ", ".join(word for word in words if word) or _plain(study)


def _plain(study: Study) -> str:
    """The effect's word for a run without changes, as long as the base is still without the effect."""
    if study.effect is None:
        return PLAIN
    first = study_of(study.effect).base
    matter = {name for changes in study.effect.variants for name in changes}
    same = all(getattr(study.base, name) == getattr(first, name) for name in matter)
    return study.effect.plain if same else PLAIN


def words_of(name: str, value: Any) -> str:
    """A setting with its value, in a few words."""
    entry = TABLE[name]
    if name == "parameters":
        return ", ".join(f"{key} {text_of(v)}" for key, v in value.items())
    if entry.control and entry.control.choices:
        return entry.control.choices.get(str(value), str(value).replace("=", " = "))
    symbol = entry.words.partition(" = {}")[0] if entry.words.endswith(" = {}") else ""
    if isinstance(value, bool):
        title = entry.words or name
        return title if value else f"no {title}"
    if value is None:
        return f"no {symbol or name}"
    return (entry.words or f"{name} {{}}").format(text_of(value))


def text_of(value: Any) -> str:
    """A value as people write it; large powers of two as such."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        mantissa, exponent = math.frexp(value)
        return f"2^{exponent - 1}" if mantissa == 0.5 and exponent > 7 else number(value)
    return str(value)
