"""Presenter mode (`?present=1`): large type, the picture and its arithmetic, nothing else."""

import streamlit as st

from adamax_viz.lessons.lesson import PARTS

_PRESENT, _SHOW = "present", "show"
PRESENTED = ("landscape", "ledger")
_CSS = """
<style>
[data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stExpandSidebarButton"],
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] > :not(:has(.al-player)),
.st-key-page_tools { display: none !important; }
[data-testid="stMainBlockContainer"] { padding: 1.2rem 1.6rem 3rem !important; max-width: none; }
[data-testid="stMarkdownContainer"] { font-size: clamp(1.15rem, 1.6vw, 1.75rem); line-height: 1.45; }
[data-testid="stMarkdownContainer"] p, [data-testid="stMarkdownContainer"] li { font-size: inherit; }
[data-testid="stMarkdownContainer"] h3 { font-size: 1.35em; padding: 0.2rem 0 0.5rem; }
</style>
"""


def presenting() -> bool:
    """Whether the link asks for it."""
    return st.query_params.get(_PRESENT) == "1"


def style() -> None:
    """Large type, and no page around the player."""
    if presenting():
        st.html(_CSS)


def allowed() -> tuple[str, ...]:
    """Parts that the link shows on top."""
    return tuple(part for part in _asked() if part in PARTS)


def unknown() -> tuple[str, ...]:
    """What the link wants shown and the player doesn't have."""
    return tuple(part for part in _asked() if part and part not in PARTS)


def _asked() -> list[str]:
    return st.query_params.get(_SHOW, "").split(",")


def shown_parts() -> list[str] | None:
    """The parts of the player on a page without scenes; None for all."""
    return [*(PRESENTED if presenting() else ()), *allowed()] or None


def switch(on: bool) -> None:
    """Begin or leave; the rest of the link stays."""
    rest = {name: value for name, value in st.query_params.to_dict().items() if name not in (_PRESENT, _SHOW)}
    st.query_params.from_dict(rest | ({_PRESENT: "1"} if on else {}))


def button() -> None:
    """The way in."""
    st.button(
        "Present",
        icon=":material/slideshow:",
        type="tertiary",
        help="Large type for a projector: landscape and arithmetic only. Escape leaves.",
        on_click=switch,
        args=(True,),
    )
