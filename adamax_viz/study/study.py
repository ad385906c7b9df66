"""A study: one base spec, and what each of its one to twelve runs does otherwise. Each edit gives a new study.

The Playground shows a study, mostly of one run; an effect is a study with a name and a question.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from adamax_viz.limits import LIMITS
from adamax_viz.study.fields import Kind, Setting, settings_of
from adamax_viz.study.named.effects import EFFECTS, Changes, Effect, Level
from adamax_viz.study.optimizer_spec import is_other
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.wrong_values import BEFORE, counted, of_the_right_kind, repaired, sentence_of

LETTERS = "ABCDEFGHIJKL"
MOST = len(LETTERS)
LEVEL = "level"  # the knob that moves all variants
PARAMETERS = "parameters."  # before the name of a surface's own parameter
# What the runs of a study have in common: one landscape, one start.
SHARED = frozenset({"surface", "formula", "domain", "start"})
TABLE: dict[str, Setting] = settings_of(RunSpec)


class Study(NamedTuple):
    """Runs of one base. A run without changes of its own is the base's."""

    base: RunSpec
    variants: tuple[Changes, ...] = ({},)
    effect: Effect | None = None  # as which it began

    def specs(self) -> list[RunSpec]:
        """The settings of each run, whether Keras would take them or not."""
        values = self.base.model_dump()
        return [RunSpec(**(values | dict(changes))) for changes in self.variants]

    def simplest(self) -> "Study":
        """The same study; what a single run does otherwise than the base is in the base."""
        if not self.is_one or self.effect is not None:
            return self
        alone = self.specs()[0]
        return self if alone.refusal() else Study(alone)

    @property
    def fewest(self) -> int:
        """How many runs have to stay: an effect compares."""
        return 1 if self.effect is None else 2

    @property
    def level(self) -> Level | None:
        """The number that its effect is about."""
        return self.effect and self.effect.level

    @property
    def is_one(self) -> bool:
        """Whether it is a single run."""
        return len(self.variants) == 1


def study_of(effect: Effect) -> Study:
    """An effect as it is to begin with."""
    return Study(RunSpec(**effect.base), effect.variants, effect)


def beginning(study: Study) -> Study:
    """The study as it is to begin with: its effect, or one run at the defaults."""
    return study_of(study.effect) if study.effect else Study(RunSpec())


def keras_cases() -> list[tuple[str, RunSpec]]:
    """Every run of every effect that Keras's Adamax can make, as (``"clipping B"``, spec)."""
    return [
        (f"{effect.name} {letter}", spec)
        for effect in EFFECTS
        for letter, variant in zip(LETTERS, study_of(effect).specs(), strict=False)
        if (spec := variant.for_keras()) is not None
    ]


# -- edits -----------------------------------------------------------------------------------------------------


def change_base(study: Study, /, **fields: Any) -> Study:
    """Other values for all runs that have none of their own.

    Raises:
        ValidationError: a value of the wrong kind.
    """
    return study._replace(base=study.base.changed(**fields))


def change_variant(study: Study, i: int, /, **fields: Any) -> Study:
    """Other values for one run; what then equals the base is no change any more.

    Raises:
        ValidationError: a value of the wrong kind.
    """
    base, old = study.base.model_dump(), study.variants[i]
    values = RunSpec(**(base | dict(old) | fields)).model_dump()
    changes = {name: values[name] for name in dict.fromkeys((*old, *fields)) if is_other(values[name], base[name])}
    return _with_variant(study, i, changes)


def _with_variant(study: Study, i: int, changes: Changes) -> Study:
    return study._replace(variants=(*study.variants[:i], changes, *study.variants[i + 1 :]))


def duplicate(study: Study, i: int) -> Study:
    """A run once more, right behind it; at most twelve."""
    return _inserted(study, i + 1, dict(study.variants[i]))


def add(study: Study) -> Study:
    """One more run that changes nothing yet; at most twelve."""
    return _inserted(study, len(study.variants), {})


def _inserted(study: Study, i: int, changes: Changes) -> Study:
    if len(study.variants) >= MOST:
        return study
    return study._replace(variants=(*study.variants[:i], changes, *study.variants[i:]))


def remove(study: Study, i: int) -> Study:
    """One run less. A single one that is left is all there is: what it does otherwise goes into the base."""
    if len(study.variants) <= study.fewest:
        return study
    return study._replace(variants=study.variants[:i] + study.variants[i + 1 :]).simplest()


def only_first(study: Study) -> Study:
    """The first run alone."""
    return study._replace(variants=study.variants[:1]).simplest()


def apply(study: Study, fields: Mapping[str, Any]) -> tuple[Study, list[str]]:
    """A study with what a player asks for, and a sentence for each value that could not be used: that one stays.

    Args:
        fields: values by name: of settings, ``parameters.<name>``, ``level``, or of one run as in ``b.clipnorm``.
    """
    if len(fields) > LIMITS.list_length:
        return study, [
            f"{len(fields)} changes at once are more than {LIMITS.list_length}; everything was left as it was."
        ]
    complaints: list[str] = []
    rest = dict(fields)
    if LEVEL in rest:
        study, refused = _apply_level(study, rest.pop(LEVEL))
        complaints += refused
    for i, letter in enumerate(LETTERS.lower()[: len(study.variants)]):
        of_run = {name.partition(".")[2]: rest.pop(name) for name in list(rest) if name.startswith(f"{letter}.")}
        if of_run:
            study, refused = apply_to_one(study, i, of_run)
            complaints += refused
    for letter in LETTERS.lower()[len(study.variants) :]:
        if names := [name for name in rest if name.startswith(f"{letter}.")]:
            complaints.append(f"Run {letter.upper()} is gone; what was moved of it was left out.")
            rest = {name: value for name, value in rest.items() if name not in names}
    if rest:
        study, refused = apply_to_base(study, rest)
        complaints += refused
    return study, counted(complaints)


def apply_to_base(study: Study, fields: Mapping[str, Any]) -> tuple[Study, list[str]]:
    """A study with other values for all runs; what no run could be made of is said, and the old value stays."""
    old = study.base
    base, complaints = repaired(RunSpec, _with_parameters(fields, old), old.model_dump(), BEFORE)
    if base.surface != old.surface:  # parameters of another surface are none of this one
        variants = [{n: v for n, v in changes.items() if n != "parameters"} for changes in study.variants]
        study = study._replace(variants=tuple(variants))
    return study._replace(base=base), complaints


def _apply_level(study: Study, value: Any) -> tuple[Study, list[str]]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return study, ["The level is no number; it was left as it was."]
    try:
        moved = move_level(study, value)
        moved.specs()
    except ValidationError as error:
        return study, [sentence_of(problem, {}, BEFORE) for problem in error.errors()[:1]]
    except (OverflowError, ValueError):  # no whole number is so large, and none is NaN
        return study, ["The level can't be used; it was left as it was."]
    return moved, []


def apply_to_one(study: Study, i: int, fields: Mapping[str, Any]) -> tuple[Study, list[str]]:
    """A study with other values for one run, which Keras may refuse; what all runs share is for all."""
    if study.is_one:
        return apply_to_base(study, fields)
    complaints: list[str] = []
    if shared := {name: value for name, value in fields.items() if name in SHARED}:
        study, complaints = apply_to_base(study, shared)
        fields = {name: value for name, value in fields.items() if name not in SHARED}
        if not fields:
            return study, complaints
    old = study.specs()[i]
    _, usable, refused = of_the_right_kind(RunSpec, _with_parameters(fields, old), old.model_dump(), BEFORE)
    return change_variant(study, i, **usable), complaints + refused


def _with_parameters(fields: Mapping[str, Any], old: RunSpec) -> dict[str, Any]:
    """The surface's own parameters, which come one by one, among those that stay."""
    parameters = {name.removeprefix(PARAMETERS): value for name, value in fields.items() if name.startswith(PARAMETERS)}
    rest = {name: value for name, value in fields.items() if not name.startswith(PARAMETERS)}
    return rest | ({"parameters": dict(old.parameters) | parameters} if parameters else {})


# -- the level -------------------------------------------------------------------------------------------------


class _Holder(NamedTuple):
    """Who sets the level: the base if `run` is None; with the setting and its value."""

    run: int | None
    name: str
    value: float


def _holders(study: Study) -> list[_Holder]:
    if study.effect is None or study.effect.level is None:
        return []
    names = study.effect.level.names
    base = [_Holder(None, n, value) for n in names if (value := getattr(study.base, n)) is not None]
    holders = [holder for holder in base if holder.name in study.effect.base]
    for i, changes in enumerate(study.variants):
        holders += [_Holder(i, n, changes[n]) for n in names if changes.get(n) is not None]
    return holders or base[:1]


def level_value(study: Study) -> float | None:
    """The level's value at the first who sets it; None if there is no level."""
    return next((holder.value for holder in _holders(study)), None)


def move_level(study: Study, value: float) -> Study:
    """The level's value for the first who sets it; the others keep their ratio to it, near 1 that of 1 - value."""
    holders = _holders(study)
    for run, name, old in holders:
        new = {name: _moved(TABLE[name].kind, holders[0].value, value, old)}
        study = change_base(study, **new) if run is None else _with_variant(study, run, {**study.variants[run], **new})
    return study


def _moved(kind: Kind | None, first: float, wanted: float, old: float) -> float:
    if old == first:
        return wanted
    if kind == "decay":
        rest = (1 - old) * (1 - wanted) / (1 - first) if first != 1 else 1 - wanted
        return float(f"{1 - float(f'{rest:.6g}'):.12g}")
    ratio = old / first if first else 1.0
    if kind == "whole":
        return max(round(ratio * wanted), 1)
    return float(f"{ratio * wanted:.6g}")
