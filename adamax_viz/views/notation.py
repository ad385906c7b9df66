"""Formulas in the quantities' colours: macros such as ``\\m`` in ``$…$`` become coloured LaTeX for a theme."""

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

    def symbol(macro: re.Match[str]) -> str:
        quantity = QUANTITIES[MACROS[macro[1]]]
        return rf"\textcolor{{{quantity.colour(theme).text}}}{{{quantity.latex}}}"

    return _FORMULA.sub(lambda formula: _MACRO.sub(symbol, formula[0]), text)


def recolouring() -> str:
    """CSS rules that give formulas the other theme's colours when the theme changes after they were written.

    The player says the theme as `data-quantities` of the document.
    """
    rules = []
    for name in MACROS.values():
        light, dark = QUANTITIES[name].light.text, QUANTITIES[name].dark.text
        for theme, colour, other in (("light", light, dark), ("dark", dark, light)):
            if colour != other:
                selector = f'html[data-quantities="{theme}"] .katex [style*="{_rgb(other)}"]'
                rules.append(f"{selector} {{ color: {colour} !important; }}")
    return "\n".join(rules)


def _rgb(colour: str) -> str:
    """A colour as browsers write it into a style."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"
