"""The settings of a session, and the address bar that always names them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from adamax_viz.study.fields import knobs
from adamax_viz.study.link import from_params, to_params
from adamax_viz.study.link import with_fields as changed_fields
from adamax_viz.study.locks import START, Locks, read_locks
from adamax_viz.study.spec import RunSpec
from adamax_viz.ui.parts import present
from adamax_viz.ui.state.address import PAGE_PARAMS, PANELS, shown_params, whole, write_params
from adamax_viz.views.run.panels import KEYS_ALONE

SCREEN_STEPS = 20_000  # more steps than a screen can show usefully; the command line runs more
_SETTINGS, _PARAMS, _COMPLAINTS, _PANELS, _PAGE = "settings", "params", "complaints", PANELS, "page"


def settings() -> RunSpec:
    """The settings of this session, read anew from the address if the user opened or went back to another link."""
    state = st.session_state
    params = shown_params()
    shown = st.query_params.get(_PANELS)
    if _SETTINGS not in state or (params, shown) != state.get(_PARAMS):
        version = {"v": st.query_params["v"]} if "v" in st.query_params else {}
        decoded = from_params(params | version, PAGE_PARAMS)
        state[_SETTINGS], state[_COMPLAINTS] = _on_screen(decoded.settings), decoded.complaints
        state[_PANELS], state[_PARAMS] = known_panels(shown), (params, shown)
        dropped = [key for key in (shown or "").split(",") if key and key not in KEYS_ALONE]
        state[_COMPLAINTS] += [f"“{key}” is no chart of this version; it was left out." for key in dropped]
        state[_COMPLAINTS] += [f"“{part}” is no part of the player; it was left out." for part in present.unknown()]
        if decoded.settings.steps > SCREEN_STEPS:
            state[_COMPLAINTS].append(_too_long(decoded.settings.steps))
    current: RunSpec = state[_SETTINGS]
    return current


def current() -> RunSpec | None:
    """What the Playground of this session shows, or None if nobody has been there."""
    return st.session_state.get(_SETTINGS)


def arrive(page: str) -> None:
    """Note the page; the settings go along from one to another whose address has none."""
    state = st.session_state
    left = state.get(_PAGE, page) != page
    state[_PAGE] = page
    if left and not shown_params() and _SETTINGS in state:
        state[_PARAMS] = {}, st.query_params.get(_PANELS)


def change(**fields: Any) -> None:
    """Other values for some settings. What can't be used is said and the old value kept."""
    state = st.session_state
    state[_SETTINGS], state[_COMPLAINTS] = with_fields(settings(), fields)


def with_fields(old: RunSpec, fields: dict[str, Any]) -> tuple[RunSpec, list[str]]:
    """A spec with other values, as far as a screen shows them; what can't be used is said, and the old value stays."""
    new, complaints = changed_fields(old, fields)
    return _on_screen(new), complaints + ([_too_long(new.steps)] if new.steps > SCREEN_STEPS else [])


def replace(new: RunSpec) -> None:
    """Other settings altogether."""
    settings()
    st.session_state[_SETTINGS], st.session_state[_COMPLAINTS] = _on_screen(new), []


def _on_screen(new: RunSpec) -> RunSpec:
    return new.changed(steps=SCREEN_STEPS) if new.steps > SCREEN_STEPS else new


def _too_long(steps: int) -> str:
    return f"{steps} steps are more than the screen shows; {SCREEN_STEPS} were kept. The command line runs them all."


def panels() -> tuple[str, ...] | None:
    """Keys of the charts the user chose, or None."""
    chosen: tuple[str, ...] | None = st.session_state.get(_PANELS)
    return chosen


def choose_panels(keys: list[str]) -> None:
    """Show just these charts."""
    st.session_state[_PANELS] = known_panels(",".join(keys))


def known_panels(text: str | None) -> tuple[str, ...] | None:
    """The keys of charts in a link's list; None if there is no list."""
    return None if text is None else tuple(key for key in text.split(",") if key in KEYS_ALONE)


def locks() -> Locks:
    """What the link does not let its reader move."""
    return read_locks(st.query_params.get("locked"))


def player_options() -> dict[str, Any]:
    """What the link asks of the player beside the run: see the options of `adamax_viz.player.scene.build_runs`."""
    params, locked = st.query_params, locks()
    names = [START, *(knob.name for knob in knobs(settings()))]
    return {
        "locked": [name for name in names if locked.has(name)],
        "show": present.shown_parts(),
        "present": present.presenting(),
        "step": whole(params.get("step")),
    }


def write_link() -> None:
    """Put the settings into the address bar."""
    state = st.session_state
    params, chosen = to_params(state[_SETTINGS]), panels()
    shown = None if chosen is None else ",".join(chosen)
    if (params, shown) != state.get(_PARAMS):
        write_params(params | ({} if shown is None else {_PANELS: shown}))
        state[_PARAMS] = (params, shown)


def take_complaints() -> list[str]:
    """What could not be used, one sentence each; said once."""
    complaints: list[str] = st.session_state.get(_COMPLAINTS, [])
    st.session_state[_COMPLAINTS] = []
    return complaints
