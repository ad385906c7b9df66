"""Streamlit servers in processes of their own, and a browser to look at them."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.install import FLAGS, find
from tests.browser.server import free_port

APP, PLAIN = "app.py", "benchmarks/plain_page.py"
ROOT = Path(__file__).parent.parent
IN_PAGE = Path(__file__).with_name("in_page.js")
PATIENCE = 60.0  # seconds for a server to answer


class Server:
    """A running server: where it is, and since when."""

    def __init__(self, script: str, *options: str) -> None:
        self.port = free_port()
        self.spawned = time.perf_counter()
        command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(self.port)]
        command += ["--server.address", "127.0.0.1", "--server.headless", "true", "--logger.level", "error", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)

    def url(self, query: str = "") -> str:
        """The page, with a link's query."""
        return f"http://127.0.0.1:{self.port}/?{query}"

    def wait(self) -> None:
        """Return as soon as it answers.

        Raises:
            RuntimeError: it ended, or did not answer in time.
        """
        while time.perf_counter() - self.spawned < PATIENCE:
            if self.process.poll() is not None:
                raise RuntimeError(f"The server ended with code {self.process.returncode}.")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise RuntimeError(f"The server did not answer in {PATIENCE:.0f} s.")

    def since_spawned(self) -> float:
        """Seconds since it was started."""
        return time.perf_counter() - self.spawned

    def has_loaded(self, library: str) -> bool | None:
        """Whether a compiled library is in the process; None where that can't be seen."""
        maps = Path(f"/proc/{self.process.pid}/maps")
        return library in maps.read_text() if os.access(maps, os.R_OK) else None

    def stop(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(script: str, *options: str) -> Iterator[Server]:
    """A server that answers, and that ends with the block; `options` are Streamlit's."""
    server = Server(script, *options)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser.

    Raises:
        RuntimeError: there is none.
    """
    path = find()
    if path is None:
        raise RuntimeError("There is no Chromium; `python -m tests.browser.install` gets one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser) -> Page:
    """An empty page at the size the app is laid out for, with the benchmarks' own script."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(path=IN_PAGE)
    page.goto("about:blank")
    return page
