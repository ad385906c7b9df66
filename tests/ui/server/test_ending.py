"""A server that is told to end does so, whatever is under way: a real process, and work that would never end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.browser.server import ROOT, free_port

PATIENCE = 60  # seconds; a hang is a failure
HOSTILE = '''
"""Requests, threads and executors that never end."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import streamlit as st
from anyio.to_thread import run_sync
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from adamax_viz.ui.server import faults, lanes
from adamax_viz.ui.server.ending import ends_in_time

never = threading.Event()


def work():
    while True:
        lanes.go_on()


async def run(request):
    return PlainTextResponse(await lanes.LONG.run(request, work))


async def hang(request):
    threading.Thread(target=never.wait).start()
    ThreadPoolExecutor(1).submit(never.wait)
    await run_sync(never.wait)


async def begun(request):
    while not lanes.LONG.longest:
        await asyncio.sleep(0.01)
    return PlainTextResponse("yes")


async def stream(request):
    async def parts():
        while True:
            yield b"x" * 100_000

    return StreamingResponse(parts())


app = st.App(
    "page.py",
    routes=[Route("/" + route.__name__, route) for route in (run, begun, hang, stream)],
    lifespan=ends_in_time,
    exception_handlers=faults.HANDLERS,
)
'''


class Server:
    """The hostile app in a process of its own."""

    def __init__(self, folder: Path, seconds: int) -> None:
        (folder / "app.py").write_text(HOSTILE)
        (folder / "page.py").write_text("import time\n\nwhile True:\n    time.sleep(0.01)\n")
        self.port = free_port()
        options = ["--server.headless", "true", "--server.address", "127.0.0.1", "--server.port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.fileWatcherType", "none", *options],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "ADAMAX_ENDING_SECONDS": str(seconds)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.open: list[socket.socket] = []
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return self.ask("/_stcore/health")
            except OSError:
                time.sleep(0.05)  # polling a condition, not waiting for luck
        raise AssertionError("the app did not start")

    def ask(self, path: str) -> None:
        """Send a request whose answer nobody reads."""
        client = socket.create_connection(("127.0.0.1", self.port))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.open.append(client)

    def answer(self, client: socket.socket | None = None) -> str:
        """What came back, to the last request if to none in particular."""
        client = client or self.open[-1]
        client.settimeout(PATIENCE)
        return client.recv(10_000).decode()

    def end(self, *signals: signal.Signals) -> tuple[int, str]:
        """Its exit code and what it logged."""
        for each in signals:
            self.process.send_signal(each)
        _, log = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, log


@pytest.fixture
def server(tmp_path: Path, seconds: int) -> Iterator[Server]:
    server = Server(tmp_path, seconds)
    yield server
    for client in server.open:
        client.close()
    if server.process.poll() is None:
        server.process.kill()
        server.process.communicate()


@pytest.mark.parametrize("seconds", [PATIENCE])
def test_what_runs_in_a_lane_ends_and_is_told_so(server: Server) -> None:
    origin = f"http://127.0.0.1:{server.port}"
    with connect(f"ws://127.0.0.1:{server.port}/_stcore/stream", origin=origin, subprotocols=["streamlit"]):
        server.ask("/run")
        server.ask("/run")
        server.ask("/begun")
        assert "200" in server.answer()
        code, log = server.end(signal.SIGTERM)
    assert code == -signal.SIGTERM
    assert "still under way" not in log
    assert [server.answer(client)[9:12] for client in server.open[-3:-1]] == ["503", "503"]


@pytest.mark.parametrize("seconds", [1])
@pytest.mark.parametrize(
    "signals", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGINT, signal.SIGINT]], ids=["term", "int", "int twice"]
)
def test_what_never_ends_does_not_hold_it(server: Server, signals: list[signal.Signals]) -> None:
    server.ask("/hang")
    server.ask("/run")
    server.ask("/begun")
    assert "200" in server.answer()
    server.ask("/stream")
    server.answer()
    code, log = server.end(*signals)
    assert code == 128 + signals[0]
    assert "still under way 1 s after" in log
