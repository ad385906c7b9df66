"""The colours: readable on both themes, complete, and one a quantity."""

import colorsys
import re
from itertools import pairwise

import numpy as np
import pytest

from adamax_viz.views import palette
from adamax_viz.views.palette import BACKGROUND, INK, LANDSCAPE, MINIMUM, PANEL, QUANTITIES, QUIET

OKABE_ITO = {
    "grad": "#D55E00",
    "grad_clipped": "#E69F00",
    "m": "#0072B2",
    "u": "#009E73",
    "lr_t": "#CC79A7",
    "ema": "#56B4E9",
}
THEMES = pytest.mark.parametrize("theme", ["light", "dark"])


def channels(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(colour):
    """Relative luminance, WCAG 2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Contrast ratio, WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def hue(colour):
    """Degrees on the colour circle."""
    return 360 * colorsys.rgb_to_hsv(*channels(colour))[0]


def test_the_formula_is_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@THEMES
@pytest.mark.parametrize("name", QUANTITIES)
def test_lines_and_texts_stand_out(name, theme):
    colour = QUANTITIES[name].colour(theme)
    for surface in (BACKGROUND[theme], PANEL[theme]):
        assert contrast(colour.line, surface) >= 3
        assert contrast(colour.text, surface) >= 4.5


@THEMES
def test_ink_quiet_text_and_minima_stand_out(theme):
    for surface in (BACKGROUND[theme], PANEL[theme]):
        assert contrast(INK[theme], surface) >= 7
        assert contrast(QUIET[theme], surface) >= 4.5
    for shade in LANDSCAPE[theme]:
        assert contrast(INK[theme], shade) >= 7  # the path
        assert contrast(MINIMUM[theme], shade) >= 3


@THEMES
def test_the_landscape_is_quiet_and_even(theme):
    shades = LANDSCAPE[theme]
    # CIE lightness, the perceptual one
    lightness = [
        116 * luminance(c) ** (1 / 3) - 16 if luminance(c) > 0.008856 else 903.3 * luminance(c) for c in shades
    ]
    steps = [b - a for a, b in pairwise(lightness)]
    assert min(steps) > 0
    assert max(steps) < 1.25 * min(steps)
    assert max(max(channels(c)) - min(channels(c)) for c in shades) < 0.2


@pytest.mark.parametrize("name", OKABE_ITO)
def test_colours_are_okabe_and_itos_or_shades_of_them(name):
    for theme in ("light", "dark"):
        for colour in QUANTITIES[name].colour(theme):
            difference = abs(hue(colour) - hue(OKABE_ITO[name])) % 360
            assert min(difference, 360 - difference) < 4


@THEMES
def test_each_quantity_has_a_colour_of_its_own(theme):
    lines = [QUANTITIES[name].colour(theme).line for name in OKABE_ITO]
    assert len(set(lines)) == len(lines)
    ink = {QUANTITIES[name].colour(theme).line for name in ("step", "theta", "loss")}
    assert ink == {INK[theme]}


@THEMES
def test_signs_and_labels_stand_out_and_are_no_quantity_s(theme):
    quantities = {QUANTITIES[name].colour(theme).line for name in QUANTITIES}
    for colour in palette.LABELS[theme]:
        assert contrast(colour, BACKGROUND[theme]) >= 4.5
        assert contrast(colour, PANEL[theme]) >= 4.5
    assert set(palette.SIGNS[theme].values()) <= set(palette.LABELS[theme])
    assert not quantities & set(palette.LABELS[theme])


@THEMES
def test_variants_stand_out_and_look_like_no_quantity(theme):
    variants = palette.VARIANTS[theme]
    assert len(set(variants)) == 12
    assert variants[0] == INK[theme]
    for colour in variants:
        assert all(contrast(colour, surface) >= 4.5 for surface in (BACKGROUND[theme], PANEL[theme]))
        assert all(contrast(colour, shade) >= 3 for shade in LANDSCAPE[theme])
    for colour in variants[1:]:
        for name in OKABE_ITO:
            difference = abs(hue(colour) - hue(QUANTITIES[name].colour(theme).line)) % 360
            assert min(difference, 360 - difference) > 12, name


# Machado, Oliveira and Fernandes 2009: what linear red, green and blue become without one kind of cone.
WITHOUT = {
    "none": np.eye(3),
    "long": np.array([[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]]),
    "middle": np.array([[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]]),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour, cones):
    """CIE 1976 L*a*b*, in which equal distances look about equal, as seen without a kind of cone."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour)]
    x, y, z = TO_XYZ @ np.clip(WITHOUT[cones] @ linear, 0, 1) / [0.9505, 1, 1.089]
    f, g, h = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * g - 16, 500 * (f - g), 200 * (g - h)])


@THEMES
@pytest.mark.parametrize("cones", WITHOUT)
def test_variants_look_unlike_each_other_to_every_eye(theme, cones):
    """A difference of 2.3 is just noticed; letters and shapes help where lines are thin."""
    seen = [lab(colour, cones) for colour in palette.VARIANTS[theme]]
    apart = [np.linalg.norm(one - other) for i, one in enumerate(seen) for other in seen[:i]]
    assert min(apart) > 12


def test_the_table_is_complete():
    assert set(QUANTITIES) == {*OKABE_ITO, "step", "theta", "loss", "lr"}
    for quantity in QUANTITIES.values():
        assert quantity.symbol
        assert quantity.latex
        for theme in ("light", "dark"):
            assert all(re.fullmatch(r"#[0-9A-F]{6}", c) for c in quantity.colour(theme))
    for table in (BACKGROUND, PANEL, INK, QUIET, palette.GRID, MINIMUM, palette.CONTOUR, LANDSCAPE):
        assert set(table) == {"light", "dark"}
