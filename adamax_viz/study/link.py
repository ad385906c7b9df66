"""One codec for all that can be shown: query string, JSON and the CSV's `run` column. Only what differs travels.

A spec travels as what is not at its default: ``surface=rosenbrock&learning_rate=0.1``. A study of several runs adds
what each does otherwise, by its letter: ``&b.clipnorm=1.0``, `base` for one that changes nothing. An effect is named:
``effect=clipping``; then only what differs from the effect travels, and if one of its variants does, all of them.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.study.named.effects import Changes, Effect, find_effect
from adamax_viz.study.optimizer_spec import OptimizerSpec, defaults
from adamax_viz.study.spec import VERSION, RunSpec
from adamax_viz.study.study import LETTERS, PARAMETERS, SHARED, Study, study_of
from adamax_viz.study.wrong_values import (
    BEFORE,
    DEFAULT,
    NONE,
    OWN,
    Decoded,
    Kept,
    counted,
    of_the_right_kind,
    repaired,
    shortened,
    text_of,
    unknown,
)

EFFECT, UNCHANGED = "effect", "base"
NOTHING = frozenset({"v"})  # parameters of a link that are no settings

Spec = TypeVar("Spec", bound=OptimizerSpec)


# -- out -------------------------------------------------------------------------------------------------------


def to_params(linked: OptimizerSpec | Study) -> dict[str, str]:
    """A spec or a study as query parameters: exact texts, numbers by `repr`."""
    if isinstance(linked, OptimizerSpec):
        return _texts(linked.differences())
    params: dict[str, str] = {}
    unnamed: tuple[Changes, ...] = ({},)
    if linked.effect is None:
        unsaid = defaults(RunSpec)
    else:
        unsaid = _values_of(linked.effect, linked.base.surface)
        params, unnamed = {EFFECT: linked.effect.name}, linked.effect.variants
    values = linked.base.model_dump()
    params |= _texts({name: values[name] for name in unsaid if values[name] != unsaid[name]})
    return params if linked.variants == unnamed else params | _letters(linked)


def _letters(study: Study) -> dict[str, str]:
    """What each run does otherwise; the first needs no mention where it does nothing and nobody else would be A."""
    params: dict[str, str] = {}
    for letter, changes in zip(LETTERS.lower(), study.variants, strict=False):
        texts = {f"{letter}.{name}": text for name, text in _texts(changes).items()}
        silent = letter == "a" and study.effect is None
        params |= texts or ({} if silent else {letter: UNCHANGED})
    return params


def params_of(linked: OptimizerSpec | Study) -> dict[str, str]:
    """The same; the surface (the model, the effect) is always named, so that the link says what it is about."""
    spec, params = linked if isinstance(linked, OptimizerSpec) else linked.base, to_params(linked)
    return params if EFFECT in params else {spec.leads: str(getattr(spec, spec.leads))} | params


def to_query(linked: OptimizerSpec | Study) -> str:
    """The same as a query string without the question mark, such as ``surface=rosenbrock&learning_rate=0.1``."""
    return urlencode(params_of(linked), quote_via=quote, safe=",*/()^")


def to_json(spec: OptimizerSpec) -> str:
    """A spec as JSON, with the version."""
    return json.dumps({"version": VERSION} | spec.differences(), indent=2)


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            texts |= {f"{PARAMETERS}{key}": text_of(value[key]) for key in sorted(value)}
        else:
            texts[name] = text_of(value)
    return texts


# -- back: specs -----------------------------------------------------------------------------------------------


def read_params(kind: type[Spec], params: Mapping[str, str], ignore: frozenset[str] = NOTHING) -> Decoded[Spec]:
    """The spec of query parameters. What can't be used is named and left at its default; the rest is kept."""
    params, complaints = _short_enough(params)
    complaints += _version_complaints(params)
    texts = {name: text for name, text in params.items() if name not in ignore}
    spec, refused = _decoded(kind, texts, defaults(kind), DEFAULT)
    return Decoded(spec, counted(complaints + refused))


def changes_to_params(spec: OptimizerSpec, base: OptimizerSpec) -> dict[str, str]:
    """What a spec does otherwise than another of its kind, as query parameters."""
    before = base.model_dump()
    return _texts({name: value for name, value in spec.model_dump().items() if value != before[name]})


def read_changes(base: Spec, params: Mapping[str, str], kept: Kept) -> Decoded[Spec]:
    """A spec with the changes of query parameters; what can't be used is named, and `kept` says what stays."""
    return _decoded(type(base), params, base.model_dump(), kept)


def from_query(query: str) -> Decoded[RunSpec]:
    """The spec of a query string, or of a whole address."""
    params, complaints = parse_query(query)
    spec, refused = read_params(RunSpec, params)
    return Decoded(spec, complaints + refused)


def parse_query(query: str) -> tuple[dict[str, str], list[str]]:
    """The parameters of a query string, or of a whole address; none and a sentence if it is too long."""
    try:
        text = urlsplit(query).query if "://" in query or query.startswith("/") else query.removeprefix("?")
    except ValueError:
        return {}, ["The link is no address; it was ignored."]
    if len(text) > LIMITS.link_length:
        return {}, [_too_long(len(text))]
    return dict(parse_qsl(text, keep_blank_values=True)), []


def _short_enough(params: Mapping[str, str]) -> tuple[Mapping[str, str], list[str]]:
    """The same for parameters that somebody else has taken apart."""
    length = sum(len(name) + len(text) for name, text in params.items())
    return (params, []) if length <= LIMITS.link_length else ({}, [_too_long(length)])


def _too_long(length: int) -> str:
    return f"The link has {length} characters, more than {LIMITS.link_length}; it was ignored."


def from_json(text: str | bytes) -> Decoded[RunSpec]:
    """The spec of JSON; as tolerant as `read_params`.

    Raises:
        ValueError: it is no JSON object, or too large.
    """
    values = _json_object(text)
    version = values.pop("version", VERSION)
    complaints = []
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        given = shortened(str(version) if isinstance(version, int | float | str) else type(version).__name__)
        complaints.append(
            f"The settings are of version “{given}”, which this app does not know; what it knows was used."
        )
    known = defaults(RunSpec)
    complaints += [unknown(name) for name in values if name not in known]
    spec, refused = repaired(RunSpec, {name: value for name, value in values.items() if name in known}, known)
    return Decoded(spec, counted(complaints + refused))


def _json_object(text: str | bytes) -> dict[str, Any]:
    if len(text) > LIMITS.settings_bytes:
        raise ValueError(f"The settings have more than {LIMITS.settings_bytes} bytes, so they are not read.")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The settings are no JSON: {_broken(error)}.") from None
    if not isinstance(values, dict):
        raise ValueError("The settings must be a JSON object: names and values between { and }.")
    return values


def _broken(error: ValueError | RecursionError) -> str:
    """Where JSON can't be read, in words."""
    match error:
        case json.JSONDecodeError():
            return f"they can't be read from line {error.lineno}, character {error.colno} on"
        case RecursionError():
            return "they are nested too deeply"
        case UnicodeDecodeError():
            return "they are no text in UTF-8"
        case _:
            return "a number in them is too long"


def validated(values: dict[str, Any]) -> Decoded[RunSpec]:
    """The spec of raw values by name; each wrong one falls back to its default, with a sentence."""
    return repaired(RunSpec, values, defaults(RunSpec))


def _decoded(kind: type[Spec], texts: Mapping[str, str], rest: Mapping[str, Any], kept: Kept) -> Decoded[Spec]:
    values, complaints = _parsed(kind, texts, rest)
    spec, refused = repaired(kind, values, rest, kept)
    return Decoded(spec, complaints + refused)


def _parsed(
    kind: type[OptimizerSpec], texts: Mapping[str, str], rest: Mapping[str, Any], where: str = ""
) -> tuple[dict[str, Any], list[str]]:
    """Values by name as pydantic wants them, the surface's parameters with the rest of them; and what is no setting."""
    known = kind.model_fields
    values: dict[str, Any] = {}
    complaints = []
    for name, text in texts.items():
        if name.startswith(PARAMETERS) and "parameters" in known:
            values.setdefault("parameters", dict(rest["parameters"]))[name.removeprefix(PARAMETERS)] = text
        elif name in known and name != "parameters":
            values[name] = _value(text, known[name].annotation)
        else:
            complaints.append(where + unknown(name))
    return values, complaints


def _value(text: str, annotation: Any) -> Any:
    """The text as pydantic wants it; wrong texts stay texts and are refused there."""
    alternatives = getattr(annotation, "__args__", ())
    if text == NONE and type(None) in alternatives:
        return None
    kinds = [getattr(alternative, "__origin__", alternative) for alternative in (annotation, *alternatives)]
    if tuple in kinds:
        return tuple(text.split(",")) if text else ()
    return text


def _version_complaints(params: Mapping[str, str]) -> list[str]:
    version = params.get("v", str(VERSION))
    if version in {str(n) for n in range(1, VERSION + 1)}:
        return []
    is_newer = version.isdecimal() and float(version) > VERSION
    what = "newer than this app" if is_newer else "which this app does not know"
    return [f"The link is of version “{shortened(version)}”, {what}; what it knows was used."]


# -- back: studies ---------------------------------------------------------------------------------------------


def read_study(
    params: Mapping[str, str], ignore: frozenset[str] = NOTHING, otherwise: Effect | None = None
) -> tuple[Study, list[str]]:
    """The study of query parameters, and a sentence for each value that could not be used; the rest is kept.

    Args:
        params: of a link.
        ignore: those that are no settings.
        otherwise: the effect of a link that names none; a plain run if None.
    """
    params, complaints = _short_enough(params)
    name = params.get(EFFECT)
    effect = find_effect(name) or otherwise
    complaints += _version_complaints(params)
    if name is not None and find_effect(name) is None:
        instead = "a run of its own" if effect is None else effect.family
        complaints.append(f"There is no effect “{shortened(name)}”; {instead} is shown.")
    settings = {n: text for n, text in params.items() if n != EFFECT and (n not in ignore or is_run(n, text))}
    shared, of_runs = _by_letter(settings)
    rest, kept = (defaults(RunSpec), DEFAULT) if effect is None else (_values_of(effect, shared.get("surface")), OWN)
    base, refused = _decoded(RunSpec, shared, rest, kept)
    complaints += refused
    if effect is None and of_runs:
        of_runs.setdefault("a", {})
    variants: list[Changes] = []
    for letter in sorted(of_runs):
        changes, refused = _variant(base, letter.upper(), of_runs[letter])
        variants.append(changes)
        complaints += refused
    study = Study(base, tuple(variants) or (effect.variants if effect else ({},)), effect).simplest()
    if effect and len(study.variants) < study.fewest:
        complaints.append(f"A comparison needs at least {study.fewest} variants; those of {effect.family} were used.")
        study = study._replace(variants=effect.variants)
    return study, counted(complaints)


def _by_letter(params: Mapping[str, str]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The parameters of the base, and those of each run."""
    shared: dict[str, str] = {}
    of_runs: dict[str, dict[str, str]] = {}
    for key, text in params.items():
        letter, dot, rest = key.partition(".")
        if is_run(letter, UNCHANGED if dot else text):
            of_runs.setdefault(letter, {}).update({rest: text} if dot else {})
        else:
            shared[key] = text
    return shared, of_runs


def is_run(name: str, text: str) -> bool:
    """Whether a parameter says that a run is there which changes nothing, as ``g=base`` does."""
    return len(name) == 1 and name in LETTERS.lower() and text == UNCHANGED


def _values_of(effect: Effect, surface: str | None) -> dict[str, Any]:
    """What an effect begins with; another surface has another start and other parameters."""
    values = study_of(effect).base.model_dump()
    if surface == values["surface"] or surface not in ("custom", *CATALOGUE):
        return values
    return values | {"parameters": {}, "start": None}


def _variant(base: RunSpec, letter: str, texts: Mapping[str, str]) -> tuple[Changes, list[str]]:
    """What one run does otherwise: of the right kind, whether Keras takes it or not."""
    rest, where = base.model_dump(), f"{letter}: "
    values, complaints = _parsed(RunSpec, texts, rest, where)
    for name in SHARED & set(values):
        complaints.append(f"{where}all variants have the same {name}; its own was ignored.")
        del values[name]
    _, usable, refused = of_the_right_kind(RunSpec, values, rest, OWN)
    return usable, complaints + [where + sentence for sentence in refused]


def with_fields(old: Spec, fields: Mapping[str, Any]) -> Decoded[Spec]:
    """A spec with other values; what can't be used is said, and the value before it stays."""
    return repaired(type(old), fields, old.model_dump(), BEFORE)
