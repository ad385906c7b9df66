"""The player on a page: the study of its state in, what the player asks out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from adamax_viz.player.mount import mount
from adamax_viz.player.pack import Arrays
from adamax_viz.player.scene import build_study, surface_key
from adamax_viz.study.knobs import bare_name, study_knobs
from adamax_viz.study.locks import START
from adamax_viz.study.study import Study, beginning
from adamax_viz.ui.parts import present
from adamax_viz.ui.server import cache
from adamax_viz.ui.state.page_state import Handler, PageState, locks


def player(
    page: PageState,
    key: str,
    handlers: Mapping[str, Handler] | None = None,
    *,
    study: Study | None = None,
    live: bool = False,
    beside: Arrays | None = None,
    **options: Any,
) -> None:
    """The live view of a page's study, in a fragment: a request reruns that alone until the thumb rests.

    Args:
        page: whose study it is.
        key: of the component.
        handlers: what the page does with requests of its own, by the field's name.
        study: shown instead of the page's.
        live: whether a thumb that moves is answered by the server directly.
        beside: further arrays.
        options: of `adamax_viz.player.scene.build_runs`.
    """
    page.player, page.handlers = key, {"present": _leave_presenter} | dict(handlers or {})
    if page.final:
        page.final = False
        st.rerun()  # sidebar and link follow once a value is final
    study = page.study if study is None else study
    outcomes = cache.outcomes(study)
    if all(outcome.run is None for outcome in outcomes):
        page.sent_surface = None
        for outcome in outcomes:
            st.error(f"{outcome.letter}: {outcome.refusal}")
        for complaint in page.take_complaints():
            st.warning(complaint)
        st.button("As at the beginning", on_click=_begin, args=(page, beginning(study)), key="e_back")
        return
    t = page.surface_step if study.base.problem().functions.moves else 0
    surface = surface_key(study.base, t)
    header, arrays = build_study(
        study,
        outcomes,
        cache.surface_view(study.base, t),
        target=page.target,
        with_surface=page.sent_surface != surface,
        **{"chosen": page.charts} | options,
    )
    header |= {"answered": page.answered, "complaints": page.take_complaints(), "live": live}
    mount(key, header, arrays | (beside or {}), page.hear)
    page.sent_surface = surface


def _begin(page: PageState, study: Study) -> None:
    page.begin(study)
    page.final = True  # the sidebar follows


def locked_names(page: PageState) -> list[str]:
    """What the link locks of a page's knobs and its start."""
    locked = locks()
    names = [START, *(knob.name for knob in study_knobs(page.study, page.target))]
    return [name for name in names if locked.has(bare_name(name))]


def _leave_presenter(presenting: bool) -> None:
    if not presenting:
        present.switch(False)
