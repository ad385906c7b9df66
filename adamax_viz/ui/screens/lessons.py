"""Lessons on the screen: cards, and scenes with their text, prediction and player. The link holds all progress."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from adamax_viz.lessons.lesson import Choice, Lesson, Point, Scene, Value
from adamax_viz.lessons.progress import Answer, answers_of, answers_text, seen_of, seen_text
from adamax_viz.lessons.reader import find_lesson, lessons
from adamax_viz.study.fields import knobs
from adamax_viz.study.link import params_of
from adamax_viz.study.study import Study
from adamax_viz.ui.parts import present
from adamax_viz.ui.parts.player import player
from adamax_viz.ui.parts.theme import theme
from adamax_viz.ui.server import cache
from adamax_viz.ui.state.address import whole
from adamax_viz.ui.state.page_state import forget, kept_state
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.views.notation import coloured
from adamax_viz.words.numbers import number, point

_LESSON, _SCENE, _ANSWERS, _SEEN = "lesson", "scene", "answers", "seen"
PLAYER = "lesson_player"
_CSS = """
<style>
[data-testid="stSidebar"] { min-width: 256px !important; max-width: 256px !important; }
/* On a phone: words, picture, then on to the next scene. */
@media (max-width: 640px) {
  [data-testid="stColumn"]:has(.st-key-page_tools),
  [data-testid="stColumn"]:has(.st-key-page_tools) > [data-testid="stVerticalBlock"] { display: contents; }
  [data-testid="stHorizontalBlock"]:has(.al-player) { flex-direction: column; gap: 0.7rem; }
  [data-testid="stHorizontalBlock"]:has(.al-player) :is(.stElementContainer, [data-testid="stLayoutWrapper"]) {
    order: 1; width: 100%;
  }
  [data-testid="stColumn"]:has(.al-player) { order: 2; width: 100% !important; min-width: 100%; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-page_tools) { order: 3 !important; }
}
</style>
"""


# -- the link --------------------------------------------------------------------------------------------------


def _seen() -> dict[str, int]:
    """Scenes seen of each lesson: what the link says and what this session knows."""
    state = st.session_state.setdefault(_SEEN, {})
    for name, count in seen_of(st.query_params.get(_SEEN)).items():
        lesson = find_lesson(name)
        if lesson:
            state[name] = max(state.get(name, 0), min(count, len(lesson.scenes)))
    return dict(state)


def _place(lesson: Lesson) -> int:
    """The 1-based number of the scene; a wrong one in the link is the first or the last."""
    return min(whole(st.query_params.get(_SCENE)) or 1, len(lesson.scenes))


def _answers() -> dict[int, Answer]:
    return answers_of(st.query_params.get(_ANSWERS))


def _answer(lesson: Lesson, place: int) -> Answer | None:
    """The answer to a scene's question, if it was given and is of the right kind."""
    ask, answer = lesson.scenes[place - 1].ask, _answers().get(place)
    kinds = {Choice: int, Value: float, Point: tuple}
    if ask is None or not isinstance(answer, kinds[type(ask)]):
        return None
    return None if isinstance(ask, Choice) and int(answer) >= len(ask.options) else answer  # type: ignore[arg-type]


def _go(lesson: Lesson | None, place: int = 1, answers: dict[int, Answer] | None = None) -> None:
    """Another scene, or the list; one entry in the browser's history."""
    params = {"present": "1"} if present.presenting() and lesson else {}
    if present.allowed():
        params["show"] = ",".join(present.allowed())
    seen = st.session_state.setdefault(_SEEN, {})
    if lesson:
        seen[lesson.name] = max(seen.get(lesson.name, 0), place)
        params |= {_LESSON: lesson.name, _SCENE: str(place)}
        if answers:
            params[_ANSWERS] = answers_text(answers)
    st.query_params.from_dict(params | ({_SEEN: seen_text(seen)} if seen else {}))


# -- the list --------------------------------------------------------------------------------------------------


def page() -> None:
    """The lesson that the link names, or all of them."""
    name = st.query_params.get(_LESSON)
    lesson = find_lesson(name)
    seen = _seen()
    if lesson:
        st.html(_CSS)
        _view(lesson)
        return
    if name:
        st.warning(f"There is no lesson “{name[:60]}”; here are all there are.")
    st.header("Lessons")
    st.markdown("Each asks before it shows. Take them in order, or pick one.")
    cards(seen)


def cards(seen: dict[str, int] | None = None) -> None:
    """All lessons as cards, with how far one came; they open on the lessons page."""
    seen = _seen() if seen is None else seen
    all_lessons = lessons()
    for row in range(0, len(all_lessons), 3):
        for column, lesson in zip(st.columns(3), all_lessons[row : row + 3], strict=False):
            with column, st.container(border=True, height="stretch", vertical_alignment="distribute"):
                _card(lesson, seen.get(lesson.name, 0), lessons().index(lesson) + 1)


def _card(lesson: Lesson, seen: int, at: int) -> None:
    scenes = len(lesson.scenes)
    st.markdown(f"**{at}. {lesson.title}**\n\n{lesson.line}")
    progress = f"{scenes} scenes" if not seen else "finished" if seen == scenes else f"scene {seen} of {scenes}"
    words = "Begin" if not seen else "Again" if seen == scenes else "Go on"
    with st.container(gap="small"):
        st.progress(seen / scenes, f"{lesson.minutes} min · {progress}")
        first = seen if 0 < seen < scenes else 1
        st.button(words, key=f"open_{lesson.name}", width="stretch", on_click=_go, args=(lesson, first))


# -- a scene ---------------------------------------------------------------------------------------------------


def _view(lesson: Lesson) -> None:
    place = _place(lesson)
    scene, answer = lesson.scenes[place - 1], _answer(lesson, place)
    st.session_state.setdefault(_SEEN, {})[lesson.name] = max(_seen().get(lesson.name, 0), place)
    left, right = st.columns([5, 9], gap="medium")
    with left:
        _head(lesson, place)
        st.markdown(f"### {scene.title}")
        _say(scene, scene.before)
        if scene.ask:
            _predict(lesson, place, scene, answer)
        if scene.ask is None or answer is not None:
            if scene.after:
                _say(scene, scene.after)
            _door(scene)
        _turn(lesson, place, answered=answer is not None)
    with right:
        _player(lesson, place)


def _head(lesson: Lesson, place: int) -> None:
    if present.presenting():
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All lessons", icon=":material/arrow_back:", type="tertiary", on_click=_go, args=(None,))
        st.space("stretch")
        present.button()
    st.progress(place / len(lesson.scenes), f"{lesson.title} · {place} of {len(lesson.scenes)}")


def _say(scene: Scene, text: str) -> None:
    st.markdown(coloured(scene.filled(text), theme()))


def _door(scene: Scene) -> None:
    if scene.door:
        query = dict(part.split("=", 1) for part in scene.door.query.split("&") if part)
        st.page_link(f"{scene.door.page}.py", label=scene.door.label, icon=":material/open_in_new:", query_params=query)


def _turn(lesson: Lesson, place: int, *, answered: bool) -> None:
    """To the next and the previous scene."""
    with st.container(horizontal=True, key="page_tools"):
        if place > 1:
            st.button("Back", icon=":material/chevron_left:", on_click=_go, args=(lesson, place - 1, _answers()))
        if answered:
            st.button("Ask me again", type="tertiary", on_click=_forget, args=(lesson, place))
        if place < len(lesson.scenes):
            st.button(
                "Next",
                icon=":material/chevron_right:",
                icon_position="right",
                type="primary",
                on_click=_go,
                args=(lesson, place + 1, _answers()),
            )
            return
        order = lessons()
        after = order.index(lesson) + 1
        if after < len(order):
            st.button(f"Next lesson: {order[after].title}", type="primary", on_click=_go, args=(order[after],))
        else:
            st.button("All lessons", type="primary", key="finish", on_click=_go, args=(None,))


# -- predictions -----------------------------------------------------------------------------------------------


def _predict(lesson: Lesson, place: int, scene: Scene, answer: Answer | None) -> None:
    ask = scene.ask
    st.markdown(f"**{ask.question}**" if ask else "")
    if answer is not None:
        _verdict(scene, answer)
    elif isinstance(ask, Choice):
        for i, option in enumerate(ask.options):
            key = f"choice_{lesson.name}_{place}_{i}"
            st.button(option, key=key, width="stretch", on_click=_take, args=(lesson, place, i))
    elif isinstance(ask, Value):
        key = f"value_{lesson.name}_{place}"
        middle = ask.low + round((ask.high - ask.low) / 2 / ask.step) * ask.step
        form = "%d" if ask.step >= 1 else "%.3g"
        st.slider("Your guess", ask.low, ask.high, middle, ask.step, format=form, key=key)
        st.button("That is my guess", key=f"take_{key}", on_click=_take_value, args=(lesson, place, key))
    else:
        st.caption("Click on the landscape, or move the cross with the arrow keys and press Enter.")


def _verdict(scene: Scene, answer: Answer) -> None:
    """What was said, what is so, and how far apart they are."""
    ask, truth, right = scene.ask, scene.truth, scene.is_right(answer)
    mark = ":material/check_circle:" if right else ":material/cancel:"
    if isinstance(ask, Choice):
        said = f"You said: {ask.options[int(answer)]}."  # type: ignore[arg-type]
        words = "Right." if right else f"No: {ask.options[ask.answer]}."
    elif isinstance(ask, Point):
        said = f"You clicked {_short(answer)}."
        words = f"It went to {_short(truth)}, {number(float(f'{scene.miss(answer):.2g}'))} from your guess."
        words = f"Well seen! {words}" if right else words
    else:
        said = f"You said {number(float(answer))}."  # type: ignore[arg-type]
        words = f"It is {number(float(f'{truth:.3g}'))}." + (" Well guessed!" if right else "")
    (st.success if right else st.info)(f"{said} {words}", icon=mark)


def _short(place: Any) -> str:
    import numpy as np

    return point(np.array([float(f"{value:.3g}") for value in place]))


def _take(lesson: Lesson, place: int, answer: Answer) -> None:
    _go(lesson, place, _answers() | {place: answer})


def _take_value(lesson: Lesson, place: int, key: str) -> None:
    _take(lesson, place, float(st.session_state[key]))


def _forget(lesson: Lesson, place: int) -> None:
    _go(lesson, place, {scene: answer for scene, answer in _answers().items() if scene != place})


# -- the player ------------------------------------------------------------------------------------------------


def _key(lesson: Lesson, place: int) -> str:
    return f"{lesson.name}/{place}"


@st.fragment
def _player(lesson: Lesson, place: int) -> None:
    """The live view of the scene's run, or of what was made of it."""
    scene, key = lesson.scenes[place - 1], _key(lesson, place)
    page = kept_state(key, lambda: StudyPage(Study(scene.base)))
    page.handlers = {"scene": partial(_turn_to, lesson), "answer": partial(_take_point, lesson, place)}
    study = Study(page.study.base.changed(rule=_rule_slider(lesson, place)))
    player(
        page,
        PLAYER,
        study=study,
        beside={f"beside_{n}": cache.run(scene.variant(n, study.base)).happened()["theta"][0] for n in scene.beside},
        of=[knob for knob in knobs(study.base) if knob.name in scene.knobs],
        chosen=scene.panels,
        options=_options(lesson, place),
    )
    if scene.knobs and not present.presenting():
        st.page_link(
            "playground.py",
            label="Go on with this run in the Playground",
            icon=":material/route:",
            query_params=params_of(study.base),
        )
    if page.study.base != scene.base:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("You moved something: the text speaks of the scene's own settings.")
            st.button("Back to the scene's settings", icon=":material/undo:", on_click=forget, args=(key,))


def _rule_slider(lesson: Lesson, place: int) -> str:
    """The rule of the run: the scene's own, or where the student slid it."""
    scene = lesson.scenes[place - 1]
    if not scene.rules or (scene.ask and _answer(lesson, place) is None):
        return scene.base.rule
    line, _ = st.columns([12, 1 if not present.presenting() else 0.01])  # beside it lies the app's menu
    chosen: str = line.select_slider(
        "Exponent p", scene.rules, scene.base.rule, format_func=_rule_words, key=f"rule_{_key(lesson, place)}"
    )
    return chosen


def _rule_words(rule: str) -> str:
    return {"adamax": "p = ∞"}.get(rule, rule.replace("=", " = "))


def _options(lesson: Lesson, place: int) -> dict[str, Any]:
    scene, answer = lesson.scenes[place - 1], _answer(lesson, place)
    ask: dict[str, Any] | None = None
    if scene.ask:
        ask = {"kind": scene.ask.kind} | ({} if answer is None else {"answer": answer, "truth": scene.truth})
    return {
        "show": [*scene.show, *present.allowed()],
        "highlight": scene.highlight,
        "future": scene.future,
        "ask": ask,
        "beside": [{"array": f"beside_{name}", "label": label} for name, label in scene.beside.items()],
        "present": present.presenting(),
        "scene": {
            "key": _key(lesson, place),
            "step": scene.step,
            "until": scene.until,
            "arrows": scene.arrows,
            "at": place,
            "of": len(lesson.scenes),
        },
    }


def _turn_to(lesson: Lesson, place: float) -> None:
    """Another scene."""
    _go(lesson, min(max(int(place), 1), len(lesson.scenes)), _answers())


def _take_point(lesson: Lesson, place: int, point: Sequence[float]) -> None:
    """A place on the landscape, as an answer."""
    x, y = point
    _take(lesson, place, (float(x), float(y)))
