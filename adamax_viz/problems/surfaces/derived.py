"""What is derived from a formula, as plain data: texts that go from one process to another, and into a file."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Source(NamedTuple):
    """A function's body to read: shared parts first, in order, then a text for each result."""

    shared: tuple[tuple[str, str], ...]  # (name, expression)
    results: tuple[str, ...]
    helpers: tuple[str, ...]  # functions that the texts call and NumPy does not have
    moves: bool  # depends on t


class Derived(NamedTuple):
    """A formula's functions as texts for `compiled.function_of`, and what pages and files show of it."""

    value: str
    value_and_gradient: str
    latex: str
    symbols: tuple[str, ...]  # what it depends on
    height: Source
    slopes: Source


def derived_of(data: Mapping[str, Any]) -> Derived:
    """What `Derived._asdict()` was, before it became JSON."""
    height, slopes = (_source_of(data[name]) for name in ("height", "slopes"))
    return Derived(**{**data, "symbols": tuple(data["symbols"]), "height": height, "slopes": slopes})


def _source_of(data: Any) -> Source:
    shared, results, helpers, moves = data
    return Source(tuple((name, text) for name, text in shared), tuple(results), tuple(helpers), moves)
