"""Formulas as text: all that can be refused before anything is computed, each in one sentence at its place.

A text is checked word by word, parsed by Python's `ast` and walked through once; it is never evaluated.
"""

import ast
import re
from contextlib import suppress
from typing import Any, NamedTuple, Self

from adamax_viz.limits import LIMITS
from adamax_viz.problems.expressions import Language, Refusal, evaluate
from adamax_viz.problems.surfaces.spelling import find_mistake

TRIES = 100

ARGUMENTS = {
    **dict.fromkeys(("sin", "cos", "tan", "exp", "log", "sinh", "cosh", "tanh", "asin", "acos", "atan"), 1),
    **{"sign": 1, "abs": 1, "sqrt": 1, "max": 2, "min": 2},
}
NAMES = ("x", "y", "t", "pi", "e")
ALLOWED = (
    f"numbers, {', '.join(NAMES)}, + - * / ** ^, brackets, and "
    + ", ".join(ARGUMENTS)
    + f"; at most {LIMITS.formula_length} characters, exponents up to {LIMITS.formula_exponent}"
)


class FormulaError(ValueError):
    """A formula that is refused; `position` is the 0-based column in the text, or None."""

    def __init__(self, reason: str, position: int | None = None, advice: str = f"Allowed: {ALLOWED}.") -> None:
        where = "" if position is None else f" (at character {position + 1})"
        super().__init__(f"{reason}{where}. {advice}")
        self.reason, self.position, self.advice = reason, position, advice

    def again(self) -> Self:
        """The same refusal, to be raised once more: an exception that is kept would keep what it has passed through."""
        return type(self)(self.reason, self.position, self.advice)


class FormulaBusy(RuntimeError):  # noqa: N818
    """No refusal: nothing is known against the formula, but there was no time for it. A second try may succeed."""

    def __init__(self) -> None:
        super().__init__("There was no time to work out this formula just now; please try again in a few seconds.")


class Syntax(NamedTuple):
    """A formula as a tree, and where in the text as it was typed each of the tree's columns is."""

    tree: ast.expr
    columns: list[int]

    def walk(self, language: Language) -> Any:
        """The value of the formula in a language.

        Raises:
            FormulaError: the language refuses, with the place of what it refuses.
        """
        try:
            return evaluate(self.tree, language)
        except Refusal as refusal:
            raise FormulaError(str(refusal), self.columns[getattr(refusal.node, "col_offset", 0)]) from None


def syntax(text: str, parameters: tuple[str, ...] = ()) -> Syntax:
    """The tree of a formula in x, y, t and the named parameters. ``^`` is read as a power.

    Raises:
        FormulaError: a formula that is spelt wrong, too long, nested too deeply, or made of something else.
    """
    if not isinstance(text, str) or not text.strip():
        raise FormulaError("The formula is empty", 0)
    if len(text) > LIMITS.formula_length:
        raise FormulaError(f"The formula has {len(text)} characters", LIMITS.formula_length)
    mistake = find_mistake(text)
    if mistake is not None:
        raise FormulaError(*mistake)
    # In brackets, so that leading spaces mean nothing; the columns lead back to the text as it was typed.
    source = "(" + re.sub(r"\s", " ", text).replace("^", "**") + ")"
    columns = [0, *(i for i, c in enumerate(text) for _ in range(1 + (c == "^"))), len(text) - 1]
    try:
        tree = _tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = (getattr(error, "offset", None) or 1) - 1
        raise FormulaError("The formula can't be read", columns[min(column, len(columns) - 1)]) from None
    found = Syntax(tree, columns)
    found.walk(_shape((*NAMES, *parameters)))
    return found


def _tree(source: str) -> ast.expr:
    for _ in range(TRIES):
        # CPython 3.11 counts the depth of all threads' trees together, and gives up where they mix.
        with suppress(SystemError):
            return ast.parse(source, mode="eval").body
    raise FormulaBusy


class _Depth(NamedTuple):
    """How deep functions, and powers that are no whole numbers, stand inside each other; constants don't count."""

    functions: int = 0
    powers: int = 0
    varies: bool = False
    is_whole: bool = False  # a whole number as such

    def __neg__(self) -> Self:
        return self


def _shape(names: tuple[str, ...]) -> Language:
    """The language in which a formula's value is its depth."""

    def name(word: str) -> _Depth:
        if word not in names:
            raise Refusal(f"{word!r} is unknown")
        return _Depth(varies=word not in ("pi", "e"))

    operators: dict[type[ast.operator], Any] = dict.fromkeys((ast.Add, ast.Sub, ast.Mult, ast.Div), _deepest)
    functions = {name: (count, _function) for name, count in ARGUMENTS.items()}
    return Language("formula", _constant, name, functions, operators | {ast.Pow: _power})


def _constant(value: float) -> _Depth:
    if abs(value) > LIMITS.formula_number:
        raise Refusal(f"The number is larger than {LIMITS.formula_number:g}")
    return _Depth(is_whole=value == int(value))


def _deepest(*parts: _Depth) -> _Depth:
    return _Depth(
        max(part.functions for part in parts), max(part.powers for part in parts), any(part.varies for part in parts)
    )


def _function(*parts: _Depth) -> _Depth:
    deepest = _deepest(*parts)
    if deepest.functions >= LIMITS.formula_functions:
        raise Refusal(f"More than {LIMITS.formula_functions} functions stand inside each other")
    return deepest._replace(functions=deepest.functions + deepest.varies)


def _power(base: _Depth, exponent: _Depth) -> _Depth:
    deepest = _deepest(base, exponent)
    if base.varies and exponent.varies and exponent.powers:
        raise Refusal("A power inside an exponent is not allowed")
    if deepest.powers >= LIMITS.formula_powers:
        raise Refusal(f"More than {LIMITS.formula_powers} powers that are no whole numbers stand inside each other")
    return deepest._replace(powers=deepest.powers + (deepest.varies and not exponent.is_whole))
