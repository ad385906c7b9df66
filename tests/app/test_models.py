"""The Models page as a script: no exception, the right settings, Keras only once somebody trains."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from adamax_viz.runs.training import TURNS
from adamax_viz.runs.turns import Ticket

PAGE = str(Path(__file__).parents[2] / "pages/models.py")


def open_page(**params: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=30)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize(
    "model", ["linear_regression", "logistic_regression", "mlp", "mlp_curve", "cnn", "gru", "autoencoder"]
)
def test_every_model_is_shown_before_it_trains(model):
    app = open_page(model=model)
    assert not app.exception
    assert app.selectbox(key="m_model").value == model
    assert app.button(key="m_train").label == "Train"


def test_the_link_sets_the_widgets_and_the_widgets_set_the_link():
    app = open_page(model="mlp", dataset="spirals", widths="8,8", clipnorm="1.0", data_noise="0.05")
    assert app.selectbox(key="m_dataset").value == "spirals"
    assert app.text_input(key="m_widths").value == "8, 8"
    assert app.slider(key="m_data_noise").value == 0.05
    assert app.selectbox(key="m_clipping").value == "clipnorm"
    app.toggle(key="m_use_ema").set_value(True).run()
    app.text_input(key="m_widths").set_value("4, 4, 4").run()
    assert app.query_params["use_ema"] == "true"
    assert app.query_params["widths"] == "4,4,4"
    assert not app.exception


def test_another_model_brings_its_own_data_and_size():
    app = open_page(model="mlp", dataset="spirals", widths="8,8", clipnorm="1.0")
    app.selectbox(key="m_model").set_value("gru").run()
    assert app.selectbox(key="m_dataset").value == "signal"
    assert app.text_input(key="m_widths").value == "8"
    assert app.query_params["clipnorm"] == "1.0"
    assert "dataset" not in app.query_params


def test_what_can_t_be_built_is_refused_and_the_value_before_it_kept():
    app = open_page(model="mlp")
    app.text_input(key="m_widths").set_value("64, 64").run()
    assert app.text_input(key="m_widths").value == "64, 64"
    assert ["parameters" in message.value for message in app.sidebar.warning] == [True]
    assert "widths" not in app.query_params
    assert not app.exception


def test_the_page_starts_without_keras():
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({PAGE!r}, default_timeout=60).run()
assert not app.exception
print([name for name in ("keras", "jax") if name in sys.modules])
"""
    out = subprocess.check_output([sys.executable, "-c", code], text=True, stderr=subprocess.DEVNULL)
    assert out.strip().splitlines()[-1] == "[]"


def words(app: AppTest) -> str:
    """What alerts and the progress bar say."""
    bars = [each.proto.text for each in app.get("progress")]
    return " ".join([*bars, *(each.value for each in (*app.error, *app.info))])


def test_a_training_that_waits_says_its_place_and_can_be_stopped():
    other = Ticket("another", lambda ticket: None)
    for _ in range(TURNS.at_once):
        TURNS.ask(Ticket(other.person, other.begin))
    working = list(TURNS._working)
    try:
        app = open_page(model="linear_regression")
        app.button(key="m_train").click().run()
        assert f"Waiting: {TURNS.at_once} training{'s' * (TURNS.at_once > 1)} before this one" in words(app)
        app.button(key="m_stop").click().run()
        assert "Stopped after 0 of 500 steps" in words(app)
        assert not app.exception
    finally:
        for ticket in working:
            TURNS.end(ticket)
    assert TURNS.idle


def test_a_record_that_was_let_go_says_so_and_can_be_made_again():
    app = open_page(model="linear_regression", steps="20")
    app.button(key="m_train").click().run()
    training = app.session_state["page_models"].training
    training.wait(60)
    assert training.let_go()
    app.run()
    assert "The record of its 20 steps was let go to make room for other trainings" in words(app)
    assert not app.exception
    app.button(key="m_restart_alt").click().run()
    again = app.session_state["page_models"].training
    again.wait(60)
    assert again is not training
    assert again.state == "finished"


def test_a_training_that_was_over_at_once_is_in_the_link():
    def script():
        from adamax_viz.ui.training import live
        from adamax_viz.ui.training.training_page import training_page

        page = training_page()
        page.start()
        page.training.wait(60)
        live.live(page)  # the fragment alone, as after a click in it

    app = AppTest.from_function(script, default_timeout=60)
    app.query_params.update({"model": "mlp", "steps": "20"})
    app.run()
    assert not app.exception
    assert app.query_params["trained"] == "20"


def test_a_link_of_a_training_that_is_gone_claims_no_steps():
    app = open_page(model="mlp", steps="50000", trained="50000")
    assert "the page was reloaded" in words(app)
    assert app.button(key="m_history").label == "Run it again, to step 50,000"
