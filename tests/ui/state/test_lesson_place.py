"""What was moved in a scene of a lesson is in the address, and comes back from it."""

import pytest

from adamax_viz.lessons.reader import lessons
from adamax_viz.study.study import Study
from adamax_viz.ui.parts import present
from adamax_viz.ui.state import address, lesson_place, page_state, session, study_page
from adamax_viz.ui.state.lesson_place import Place, go, scene_page
from tests.ui.state.test_page_state import Params, Session

PLACE = next(
    Place(lesson, i)
    for lesson in lessons()
    for i, scene in enumerate(lesson.scenes, 1)
    if {"beta_1", "learning_rate"} <= set(scene.knobs)
)
HERE = {"lesson": PLACE.lesson.name, "scene": str(PLACE.number), "answers": "1a"}
BASE = PLACE.scene.base


@pytest.fixture
def browser(monkeypatch):
    browser = Session()
    for module in (address, lesson_place, page_state, present, session, study_page):
        monkeypatch.setattr(module, "st", browser)
    browser.query_params = Params(HERE)
    return browser


def test_a_moved_knob_goes_into_the_address_and_a_new_session_finds_it_there(browser):
    page = scene_page(PLACE)
    assert (page.study, browser.query_params) == (Study(BASE), HERE)
    page.change(beta_1=0.5)
    scene_page(PLACE)
    assert browser.query_params == HERE | {"beta_1": "0.5"}
    browser.session_state.clear()
    assert scene_page(PLACE).study == Study(BASE.changed(beta_1=0.5))
    assert browser.query_params == HERE | {"beta_1": "0.5"}


def test_back_at_the_scenes_settings_the_address_says_nothing_more(browser):
    scene_page(PLACE).change(beta_1=0.5)
    scene_page(PLACE).begin(Study(BASE))
    scene_page(PLACE)
    assert browser.query_params == HERE


def test_another_scene_and_back_again_keep_what_was_moved(browser):
    scene_page(PLACE).change(beta_1=0.5)
    scene_page(PLACE)
    go(PLACE.lesson, 1 if PLACE.number > 1 else 2)
    assert "beta_1" not in browser.query_params
    go(*PLACE)
    assert browser.query_params["beta_1"] == "0.5"
    assert scene_page(PLACE).study == Study(BASE.changed(beta_1=0.5))


def test_an_older_entry_of_the_history_undoes(browser):
    scene_page(PLACE).change(beta_1=0.5)
    scene_page(PLACE)
    browser.query_params = Params(HERE)
    assert scene_page(PLACE).study == Study(BASE)


def test_what_the_scene_does_not_let_move_is_said_and_left(browser):
    browser.query_params.update({"beta_1": "fast", "surface": "ackley", "x" * 300: "1", "learning_rate": "0.25"})
    page = scene_page(PLACE)
    assert page.study == Study(BASE.changed(learning_rate=0.25))
    wrong, surface, nothing = page.take_complaints()
    assert "beta_1 = “fast” can't be used" in wrong
    assert "the scene's" in wrong
    assert surface == "“surface” can't be moved in this scene; it was ignored."
    assert len(nothing) < 130
    assert browser.query_params == HERE | {"learning_rate": "0.25"}
