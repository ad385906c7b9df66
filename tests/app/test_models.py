"""The Models page as a script: no exception, the right settings, Keras only once somebody trains."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

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
    assert app.text_input(key="m_widths").value == "16, 16"
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
