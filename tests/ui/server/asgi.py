"""The app's routes without a server: requests whose client can leave."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request

from adamax_viz.ui.server.faults import HANDLERS
from adamax_viz.ui.server.routes import routes

PATIENCE = 60  # seconds; a hang is a failure


class Client:
    """One request, and what came back.

    Args:
        target: path and query.
        body: posted, if there is one.
        headers: by their names.
    """

    def __init__(self, target: str = "/", body: bytes | None = None, **headers: str) -> None:
        self.path, _, query = target.partition("?")
        self.left, self.asked = asyncio.Event(), False
        self.posted, self.status_code, self.body = body, 0, b""
        self.headers: dict[str, str] = {}
        raw = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
        self.scope = {
            "type": "http",
            "method": "GET" if body is None else "POST",
            "path": self.path,
            "query_string": query.encode(),
            "headers": raw,
        }

    async def receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": self.posted or b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.status_code = message.get("status", self.status_code)
        self.headers |= {name.decode(): text.decode() for name, text in message.get("headers", ())}
        self.body += message.get("body", b"")

    @property
    def text(self) -> str:
        return self.body.decode()

    def request(self) -> Request:
        return Request(self.scope, self.receive)

    async def get(self) -> "Client":
        """Send it to the app; what nobody foresaw is answered, as by a real server."""
        try:
            await Starlette(routes=routes(), exception_handlers=HANDLERS)(self.scope, self.receive, self.send)
        except Exception:
            assert self.status_code == 500
        return self


def ask(app: Any, target: str, **headers: str) -> Client:
    """What an app answers, whatever it is made of."""
    client = Client(target, **headers)
    run(lambda: app(client.scope, client.receive, client.send))
    return client


def run(story: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Play a story in a loop of its own; a browser's tests keep this thread's loop running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(asyncio.wait_for(story(), PATIENCE))).result()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens in another thread."""
    while not condition():
        await asyncio.sleep(0.001)
