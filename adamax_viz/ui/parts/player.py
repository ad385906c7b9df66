"""The player on a page: the study of its state in, what the player asks out."""

from typing import Any

import streamlit as st

from adamax_viz.player.pack import Arrays
from adamax_viz.player.scene import build_runs
from adamax_viz.study.study import Study, beginning
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.server import cache, page_runs
from adamax_viz.ui.state.study_page import StudyPage


def player(
    page: StudyPage,
    key: str,
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
        study: shown instead of the page's.
        live: whether a thumb that moves is answered by the server directly.
        beside: further arrays.
        options: of `adamax_viz.player.scene.build_runs`.
    """
    page.follow()
    study = page.study if study is None else study
    outcomes = page_runs.outcomes(study)
    if all(outcome.run is None for outcome in outcomes):
        for outcome in outcomes:
            st.error(f"{outcome.letter}: {plain(str(outcome.refusal))}")
        for complaint in page.take_complaints():
            st.warning(plain(complaint))
        st.button("As at the beginning", on_click=_begin, args=(page, beginning(study)), key="e_back")
        return
    view = cache.surface_view(study.base, page.surface_step)
    header, arrays = build_runs(study, outcomes, view, target=page.target, **{"chosen": page.charts} | options)
    page.show(key, header | {"live": live}, arrays | (beside or {}))


def _begin(page: StudyPage, study: Study) -> None:
    page.begin(study)
    page.final = True  # the sidebar follows
