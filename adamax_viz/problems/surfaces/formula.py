"""The gate for formulas: text becomes a SymPy expression of x, y and t, or one sentence that says what is wrong where.

What can be refused without SymPy is refused in `formula_text`; here the tree is rebuilt node by node from a whitelist.
"""

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import sympy

from adamax_viz.limits import LIMITS
from adamax_viz.problems.expressions import Language, Refusal
from adamax_viz.problems.surfaces.constants import approximate, of_constants, settled
from adamax_viz.problems.surfaces.formula_text import ARGUMENTS, FormulaError, syntax
from adamax_viz.problems.surfaces.kinks import Larger, Modulus, Root, Sign, Smaller

x, y, t = sympy.symbols("x y t", real=True)
VARIABLES = {"x": x, "y": y, "t": t}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E}
OWN = {"sign": Sign, "abs": Modulus, "sqrt": Root, "max": Larger, "min": Smaller}
FUNCTIONS = {name: OWN.get(name) or getattr(sympy, name) for name in ARGUMENTS}


def parse(text: str, parameters: tuple[str, ...] = ()) -> sympy.Expr:
    """The expression that a formula in x, y, t (and the named parameters) means.

    ``^`` is read as a power. Raises `FormulaError` with the position of what is not allowed.
    """
    tree = syntax(text, parameters)
    names = VARIABLES | CONSTANTS | {name: sympy.Symbol(name, real=True) for name in parameters}
    functions = {name: (ARGUMENTS[name], _checked(function)) for name, function in FUNCTIONS.items()}
    try:
        result = tree.walk(Language("formula", _constant, names.__getitem__, functions, _OPERATORS))
    except FormulaError:
        raise
    except (RecursionError, ArithmeticError, TypeError, ValueError, NotImplementedError) as error:
        raise FormulaError(f"The formula can't be computed: {type(error).__name__}", 0) from None
    return result.replace(sympy.Abs, Modulus)


def _constant(value: float) -> Any:
    return sympy.Integer(value) if value == int(value) else sympy.Float(value)


def _checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose constants are numbers, real and small, so that no formula makes SymPy compute with giants."""

    def checked(*operands: Any) -> Any:
        is_constant = all(operand.is_number for operand in operands)
        value = of_constants(function, operands) if is_constant else settled(function(*operands))
        if not is_real(value):
            raise Refusal("This has no real value: it divides by zero or leaves the real numbers")
        if value.is_number and abs(number_of(value)) > LIMITS.formula_number:
            raise Refusal(f"The number is larger than {LIMITS.formula_number:g}")
        return value

    return checked


def _power(base: Any, exponent: Any) -> Any:
    if exponent.is_Float and exponent == int(exponent):
        exponent = sympy.Integer(int(exponent))
    _refuse_power(base, exponent)
    if base.is_number and exponent.is_number:
        return _checked(operator.pow)(base, exponent)
    if exponent == sympy.Rational(1, 2) or (exponent.is_Float and exponent == 0.5):
        return _checked(Root)(base)
    result = _checked(operator.pow)(base, exponent)
    # SymPy takes the power of a product into it: there they may be longer, as links have them.
    most = LIMITS.formula_exponent ** (1 if isinstance(result, sympy.Pow) else 2)
    powers = [factor for factor in sympy.Mul.make_args(result) if isinstance(factor, sympy.Pow)]
    totals = [power.exp for power in powers if power.exp.is_number and not power.base.is_number]
    if any(abs(float(total)) > most for total in totals):
        raise Refusal(f"The exponents together are larger than {most}")
    return result


def _refuse_power(base: Any, exponent: Any) -> None:
    if base.is_number:
        size = float(approximate(base))
        if size == 0 and not exponent.is_nonnegative:
            raise Refusal("The formula divides by zero")
        if size < 0 and not exponent.is_integer:
            raise Refusal("The power of a negative number is not real")
    elif exponent.has(sympy.Pow) and not exponent.is_number:
        raise Refusal("A power inside an exponent is not allowed")
    if exponent.is_number:
        power = float(approximate(exponent))
        if abs(power) > LIMITS.formula_exponent:
            raise Refusal(f"The exponent is larger than {LIMITS.formula_exponent}")
        if base.is_number and size != 0 and abs(power * math.log(abs(size))) > math.log(LIMITS.formula_number):
            raise Refusal(f"The power is larger than {LIMITS.formula_number:g}, or closer to 0 than its inverse")


_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _checked(operator.add),
    ast.Sub: _checked(operator.sub),
    ast.Mult: _checked(operator.mul),
    ast.Div: _checked(operator.truediv),
    ast.Pow: _power,
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
