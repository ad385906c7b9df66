"""What nobody foresaw is one sentence with a number, and the traceback stands in the log under that number."""

import re
import runpy
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from adamax_viz.problems.surfaces.formula_text import FormulaBusy
from adamax_viz.ui.server import faults, hooks, live
from adamax_viz.ui.server import routes as all_routes
from adamax_viz.ui.server.lanes import BusyError, GoneError
from tests.ui.server.asgi import Client, run

ROOT = Path(__file__).parents[3]


def number_in(sentence: str) -> str:
    (number,) = re.findall(r"under the number (\d{6})\.", sentence)
    return number


def faults_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == faults.__name__]


def test_a_route(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(live, "asked", lambda params: {}["secret"])
    found = run(Client("/live").get)
    assert found.status_code == 500
    assert "secret" not in found.text
    assert found.headers["content-type"].startswith("text/plain")
    assert faults_in(caplog) == [f"Fault {number_in(found.text)}"]
    assert "KeyError" in caplog.text


def test_a_page(caplog: pytest.LogCaptureFixture) -> None:
    def script() -> None:
        from adamax_viz.ui.server.faults import on_page

        on_page(KeyError("secret"))
        on_page(KeyError("another"))

    app = AppTest.from_function(script).run()
    assert not app.exception
    numbers = [number_in(message.value) for message in app.error]
    assert [f"Fault {number}" for number in numbers] == faults_in(caplog)
    assert "secret" not in app.error[0].value
    assert "KeyError: 'secret'" in caplog.text


def test_a_page_without_time_for_a_formula_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    def script() -> None:
        from adamax_viz.problems.surfaces.formula_text import FormulaBusy
        from adamax_viz.ui.server.faults import on_page

        on_page(FormulaBusy())

    app = AppTest.from_function(script).run()
    assert not app.error
    assert str(FormulaBusy()) in app.warning[0].value
    assert "its address keeps what you have set" in app.warning[0].value
    assert faults_in(caplog) == []


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (BusyError("Try again."), 503, "Try again."),
        (FormulaBusy(), 503, str(FormulaBusy())),
        (GoneError(), 499, ""),
    ],
)
def test_what_was_foreseen_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, status: int, words: str
) -> None:
    def refuse(params: dict[str, str]) -> None:
        raise error

    monkeypatch.setattr(live, "asked", refuse)
    found = run(Client("/live").get)
    assert (found.status_code, found.text) == (status, words)
    assert found.headers.get("retry-after") == ("1" if status == 503 else None)
    assert not faults_in(caplog)


def test_the_app_is_made_with_all_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "App", lambda script, **given: {"script": script} | given)
    monkeypatch.setattr(hooks, "leave_keras_alone", lambda: True)
    monkeypatch.setattr(all_routes, "warm_up", lambda: None)
    app = runpy.run_path(str(ROOT / "app.py"))["app"]
    assert app["on_script_error"] is faults.on_page
    assert app["exception_handlers"] is faults.HANDLERS
    assert {"ends_in_time", "housekeeping"} <= set(app["lifespan"].__wrapped__.__code__.co_names)
