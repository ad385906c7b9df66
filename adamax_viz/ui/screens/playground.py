"""The player on the Playground: settings in, requests out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from adamax_viz.player.mount import mount
from adamax_viz.player.scene import alone, build_runs, surface_key
from adamax_viz.ui.parts import present
from adamax_viz.ui.server import cache
from adamax_viz.ui.state import session

_ANSWERED, _SENT, _FINAL, _SHOWN_AT = "answered", "sent_surface", "final_request", "surface_step"


@st.fragment
def player(key: str = "player") -> None:
    """The live view of the session's run; a request reruns this fragment alone until the thumb rests."""
    if st.session_state.pop(_FINAL, False):
        st.rerun()  # the sidebar and the link follow once the value is final
    settings = session.settings()
    t = st.session_state.get(_SHOWN_AT, 0) if settings.problem().functions.moves else 0
    run, view = cache.run(settings), cache.surface_view(settings, t)
    surface = surface_key(settings, t)
    with_surface = st.session_state.get(_SENT) != surface
    options = session.player_options()
    header, arrays = build_runs(
        alone(settings, run),
        view,
        chosen=session.panels(),
        locked=options.pop("locked"),
        options=options,
        with_surface=with_surface,
    )
    header |= {"answered": st.session_state.get(_ANSWERED, 0), "complaints": session.take_complaints(), "live": True}
    mount(key, header, arrays, _answer)
    st.session_state[_SENT] = surface


def _answer(request: dict[str, Any]) -> None:
    """Take what the player asks for into the settings."""
    fields = dict(request["fields"])
    if "need" in fields:
        del fields["need"]
        st.session_state.pop(_SENT, None)
    if "surface_step" in fields:
        st.session_state[_SHOWN_AT] = max(0, int(fields.pop("surface_step")))
    if fields.pop("present", None) is False:
        present.switch(False)
    if "panels" in fields:
        session.choose_panels(fields.pop("panels"))
    old = session.settings()
    own = {name.partition(".")[2]: fields.pop(name) for name in list(fields) if name.startswith("parameters.")}
    if own:
        fields["parameters"] = dict(old.parameters) | own
    if "start" in fields:
        fields["start"] = tuple(fields["start"])
    if fields:
        session.change(**fields)
    st.session_state[_ANSWERED] = request["sequence"]
    st.session_state[_FINAL] = bool(request["final"])
