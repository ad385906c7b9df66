"""SymPy expressions as fast NumPy functions, whose bits do not depend on how many points they are given."""

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy
from sympy.printing.numpy import NumPyPrinter

from adamax_viz.problems.surfaces.formula import number_of, t, x, y


def _integer_power(base: Any, exponent: int) -> Any:
    """Repeated squaring: NumPy's own ** is 20 times slower for exponents above 2."""
    result = None
    while exponent:
        if exponent & 1:
            result = base if result is None else result * base
        exponent >>= 1
        base = base * base if exponent else base
    return result


def _inverse_root(z: Any) -> Any:
    root = np.sqrt(z)
    return 1 / np.where(root == 0, np.inf, root)


HELPERS = {"integer_power": _integer_power, "inverse_root": _inverse_root}


class ExactPrinter(NumPyPrinter):  # type: ignore[misc]
    """SymPy's NumPy printer, with floats to the last digit."""

    def _print_Float(self, expr: Any) -> str:  # noqa: N802
        return repr(float(expr))


class _Printer(ExactPrinter):
    """Powers that are fast, and quotients of whole numbers as such."""

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:  # noqa: N802
        base, exponent = expr.args
        if not exponent.is_Integer:
            return str(super()._print_Pow(expr, rational=rational))
        body = f"({self._print(base)})"
        # Products, not **2: NumPy squares scalars and arrays by different code, whose last bits may differ.
        if abs(exponent) == 2 and base.is_Symbol:
            body = f"({body}*{body})"
        elif abs(exponent) > 1:
            body = f"integer_power({self._print(base)}, {abs(int(exponent))})"
        return body if exponent > 0 else f"(1/{body})"

    def _print_Rational(self, expr: Any) -> str:  # noqa: N802
        return f"({expr.p}/{expr.q})"


def fold(expression: Any) -> Any:
    """Constants such as sqrt(2) as numbers: a NumPy scalar at their place would turn float32 into float64."""
    if expression.is_number:
        return expression if expression.is_Rational or expression.is_Float else sympy.Float(number_of(expression))
    return expression.func(*map(fold, expression.args)) if expression.args else expression


def compile_numpy(expressions: list[sympy.Expr], parameters: tuple[str, ...] = ()) -> Callable[..., tuple[Any, ...]]:
    """A function of (x, y, t, *parameters) that returns the values of several expressions.

    Shared parts are computed once, constants come out as scalars. Float32 arguments give float32 values, if t and the
    parameters are NumPy's float32 too.
    """
    arguments = [x, y, t, *(sympy.Symbol(name, real=True) for name in parameters)]
    printer = _Printer({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True})
    modules: list[Any] = [HELPERS, "numpy"]
    folded = [fold(expression) for expression in expressions]
    return sympy.lambdify(arguments, folded, modules=modules, printer=printer, cse=True)  # type: ignore[no-any-return]
