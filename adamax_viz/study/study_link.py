"""A comparison as query parameters: ``effect=clipping&learning_rate=0.05&a=base&b.clipnorm=1.0``.

Only what differs from the effect travels. Once a variant does, all of them travel: each by its letter, `base` for one
that changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import ValidationError

from adamax_viz.study.link import PARAMETER_PREFIX, parsed, text_of
from adamax_viz.study.named.effects import (
    EFFECTS,
    FEWEST,
    LETTERS,
    Changes,
    Effect,
    Study,
    comparison,
    find_effect,
)
from adamax_viz.study.study import SHARED
from adamax_viz.study.variants import VariantSettings

EFFECT, UNCHANGED = "effect", "base"
FIELDS = frozenset(VariantSettings.model_fields)


def to_params(shown: Study) -> dict[str, str]:
    """A comparison as query parameters: exact texts, numbers by `repr`."""
    params = {EFFECT: shown.effect.name}
    own = _own(shown.effect, other_surface=shown.base.surface != comparison(shown.effect).base.surface)
    now = shown.base.model_dump()
    params |= _texts({name: value for name, value in now.items() if value != own[name]})
    if shown.variants != shown.effect.variants:
        for letter, changes in zip(LETTERS.lower(), shown.variants, strict=False):
            texts = _texts(changes)
            params |= {f"{letter}.{name}": text for name, text in texts.items()} if texts else {letter: UNCHANGED}
    return params


def to_query(shown: Study) -> str:
    """A comparison as a query string without the question mark."""
    return urlencode(to_params(shown), quote_via=quote, safe=",*/()^")


def from_params(params: Mapping[str, str], ignore: frozenset[str] = frozenset({"v"})) -> tuple[Study, list[str]]:
    """A comparison of query parameters, and a sentence for each value that could not be used; the rest is kept."""
    complaints: list[str] = []
    name = params.get(EFFECT)
    effect = find_effect(name)
    if effect is None:
        effect = EFFECTS[0]
        if name is not None:
            complaints.append(f"There is no effect “{_short(name)}”; {effect.family} is shown.")
    shared: dict[str, str] = {}
    own: dict[str, dict[str, str]] = {}
    for key, text in params.items():
        letter, dot, rest = key.partition(".")
        if key in ignore or key == EFFECT:
            continue
        if letter in LETTERS.lower() and len(letter) == 1 and (dot or text == UNCHANGED):
            own.setdefault(letter, {}).update({rest: text} if dot else {})
        else:
            shared[key] = text
    base, said = _base(effect, shared)
    complaints += said
    if not own:
        return Study(effect, base, effect.variants), complaints
    variants: list[Changes] = []
    for letter in sorted(own):
        changes, said = _variant(base, letter.upper(), own[letter])
        variants.append(changes)
        complaints += said
    if len(variants) < FEWEST:
        complaints.append(f"A comparison needs at least {FEWEST} variants; those of {effect.family} were used.")
        variants = list(effect.variants)
    return Study(effect, base, tuple(variants)), complaints


def _own(effect: Effect, *, other_surface: bool) -> dict[str, Any]:
    """What an effect begins with; another surface has another start and other parameters."""
    values = comparison(effect).base.model_dump()
    return values | ({"parameters": {}, "start": None} if other_surface else {})


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            texts |= {f"{PARAMETER_PREFIX}{key}": text_of(value[key]) for key in sorted(value)}
        else:
            texts[name] = text_of(value)
    return texts


def _base(effect: Effect, texts: Mapping[str, str]) -> tuple[VariantSettings, list[str]]:
    own = _own(effect, other_surface=texts.get("surface", effect.base.get("surface")) != effect.base.get("surface"))
    given, complaints = _read(texts, own, "")
    base, said = _usable(own, given, "")
    complaints += said
    if base.refusal() is None:
        return base, complaints
    # One after the other, so that only those are left out that make no run.
    kept: dict[str, Any] = {}
    given = {name: getattr(base, name) for name in given}
    for name in sorted(given, key=lambda n: n != "surface"):
        refusal = VariantSettings(**(own | kept | {name: given[name]})).refusal()
        if refusal is None:
            kept[name] = given[name]
        else:
            complaints.append(f"{name} can't be used here ({refusal.rstrip('.')}); {text_of(own[name])} was kept.")
    return VariantSettings(**(own | kept)), complaints


def _variant(base: VariantSettings, letter: str, texts: Mapping[str, str]) -> tuple[Changes, list[str]]:
    own = base.model_dump()
    given, complaints = _read(texts, own, f"{letter}: ")
    for name in SHARED & set(given):
        complaints.append(f"{letter}: all variants have the same {name}; its own was ignored.")
        del given[name]
    settings, said = _usable(own, given, f"{letter}: ")
    return {name: getattr(settings, name) for name in given}, complaints + said


def _read(texts: Mapping[str, str], own: dict[str, Any], where: str) -> tuple[dict[str, Any], list[str]]:
    """Texts by field name, parameters together."""
    values: dict[str, Any] = {}
    complaints = []
    for name, text in texts.items():
        if name.startswith(PARAMETER_PREFIX):
            values.setdefault("parameters", dict(own["parameters"]))[name.removeprefix(PARAMETER_PREFIX)] = text
        elif name in FIELDS and name != "parameters":
            values[name] = parsed(name, text, VariantSettings)
        else:
            complaints.append(f"{where}“{_short(name)}” is not a setting of this version; it was ignored.")
    return values, complaints


def _usable(own: dict[str, Any], given: dict[str, Any], where: str) -> tuple[VariantSettings, list[str]]:
    """Settings of the given values as far as they are of the right kind; what is not leaves `given`."""
    complaints: list[str] = []
    while True:
        try:
            return VariantSettings(**(own | given)), complaints
        except ValidationError as error:
            for name in dict.fromkeys(str(problem["loc"][0]) for problem in error.errors()):
                message = next(p["msg"] for p in error.errors() if p["loc"][0] == name).rstrip(".")
                shown = str(given.pop(name))
                complaints.append(
                    f"{where}{name} = “{_short(shown)}” can't be used ({message[:1].lower()}{message[1:]}); "
                    f"{text_of(own[name]) if not isinstance(own[name], dict) else 'what it was'} was kept."
                )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
