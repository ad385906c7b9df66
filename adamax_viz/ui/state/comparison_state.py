"""The comparison of a session, and the address bar that always names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from adamax_viz.study import study
from adamax_viz.study.link import read_study, to_params
from adamax_viz.study.named.effects import EFFECTS, Effect
from adamax_viz.study.study import LETTERS, Study, study_of
from adamax_viz.ui.state.address import PAGE_PARAMS, shown_params
from adamax_viz.views.run.panels import KEYS

SCREEN_STEPS = 5_000  # of each of up to four runs
_SHOWN, _PARAMS, _COMPLAINTS, _PANELS, _TARGET = (
    f"effects_{n}" for n in ("shown", "params", "said", "panels", "target")
)


def shown() -> Study:
    """The comparison of this session, read anew if the user opened or went back to another link."""
    state = st.session_state
    params = shown_params()
    if _SHOWN not in state or (params and params != state.get(_PARAMS)):
        decoded, complaints = read_study(params, PAGE_PARAMS, EFFECTS[0])
        kept, said = _on_screen(decoded)
        state[_SHOWN], state[_COMPLAINTS], state[_PARAMS] = kept, complaints + said, params
        state[_PANELS] = _known(st.query_params.get("panels"))
    current: Study = state[_SHOWN]
    return current


def write_link() -> None:
    """Put the comparison into the address bar."""
    state = st.session_state
    params, chosen = to_params(state[_SHOWN]), panels()
    whole = params | ({} if chosen is None else {"panels": ",".join(chosen)})
    if whole != st.query_params.to_dict():
        st.query_params.from_dict(whole)
    state[_PARAMS] = params


def begin(effect: Effect) -> None:
    """An effect as it is to begin with."""
    shown()
    st.session_state[_SHOWN], st.session_state[_COMPLAINTS] = study_of(effect), []
    st.session_state[_PANELS] = st.session_state[_TARGET] = None


def edit(change: Callable[..., Study], *args: Any) -> None:
    """Change which variants there are, by a function of `adamax_viz.study.study`."""
    old = shown()
    new = change(old, *args)
    st.session_state[_SHOWN], st.session_state[_COMPLAINTS] = new, []
    more = len(new.variants) - len(old.variants)
    if more:  # what is new is in hand; after a removal, all are
        st.session_state[_TARGET] = None if more < 0 else args[0] + 1 if args else len(new.variants) - 1


def change(i: int | None, **fields: Any) -> None:
    """Other values for one variant, or for all if None; what can't be used is said."""
    if i is None:
        _take(*study.apply_to_base(shown(), fields))
    else:
        _take(*study.apply_to_one(shown(), i, fields))


def apply(fields: dict[str, Any]) -> None:
    """What the player asks for."""
    _take(*study.apply(shown(), fields))


def _take(new: Study, complaints: list[str]) -> None:
    kept, too_long = _on_screen(new)
    st.session_state[_SHOWN], st.session_state[_COMPLAINTS] = kept, complaints + too_long


def _on_screen(new: Study) -> tuple[Study, list[str]]:
    """The comparison with no more steps than a screen shows, and a sentence if there were more."""
    said = []
    if new.base.steps > SCREEN_STEPS:
        said = [f"{new.base.steps} steps are more than this page shows; {SCREEN_STEPS} were kept."]
        new = study.change_base(new, steps=SCREEN_STEPS)
    for i, settings in enumerate(new.specs()):
        if settings.steps > SCREEN_STEPS:
            said.append(
                f"{LETTERS[i]}: {settings.steps} steps are more than this page shows; {SCREEN_STEPS} were kept."
            )
            new = study.change_variant(new, i, steps=SCREEN_STEPS)
    return new, said


def target() -> int | None:
    """Which variant knobs and controls move; all if None."""
    i: int | None = st.session_state.get(_TARGET)
    return i if i is not None and i < len(shown().variants) else None


def choose_target(i: int | None) -> None:
    """Move this variant alone from now on, or all."""
    st.session_state[_TARGET] = i


def panels() -> tuple[str, ...] | None:
    """Keys of the charts the user chose, or None."""
    chosen: tuple[str, ...] | None = st.session_state.get(_PANELS)
    return chosen


def choose_panels(keys: list[str]) -> None:
    """Show just these charts."""
    st.session_state[_PANELS] = _known(",".join(keys))


def _known(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(key for key in text.split(",") if key in KEYS)


def take_complaints() -> list[str]:
    """What could not be used, one sentence each; said once."""
    complaints: list[str] = st.session_state.get(_COMPLAINTS, [])
    st.session_state[_COMPLAINTS] = []
    return complaints
