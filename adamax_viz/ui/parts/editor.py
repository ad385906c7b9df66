"""The sidebar of a study: whom knobs and controls move, which runs there are, and the discrete choices."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from adamax_viz.study.optimizer_spec import defaults, is_other
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, MOST, Study, add, beginning, duplicate, only_first, remove
from adamax_viz.ui.parts import controls
from adamax_viz.ui.parts.kept import kept
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.parts.playground_link import playground_link
from adamax_viz.ui.state.page_state import locks
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.words.labels import label

ALL = "All"


def editor(page: StudyPage) -> None:
    """The sidebar of a page's study."""
    if page.study.is_one:
        words = "Keeps this run as A and opens B beside it: knobs and controls then move B."
        _button(st, "Compare with…", page.edit, add, key="c_compare", icon=":material/compare:", help=words)
    else:
        _who(page)
        if page.target is None:
            _all(page)
        else:
            _one(page, page.target)
    if page.target is None:
        controls.surface_controls(page)
    controls.all_groups(page.spec_in_hand, controls.of_page(page), _changed(page))


def _changed(page: StudyPage) -> set[str]:
    """What the run in hand does otherwise, or what differs from the study's beginning: its groups stand open."""
    if page.target is not None:
        return set(page.study.variants[page.target])
    first = defaults(RunSpec) | dict(page.study.effect.base if page.study.effect else {})
    return {name for name, value in page.study.base.model_dump().items() if is_other(value, first[name])}


def _button(
    place: Any, label: str, change: Callable[..., None], *given: Any, disabled: bool = False, **more: Any
) -> None:
    """A button that changes which runs there are; a link with locks lets nobody do that."""
    place.button(label, on_click=change, args=given, disabled=disabled or bool(locks()), width="stretch", **more)


def _who(page: StudyPage) -> None:
    letters = [ALL, *LETTERS[: len(page.study.variants)]]

    def choose(letter: str) -> None:
        page.target = None if letter == ALL else LETTERS.index(letter)

    words = "All variants together, or one alone. A variant keeps its own values when all are moved."
    value = ALL if page.target is None else LETTERS[page.target]
    title, options = "Knobs and controls move", {"options": letters, "help": words}
    kept(st.segmented_control, title, value, choose, key="c_target", **options)


def _all(page: StudyPage) -> None:
    left, right = st.columns(2)
    _button(left, "Add a variant", page.edit, add, disabled=len(page.study.variants) >= MOST, key="c_add")
    words, go_on = ("Start over", beginning) if page.study.effect else ("Only A", only_first)
    _button(right, words, _begin, page, go_on, key="c_over")


def _begin(page: StudyPage, edit: Callable[[Study], Study]) -> None:
    page.hear()  # what the player asked just before is part of what is edited
    page.begin(edit(page.study))


def _one(page: StudyPage, i: int) -> None:
    study, letter, spec = page.study, LETTERS[i], page.spec
    count = len(study.variants)
    st.markdown(f"**{letter}: {plain(label(study, i))}**")
    left, right = st.columns(2)
    _button(left, "Duplicate", page.edit, duplicate, i, disabled=count >= MOST, key="c_dup")
    _button(right, "Remove", page.edit, remove, i, disabled=count <= study.fewest, key="c_remove")
    if refusal := spec.refusal():
        st.caption(plain(refusal))
        return
    alone = f"Open {letter} alone in the Playground" if study.effect is None else f"Open {letter} in Playground"
    playground_link(st, alone, spec)
