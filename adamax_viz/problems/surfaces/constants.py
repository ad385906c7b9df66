"""Constants in a formula become numbers node by node: SymPy is never asked to do algebra with roots.

Whole numbers, fractions, decimals, pi and e stay as SymPy has them while they are few. What functions and roots make of
them is a number that remembers how it was written.
"""

import operator
from collections.abc import Callable
from typing import Any

import sympy
from sympy.printing.precedence import precedence_traditional

from adamax_viz.limits import LIMITS

DIGITS, DECIMAL = 40, 15  # of what comes from whole numbers, pi and e; of what comes from decimals, as in Python
ZERO = sympy.Float("1e-30", DIGITS)  # what cancels down to this is 0
EXACT = {operator.add, operator.sub, operator.mul, operator.truediv, operator.pow}
CANCELS = {operator.add, operator.sub, sympy.sin, sympy.cos, sympy.tan}  # almost 0 from operands that are not
MOST_BITS, MOST_PARTS = 200, 20  # of an exact fraction; of an exact sum or product


class Constant(sympy.NumberSymbol):  # type: ignore[misc]
    """A number as an atom, as pi is one: SymPy looks at its size, and does no algebra with it."""

    __slots__ = ("value", "written")
    is_real, is_integer = True, False

    def __new__(cls, value: Any, written: Any) -> "Constant":
        """Of a `sympy.Float`, and the expression that pages show."""
        made: Constant = sympy.NumberSymbol.__new__(cls)
        made.value, made.written = value, written
        return made

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.value,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constant) and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def _as_mpf_val(self, prec: int) -> Any:
        return self.value._as_mpf_val(prec)

    def _eval_is_positive(self) -> bool:
        return bool(self.value > 0)

    @property
    def precedence(self) -> int:
        return int(precedence_traditional(self.written))

    def _latex(self, printer: Any) -> str:
        return str(printer._print(self.written))


def of_constants(function: Callable[..., Any], operands: tuple[Any, ...]) -> Any:
    """What an operator or a function makes of constants; infinite or imaginary where it is not real."""
    if function in EXACT and all(map(_is_exact, operands)):
        exact = _exactly(function, *operands)
        if exact is not None:
            return exact
    digits = DECIMAL if any(map(_is_decimal, operands)) else DIGITS
    numbers = [sympy.Float(approximate(operand), digits) for operand in operands]
    if function is operator.pow and operands[1].is_Integer:
        numbers[1] = operands[1]  # a negative number has such powers alone
    try:
        value = function(*numbers)
    except ZeroDivisionError:
        return sympy.zoo
    if not value.is_Float:
        return value
    if function is sympy.tan and abs(value) > 1 / ZERO:
        return sympy.zoo
    whole = _whole(function, value, numbers)
    return Constant(value, _written(function, *operands)) if whole is None else whole


def settled(value: Any) -> Any:
    """An expression; if x, y and t cancelled out, the constant that remained."""
    if not value.is_number or value.is_Atom or _is_exact(value):
        return value
    number = value.evalf(DIGITS)
    return Constant(number, value) if number.is_Float else value


def approximate(constant: Any) -> Any:
    """A constant as a `sympy.Float`."""
    return constant.value if isinstance(constant, Constant) else constant.evalf(DIGITS)


def _exactly(function: Callable[..., Any], left: Any, right: Any) -> Any:
    """The result if that is exact too; None if it isn't."""
    if function is operator.pow and not right.is_Integer:
        return None
    value = function(left, right)
    if value.is_Add and abs(value.evalf(DIGITS, maxn=2 * DIGITS)) < ZERO:
        return sympy.S.Zero
    return value if _is_exact(value) else None


def _is_exact(value: Any) -> bool:
    """Whether it is a number, or a short sum or product of numbers, pi and e."""
    if value.is_Rational:
        return bool(max(int(value.p).bit_length(), int(value.q).bit_length()) <= MOST_BITS)
    parts = list(sympy.preorder_traversal(value)) if value.is_number else []
    return 0 < len(parts) <= MOST_PARTS and all(map(_is_plain, parts))


def _is_plain(part: Any) -> bool:
    is_whole_power = part.is_Pow and part.exp.is_Integer
    return bool(part.is_Number or part.is_Add or part.is_Mul or is_whole_power or part in (sympy.pi, sympy.E))


def _is_decimal(value: Any) -> bool:
    return any(part.is_Float or (isinstance(part, Constant) and part.value._prec <= 53) for part in value.atoms())


def _whole(function: Callable[..., Any], value: Any, numbers: list[Any]) -> Any:
    """The whole number that a result is but for rounding; None if it is none."""
    if not abs(value) <= LIMITS.formula_number:
        return None
    # Rounding what is tiny would go through all its digits.
    nearest = sympy.S.Zero if abs(value) < 0.25 else sympy.Integer(round(value))
    away = abs(value - nearest)
    if away == 0:
        return nearest
    is_rounded = value._prec > 53 and away < ZERO * max(1, *map(abs, numbers))
    return nearest if is_rounded and (nearest != 0 or function in CANCELS) else None


def _written(function: Callable[..., Any], *operands: Any) -> Any:
    with sympy.evaluate(False):
        return function(*(part.written if isinstance(part, Constant) else part for part in operands))
