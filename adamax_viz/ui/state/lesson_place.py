"""Where somebody is in the lessons: the scene that the link names, the answers given, and how far one came."""

from typing import NamedTuple

import streamlit as st

from adamax_viz.lessons.lesson import Choice, Lesson, Point, Scene, Value
from adamax_viz.lessons.progress import Answer, answers_of, answers_text, seen_of, seen_text
from adamax_viz.lessons.reader import find_lesson
from adamax_viz.ui.parts import present
from adamax_viz.ui.state.address import whole

LESSON, _SCENE, _ANSWERS, _SEEN = "lesson", "scene", "answers", "seen"
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
        params |= {LESSON: lesson.name, _SCENE: str(place)}
        if given:
            params[_ANSWERS] = answers_text(given)
    known = st.session_state.get(_SEEN)
    st.query_params.from_dict(params | ({_SEEN: seen_text(known)} if known else {}))
