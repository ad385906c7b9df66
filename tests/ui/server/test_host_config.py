"""Streamlit's page shows no dialog of its own over a player whose server is away; nothing else is changed."""

import json
import logging

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from adamax_viz.ui.server import hooks
from adamax_viz.ui.server.host_config import HostConfig
from tests.ui.server.asgi import Client, run

PATH = "/_stcore/host-config"
ROUTES = [*create_host_config_routes(""), Route("/other", lambda _: JSONResponse({"blockErrorDialogs": False}))]


def answer(path, routes=ROUTES):
    """What the browser is told there, and how long it is said to be."""
    client = Client(path)
    run(lambda: HostConfig(Starlette(routes=routes))(client.scope, client.receive, client.send))
    assert int(client.headers["content-length"]) == len(client.body)
    return json.loads(client.text)


def test_the_dialog_is_off():
    assert answer(PATH)["blockErrorDialogs"] is True
    assert answer("/other") == {"blockErrorDialogs": False}


def test_another_streamlit_is_complained_about_once(caplog):
    hooks.complain.cache_clear()
    with caplog.at_level(logging.ERROR):
        answer(PATH)
        assert not caplog.records
        for _ in range(2):
            assert answer(PATH, [Route(PATH, lambda _: JSONResponse({"dialogs": True}))]) == {"dialogs": True}
    assert len(caplog.records) == 1
    assert "adamax_viz.ui.server.host_config" in caplog.text
