"""Spelling mistakes in a formula, each at its exact place: Python's own parser often points elsewhere, or nowhere."""

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[+-])|(?P<operator>\*\*|[*/^])"
    r"|(?P<open>\()|(?P<close>\))|(?P<comma>,)",
    re.ASCII,
)


class Token(NamedTuple):
    """A word of a formula, and its 0-based place."""

    kind: str
    word: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """The words of a formula; a character that belongs to none has the kind "unknown"."""
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match:
            yield Token(str(match.lastgroup), match[0], at)
        elif not text[at].isspace():
            yield Token("unknown", text[at], at)
        at = match.end() if match else at + 1


def find_mistake(text: str) -> tuple[str, int] | None:
    """What is wrong with the order of the words, and where; None if nothing is."""
    brackets: list[int] = []
    before = Token("start", "", 0)
    for token in tokens(text):
        message = _misplaced(token, before, len(brackets))
        if message:
            return message, token.at
        if token.kind == "open":
            brackets.append(token.at)
        elif token.kind == "close":
            brackets.pop()
        before = token
    if _wants_value(before):
        return f"Something is missing after {before.word!r}", before.at
    return ("This bracket is never closed", brackets[-1]) if brackets else None


def _wants_value(before: Token) -> bool:
    return before.kind not in ("number", "name", "close")


def _misplaced(token: Token, before: Token, depth: int) -> str | None:
    match token.kind:
        case "unknown":
            return f"{token.word!r} is not understood"
        case "close" if not depth:
            return "This bracket closes nothing"
        case "comma" if not depth:
            return "A comma belongs between the arguments of a function"
        case "close" | "comma" | "operator" if _wants_value(before):
            return f"Something is missing before {token.word!r}"
        case "number" | "name" if not _wants_value(before):
            return f"An operator is missing before {token.word!r}, as in 2*x"
        case "open" if before.kind in ("number", "close"):
            return "An operator is missing before the bracket, as in 2*(x + 1)"
    return None
