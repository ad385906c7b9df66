"""What nobody foresaw is one sentence with a number, and the traceback stands in the log under that number."""

import asyncio
import logging
import re
import runpy
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
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


@pytest.fixture
def all_logs(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """What the log of a server has of errors, whoever wrote it there."""
    for name in ("streamlit.error_util", "uvicorn", "uvicorn.error"):
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
    faults.log_once()
    return lambda: [record.getMessage() for record in caplog.records if record.exc_info]


def test_a_page_s_fault_is_in_the_log_once(
    all_logs: Callable[[], list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    def script() -> None:
        from streamlit.error_util import handle_user_script_exception

        from adamax_viz.ui.server.faults import on_page

        handle_user_script_exception(KeyError("secret"), on_page)

    app = AppTest.from_function(script).run()
    assert all_logs() == [f"Fault {number_in(app.error[0].value)}"]
    assert "secret" not in capfd.readouterr().out


def test_a_route_s_fault_is_in_the_log_once(all_logs: Callable[[], list[str]]) -> None:
    async def fail(_: Request) -> Response:
        raise KeyError("secret")

    async def story() -> str:
        app = Starlette(routes=[Route("/", fail)], exception_handlers=faults.HANDLERS)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            serving = asyncio.create_task(server.serve([listening]))
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()
            server.should_exit = True
            await serving
        return answer.decode()

    number = number_in(run(story))
    assert all_logs() == [f"Fault {number}"]


def test_a_page_without_time_for_a_formula_is_no_fault(all_logs: Callable[[], list[str]]) -> None:
    def script() -> None:
        from streamlit.error_util import handle_user_script_exception

        from adamax_viz.problems.surfaces.formula_text import FormulaBusy
        from adamax_viz.ui.server.faults import on_page

        handle_user_script_exception(FormulaBusy(), on_page)

    app = AppTest.from_function(script).run()
    assert not app.error
    assert str(FormulaBusy()) in app.warning[0].value
    assert "its address keeps what you have set" in app.warning[0].value
    assert all_logs() == []


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
    once: list[bool] = []
    monkeypatch.setattr(faults, "log_once", lambda: once.append(True))
    app = runpy.run_path(str(ROOT / "app.py"))["app"]
    assert once == [True]
    assert app["on_script_error"] is faults.on_page
    assert app["exception_handlers"] is faults.HANDLERS
    assert {"ends_in_time", "housekeeping"} <= set(app["lifespan"].__wrapped__.__code__.co_names)
