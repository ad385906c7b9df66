"""What Streamlit's page is told of its host: no dialog covers it while its server is away; the player says so."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adamax_viz.ui.server.assets import base_path
from adamax_viz.ui.server.hooks import complain

_WITH, _WITHOUT = b'"blockErrorDialogs":false', b'"blockErrorDialogs":true '  # of one length


class HostConfig:
    """A layer around the app that changes this one answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.path = app, f"{base_path()}/_stcore/host-config"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                if status == 200 and body and _WITH not in body:
                    complain("A dialog of Streamlit covers the page while its server is away.", __name__)
                message = {**message, "body": body.replace(_WITH, _WITHOUT)}
            await send(message)

        is_it = scope["type"] == "http" and scope["path"] == self.path
        await self.app(scope, receive, sending if is_it else send)
