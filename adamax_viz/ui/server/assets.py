"""What never changes under its address, and how it is sent: the player's files below a digest, scripts compressed.

Streamlit serves the files of a component without a version in their names, so that a browser asks for each of them at
every visit. Here the address of any of them leads to one below a digest, and so do those of all that it imports.
"""

import gzip
import hashlib
import mimetypes
import re
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

FILES = Path(__file__).parents[2] / "player" / "assets"
PLAYER = "/_stcore/bidi-components/adamax-viz.player/"
PLOTLY = "vendor/plotly.min.js"  # beside the player's files it has the digest too
FOR_EVER = "public, max-age=31536000, immutable"
_DIGEST = re.compile(r"[0-9a-f]{12}")


def base_path() -> str:
    """Where the app is served below its host: "" or such as "/adamax"."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""


def digest() -> str:
    """Twelve letters for the player's files and the installed Plotly, as they are now."""
    return _digest(tuple((path, path.stat().st_mtime_ns) for path in sorted(FILES.rglob("*.*"))))


@lru_cache(maxsize=1)
def _digest(files: tuple[tuple[Path, int], ...]) -> str:
    contents = [version("plotly").encode(), *(path.read_bytes() for path, _ in files)]
    return hashlib.sha256(b"\0".join(contents)).hexdigest()[:12]


class PlayerFiles:
    """A layer around the app that gives the player's files their digest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.now = app, digest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefix = base_path() + PLAYER
        if scope["type"] != "http" or not scope["path"].startswith(prefix):
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(prefix)
        name, _, file = path.partition("/")
        if not _DIGEST.fullmatch(name):
            self.now = digest()
            there = f"./{'../' * path.count('/')}{self.now}/{path}"
            await RedirectResponse(there, headers={"cache-control": "no-cache"})(scope, receive, send)
            return
        # A page from before an update asks by what it knew: it gets what there is now, and keeps it no longer.
        cache = FOR_EVER if name == self.now else "no-cache"

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = cache
            await send(message)

        here = f"{base_path()}/{PLOTLY}" if file == PLOTLY else prefix + file
        await self.app({**scope, "path": here, "raw_path": here.encode()}, receive, sending)


class Compressed:
    """A layer around the app that sends Streamlit's scripts and styles compressed: 1 MB at a first visit, not 3.

    Each is compressed once, when somebody asks for it. All of them together would take 7 MB.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        root = Path(get_static_dir())
        texts = [path for path in (root / "static").rglob("*.*") if path.suffix in (".js", ".css")]
        self.files = {f"{base_path()}/{path.relative_to(root).as_posix()}": path for path in texts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self.files.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if file is None or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, send)
            return
        said = {"content-encoding": "gzip", "vary": "Accept-Encoding", "cache-control": FOR_EVER}
        answer = Response(await run_in_threadpool(_packed, file), 200, said, mimetypes.guess_type(file.name)[0])
        await answer(scope, receive, send)


@cache  # as many as there are files
def _packed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 6, mtime=0)
