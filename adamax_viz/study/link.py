"""One codec for settings: query string, JSON and the CSV's `run` column. Only what is not at its default travels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import ValidationError

from adamax_viz.study.spec import VERSION, OptimizerSpec, RunSpec, defaults

MAX_QUERY = 20_000
MAX_JSON = 20_000_000
NONE = "none"
PARAMETER_PREFIX = "parameters."


Kind = TypeVar("Kind", bound=OptimizerSpec)


class Decoded(NamedTuple, Generic[Kind]):
    """Settings read from somewhere, and a sentence for each value that could not be used."""

    settings: Kind
    complaints: list[str]


def to_params(settings: OptimizerSpec) -> dict[str, str]:
    """Settings as query parameters: exact texts, numbers by `repr`."""
    params: dict[str, str] = {}
    for name, value in settings.differences().items():
        if isinstance(value, dict):
            params |= {f"{PARAMETER_PREFIX}{key}": text_of(value[key]) for key in sorted(value)}
        else:
            params[name] = text_of(value)
    return params


def to_query(settings: OptimizerSpec) -> str:
    """Settings as a query string without the question mark, such as ``surface=rosenbrock&learning_rate=0.1``.

    The surface (or the model) is always named, so that the text says what the run is about.
    """
    params = {settings.leads: str(getattr(settings, settings.leads))} | to_params(settings)
    return urlencode(params, quote_via=quote, safe=",*/()^")


def text_of(value: Any) -> str:
    """A value as the text that a link carries."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return ",".join(text_of(v) for v in value)
    return value if isinstance(value, str) else repr(value)


def from_params(params: Mapping[str, str], ignore: frozenset[str] = frozenset({"v"})) -> Decoded[RunSpec]:
    """Settings of query parameters. What can't be used is named and left at its default; the rest is kept."""
    return read_params(RunSpec, params, ignore)


def read_params(
    kind: type[Kind], params: Mapping[str, str], ignore: frozenset[str] = frozenset({"v"})
) -> Decoded[Kind]:
    """Settings of any kind; see `from_params`."""
    known = defaults(kind)
    values: dict[str, Any] = {}
    complaints: list[str] = []
    for name, text in params.items():
        if name in ignore:
            continue
        if name.startswith(PARAMETER_PREFIX):
            values.setdefault("parameters", {})[name.removeprefix(PARAMETER_PREFIX)] = text
        elif name not in known or name == "parameters":
            complaints.append(f"“{name}” is not a setting of this version; it was ignored.")
        else:
            values[name] = parsed(name, text, kind)
    if params.get("v", str(VERSION)) not in {str(n) for n in range(1, VERSION + 1)}:
        complaints.append(f"The link is of version {params['v']}, newer than this app; what it knows was used.")
    decoded = repaired(kind, values)
    return Decoded(decoded.settings, complaints + decoded.complaints)


def from_query(query: str, **options: Any) -> Decoded[RunSpec]:
    """Settings of a query string, or of a whole address."""
    text = urlsplit(query).query if "://" in query or query.startswith("/") else query.removeprefix("?")
    if len(text) > MAX_QUERY:
        return Decoded(RunSpec(), [f"The link has {len(text)} characters, more than {MAX_QUERY}; it was ignored."])
    return from_params(dict(parse_qsl(text, keep_blank_values=True)), **options)


def parsed(name: str, text: str, kind: type[OptimizerSpec] = RunSpec) -> Any:
    """The text as pydantic wants it; wrong texts stay texts and are refused there."""
    default = kind.model_fields[name].annotation
    if text == NONE and _takes_none(default):
        return None
    if name in ("domain", "start", "boundaries", "values", "widths"):
        return tuple(text.split(",")) if text else ()
    return text


def _takes_none(annotation: Any) -> bool:
    return type(None) in getattr(annotation, "__args__", ())


def to_json(settings: OptimizerSpec) -> str:
    """Settings as JSON, with the version."""
    return json.dumps({"version": VERSION} | settings.differences(), indent=2)


def from_json(text: str | bytes) -> Decoded[RunSpec]:
    """Settings of JSON; as tolerant as `from_params`.

    Raises:
        ValueError: it is no JSON object, or larger than 20 MB.
    """
    return read_json(RunSpec, text)


def read_json(kind: type[Kind], text: str | bytes) -> Decoded[Kind]:
    """Settings of any kind; see `from_json`."""
    if len(text) > MAX_JSON:
        raise ValueError(f"The file has {len(text) / 1e6:.0f} MB; settings of more than 20 MB are not read.")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The settings are no JSON: {error}.") from None
    if not isinstance(values, dict):
        raise ValueError(f"The settings must be a JSON object with names and values, not a {type(values).__name__}.")
    version = values.pop("version", VERSION)
    complaints = []
    if not isinstance(version, int) or not 1 <= version <= VERSION:
        complaints.append(
            f"The settings are of version {version!r}, which this app does not know; what it knows was used."
        )
    for name in [n for n in values if n not in defaults(kind)]:
        complaints.append(f"“{name}” is not a setting of this version; it was ignored.")
        del values[name]
    decoded = repaired(kind, values)
    return Decoded(decoded.settings, complaints + decoded.complaints)


def validated(values: dict[str, Any]) -> Decoded[RunSpec]:
    """Settings of raw values by field name; each wrong one falls back to its default, with a sentence."""
    return repaired(RunSpec, values)


def repaired(kind: type[Kind], values: dict[str, Any]) -> Decoded[Kind]:
    """Settings of any kind; see `validated`."""
    complaints: list[str] = []
    while True:
        try:
            return Decoded(kind(**values), complaints)
        except ValidationError as error:
            bad, sentences = _wrong(values, error, kind)
            complaints += sentences
            values = {name: value for name, value in values.items() if name not in bad}


def _wrong(values: dict[str, Any], error: ValidationError, kind: type[OptimizerSpec]) -> tuple[set[str], list[str]]:
    bad: set[str] = set()
    sentences = []
    for problem in error.errors():
        message = problem["msg"].removeprefix("Value error, ").rstrip(".")
        if problem["loc"]:
            name = str(problem["loc"][0])
            if name not in bad:
                shown = _shorten(values[name])
                default = text_of(defaults(kind)[name])
                sentences.append(f"{name} = {shown} can't be used ({_lower(message)}); the default {default} was kept.")
            bad.add(name)
        else:
            culprits = _culprits(values, kind)
            names = ", ".join(sorted(culprits))
            sentences.append(f"{message}. The defaults were kept for: {names}.")
            bad |= culprits
    return bad, sentences


def _culprits(values: dict[str, Any], kind: type[OptimizerSpec]) -> set[str]:
    """The fewest fields without which the others make a run, looking at one after the other."""
    bad: set[str] = set()
    good: dict[str, Any] = {}
    for name, value in values.items():
        try:
            kind(**good, **{name: value})
        except ValidationError:
            bad.add(name)
        else:
            good[name] = value
    return bad


def _shorten(value: Any) -> str:
    text = text_of(value) if not isinstance(value, dict) else str(value)
    return f"“{text}”" if len(text) <= 60 else f"“{text[:57]}…”"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
