"""Verify as a script, with answers that come at once: nothing here starts Keras."""

from operator import attrgetter
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from adamax_viz.parity import behaviour
from adamax_viz.parity import keras_optimizer as parity
from adamax_viz.parity import verdicts as verify
from adamax_viz.parity.answers import Answers
from adamax_viz.parity.behaviour import BEHAVIOURS
from adamax_viz.parity.verdicts import Failure, Verdict, key_of
from adamax_viz.problems.models.backend import KerasUnavailable
from adamax_viz.runs.distance import difference
from adamax_viz.study.spec import RunSpec
from adamax_viz.ui.parts import badge
from adamax_viz.ui.screens import verify as page

NAVIGATION = str(Path(__file__).parents[2] / "pages/navigation.py")


class Ready(Answers):
    """Answers that are there at once."""

    def ask(self, question):
        super().ask(question)
        self.answer(question, None)


@pytest.fixture
def without_keras(monkeypatch):
    def missing():
        raise KerasUnavailable("Keras with the jax backend can't be imported (no module named keras).")

    monkeypatch.setattr(parity, "import_keras", missing)
    monkeypatch.setattr(page, "EVIDENCE", Ready(behaviour.show, attrgetter("says")))
    for module in (page, badge):
        monkeypatch.setattr(module, "VERDICTS", Ready(verify.judge, key_of))


def open_page(name, **params):
    app = AppTest.from_file(NAVIGATION, default_timeout=60)
    for key, value in params.items():
        app.query_params[key] = value
    app.switch_page(f"{name}.py").run()
    return app


def test_without_keras_the_page_says_so_and_the_rest_works(without_keras, monkeypatch):
    app = open_page("verify", surface="booth", steps="20")
    assert not app.exception
    assert "no module named keras" in app.warning[0].value
    assert "The rest of the app does not need Keras" in app.warning[0].value
    assert sum("no module named keras" in m.value for m in app.markdown) == len(BEHAVIOURS)
    assert app.query_params["surface"] == "booth"
    app.button_group(key="c_verify_dtype").select("float32").run()
    assert app.query_params["dtype"] == "float32"
    few = verify.everything()[:3]
    monkeypatch.setattr(verify, "everything", lambda: few)
    app.button(key="c_verify_all").click().run()
    app.run()  # what the page does by itself, twice a second
    assert not app.exception
    assert any("None of them could be compared" in m.value for m in app.markdown)
    assert app.button(key="c_verify_all").label == "Run all again"
    app.selectbox(key="c_verify_open").select(few[1].title).run()
    assert f"Open “{few[1].title}” in the Playground" in [link.proto.label for link in app.get("page_link")]


def test_what_the_link_had_wrong_is_said_until_another_page_is_opened(without_keras):
    app = open_page("verify", surface="booth", warp="1")
    app.run()  # as the page does when a comparison ends
    said = "“warp” is not a setting of this version; it was ignored."
    assert said in [warning.value.replace("\\", "") for warning in app.warning]
    app.switch_page("reference.py").run()
    app.switch_page("verify.py").run()
    assert said not in [warning.value.replace("\\", "") for warning in app.warning]


def test_the_badge_waits_to_be_asked_then_says_what_was_found(without_keras):
    app = open_page("playground", surface="booth", steps="20")
    assert not app.exception
    assert not badge.VERDICTS.asked(RunSpec(surface="booth", steps=20))
    assert app.button(key="c_badge").label == "not compared with Keras yet"
    app.button(key="c_badge").click().run()
    assert not app.exception
    assert badge.VERDICTS.asked(RunSpec(surface="booth", steps=20))
    (link,) = [link for link in app.get("page_link") if "Keras" in link.proto.label]
    assert link.proto.label == "could not be compared with Keras"
    assert "surface=booth" in link.proto.query_string


def test_effects_have_one_badge_for_all_their_variants(without_keras):
    app = open_page("effects", effect="clipping")
    assert not app.exception
    app.button(key="c_badge").click().run()
    assert not app.exception
    labels = [link.proto.label for link in app.get("page_link")]
    assert [f"{letter} could not be compared with Keras" for letter in "ABCD"] == [
        label for label in labels if "Keras" in label
    ]
    assert [expander.label for expander in app.expander if "Code" in expander.label] == ["Code of A"]


def test_another_keras_is_said(monkeypatch):
    ones = np.ones((20, 2))
    found = {name: difference(ones, ones) for name in ("theta", "m", "u", "lr")}
    old = Verdict(found, {"keras": "3.6.0", "backend": "jax", "jax": "0.4"}, 20, "finished", "float64", 0.1)
    monkeypatch.setattr(page, "VERDICTS", Ready(lambda settings: old, key_of))
    monkeypatch.setattr(page, "EVIDENCE", Ready(lambda line: Failure("not asked here"), attrgetter("says")))
    app = open_page("verify", surface="booth", steps="20")
    assert not app.exception
    assert "Keras 3.6.0 on jax is installed" in app.warning[0].value
    assert "equals Keras 3.6.0 to the last digit" in app.success[0].value
    assert any("nothing to draw" in caption.value for caption in app.caption)
