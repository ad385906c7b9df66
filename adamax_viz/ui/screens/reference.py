"""The page Reference: arguments one may search, facts one may check, neighbours."""

from operator import attrgetter
from typing import Any

import streamlit as st

from adamax_viz.limits import LIMITS
from adamax_viz.parity.answers import Answers
from adamax_viz.parity.facts import FACTS, Fact, holds
from adamax_viz.parity.reference import ARGUMENTS, DEFAULTS, NEIGHBOURS, facts_of, matching, next_door
from adamax_viz.parity.verdicts import short
from adamax_viz.problems.models.backend import not_installed
from adamax_viz.study.fields import Setting
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.wrong_values import shortened
from adamax_viz.ui.parts.kept import kept
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.parts.polling import polled
from adamax_viz.ui.parts.style import theme
from adamax_viz.ui.state.address import ALL, write_param
from adamax_viz.views.notation import coloured

CHECKS = Answers(holds, attrgetter("claim"))
_ASKED = "reference_asked"


def search() -> tuple[Setting, ...]:
    """The arguments that a visitor's words fit; the words are in the address too."""
    words = st.query_params.get("q", "")[: LIMITS.value_length]
    options = {"placeholder": "a name, a word: clip, NaN, average…", "icon": ":material/search:"}
    kept(st.text_input, "Search", words, _into_the_link, key="c_reference", **options)
    found = matching(words)
    if not found:
        st.info(f"Nothing fits “{plain(shortened(words))}”; all arguments are shown.")
    return found or ARGUMENTS


def _into_the_link(words: str) -> None:
    write_param("q", words.strip())


def arguments(shown: tuple[Setting, ...]) -> None:
    """The arguments, each with what is known of it, and the checks of their facts while they run."""
    if st.query_params.get(ALL) == "1" and _ASKED not in st.session_state and not not_installed():
        _ask()  # what was begun before a restart goes on
    polled(_arguments, shown, waiting=lambda _: None in _answers().values())


def _answers() -> dict[str, bool | str | None]:
    """What the checks say so far; nothing before somebody asked."""
    return {fact.claim: CHECKS.answer(fact) for fact in FACTS} if st.session_state.get(_ASKED) else {}


def _arguments(shown: tuple[Setting, ...]) -> None:
    found = _answers()
    row = st.container(horizontal=True, vertical_alignment="center")
    missing = not_installed()
    options: dict[str, Any] = {"key": "c_check", "icon": ":material/fact_check:", "on_click": _ask}
    row.button("Check all facts", disabled=bool(found or missing), **options)
    done = [answer for answer in found.values() if answer is not None]
    checked = f"{done.count(True)} of {len(done)} checked hold, {len(found) - len(done)} to go."
    row.caption(missing or (checked if found else "Each fact below has a check that runs the installed Keras."))
    for argument in shown:
        _argument(argument, found)


def _ask() -> None:
    st.session_state[_ASKED] = True
    write_param(ALL, "1")
    for fact in FACTS:
        CHECKS.ask(fact)


def _argument(argument: Setting, found: dict[str, bool | str | None]) -> None:
    with st.container(border=True):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.subheader(argument.name, anchor=argument.name)
        if argument.effect:
            params = {"effect": argument.effect}
            right.page_link("effects.py", label="See its effect", icon=":material/compare:", query_params=params)
        words = argument.reference
        if argument.name in DEFAULTS:
            words += f" Default: `{DEFAULTS[argument.name]!r}`."
        if argument.symbol:
            words = coloured(f"${argument.symbol}$", theme()) + " – " + words
        st.markdown(words)
        if argument.formula:
            st.latex(coloured(f"$${argument.formula}$$", theme()).strip("$"))
        if facts := facts_of(argument.name):
            # Names with underscores are no emphasis.
            claims = [_sign(fact, found) + fact.claim.replace("_", r"\_").replace("*", r"\*") for fact in facts]
            st.markdown("\n".join(f"- {claim}" for claim in claims))


def _sign(fact: Fact, found: dict[str, bool | str | None]) -> str:
    if fact.claim not in found:
        return ""
    answer = found[fact.claim]
    if answer is None:
        return ":material/hourglass: "
    return ":material/check: " if answer is True else f":material/warning: **not here** ({plain(answer or 'no')}): "


def neighbours() -> None:
    """Adamax as the paper, torch and optax have it."""
    rows = ["| | u | step | defaults | weight decay | first gradient zero | schedules count |", "|" + "---|" * 7]
    for n in NEIGHBOURS:
        cells = [f"**{n.name}**", n.u, n.step, n.defaults, n.weight_decay, n.zero_gradient, n.accumulation]
        rows.append("| " + " | ".join(cell.replace("|", r"\vert ") for cell in cells) + " |")
    st.markdown(coloured("\n".join(rows), theme()))
    settings = RunSpec()
    st.caption(
        f"How much ε inside the max matters: on {settings.the_surface().title}, {settings.steps} steps with the same "
        f"arguments, torch's rule is never more than {short(next_door())} away from Keras's path."
    )
