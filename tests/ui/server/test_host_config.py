"""Streamlit's page shows no dialog of its own over a player whose server is away; nothing else is changed."""

import json

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from adamax_viz.ui.server.host_config import HostConfig
from tests.ui.server.asgi import Client, run

ROUTES = [*create_host_config_routes(""), Route("/other", lambda _: JSONResponse({"blockErrorDialogs": False}))]


def answer(path):
    """What the browser is told there, and how long it is said to be."""
    client = Client(path)
    run(lambda: HostConfig(Starlette(routes=ROUTES))(client.scope, client.receive, client.send))
    assert int(client.headers["content-length"]) == len(client.body)
    return json.loads(client.text)


def test_the_dialog_is_off():
    assert answer("/_stcore/host-config")["blockErrorDialogs"] is True
    assert answer("/other") == {"blockErrorDialogs": False}
