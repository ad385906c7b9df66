"""Formulas as NumPy source text: plain arithmetic to read, copy and change, without this package."""

from collections.abc import Sequence
from typing import Any

import sympy

from adamax_viz.problems.surfaces.derived import Source
from adamax_viz.problems.surfaces.formula import t
from adamax_viz.problems.surfaces.kinks import InverseRoot
from adamax_viz.problems.surfaces.numpy_text import ExactPrinter, fold

INVERSE_ROOT = '''def inverse_root(z):
    """1/sqrt(z), and 0 at the tip of a cone."""
    root = np.sqrt(z)
    return 1 / np.where(root == 0, np.inf, root)'''


def source_of(expressions: Sequence[Any], *, share: bool) -> Source:
    """The source of some expressions, shared parts perhaps computed once."""
    folded = [fold(e) for e in expressions]
    names = sympy.numbered_symbols("s", real=True)
    shared, results = sympy.cse(folded, symbols=names) if share else ([], folded)
    printer = ExactPrinter({"allow_unknown_functions": True})

    def text(expression: Any) -> str:
        return str(printer.doprint(expression)).replace("numpy.", "np.")

    helpers = (INVERSE_ROOT,) if any(e.has(InverseRoot) for e in folded) else ()
    named = tuple((str(name), text(part)) for name, part in shared)
    return Source(named, tuple(map(text, results)), helpers, any(e.has(t) for e in folded))
