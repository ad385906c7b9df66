"""Specs of values that may be wrong: what can't be used is named, with what was kept instead; the rest is used."""

from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from adamax_viz.limits import LIMITS
from adamax_viz.study.optimizer_spec import OptimizerSpec
from adamax_viz.study.reasons import reason

NONE = "none"
LONGEST = 60  # characters of a value that a sentence repeats
STRANGE = "\ufffd"  # instead of what moves, hides or ends other letters

Spec = TypeVar("Spec", bound=OptimizerSpec)


class Decoded(NamedTuple, Generic[Spec]):
    """A spec read from somewhere, and a sentence for each value that could not be used."""

    settings: Spec
    complaints: list[str]


class Kept(NamedTuple):
    """What stands instead of a value that can't be used, in words: for one (its text is filled in), for several."""

    one: str
    many: str


DEFAULT = Kept("the default {}", ". The defaults were kept for: {}.")
OWN = Kept("{}", ". The effect's own values were kept for: {}.")
BEFORE = Kept("the value before it", "; the value before it was kept for {}.")


def text_of(value: Any) -> str:
    """A value as the text that a link carries."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return ",".join(text_of(v) for v in value)
    return value if isinstance(value, str) else repr(value)


def shortened(text: str) -> str:
    """What a sentence repeats of a text: not all of a long one, and nothing of it that can't be seen.

    >>> shortened("a\\u202eb"), len(shortened("a" * 100))
    ('a\ufffdb', 58)
    """
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"
    return "".join(letter if letter.isprintable() else STRANGE for letter in short)


def unknown(name: str) -> str:
    """What is said of a name that no setting has."""
    return f"“{shortened(name)}” is not a setting of this version; it was ignored."


def counted(complaints: list[str]) -> list[str]:
    """Complaints, but for those beyond what anybody reads: they are counted."""
    most = LIMITS.complaints
    if len(complaints) <= most:
        return complaints
    return [*complaints[: most - 1], f"{len(complaints) - most + 1} more things could not be used."]


def unfit(value: Any) -> str | None:
    """Why a value is not even looked at; None if it is of a size and a shape that settings have."""
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            return "it has halves of letters"  # which nothing can write
        return _more_than(len(value), "characters", LIMITS.value_length)
    if isinstance(value, list | tuple | Mapping):
        entries = [*value, *value.values()] if isinstance(value, Mapping) else value
        long = _more_than(len(value), "entries", LIMITS.list_length)
        deep = any(
            isinstance(entry, list | tuple | Mapping) or unfit(entry) for entry in entries[: 2 * LIMITS.list_length]
        )
        return long or ("no setting is so deep or so long" if deep else None)
    return "no setting is so large" if isinstance(value, int) and value.bit_length() > LIMITS.value_length else None


def _more_than(count: int, what: str, most: int) -> str | None:
    return f"it has {count} {what}, more than {most}" if count > most else None


def repaired(
    kind: type[Spec], values: Mapping[str, Any], rest: Mapping[str, Any], kept: Kept = DEFAULT
) -> Decoded[Spec]:
    """A spec of given values that makes a run, and a sentence for each that could not be used.

    Args:
        kind: of spec.
        values: by name, as they were given.
        rest: everything else, and what is kept instead of a wrong value: values that make a run.
        kept: how the sentences call that.
    """
    spec, usable, complaints = of_the_right_kind(kind, values, rest, kept)
    refusal = spec.refusal()
    if refusal is None:
        return Decoded(spec, complaints)
    good: dict[str, Any] = {}  # looking at one after the other, the most that make a run
    for name in sorted(usable, key=lambda name: name != kind.leads):
        if kind(**{**rest, **good, name: usable[name]}).refusal() is None:
            good[name] = usable[name]
    complaints.append(f"{refusal.rstrip('.')}{kept.many.format(', '.join(sorted(usable.keys() - good)))}")
    return Decoded(kind(**{**rest, **good}), complaints)


def of_the_right_kind(
    kind: type[Spec], values: Mapping[str, Any], rest: Mapping[str, Any], kept: Kept
) -> tuple[Spec, dict[str, Any], list[str]]:
    """As `repaired`, but whether it makes a run or not; and those values that could be used, as the spec has them."""
    usable: dict[str, Any] = {}
    complaints: list[str] = []
    for name, value in values.items():
        if name not in kind.model_fields:
            complaints.append(unknown(name))
        elif reason := unfit(value):
            complaints.append(f"{name} can't be used ({reason}); {kept.one.format(_text(rest.get(name)))} was kept.")
        else:
            usable[name] = value
    while True:
        try:
            spec = kind(**{**rest, **usable})
            return spec, {name: getattr(spec, name) for name in usable}, complaints
        except ValidationError as error:
            for problem in error.errors():
                name = str(problem["loc"][0])
                if name in usable:
                    complaints.append(sentence_of(problem, usable, kept, rest))
                    del usable[name]


def sentence_of(problem: Any, values: Mapping[str, Any], kept: Kept, rest: Mapping[str, Any] = {}) -> str:
    """What is wrong with a value of the wrong kind: one of `ValidationError.errors()`."""
    name = str(problem["loc"][0])
    instead = kept.one.format(_text(rest.get(name)))
    given = shortened(text_of(values.get(name, problem["input"])))
    return f"{name} = “{given}” can't be used ({reason(problem)}); {instead} was kept."


def _text(value: Any) -> str:
    return text_of(value) if not isinstance(value, Mapping) else "what it was" if value else NONE
