"""Reference as a script: search, anchors, and checks that say what they found."""

from operator import attrgetter
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from adamax_viz.parity.answers import Answers
from adamax_viz.parity.facts import FACTS
from adamax_viz.parity.reference import ARGUMENTS
from adamax_viz.ui.screens import reference as page

NAVIGATION = str(Path(__file__).parents[2] / "pages/navigation.py")


@pytest.fixture
def opened(monkeypatch):
    class Ready(Answers):
        """Answers that are there at once."""

        def ask(self, question):
            super().ask(question)
            self.answer(question, None)

    missing = "1: NaN at the first step, 0 divided by 0."
    check = Ready(lambda fact: "Keras is missing" if fact.claim == missing else True, attrgetter("claim"))
    monkeypatch.setattr(page, "CHECKS", check)

    def open_page(**params):
        app = AppTest.from_file(NAVIGATION, default_timeout=60)
        for key, value in params.items():
            app.query_params[key] = value
        app.switch_page("reference.py").run()
        assert not app.exception
        return app

    return open_page


def names(app):
    return [head.value for head in app.subheader if head.value != "Next door"]


def test_every_argument_has_its_place_and_words_choose(opened):
    app = opened()
    assert names(app) == [argument.name for argument in ARGUMENTS]
    app.text_input(key="c_reference").set_value("clip norm").run()
    assert "clipnorm" in names(app)
    assert "learning_rate" not in names(app)
    assert app.query_params["q"] == "clip norm"
    app.text_input(key="c_reference").set_value("banana").run()
    assert "Nothing fits “banana”" in app.info[0].value
    assert len(names(app)) == len(ARGUMENTS)


def test_the_link_searches(opened):
    assert names(opened(q="use_ema")) == [a.name for a in page.matching("use_ema")]


def test_checks_say_what_they_found(opened):
    app = opened()
    app.button(key="c_check").click().run()
    assert not app.exception
    assert f"{len(FACTS) - 1} of {len(FACTS)} checked hold, 0 to go." in [caption.value for caption in app.caption]
    assert any("not here" in m.value and "Keras is missing" in m.value for m in app.markdown)
