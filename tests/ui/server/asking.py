"""Ask an ASGI app without a server."""

import asyncio
from typing import NamedTuple

from starlette.datastructures import Headers


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes


def ask(app, path, method="GET", **headers):
    """What the app answers; names of headers with _ for -."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": raw, "root_path": "", "scheme": "http", "server": ("lab.example", 80), "http_version": "1.1"}
    asyncio.run(app(scope, receive, send))
    begin, *rest = sent
    return Answer(begin["status"], Headers(raw=begin["headers"]), b"".join(part.get("body", b"") for part in rest))
