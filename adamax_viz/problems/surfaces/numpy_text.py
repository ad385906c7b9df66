"""SymPy expressions as the text of fast NumPy functions, whose bits do not depend on how many points they are given."""

from collections.abc import Sequence
from typing import Any

import sympy
from sympy.printing.numpy import NumPyPrinter

from adamax_viz.problems.surfaces.formula import number_of


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


def function_text(expressions: Sequence[sympy.Expr], parameters: tuple[str, ...] = ()) -> str:
    """A function of (x, y, t, *parameters) that returns a tuple of the values of folded expressions.

    It is for `compiled.function_of`. Shared parts are computed once, constants come out as scalars.
    """
    shared, results = sympy.cse(list(expressions), list=False)
    printer = _Printer({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True})
    lines = [f"{name} = {printer.doprint(part)}" for name, part in shared]
    lines.append(f"return ({', '.join(printer.doprint(result) for result in results)},)")
    return "\n    ".join([f"def function({', '.join(('x', 'y', 't', *parameters))}):", *lines]) + "\n"
