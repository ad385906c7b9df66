"""The app's server, which can be stopped, killed and started again; and a way to one of several of them."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One process of the app, always on the same port, with these variables beside the usual ones."""

    def __init__(self, root: Path = ROOT, **variables: str) -> None:
        self.root, self.port, self.variables = root, free_port(), variables
        self.address = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        command = [sys.executable, "-m", "streamlit", "run", "app.py"]
        options = ["--server.headless", "true", "--server.port", str(self.port), "--server.fileWatcherType", "none"]
        log = subprocess.DEVNULL if not os.environ.get("APP_LOG") else None
        env = os.environ | {"PYTHONPATH": f"{self.root}{os.pathsep}{ROOT}"} | self.variables
        self.process = subprocess.Popen([*command, *options], cwd=self.root, env=env, stdout=log, stderr=log)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.process.poll() is None, "the app did not start"
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except OSError:
                time.sleep(0.1)  # polling a condition, not waiting for luck
        raise AssertionError("the app did not become healthy")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(20)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the app in a folder, started by the README's command."""
    server = Server(folder).start()
    try:
        yield server.address
    finally:
        server.stop()


class Proxy:
    """Stands before servers as a proxy does: each connection goes to the first of them that takes it."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self.servers, self.port = servers, free_port()
        self.address = f"http://localhost:{self.port}"
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def start(self) -> Self:
        self.thread.start()
        serve = asyncio.start_server(self.pass_on, "127.0.0.1", self.port)
        asyncio.run_coroutine_threadsafe(serve, self.loop).result(20)
        return self

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(20)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for server in self.servers:
            with contextlib.suppress(OSError):
                there = await asyncio.open_connection("127.0.0.1", server.port)
                await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))
                return
        writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
