"""A colour is a quantity, everywhere: one table for charts, arrows, formulas and CSS.

Okabe-Ito colours, darkened or lightened where a theme's background needs it: lines have a contrast of at least 3:1,
text of at least 4.5:1.
"""

from typing import Literal, NamedTuple

Theme = Literal["light", "dark"]


class Colour(NamedTuple):
    """A quantity's colours in one theme."""

    line: str
    text: str


class Quantity(NamedTuple):
    """A symbol and its colours."""

    symbol: str
    latex: str
    light: Colour
    dark: Colour

    def colour(self, theme: Theme) -> Colour:
        """The colours of a theme."""
        return self.light if theme == "light" else self.dark


BACKGROUND = {"light": "#FFFFFF", "dark": "#10161D"}
PANEL = {"light": "#F4F6F8", "dark": "#1A232D"}
INK = {"light": "#1B2733", "dark": "#E6ECF2"}
QUIET = {"light": "#5B6875", "dark": "#9AA7B4"}
GRID = {"light": "#E3E8ED", "dark": "#2A3541"}

_PATH = (Colour(INK["light"], INK["light"]), Colour(INK["dark"], INK["dark"]))
QUANTITIES: dict[str, Quantity] = {
    "grad": Quantity("g", "g", Colour("#D55E00", "#B95200"), Colour("#D55E00", "#D86B14")),
    "grad_clipped": Quantity("ĝ", r"\hat g", Colour("#BC8200", "#956700"), Colour("#E69F00", "#E69F00")),
    "m": Quantity("m", "m", Colour("#0072B2", "#0072B2"), Colour("#2F8CC0", "#3891C3")),
    "u": Quantity("u", "u", Colour("#009E73", "#00805D"), Colour("#009E73", "#009E73")),
    "lr_t": Quantity("α_t", r"\alpha_t", Colour("#C474A0", "#9B5C7F"), Colour("#CC79A7", "#CC79A7")),
    "ema": Quantity("θ̄", r"\bar\theta", Colour("#4795C1", "#39779A"), Colour("#56B4E9", "#56B4E9")),
    "step": Quantity("Δ", r"\Delta", *_PATH),
    "theta": Quantity("θ", r"\theta", *_PATH),
    "loss": Quantity("f", "f", *_PATH),
    "lr": Quantity("α", r"\alpha", Colour(QUIET["light"], QUIET["light"]), Colour(QUIET["dark"], QUIET["dark"])),
}

# The landscape keeps quiet: low chroma, perceptually even steps of lightness.
LANDSCAPE: dict[str, list[str]] = {
    "light": ["#B9C6D2", "#C4CFD9", "#CED7E0", "#D9E0E6", "#E3E8ED", "#EEF1F4", "#F9FAFB"],
    "dark": ["#0C1218", "#141C25", "#1B2631", "#23303D", "#2B3A49", "#334455", "#3B4E61"],
}
CONTOUR = {"light": "rgba(90,110,130,0.35)", "dark": "rgba(150,170,190,0.28)"}
MINIMUM = {"light": "#7A3E9D", "dark": "#D9B3F0"}

# A weight's sign, and the labels of data: label 1 is what positive weights speak for. No quantity has these hues.
SIGNS: dict[str, dict[str, str]] = {
    "light": {"plus": "#4A4FB0", "minus": "#8A5420"},
    "dark": {"plus": "#979BF2", "minus": "#CE9A62"},
}
LABELS: dict[str, list[str]] = {
    "light": [SIGNS["light"]["minus"], SIGNS["light"]["plus"], "#5F6B1E", "#8E2F62", "#3C6B72", "#555C66"],
    "dark": [SIGNS["dark"]["minus"], SIGNS["dark"]["plus"], "#B4BF6A", "#DE8AB4", "#86BAC2", "#A9B2BC"],
}

# Runs side by side, A to L: hues that no quantity has, apart in lightness where red and green look alike; each goes
# with a letter and a shape of its own.
VARIANTS: dict[str, tuple[str, ...]] = {
    "light": (
        *(INK["light"], "#A3123F", "#5B6100", "#4A3AA7", "#A817E5", "#3F7373"),
        *("#4C1508", "#1818F2", "#426AA6", "#731D6A", "#060640", "#1212B2"),
    ),
    "dark": (
        *(INK["dark"], "#FF8FA3", "#C3CB4F", "#B3A6FF", "#24B240", "#EDC2F2"),
        *("#89A66C", "#B8F230", "#99A1BF", "#C2F2CB", "#F2F29D", "#8DD98D"),
    ),
}
