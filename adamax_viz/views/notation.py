"""Formulas in the quantities' colours: macros such as ``\\m`` in ``$…$`` become coloured LaTeX for a theme."""

from __future__ import annotations

import re

from adamax_viz.views.palette import QUANTITIES, Theme

# Macro -> quantity; its symbol and colour come from the palette.
MACROS = {
    "g": "grad",
    "gc": "grad_clipped",
    "m": "m",
    "u": "u",
    "alphat": "lr_t",
    "avg": "ema",
}
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+?\$", re.DOTALL)
_MACRO = re.compile(r"\\(" + "|".join(MACROS) + r")(?![A-Za-z])")


def coloured(text: str, theme: Theme) -> str:
    """The text with the macros of its formulas in their colours.

    >>> coloured(r"the norm $\\u_t$", "light")
    'the norm $\\\\textcolor{#00805D}{u}_t$'
    """
    return _FORMULA.sub(lambda formula: _MACRO.sub(lambda macro: _symbol(macro[1], theme), formula[0]), text)


def _symbol(macro: str, theme: Theme) -> str:
    quantity = QUANTITIES[MACROS[macro]]
    return rf"\textcolor{{{quantity.colour(theme).text}}}{{{quantity.latex}}}"
