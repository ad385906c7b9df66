"""Formulas in the quantities' colours."""

import pytest

from adamax_viz.views.notation import MACROS, coloured, recolouring
from adamax_viz.views.palette import QUANTITIES


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("macro", MACROS)
def test_each_macro_has_its_quantitys_symbol_and_colour(macro, theme):
    quantity = QUANTITIES[MACROS[macro]]
    expected = rf"$\textcolor{{{quantity.colour(theme).text}}}{{{quantity.latex}}}_t$"
    assert coloured(rf"$\{macro}_t$", theme) == expected


def test_only_formulas_change_and_only_macros_in_them():
    text = r"costs \m, `\u`; $\mu \max \gamma$ and $$\frac{1}{2}$$"
    assert coloured(text, "light") == text


def test_a_display_formula_may_have_lines():
    assert "textcolor" in coloured("$$\n\\m\n$$", "dark")


def test_the_other_themes_colours_are_recoloured():
    rules = recolouring()
    m = QUANTITIES["m"]
    assert (
        f'html[data-quantities="dark"] .katex [style*="rgb(0, 114, 178)"] {{ color: {m.dark.text} !important; }}'
        in rules
    )
    for name in MACROS.values():
        for colour in (QUANTITIES[name].light.text, QUANTITIES[name].dark.text):
            assert (f"color: {colour} !important" in rules) == (
                QUANTITIES[name].light.text != QUANTITIES[name].dark.text
            )
