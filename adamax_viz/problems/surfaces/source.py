"""Formulas as NumPy source text: plain arithmetic to read, copy and change, without this package."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sympy

from adamax_viz.problems.surfaces.compiled import ExactPrinter, fold
from adamax_viz.problems.surfaces.formula import parse, t, x, y
from adamax_viz.problems.surfaces.kinks import InverseRoot


class Source(NamedTuple):
    """A function's body: shared parts first, in order, then a text for each result."""

    shared: tuple[tuple[str, str], ...]  # (name, expression)
    results: tuple[str, ...]
    helpers: tuple[str, ...]  # functions that the texts call and NumPy does not have
    moves: bool  # depends on t


INVERSE_ROOT = '''def inverse_root(z):
    """1/sqrt(z), and 0 at the tip of a cone."""
    root = np.sqrt(z)
    return 1 / np.where(root == 0, np.inf, root)'''


def height_and_slopes(formula: str, parameters: tuple[str, ...] = ()) -> tuple[Source, Source]:
    """The source of a surface's value, and of its gradient along x and y."""
    f = parse(formula, parameters)
    slopes = [sympy.diff(f, v) for v in (x, y)]
    return _source([f], share=False), _source(slopes, share=True)


def envelope(formula: str) -> str:
    """The source of a formula in t."""
    return _source([parse(formula)], share=False).results[0]


def _source(expressions: Sequence[Any], *, share: bool) -> Source:
    folded = [fold(e) for e in expressions]
    names = sympy.numbered_symbols("s", real=True)
    shared, results = sympy.cse(folded, symbols=names) if share else ([], folded)
    printer = ExactPrinter({"allow_unknown_functions": True})

    def text(expression: Any) -> str:
        return str(printer.doprint(expression)).replace("numpy.", "np.")

    helpers = (INVERSE_ROOT,) if any(e.has(InverseRoot) for e in folded) else ()
    named = tuple((str(name), text(part)) for name, part in shared)
    return Source(named, tuple(map(text, results)), helpers, any(e.has(t) for e in folded))
