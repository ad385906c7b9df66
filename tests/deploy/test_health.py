"""The health check of the container: well, ill, silent; and the end of a server that stays ill."""

import http.server
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "deploy" / "health.py"


@pytest.fixture
def health(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    spec = importlib.util.spec_from_file_location("health", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    told = []
    monkeypatch.setattr(os, "kill", lambda *call: told.append(call))
    module.told = told
    return module


@pytest.fixture
def server(monkeypatch):
    """A server whose answer to /adamax/health a test may change."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = server.answer if self.path == "/adamax/health" else (404, b"")
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answer = (200, b"ok")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", str(server.server_port))
    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "/adamax/")
    yield server
    server.shutdown()
    server.server_close()


def test_a_server_that_makes_runs_is_well(health, server):
    assert health.main(end=True) == 0
    assert health.told == []


def test_a_busy_server_is_well(health, server):
    server.answer = (200, b"busy")
    assert health.main(end=True) == 0


def test_no_proxy_is_asked(monkeypatch, tmp_path, server):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert subprocess.run([sys.executable, FILE], check=False).returncode == 0


def test_what_is_no_http_is_ill(health, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("STREAMLIT_SERVER_PORT", str(server.getsockname()[1]))

        def answer():
            with server.accept()[0] as visitor:
                visitor.recv(1000)
                visitor.sendall(b"nothing known\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        assert health.main(end=True) == 1


@pytest.mark.parametrize("answer", [(503, b"A small run was not made."), (200, b"<!doctype html>"), (404, b"")])
def test_any_other_answer_is_ill(health, server, answer):
    # Streamlit answers an address it doesn't know with its page, and 200.
    server.answer = answer
    assert health.main(end=False) == 1


def test_nobody_there_is_ill(health, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("STREAMLIT_SERVER_PORT", str(unused.getsockname()[1]))
        assert health.main(end=False) == 1


def test_three_times_ill_in_a_row_ends_the_server(health, server):
    assert health.main(end=True) == 0
    server.answer = (503, b"")
    assert [health.main(end=True), health.main(end=True)] == [1, 1]
    server.answer = (200, b"ok")
    assert health.main(end=True) == 0
    server.answer = (503, b"")
    assert [health.main(end=True), health.main(end=True)] == [1, 1]
    assert health.told == []
    assert health.main(end=True) == 1
    assert health.told == [(1, signal.SIGTERM)]
    assert {health.main(end=True) for _ in range(5)} == {1}  # the next one, which starts
    assert health.told == [(1, signal.SIGTERM)]


def test_a_server_that_starts_has_its_time(health, server):
    server.answer = (503, b"")
    assert {health.main(end=True) for _ in range(5)} == {1}
    assert health.told == []


def test_without_being_asked_to_it_ends_nothing(health, server):
    assert health.main(end=False) == 0
    server.answer = (503, b"")
    assert {health.main(end=False) for _ in range(5)} == {1}
    assert health.told == []
