"""Formulas: text through a strict gate to SymPy, and SymPy to fast NumPy functions.

Text is checked word by word, parsed by Python's `ast` and rebuilt node by node from a whitelist; it is never evaluated.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from sympy.printing.numpy import NumPyPrinter

from adamax_viz.problems.surfaces.spelling import find_mistake

MAX_LENGTH = 300
MAX_EXPONENT = 20
MAX_DEPTH = 25
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


class KinkedBase(sympy.Function):  # type: ignore[misc]
    """A real function with a kink, whose derivative there is the middle of its slopes (0 at the tip of a cone).

    (SymPy's printers look for a class whose name ends in Base.)
    SymPy's own Abs and Max want to know that their arguments are real, and their second derivatives are Dirac pulses.
    """

    template, numpy_name = "", ""

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        body = self.template % tuple(printer._print(arg) for arg in self.args)
        return body if exp is None else rf"{{{body}}}^{{{exp}}}"


class Sign(KinkedBase):
    """sign(z), 0 at 0, flat everywhere."""

    nargs, template, numpy_name = 1, r"\operatorname{sign}\left(%s\right)", "sign"

    @classmethod
    def eval(cls, z: Any) -> Any:
        return sympy.sign(z) if z.is_number else None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.S.Zero


class Modulus(KinkedBase):
    """|z|."""

    nargs, template, numpy_name = 1, r"\left|{%s}\right|", "absolute"

    @classmethod
    def eval(cls, z: Any) -> Any:
        return abs(z) if z.is_number else None

    def fdiff(self, argindex: int = 1) -> Any:
        return Sign(self.args[0])


class Larger(KinkedBase):
    """max(a, b)."""

    nargs, template, numpy_name = 2, r"\max\left(%s, %s\right)", "maximum"

    @classmethod
    def eval(cls, a: Any, b: Any) -> Any:
        return sympy.Max(a, b) if a.is_number and b.is_number else None

    def fdiff(self, argindex: int = 1) -> Any:
        first = Sign(self.args[0] - self.args[1])
        return (1 + first) / 2 if argindex == 1 else (1 - first) / 2


class Smaller(KinkedBase):
    """min(a, b)."""

    nargs, template, numpy_name = 2, r"\min\left(%s, %s\right)", "minimum"

    @classmethod
    def eval(cls, a: Any, b: Any) -> Any:
        return sympy.Min(a, b) if a.is_number and b.is_number else None

    def fdiff(self, argindex: int = 1) -> Any:
        return Larger(*self.args).fdiff(3 - argindex)


class InverseRoot(KinkedBase):
    """1/sqrt(z), 0 at z = 0."""

    nargs, template, numpy_name = 1, r"\frac{1}{\sqrt{%s}}", "inverse_root"

    def fdiff(self, argindex: int = 1) -> Any:
        return -(InverseRoot(self.args[0]) ** 3) / 2


class Root(KinkedBase):
    """sqrt(z)."""

    nargs, template, numpy_name = 1, r"\sqrt{%s}", "sqrt"

    @classmethod
    def eval(cls, z: Any) -> Any:
        return sympy.sqrt(z) if z.is_number else None

    def fdiff(self, argindex: int = 1) -> Any:
        return InverseRoot(self.args[0]) / 2


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
    try:
        result = _Gate(columns, names).build(tree.body, 0)
    except (RecursionError, OverflowError, MemoryError, TypeError) as error:
        raise FormulaError(f"The formula can't be computed: {type(error).__name__}", 0) from None
    return result.replace(sympy.Abs, Modulus)


class _Gate:
    """Builds SymPy expressions from whitelisted syntax nodes."""

    OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
        ast.Add: lambda a, b: a + b,
        ast.Sub: lambda a, b: a - b,
        ast.Mult: lambda a, b: a * b,
        ast.Div: lambda a, b: a / b,
    }

    def __init__(self, columns: Sequence[int], names: Mapping[str, Any]) -> None:
        self.columns, self.names = columns, names

    def refuse(self, message: str, node: ast.AST) -> FormulaError:
        return FormulaError(message, self.columns[getattr(node, "col_offset", 0)])

    def build(self, node: ast.AST, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise self.refuse("The formula is nested too deeply", node)
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                if abs(value) > MAX_CONSTANT:
                    raise self.refuse(f"The number is larger than {MAX_CONSTANT:g}", node)
                return sympy.Integer(value) if value == int(value) else sympy.Float(value)
            case ast.Name(id=name):
                if name not in self.names:
                    raise self.refuse(f"{name!r} is unknown", node)
                return self.names[name]
            case ast.UnaryOp(op=ast.UAdd() | ast.USub() as op, operand=operand):
                value = self.build(operand, depth + 1)
                return -value if isinstance(op, ast.USub) else value
            case ast.BinOp(op=ast.Pow()):
                return self.power(node, self.build(node.left, depth + 1), self.build(node.right, depth + 1))
            case ast.BinOp(op=op) if type(op) in self.OPERATORS:
                # The terms of a long sum lie side by side, though Python nests them.
                left = self.build(node.left, depth + (not (_is_sum(node) and _is_sum(node.left))))
                result = self.OPERATORS[type(op)](left, self.build(node.right, depth + 1))
                return self.real(result, node)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
                count, function = FUNCTIONS[name]
                if len(args) != count:
                    raise self.refuse(f"{name} takes {count} argument{'s' * (count > 1)}", node)
                return self.real(function(*(self.build(arg, depth + 1) for arg in args)), node)
            case ast.Call(func=ast.Name(id=name)):
                raise self.refuse(f"{name!r} is not a function", node)
            case _:
                raise self.refuse("This is not part of a formula", node)

    def power(self, node: ast.BinOp, base: Any, exponent: Any) -> Any:
        if base.is_number:
            if base.is_zero and not exponent.is_nonnegative:
                raise self.refuse("The formula divides by zero", node)
            if base.is_negative and not exponent.is_integer:
                raise self.refuse("The power of a negative number is not real", node)
        elif exponent.has(sympy.Pow) and not exponent.is_number:
            raise self.refuse("A power inside an exponent is not allowed", node)
        if exponent.is_number and abs(float(exponent)) > MAX_EXPONENT:
            raise self.refuse(f"The exponent is larger than {MAX_EXPONENT}", node)
        if base.is_number and exponent.is_number and not _is_modest(float(base), float(exponent)):
            raise self.refuse(f"The power is larger than {MAX_CONSTANT:g}, or closer to 0 than its inverse", node)
        if exponent == sympy.Rational(1, 2) or (exponent.is_Float and exponent == 0.5):
            return self.real(Root(base), node)
        result = base**exponent
        total = result.exp if isinstance(result, sympy.Pow) else exponent
        if total.is_number and abs(float(total)) > MAX_EXPONENT:
            raise self.refuse(f"The exponents together are larger than {MAX_EXPONENT}", node)
        return self.real(result, node)

    def real(self, value: Any, node: ast.AST) -> Any:
        """Constants stay real, and small, so that no formula can make SymPy compute with giant numbers."""
        if not is_real(value):
            raise self.refuse("This has no real value: it divides by zero or leaves the real numbers", node)
        if value.is_number and abs(_number(value)) > MAX_CONSTANT:
            raise self.refuse(f"The number is larger than {MAX_CONSTANT:g}", node)
        return value


def _is_sum(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def _is_modest(base: float, exponent: float) -> bool:
    return base == 0 or abs(exponent * math.log(abs(base))) <= math.log(MAX_CONSTANT)


def _number(value: Any) -> float:
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
        return not math.isnan(_number(expression))
    return not any(part.is_number and part.is_extended_real is False for part in sympy.preorder_traversal(expression))


def to_latex(expression: sympy.Expr) -> str:
    """The formula for a page, with the names of parameters upright."""
    names = {s: rf"\mathrm{{{s.name}}}\," for s in expression.free_symbols if len(s.name) > 1}
    return str(sympy.latex(expression, symbol_names=names))


# -- fast NumPy functions -----------------------------------------------------------------------------------


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


class _Printer(NumPyPrinter):  # type: ignore[misc]
    """SymPy's NumPy printer, with powers that are fast, roots whose derivative at 0 is 0, and exact constants."""

    def _print_Float(self, expr: Any) -> str:  # noqa: N802
        return repr(float(expr))

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

    def _print_KinkedBase(self, expr: Any) -> str:  # noqa: N802
        return f"{expr.numpy_name}({', '.join(map(self._print, expr.args))})"

    def _print_Rational(self, expr: Any) -> str:  # noqa: N802
        return f"({expr.p}/{expr.q})"


def fold(expression: Any) -> Any:
    """Constants such as sqrt(2) as numbers: a NumPy scalar at their place would turn float32 into float64."""
    if expression.is_number:
        return expression if expression.is_Rational or expression.is_Float else sympy.Float(_number(expression))
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
