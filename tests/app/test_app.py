"""The pages as scripts: no exception, the right settings, light to start."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

NAVIGATION = str(Path(__file__).parents[2] / "pages/navigation.py")


def open_app(**params: str) -> AppTest:
    app = AppTest.from_file(NAVIGATION, default_timeout=30)
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"surface": "custom", "formula": "x**2 + y**2"},
        {"surface": "rosenbrock", "learning_rate": "1e200"},
        {"surface": "custom", "formula": "banana"},
        {"use_ema": "true", "schedule": "CosineDecay", "noise": "spikes", "dynamic_loss_scale": "true"},
    ],
)
def test_the_playground_runs_without_an_exception(params):
    assert not open_app(**params).exception


@pytest.mark.parametrize("page", ["playground", "adam_to_adamax", "verify", "effects"])
def test_a_run_that_keras_refuses_is_a_sentence_on_every_page(page):
    app = AppTest.from_file(NAVIGATION, default_timeout=30)
    app.switch_page(f"{page}.py")
    app.query_params["a.clipnorm"] = app.query_params["a.clipvalue"] = "1"
    app.run()
    assert not app.exception


def test_a_playground_of_refused_runs_has_a_way_back():
    app = open_app(**{letter + name: "1" for letter in ("a.", "b.") for name in ("clipnorm", "clipvalue")})
    assert [message.value[:2] for message in app.error] == ["A:", "B:"]
    app.button(key="e_back").click().run()
    assert not app.error


def test_the_link_sets_the_widgets():
    app = open_app(surface="ackley", start="2.0,1.0", clipnorm="1.0")
    assert app.sidebar.selectbox(key="c_surface").value == "ackley"
    assert app.sidebar.text_input(key="c_start.0").value == "2.0"
    assert app.sidebar.selectbox(key="c_clipping").value == "clipnorm"


def test_a_lock_on_what_is_no_setting_locks_nothing():
    app = open_app(locked="foo")
    assert not app.selectbox(key="c_preset").disabled
    assert not app.sidebar.button(key="c_compare").disabled
    assert open_app(locked="beta_1").selectbox(key="c_preset").disabled


def test_a_p_that_there_is_not_leaves_the_address():
    app = AppTest.from_file(NAVIGATION, default_timeout=30)
    app.switch_page("adam_to_adamax.py")
    app.query_params["p"] = "-3"
    app.run()
    assert not app.exception
    assert "p" not in app.query_params


def test_a_widget_sets_the_link():
    app = open_app(surface="ackley")
    app.sidebar.selectbox(key="c_surface").set_value("booth").run()
    assert app.query_params["surface"] == "booth"
    app.sidebar.toggle(key="c_use_ema").set_value(True).run()
    assert app.query_params["use_ema"] == "true"
    app.sidebar.text_input(key="c_start.0").set_value("not a number").run()
    assert "start" not in app.query_params
    assert not app.exception


def test_what_is_refused_stays_in_its_field_until_it_is_mended():
    app = open_app(surface="custom", formula="x**2 + y**2")
    app.sidebar.text_input(key="c_formula").set_value("x**2 + banana").run()
    assert ["banana" in message.value for message in app.sidebar.warning] == [True]
    app.sidebar.toggle(key="c_use_ema").set_value(True).run()  # something else
    assert app.sidebar.text_input(key="c_formula").value == "x**2 + banana"
    assert app.query_params["formula"] == "x**2 + y**2"
    app.sidebar.text_input(key="c_formula").set_value("x**2 + y**2").run()
    assert not app.sidebar.warning
    app.sidebar.text_input(key="c_formula").set_value("x**2 + banana").run()
    app.sidebar.selectbox(key="c_surface").set_value("booth").run()
    app.sidebar.selectbox(key="c_surface").set_value("custom").run()
    assert app.sidebar.text_input(key="c_formula").value == "x**2 + y**2"
    assert not app.sidebar.warning


def test_a_start_that_is_no_number_stays_in_its_field():
    app = open_app(surface="booth")
    app.sidebar.text_input(key="c_start.1").set_value("abc").run()
    assert app.sidebar.text_input(key="c_start.1").value == "abc"
    assert len(app.sidebar.warning) == 1
    app.sidebar.text_input(key="c_start.0").set_value("1.5").run()
    assert app.sidebar.text_input(key="c_start.1").value == "abc"  # y itself is as before
    app.sidebar.text_input(key="c_start.1").set_value("0.5").run()
    assert app.query_params["start"] == "1.5,0.5"
    assert not app.sidebar.warning


def test_an_example_sets_everything():
    app = open_app(surface="ackley", beta_1="0.5")
    app.selectbox(key="c_preset").set_value("kink").run()
    assert app.query_params["surface"] == "kink"
    assert "beta_1" not in app.query_params


def test_pages_start_without_keras():
    heavy = ["keras", "jax", "matplotlib"]
    code = f"""
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({NAVIGATION!r}, default_timeout=60).run()
for page in ("playground", "effects", "adam_to_adamax", "reference"):
    assert not app.switch_page(page + ".py").run().exception
print([name for name in {heavy} if name in sys.modules])
"""
    out = subprocess.check_output([sys.executable, "-c", code], text=True, stderr=subprocess.DEVNULL)
    assert out.strip().splitlines()[-1] == "[]"


def test_a_script_leaves_the_keras_of_other_threads_alone():
    """Streamlit clears Keras's session after each script, for all threads; a comparison under way would go wrong."""
    code = """
import os
os.environ["KERAS_BACKEND"] = "numpy"
import keras
from keras.src.backend.common import global_state
from streamlit.testing.v1 import AppTest
from adamax_viz.ui.server.hooks import leave_keras_alone
state = lambda: global_state.GLOBAL_STATE_TRACKER
before = state()
assert leave_keras_alone()
AppTest.from_string("import streamlit as st; st.write(1)").run()
assert state() is before
"""
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.DEVNULL)
