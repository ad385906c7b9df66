"""Lessons on the screen: cards, and scenes with their text, prediction and player. The link holds all progress."""

from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import streamlit as st

from adamax_viz.lessons.lesson import Choice, Lesson, Point, Scene, Value
from adamax_viz.lessons.progress import Answer
from adamax_viz.lessons.reader import find_lesson, lessons
from adamax_viz.study.fields import knobs
from adamax_viz.study.study import Study
from adamax_viz.study.wrong_values import shortened
from adamax_viz.ui.parts import present
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.parts.player import player
from adamax_viz.ui.parts.playground_link import playground_link
from adamax_viz.ui.parts.style import theme
from adamax_viz.ui.server import page_runs
from adamax_viz.ui.state.asked import point_of, whole_of
from adamax_viz.ui.state.lesson_place import LESSON, Place, answers, go, note, place_of, scene_page, seen
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.views.notation import coloured
from adamax_viz.words.numbers import number, point

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


# -- the list --------------------------------------------------------------------------------------------------


def page() -> None:
    """The lesson that the link names, or all of them."""
    name = st.query_params.get(LESSON)
    lesson, known = find_lesson(name), seen()
    if lesson:
        st.html(_CSS)
        _view(place_of(lesson))
        return
    if name:
        st.warning(f"There is no lesson “{plain(shortened(name))}”; here are all there are.")
    st.header("Lessons")
    st.markdown("Each asks before it shows. Take them in order, or pick one.")
    everything = lessons()
    for row in range(0, len(everything), 3):
        for i, column in enumerate(st.columns(3)[: len(everything) - row], row):
            with column, st.container(border=True, height="stretch", vertical_alignment="distribute"):
                _card(everything[i], known.get(everything[i].name, 0), i + 1)


def _card(lesson: Lesson, count: int, at: int) -> None:
    """A lesson, how far one came, and the way in."""
    scenes = len(lesson.scenes)
    st.markdown(f"**{at}. {lesson.title}**\n\n{lesson.line}")
    if not count:
        progress, words, first = f"{scenes} scenes", "Begin", 1
    elif count == scenes:
        progress, words, first = "finished", "Again", 1
    else:
        progress, words, first = f"scene {count} of {scenes}", "Go on", count
    with st.container(gap="small"):
        st.progress(count / scenes, f"{lesson.minutes} min · {progress}")
        st.button(words, key=f"open_{lesson.name}", width="stretch", on_click=go, args=(lesson, first))


# -- a scene ---------------------------------------------------------------------------------------------------


def _view(place: Place) -> None:
    scene, answer = place.scene, place.answer
    page = scene_page(place)
    note(*place)
    left, right = st.columns([5, 9], gap="medium")
    with left:
        _head(place)
        st.markdown(f"### {scene.title}")
        _say(scene, scene.before)
        if scene.ask:
            st.markdown(f"**{scene.ask.question}**")
            if answer is None:
                _predict(place)
            else:
                _verdict(scene, answer)
        if scene.ask is None or answer is not None:
            if scene.after:
                _say(scene, scene.after)
            if door := scene.door:
                icon, query = ":material/open_in_new:", dict(parse_qsl(door.query))
                st.page_link(f"{door.page}.py", label=door.label, icon=icon, query_params=query)
        _turn(place, answered=answer is not None)
    with right:
        _player(place, page)


def _head(place: Place) -> None:
    if present.presenting():
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("All lessons", icon=":material/arrow_back:", type="tertiary", on_click=go, args=(None,))
        st.space("stretch")
        present.button()
    scenes = len(place.lesson.scenes)
    st.progress(place.number / scenes, f"{place.lesson.title} · {place.number} of {scenes}")


def _say(scene: Scene, text: str) -> None:
    st.markdown(coloured(scene.filled(text), theme()))


def _turn(place: Place, *, answered: bool) -> None:
    """To the next and the previous scene."""
    lesson, at = place
    order = lessons()
    following = order[order.index(lesson) + 1 :]
    with st.container(horizontal=True, key="page_tools"):
        if at > 1:
            st.button("Back", icon=":material/chevron_left:", on_click=go, args=(lesson, at - 1, answers()))
        if answered:
            rest = {scene: answer for scene, answer in answers().items() if scene != at}
            st.button("Ask me again", type="tertiary", on_click=go, args=(lesson, at, rest))
        if at < len(lesson.scenes):
            icon: dict[str, Any] = {"icon": ":material/chevron_right:", "icon_position": "right"}
            st.button("Next", type="primary", on_click=go, args=(lesson, at + 1, answers()), **icon)
        elif following:
            st.button(f"Next lesson: {following[0].title}", type="primary", on_click=go, args=(following[0],))
        else:
            st.button("All lessons", type="primary", key="finish", on_click=go, args=(None,))


# -- predictions -----------------------------------------------------------------------------------------------


def _predict(place: Place) -> None:
    """What the scene's question is answered with."""
    ask = place.scene.ask
    if isinstance(ask, Choice):
        for i, option in enumerate(ask.options):
            st.button(option, key=f"choice_{place.key}_{i}", width="stretch", on_click=_take, args=(place, i))
    elif isinstance(ask, Value):
        key = f"value_{place.key}"
        middle = ask.low + round((ask.high - ask.low) / 2 / ask.step) * ask.step
        st.slider("Your guess", ask.low, ask.high, middle, ask.step, "%d" if ask.step >= 1 else "%.3g", key=key)
        st.button("That is my guess", on_click=lambda: _take(place, float(st.session_state[key])))
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
    return point(np.array([float(f"{value:.3g}") for value in place]))


def _take(place: Place, answer: Answer) -> None:
    go(*place, answers() | {place.number: answer})


# -- the player ------------------------------------------------------------------------------------------------


@st.fragment
def _player(place: Place, page: StudyPage) -> None:
    """The live view of the scene's run, or of what was made of it."""
    scene = place.scene
    last = len(place.lesson.scenes)
    page.handlers = {
        "scene": lambda asked: go(place.lesson, max(whole_of(asked, last) or 1, 1), answers()),
        "answer": lambda asked: _take(place, at) if (at := point_of(asked)) else None,
    }
    study = Study(page.study.base.changed(rule=_rule_slider(place)))
    player(
        page,
        "lesson_player",
        study=study,
        beside={
            f"beside_{n}": page_runs.run(scene.variant(n, study.base)).happened()["theta"][0] for n in scene.beside
        },
        of=[knob for knob in knobs(study.base) if knob.name in scene.knobs],
        chosen=scene.panels,
        options=_options(place),
    )
    if scene.knobs and not present.presenting():
        playground_link(st, "Go on with this run in the Playground", study.base)
    if page.study.base != scene.base:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("You moved something: the text speaks of the scene's own settings.")
            st.button("Back to the scene's settings", icon=":material/undo:", on_click=_undo, args=(place, page))


def _undo(place: Place, page: StudyPage) -> None:
    page.begin(Study(place.scene.base))
    page.final = True  # the link follows


def _rule_slider(place: Place) -> str:
    """The rule of the run: the scene's own, or where the student slid it."""
    scene = place.scene
    if not scene.rules or (scene.ask and place.answer is None):
        return scene.base.rule
    line, _ = st.columns([12, 1 if not present.presenting() else 0.01])  # beside it lies the app's menu
    words = {rule: "p = ∞" if rule == "adamax" else rule.replace("=", " = ") for rule in scene.rules}
    return line.select_slider("Exponent p", words, scene.base.rule, words.__getitem__, key=f"rule_{place.key}")


def _options(place: Place) -> dict[str, Any]:
    scene, answer = place.scene, place.answer
    ask: dict[str, Any] | None = None
    if scene.ask:
        ask = {"kind": scene.ask.kind} | ({} if answer is None else {"answer": answer, "truth": scene.truth})
    at = {"key": place.key, "at": place.number, "of": len(place.lesson.scenes)}
    return {
        "show": [*scene.show, *present.allowed()],
        "highlight": scene.highlight,
        "future": scene.future,
        "ask": ask,
        "beside": [{"array": f"beside_{name}", "label": label} for name, label in scene.beside.items()],
        "present": present.presenting(),
        "scene": at | {"step": scene.step, "until": scene.until, "arrows": scene.arrows},
    }
