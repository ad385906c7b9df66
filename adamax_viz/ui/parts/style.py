"""The page around the player: less air, so that landscape, charts and transport share the first screen."""

import streamlit as st

from adamax_viz.views.notation import recolouring
from adamax_viz.views.palette import Theme

_CSS = """
<style>
[data-testid="stHeader"] { background: transparent; pointer-events: none; }
[data-testid="stHeader"] * { pointer-events: none; }
[data-testid="stHeader"] button, [data-testid="stHeader"] button * { pointer-events: auto; }
[data-testid="stMainBlockContainer"] { padding: 0.7rem 1.5rem 2rem; }
.stApp:has([data-testid="stExpandSidebarButton"]) [data-testid="stMainBlockContainer"] { padding-top: 3rem; }
.st-key-share button { min-width: max-content; }
[data-testid="stMain"] button :is(.stMarkdownEllipsis, .stMarkdownEllipsis p) {
  overflow: visible; white-space: normal; overflow-wrap: normal; word-break: normal; }
[data-testid="stSidebarUserContent"] { padding-top: 0.6rem; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3rem 0.8rem 1rem; } }
@media (769px <= width <= 1000px) { /* beside an open sidebar there is no room for a player beside words */
  .stApp:not(:has([data-testid="stExpandSidebarButton"])) {
    [data-testid="stMainBlockContainer"] { padding-top: 2.6rem; } /* the app's menu is above, not beside: */
    [data-testid="stColumn"]:not(:has([data-testid="stElementContainer"])) { display: none; }
    [data-testid="stHorizontalBlock"]:has([data-testid="stPageLink"]) { flex-wrap: wrap; }
    [data-testid="stColumn"]:has([data-testid="stPageLink"], [data-testid="stButtonGroup"], .st-key-share) {
      min-width: fit-content; }
    [data-testid="stMain"] [data-testid="stHorizontalBlock"]:has(.al-player, [data-testid="stSelectbox"]) {
      flex-wrap: wrap;
      > [data-testid="stColumn"]:has(.al-player, [data-testid="stCaptionContainer"]) {
        min-width: calc(100% - 1.5rem); } } } }
[data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto; }
[data-testid="stMarkdownContainer"] .katex-display {
  overflow: auto hidden; padding-block: 0.5em; } /* what reaches beyond its line is not cut */
</style>
"""


def page_style() -> None:
    """Put the style into the page."""
    st.html(_CSS.replace("</style>", f"{recolouring()}\n</style>"))


def theme() -> Theme:
    """The browser's theme as Streamlit knows it, for pictures drawn in Python; light until it does."""
    return "dark" if st.context.theme.type == "dark" else "light"
