"""The headers of every answer: what a page of the app may load, and who may show it inside another page."""

import base64
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

ANCESTORS = "ADAMAX_FRAME_ANCESTORS"
REPLICA = "ADAMAX_REPLICA"
# No comma or semicolon, so that nothing else of the policy can be written; self without its quotes would be a host.
_HOST = r"(?!(self|none)$)(https?://)?(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:(\d{1,5}|\*))?"
_SOURCE = re.compile(rf"'self'|\*|https?:|{_HOST}", re.IGNORECASE)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def headers(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What every answer says.

    Raises:
        ValueError: the environment names ancestors that are none, or a replica by no name.
    """
    return {
        **_replica(environment.get(REPLICA)),
        "content-security-policy": "; ".join([*_policy(), *_ancestors(environment.get(ANCESTORS))]),
        # Other hosts learn nothing; our own need the path of the page that asks: it is in the files one takes home.
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    }


def _policy() -> Iterator[str]:
    """Nothing from other hosts, no text becomes a script; each line that allows more says for whom."""
    yield "default-src 'none'"
    # Streamlit's page has a line of script of its own, and its protocol reads 64-bit numbers by WebAssembly.
    yield " ".join(["script-src 'self' 'wasm-unsafe-eval'", *_inline_scripts()])
    # Streamlit, Plotly and our `st.html` write <style> and style="…" where they draw.
    yield "style-src 'self' 'unsafe-inline'"
    # QR codes are data:, the pictures to take home are drawn from blob: and data:.
    yield "img-src 'self' data: blob:"
    # Streamlit's style sheet brings one of KaTeX's fonts along.
    yield "font-src 'self' data:"
    yield "connect-src 'self'"
    yield "worker-src 'self'"
    yield "base-uri 'none'"
    yield "form-action 'none'"


def _inline_scripts() -> list[str]:
    """The scripts that stand in the installed Streamlit's page, each by its digest."""
    page = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    digests = [hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page)]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _ancestors(given: str | None) -> list[str]:
    """The directive for the pages that may frame the app; without one any page may, one that is a file too."""
    if given is None or not given.strip():
        return []
    sources = given.split()
    if sources != ["'none'"] and not all(map(_SOURCE.fullmatch, sources)):
        raise ValueError(
            f"{ANCESTORS} is {given!r}, which does not say who may show the app in a frame: write 'none', or some of "
            "'self', * and hosts such as https://moodle.example, with spaces between them."
        )
    return [f"frame-ancestors {' '.join(sources)}"]


def _replica(name: str | None) -> dict[str, str]:
    """Which of several servers answers, so that a balancer can send the visitor there again."""
    if not name:
        return {}
    if not re.fullmatch(r"[a-z0-9-]{1,30}", name):
        raise ValueError(f"{REPLICA} is {name!r}, which is no name: write a word of small letters and digits.")
    return {"x-adamax-replica": name}


class Headers:
    """A layer around the app that adds them, to the opening of a WebSocket too."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message.setdefault("headers", [])
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, sending)
