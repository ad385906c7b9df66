"""What a link says is shown as text on every page, and a page takes whatever its player may be made to ask."""

from pathlib import Path
from random import Random

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from adamax_viz.limits import LIMITS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.training_spec import TrainingSpec
from adamax_viz.ui.parts import present
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.state.page_state import PageState
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.ui.training.training_page import TrainingPage
from tests.study.hostile import VALUES, request

NAVIGATION = str(Path(__file__).parents[2] / "pages/navigation.py")
ODD = "[evil](http://evil.example) ![evil](//evil.example/i.png) $evil$ :red[evil]"
SHOWN = plain(ODD[:57])  # sentences repeat no more of it


def opened(page: str, params: dict[str, str]) -> AppTest:
    app = AppTest.from_file(NAVIGATION, default_timeout=60)
    for name, text in params.items():
        app.query_params[name] = text
    app.switch_page(f"{page}.py").run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("reference", {"q": ODD}),
        ("lessons", {"lesson": ODD}),
        ("verify", {"surface": ODD}),
        ("verify", {ODD: "1"}),
    ],
)
def test_markdown_of_a_link_is_said_as_it_is(page, params):
    app = opened(page, params)
    said = [element.value for element in [*app.info, *app.warning, *app.error]]
    assert any("evil" in sentence for sentence in said)
    for sentence in said:
        assert "](" not in sentence
        assert "http://" not in sentence
        assert ":red[" not in sentence
    if "surface" not in params:
        assert any(SHOWN in sentence for sentence in said), said


def test_a_variant_s_label_and_its_refusal_are_text():
    app = opened("effects", {"effect": "clipping", "a": "base", "b.noise_envelope": "t*t*t", "target": "B"})
    assert "**B: noise\\_envelope t\\*t\\*t**" in [m.value for m in app.markdown]
    app = opened("playground", {"b.gradient_accumulation_steps": "1", "target": "B"})
    assert any("\\`gradient\\_accumulation\\_steps\\`" in caption.value for caption in app.caption)


@pytest.mark.parametrize("name", ["gradient_accumulation_steps", "ema_overwrite_frequency", "dynamic_growth_steps"])
def test_no_page_fails_at_a_number_beyond_64_bits(name):
    switched_on = {"use_ema": "true", "dynamic_loss_scale": "true", name: "1" + "0" * 30}
    for page in ("playground", "models"):
        app = opened(page, switched_on | {"parameters.x": "1"})
        assert app.query_params.get(name) is None


def test_the_widgets_of_models_hold_the_largest_numbers_that_are_accepted():
    most = str(LIMITS.whole_number)
    opened("models", {"batch_size": most, "gradient_accumulation_steps": most, "steps": "50000", "points": "5000"})


@pytest.mark.parametrize("beta_2", ["1.5", "1e308", "-0.5"])
def test_the_derivation_takes_every_beta_2(beta_2):
    opened("adam_to_adamax", {"surface": "booth", "steps": "20", "beta_2": beta_2})


@pytest.mark.parametrize(
    ("lesson", "scene", "answer"),
    [
        ("accumulation-and-noise", "1", "1_9e999"),
        ("accumulation-and-noise", "1", "1_" + "9" * 400),
        ("weight-decay-twice", "3", "3_9e999_-9e999"),
        ("weight-decay-twice", "3", "3_1e308_0"),
        ("a-world-that-moves", "2", "2f"),
        ("a-world-that-moves", "999999", "2f~" * 2000),
    ],
)
def test_lessons_take_any_answer_of_a_link(lesson, scene, answer):
    opened("lessons", {"lesson": lesson, "scene": scene, "answers": answer, "seen": f"{lesson}.999999"})


# -- what a player asks --------------------------------------------------------------------------------------------


@pytest.fixture
def session(monkeypatch):
    known: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", known)
    monkeypatch.setattr(present, "switch", lambda on: None)
    return known


@pytest.mark.parametrize("make", [StudyPage, TrainingPage], ids=["study", "training"])
def test_a_page_takes_whatever_its_player_asks(session, make):
    page: PageState = make()
    page.player = "player"
    random, kind = Random(1), RunSpec if make is StudyPage else TrainingSpec
    more = ("need", "surface_step", "panels", "present", "picked", "at", "plane")
    for sequence in range(150):
        fields: object = request(random, kind, more)
        if sequence % 5 == 0:
            fields = random.choice(VALUES)
        session["player"] = {"request": {"fields": fields, "final": random.choice(VALUES), "sequence": sequence}}
        page.hear()
        for complaint in page.complaints:
            complaint.encode()
        assert all(text.isprintable() for text in page.params().values())
    for odd in VALUES:
        for asked in (odd, {"request": odd}, {"request": {"fields": {}, "sequence": odd}}):
            session["player"] = asked
            page.hear()


@pytest.mark.parametrize("name", ["picked", "at", "plane"])
@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_is_looked_at_in_a_training_stays_within_it(name, value):
    page = TrainingPage()
    page.apply({name: value})
    problem = page.spec.problem()
    assert all(0 <= column < len(problem.coordinates) for column in page.picked(problem))
    assert page.rest is None or 0 <= page.rest <= 50_000
    assert page.basis in ("pca", "random")
