"""The sidebar of a study: whom knobs and controls move, which runs there are, and the discrete choices."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from adamax_viz.study.link import params_of
from adamax_viz.study.optimizer_spec import defaults, is_other
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, MOST, Study, add, beginning, duplicate, only_first, remove
from adamax_viz.ui.parts import controls
from adamax_viz.ui.state.page_state import locks
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.words.labels import label

_WHO, ALL = "c_target", "All"


def editor(page: StudyPage) -> None:
    """The sidebar of a page's study."""
    if page.study.is_one:
        _compare(page)
    else:
        _who(page)
        if page.target is None:
            _all(page)
        else:
            _one(page, page.target)
    target = controls.of_page(page)
    if page.target is None:
        controls.surface_controls(page.study.base, target)
    controls.all_groups(page.spec_in_hand, target, _changed(page))


def _changed(page: StudyPage) -> set[str]:
    """What the run in hand does otherwise, or what differs from the study's beginning: its groups stand open."""
    if page.target is not None:
        return set(page.study.variants[page.target])
    first = defaults(RunSpec) | dict(page.study.effect.base if page.study.effect else {})
    return {name for name, value in page.study.base.model_dump().items() if is_other(value, first[name])}


def _compare(page: StudyPage) -> None:
    st.button(
        "Compare with…",
        icon=":material/compare:",
        help="Keeps this run as A and opens B beside it: knobs and controls then move B.",
        on_click=page.edit,
        args=(add,),
        disabled=bool(locks()),
        width="stretch",
        key="c_compare",
    )


def _who(page: StudyPage) -> None:
    letters = [ALL, *LETTERS[: len(page.study.variants)]]
    st.session_state[_WHO] = letters[0 if page.target is None else 1 + page.target]
    st.segmented_control(
        "Knobs and controls move",
        letters,
        key=_WHO,
        on_change=_choose,
        args=(page,),
        help="All variants together, or one alone. A variant keeps its own values when all are moved.",
    )


def _choose(page: StudyPage) -> None:
    chosen = st.session_state[_WHO]
    if chosen:  # pressing the chosen one again chooses nothing: it stays
        page.target = None if chosen == ALL else LETTERS.index(chosen)


def _all(page: StudyPage) -> None:
    left, right = st.columns(2)
    full = len(page.study.variants) >= MOST or bool(locks())
    left.button("Add a variant", on_click=page.edit, args=(add,), disabled=full, width="stretch", key="c_add")
    locked = bool(locks())
    words, go_on = ("Start over", beginning) if page.study.effect else ("Only A", only_first)
    right.button(words, on_click=_begin, args=(page, go_on), disabled=locked, width="stretch", key="c_over")


def _begin(page: StudyPage, edit: Callable[[Study], Study]) -> None:
    page.hear()  # what the player asked just before is part of what is edited
    page.begin(edit(page.study))


def _one(page: StudyPage, i: int) -> None:
    study, letter, spec = page.study, LETTERS[i], page.spec
    st.markdown(f"**{letter}: {label(study, i)}**")
    left, right = st.columns(2)
    locked = bool(locks())
    full, few = locked or len(study.variants) >= MOST, locked or len(study.variants) <= study.fewest
    left.button("Duplicate", on_click=page.edit, args=(duplicate, i), disabled=full, width="stretch", key="c_dup")
    right.button("Remove", on_click=page.edit, args=(remove, i), disabled=few, width="stretch", key="c_remove")
    refusal = spec.refusal()
    if refusal is not None:
        st.caption(refusal)
        return
    st.page_link(
        "playground.py",
        label=f"Open {letter} alone in the Playground" if study.effect is None else f"Open {letter} in Playground",
        icon=":material/route:",
        query_params=params_of(spec),
    )
