"""Real functions with kinks for SymPy, whose own are slow to reason about and differentiate into Dirac pulses."""

from collections.abc import Callable
from typing import Any

import sympy


class Kinked(sympy.Function):  # type: ignore[misc]
    """A real function with a kink, whose derivative there is the middle of its slopes (0 at the tip of a cone).

    SymPy's own Abs and Max want to know that their arguments are real, and their second derivatives are Dirac pulses.
    """

    template, numpy_name = "", ""
    exact: Callable[..., Any] | None = None  # SymPy's own, of constants

    @classmethod
    def eval(cls, *args: Any) -> Any:
        return cls.exact(*args) if cls.exact and all(arg.is_number for arg in args) else None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        body = self.template % tuple(printer._print(arg) for arg in self.args)
        return body if exp is None else rf"{{{body}}}^{{{exp}}}"

    def _numpycode(self, printer: Any) -> str:
        return f"{printer._module_format(self.numpy_name)}({', '.join(map(printer._print, self.args))})"


class Sign(Kinked):
    """sign(z), 0 at 0, flat everywhere."""

    nargs, template, numpy_name = 1, r"\operatorname{sign}\left(%s\right)", "numpy.sign"
    exact = sympy.sign

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.S.Zero


class Modulus(Kinked):
    """|z|."""

    nargs, template, numpy_name = 1, r"\left|{%s}\right|", "numpy.absolute"
    exact = abs

    def fdiff(self, argindex: int = 1) -> Any:
        return Sign(self.args[0])


class Larger(Kinked):
    """max(a, b)."""

    nargs, template, numpy_name = 2, r"\max\left(%s, %s\right)", "numpy.maximum"
    exact = sympy.Max

    def fdiff(self, argindex: int = 1) -> Any:
        first = Sign(self.args[0] - self.args[1])
        return (1 + first) / 2 if argindex == 1 else (1 - first) / 2


class Smaller(Kinked):
    """min(a, b)."""

    nargs, template, numpy_name = 2, r"\min\left(%s, %s\right)", "numpy.minimum"
    exact = sympy.Min

    def fdiff(self, argindex: int = 1) -> Any:
        return Larger(*self.args).fdiff(3 - argindex)


class InverseRoot(Kinked):
    """1/sqrt(z), 0 at z = 0."""

    nargs, template, numpy_name = 1, r"\frac{1}{\sqrt{%s}}", "inverse_root"

    def fdiff(self, argindex: int = 1) -> Any:
        return -(InverseRoot(self.args[0]) ** 3) / 2


class Root(Kinked):
    """sqrt(z)."""

    nargs, template, numpy_name = 1, r"\sqrt{%s}", "numpy.sqrt"
    exact = sympy.sqrt

    def fdiff(self, argindex: int = 1) -> Any:
        return InverseRoot(self.args[0]) / 2
