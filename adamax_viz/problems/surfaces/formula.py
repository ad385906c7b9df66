"""The gate for formulas: text becomes a SymPy expression of x, y and t, or one sentence that says what is wrong where.

Text is checked word by word, parsed by Python's `ast` and rebuilt node by node from a whitelist; it is never evaluated.
"""

import ast
import math
import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy

from adamax_viz.limits import LIMITS
from adamax_viz.problems.expressions import Language, Refusal, evaluate
from adamax_viz.problems.surfaces.kinks import Larger, Modulus, Root, Sign, Smaller
from adamax_viz.problems.surfaces.spelling import find_mistake

MAX_LENGTH = LIMITS.formula_length
MAX_EXPONENT = 20
MAX_CONSTANT = 1e12

x, y, t = sympy.symbols("x y t", real=True)
VARIABLES = {"x": x, "y": y, "t": t}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E}


class FormulaError(ValueError):
    """A formula that the gate refuses; `position` is the 0-based column in the text, or None."""

    def __init__(self, message: str, position: int | None = None) -> None:
        where = "" if position is None else f" (at character {position + 1})"
        super().__init__(f"{message}{where}. Allowed: {ALLOWED}.")
        self.position = position


FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    **{name: (1, getattr(sympy, name)) for name in ("sin", "cos", "tan", "exp", "log", "sinh", "cosh", "tanh")},
    **{name: (1, getattr(sympy, name)) for name in ("asin", "acos", "atan")},
    "sign": (1, Sign),
    "abs": (1, Modulus),
    "sqrt": (1, Root),
    "max": (2, Larger),
    "min": (2, Smaller),
}
ALLOWED = (
    "numbers, x, y, t, pi, e, + - * / ** ^, brackets, and "
    + ", ".join(FUNCTIONS)
    + f"; at most {MAX_LENGTH} characters, exponents up to {MAX_EXPONENT}"
)


@lru_cache(maxsize=512)
def parse(text: str, parameters: tuple[str, ...] = ()) -> sympy.Expr:
    """The expression that a formula in x, y, t (and the named parameters) means.

    ``^`` is read as a power. Raises `FormulaError` with the position of what is not allowed.
    """
    if not isinstance(text, str) or not text.strip():
        raise FormulaError("The formula is empty", 0)
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"The formula has {len(text)} characters", MAX_LENGTH)
    mistake = find_mistake(text)
    if mistake is not None:
        raise FormulaError(*mistake)
    # In brackets, so that leading spaces mean nothing; the columns lead back to the text as it was typed.
    source = "(" + re.sub(r"\s", " ", text).replace("^", "**") + ")"
    columns = [0, *(i for i, c in enumerate(text) for _ in range(1 + (c == "^"))), len(text) - 1]
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = (getattr(error, "offset", None) or 1) - 1
        raise FormulaError("The formula can't be read", columns[min(column, len(columns) - 1)]) from None
    names = VARIABLES | CONSTANTS | {name: sympy.Symbol(name, real=True) for name in parameters}

    def value_of(word: str) -> Any:
        if word not in names:
            raise Refusal(f"{word!r} is unknown")
        return names[word]

    try:
        result = evaluate(tree.body, Language("formula", _constant, value_of, _CHECKED, _OPERATORS))
    except Refusal as refusal:
        raise FormulaError(str(refusal), columns[getattr(refusal.node, "col_offset", 0)]) from None
    except (RecursionError, OverflowError, MemoryError, TypeError) as error:
        raise FormulaError(f"The formula can't be computed: {type(error).__name__}", 0) from None
    return result.replace(sympy.Abs, Modulus)


def _constant(value: float) -> Any:
    if abs(value) > MAX_CONSTANT:
        raise Refusal(f"The number is larger than {MAX_CONSTANT:g}")
    return sympy.Integer(value) if value == int(value) else sympy.Float(value)


def _power(base: Any, exponent: Any) -> Any:
    if base.is_number:
        if base.is_zero and not exponent.is_nonnegative:
            raise Refusal("The formula divides by zero")
        if base.is_negative and not exponent.is_integer:
            raise Refusal("The power of a negative number is not real")
    elif exponent.has(sympy.Pow) and not exponent.is_number:
        raise Refusal("A power inside an exponent is not allowed")
    if exponent.is_number and abs(float(exponent)) > MAX_EXPONENT:
        raise Refusal(f"The exponent is larger than {MAX_EXPONENT}")
    if base.is_number and exponent.is_number and not _is_modest(float(base), float(exponent)):
        raise Refusal(f"The power is larger than {MAX_CONSTANT:g}, or closer to 0 than its inverse")
    if exponent == sympy.Rational(1, 2) or (exponent.is_Float and exponent == 0.5):
        return Root(base)
    result = base**exponent
    total = result.exp if isinstance(result, sympy.Pow) else exponent
    if total.is_number and abs(float(total)) > MAX_EXPONENT:
        raise Refusal(f"The exponents together are larger than {MAX_EXPONENT}")
    return result


def _is_modest(base: float, exponent: float) -> bool:
    return base == 0 or abs(exponent * math.log(abs(base))) <= math.log(MAX_CONSTANT)


def _checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose constants stay real, and small, so that no formula makes SymPy compute with giant numbers."""

    def checked(*operands: Any) -> Any:
        value = function(*operands)
        if not is_real(value):
            raise Refusal("This has no real value: it divides by zero or leaves the real numbers")
        if value.is_number and abs(number_of(value)) > MAX_CONSTANT:
            raise Refusal(f"The number is larger than {MAX_CONSTANT:g}")
        return value

    return checked


_CHECKED = {name: (count, _checked(function)) for name, (count, function) in FUNCTIONS.items()}
_OPERATORS = {
    ast.Add: _checked(operator.add),
    ast.Sub: _checked(operator.sub),
    ast.Mult: _checked(operator.mul),
    ast.Div: _checked(operator.truediv),
    ast.Pow: _checked(_power),
}


def number_of(value: Any) -> float:
    """The number that a constant expression means: NaN if it is not real, infinite if it is giant."""
    try:
        return float(value)
    except TypeError:
        return math.nan
    except OverflowError:
        return math.inf


def is_real(expression: Any) -> bool:
    """Whether no part of an expression is infinite, undefined or imaginary for every x, y and t."""
    if expression.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I):
        return False
    if expression.is_number:
        return not math.isnan(number_of(expression))
    return not any(part.is_number and part.is_extended_real is False for part in sympy.preorder_traversal(expression))


def to_latex(expression: sympy.Expr) -> str:
    """The formula for a page, with the names of parameters upright."""
    names = {s: rf"\mathrm{{{s.name}}}\," for s in expression.free_symbols if len(s.name) > 1}
    return str(sympy.latex(expression, symbol_names=names))
