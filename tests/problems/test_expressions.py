"""The walker that formulas and lessons share: what a language names, and nothing else, with the place of a refusal."""

import ast
import operator
from typing import Any

import pytest

from adamax_viz.problems.expressions import Language, Refusal, evaluate


def name(word: str) -> float:
    if word != "half":
        raise Refusal(f"{word!r} is unknown")
    return 0.5


def other(node: ast.AST, part: Any) -> Any:
    raise Refusal("This is not part of it")


LANGUAGE = Language("sum", float, name, {"larger": (2, max)}, {ast.Add: operator.add}, other, "; larger is")


def value(text: str) -> Any:
    return evaluate(ast.parse(text, mode="eval").body, LANGUAGE)


def test_what_the_language_names_is_computed() -> None:
    assert value("1 + -larger(half, +0.25) + 2") == 2.5
    assert value("+".join(["1"] * 60)) == 60  # a long sum is not a deep one


@pytest.mark.parametrize(
    ("text", "words", "column"),
    [
        ("1 + quarter", "'quarter' is unknown", 4),
        ("1 * 2", "not part of it", 0),
        ("1 + (2 if half else 3)", "not part of it", 5),
        ("half.real", "not part of it", 0),
        ("larger(half)", "larger takes 2 arguments", 0),
        ("1 + exec('1')", "'exec' is not a function; larger is", 4),
        ("larger(a=1, b=2)", "'larger' is not a function", 0),
        ("half()()", "not part of it", 0),
        ("'text'", "not part of it", 0),
        ("True", "not part of it", 0),
        ("1j", "not part of it", 0),
        ("-" * 40 + "1", "The sum is nested too deeply", 26),
    ],
)
def test_everything_else_is_refused_at_its_place(text: str, words: str, column: int) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        value(text)
    assert refused.value.node is not None
    assert refused.value.node.col_offset == column  # type: ignore[attr-defined]
