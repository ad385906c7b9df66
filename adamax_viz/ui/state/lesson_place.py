"""Where somebody is in the lessons: the scene of the link, what was moved in it, the answers, and how far one came."""

from typing import NamedTuple

import streamlit as st

from adamax_viz.lessons.lesson import Choice, Lesson, Point, Scene, Value
from adamax_viz.lessons.progress import Answer, answers_of, answers_text, seen_of, seen_text
from adamax_viz.lessons.reader import find_lesson
from adamax_viz.study.link import changes_to_params, read_changes
from adamax_viz.study.sharing import START
from adamax_viz.study.study import Study
from adamax_viz.study.wrong_values import Kept, shortened
from adamax_viz.ui.parts import present
from adamax_viz.ui.state.address import shown_params, write_params
from adamax_viz.ui.state.asked import whole
from adamax_viz.ui.state.page_state import kept_state, visited
from adamax_viz.ui.state.study_page import StudyPage

LESSON, _SCENE, _ANSWERS, _SEEN = "lesson", "scene", "answers", "seen"
_PLACE = frozenset({LESSON, _SCENE, _ANSWERS, _SEEN})
_SCENES_OWN = Kept("the scene's {}", ". The scene's own values were kept for: {}.")
_KINDS = {Choice: int, Value: float, Point: tuple}  # of an answer, by the kind of the question


class Place(NamedTuple):
    """A scene of a lesson, by its 1-based number."""

    lesson: Lesson
    number: int

    @property
    def scene(self) -> Scene:
        """The scene itself."""
        return self.lesson.scenes[self.number - 1]

    @property
    def key(self) -> str:
        """Its name among all scenes."""
        return f"{self.lesson.name}/{self.number}"

    @property
    def answer(self) -> Answer | None:
        """The answer to the scene's question, if it was given and is of the right kind."""
        ask, answer = self.scene.ask, answers().get(self.number)
        if ask is None or not isinstance(answer, _KINDS[type(ask)]):
            return None
        return None if isinstance(ask, Choice) and int(answer) >= len(ask.options) else answer  # type: ignore[arg-type]


def place_of(lesson: Lesson) -> Place:
    """The scene that the link names; a wrong number is the first or the last."""
    return Place(lesson, min(whole(st.query_params.get(_SCENE)) or 1, len(lesson.scenes)))


def answers() -> dict[int, Answer]:
    """The answers of the link, by the number of the scene."""
    return answers_of(st.query_params.get(_ANSWERS))


def seen() -> dict[str, int]:
    """Scenes seen of each lesson: what the link says and what this session knows."""
    for name, count in seen_of(st.query_params.get(_SEEN)).items():
        if lesson := find_lesson(name):
            note(lesson, min(count, len(lesson.scenes)))
    known: dict[str, int] = st.session_state.setdefault(_SEEN, {})
    return known


def note(lesson: Lesson, count: int) -> None:
    """So many of a lesson's scenes were seen."""
    known = st.session_state.setdefault(_SEEN, {})
    known[lesson.name] = max(known.get(lesson.name, 0), count)


def go(lesson: Lesson | None, place: int = 1, given: dict[int, Answer] | None = None) -> None:
    """Another scene, or the list; one entry in the browser's history."""
    params = {"present": "1"} if present.presenting() and lesson else {}
    if present.allowed():
        params["show"] = ",".join(present.allowed())
    if lesson:
        note(lesson, place)
        there = Place(lesson, place)
        page = visited(there.key)
        params |= {LESSON: lesson.name, _SCENE: str(place)} | (_moved(there, page) if page else {})
        if given:
            params[_ANSWERS] = answers_text(given)
    known = st.session_state.get(_SEEN)
    st.query_params.from_dict(params | ({_SEEN: seen_text(known)} if known else {}))


# -- what was moved ----------------------------------------------------------------------------------------------


def scene_page(place: Place) -> StudyPage:
    """The state of a scene, with what the link says was moved in it; the link then says what is."""
    page = kept_state(place.key, lambda: StudyPage(Study(place.scene.base)))
    shown = shown_params()
    params = {name: text for name, text in shown.items() if name not in _PLACE}
    if params != (page.address or {}):
        _move(place, page, params)
    page.address = _moved(place, page)
    if page.address != params:
        write_params({name: text for name, text in shown.items() if name in _PLACE} | page.address)
    return page


def _moved(place: Place, page: StudyPage) -> dict[str, str]:
    return changes_to_params(page.study.base, place.scene.base)


def _move(place: Place, page: StudyPage, params: dict[str, str]) -> None:
    """What the scene has a knob for, and the start; nothing else can be moved in it."""
    free = {START, *place.scene.knobs}
    moved = {name: text for name, text in params.items() if name in free}
    base, complaints = read_changes(place.scene.base, moved, _SCENES_OWN)
    others = sorted(params.keys() - free)
    complaints += [f"“{shortened(name)}” can't be moved in this scene; it was ignored." for name in others]
    page.take(Study(base), complaints)
