"""What a kind of inputs is, and what all of them share."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Protocol, TypeVar

NAMES = ("formulas", "crafted", "links", "pages", "files", "http", "asked")
LONGEST = 2_000  # characters of a refusal

T = TypeVar("T")


class Kind(Protocol):
    """A module of this package."""

    make: Callable[[Random, int], Any]  # a case, by its number too
    checking: Callable[[], AbstractContextManager[Callable[[Any], bool]]]  # accepted or refused; raises at a fault


class Case(NamedTuple):
    """One input: its kind, seed and number say which."""

    kind: str
    seed: int
    number: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.seed}:{self.number}"


def kind_of(name: str) -> Kind:
    """The module of this name."""
    module: Any = import_module(f"tests.fuzz.{name}")
    return module  # type: ignore[no-any-return]


def made(case: Case) -> Any:
    """The input itself."""
    return kind_of(case.kind).make(Random(str(case)), case.number)


def often(chance: Random, *weighted: tuple[float, T]) -> T:
    """One of these, as often as its weight says."""
    return chance.choices([value for _, value in weighted], [weight for weight, _ in weighted])[0]


_ROOT = re.escape(str(Path(__file__).parents[2]))
_INNER = re.compile(rf"Traceback|site-packages|\.py\b|{_ROOT}|/usr/|/home/|0x[0-9a-f]{{8}}")


def is_said(sentences: Sequence[str] | str, given: str = "") -> None:
    """Refusals are sentences: short, on one line, and without what is inside the server.

    Args:
        sentences: what is said.
        given: what was entered, and may be repeated.

    Raises:
        AssertionError: something else.
    """
    for sentence in [sentences] if isinstance(sentences, str) else sentences:
        assert sentence.strip(), "nothing is said"
        assert len(sentence) <= LONGEST, f"{len(sentence)} characters are said: {sentence[:100]}…"
        found = _INNER.search(sentence)
        assert found is None or found[0] in given, f"the inside of the server is said: {sentence[:200]}"
