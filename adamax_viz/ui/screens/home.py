"""The home page's parts: a run that moves, doors, and cards."""

from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from adamax_viz.lessons.reader import lessons
from adamax_viz.study.link import from_query, params_of
from adamax_viz.study.named.effects import FAMILIES, first_of
from adamax_viz.study.named.presets import PRESETS, preset_settings
from adamax_viz.study.study import Study
from adamax_viz.ui.parts.player import player
from adamax_viz.ui.parts.playground_link import playground_link
from adamax_viz.ui.state.page_state import kept_state
from adamax_viz.ui.state.study_page import StudyPage

# The path swings round the bend of a curved valley, with all its arrows in sight.
SHOWN = "surface=himmelblau&learning_rate=0.25&start=-0.4,-3.6&steps=90&beta_1=0.93"


class Door(NamedTuple):
    """A way into the app."""

    page: str
    label: str
    icon: str
    line: str


DOORS = (
    Door("playground", "Explore", "route", "Move a knob, read every number."),
    Door("lessons", "Learn", "school", "Guess what comes next, then see it."),
    Door("models", "Models", "hub", "Watch Adamax train a tiny network."),
)
_CSS = """
<style>
[data-testid="stMainBlockContainer"] { max-width: 1180px; }
.st-key-home_words h1 {
  font-size: clamp(1.9rem, 3.4vw, 2.7rem); line-height: 1.12; padding: 0 0 0.6rem; letter-spacing: -0.01em;
}
.st-key-home_words p { font-size: 1.05rem; }
.st-key-home_player { padding-top: 1.6rem; }
.st-key-home_player .al-player { min-height: 0; }
.st-key-home_player :is(.al-first, .al-back, .al-forward, .al-last, .al-speed, .al-loop, .al-zoom) { display: none; }
.st-key-home_player .al-scrub { order: 0; flex: 1 1 6rem; } /* what is left fits one line */
.st-key-home_player .al-step { flex: none; }
[class*="st-key-door_"], [class*="st-key-card_"] {
  position: relative; gap: 0.1rem; padding: 0.55rem 0.9rem 0.7rem;
}
[class*="st-key-door_"]:hover, [class*="st-key-card_"]:hover { border-color: var(--st-primary-color); }
[class*="st-key-door_"] a, [class*="st-key-card_"] a { padding: 0.1rem 0; background: none; }
[class*="st-key-door_"] a::after, [class*="st-key-card_"] a::after { content: ""; position: absolute; inset: 0; }
[class*="st-key-door_"] a p, [class*="st-key-card_"] a p { font-weight: 600; font-size: 1.05rem; }
[class*="st-key-card_"] a p { font-size: 0.95rem; }
</style>
"""


def open_old_links() -> None:
    """Links once pointed at the Playground without naming it; they open it for ever."""
    params = st.query_params.to_dict()
    if set(params) - {"embed", "embed_options"}:
        st.switch_page("playground.py", query_params=params)


def welcome() -> None:
    """What this is, and the ways in."""
    st.html(_CSS)
    with st.container(key="home_words"):
        st.markdown(
            "# See how an optimizer really works\n\n"
            "Adamax Lab runs Adamax exactly as `keras.optimizers.Adamax` computes it, one step at a time, and shows "
            "every quantity of every step: the gradient, what clipping leaves of it, the moments m and u, the "
            "bias-corrected rate, the step, the average."
        )
    for column, door in zip(st.columns(len(DOORS), gap="small"), DOORS, strict=True):
        _card(column, f"door_{door.page}", f"{door.page}.py", door.label, door.line, icon=f":material/{door.icon}:")


@st.fragment
def small_player() -> None:
    """A run that plays by itself; its start can be dragged here too."""
    page = kept_state("home", lambda: StudyPage(Study(from_query(SHOWN).settings)))
    options = {"show": ["landscape", "transport"], "take": [], "autoplay": 0.5}
    with st.container(key="home_player"):
        player(page, "home_run", live=True, chosen=(), options=options)
        playground_link(st, "Go on with this run in the Playground", page.spec, "arrow_forward")


def cards() -> None:
    """The lessons, and runs that show something at first sight."""
    st.markdown("#### Lessons")
    _grid([("lessons.py", {"lesson": lesson.name}, lesson.title, lesson.line) for lesson in lessons()])
    st.markdown("#### What does this argument do?")
    _grid([("effects.py", {"effect": e.name}, e.family, e.question) for e in map(first_of, FAMILIES)])
    st.markdown("#### Runs to play with")
    _grid([("playground.py", params_of(preset_settings(p.query)), p.title, p.look) for p in PRESETS[:6]])


def _grid(entries: list[tuple[str, dict[str, str], str, str]]) -> None:
    """Cards in rows of three: page, its parameters, title, and a line."""
    for row in range(0, len(entries), 3):
        for column, (page, params, title, line) in zip(st.columns(3), entries[row : row + 3], strict=False):
            _card(column, f"card_{title}", page, title, line, query_params=params)


def _card(place: DeltaGenerator, key: str, page: str, label: str, line: str, **link: Any) -> None:
    with place.container(border=True, height="stretch", key=key):
        st.page_link(page, label=label, **link)
        st.caption(line)
