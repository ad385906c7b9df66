"""What every answer says: nothing from other hosts, no text becomes a script, and who may show the app in a frame."""

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.file_util import get_static_dir

from adamax_viz.ui.server.faults import HANDLERS
from adamax_viz.ui.server.headers import Headers, headers
from adamax_viz.ui.server.routes import layers
from tests.ui.server.asgi import Client, ask, run

ROOT = Path(__file__).parents[3]


def policy(**environment):
    """The directives and their sources."""
    lines = headers(environment)["content-security-policy"].split("; ")
    return {name: sources for name, *sources in map(str.split, lines)}


def test_the_policy_names_no_host_and_lets_no_text_run():
    found = policy()
    assert found["default-src"] == ["'none'"]
    sources = [source for name in found for source in found[name]]
    assert all(source in ("data:", "blob:") or source.startswith("'") for source in sources)
    assert not {"'unsafe-inline'", "'unsafe-eval'", "data:", "blob:"} & set(found["script-src"])


def test_the_scripts_in_streamlits_page_are_allowed_by_their_digests():
    page = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert inline
    for script in inline:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy()["script-src"]


@pytest.mark.parametrize("given", ["", "  "])
def test_any_page_may_frame_the_app_if_nothing_is_said(given):
    assert "frame-ancestors" not in policy()
    assert "frame-ancestors" not in policy(ADAMAX_FRAME_ANCESTORS=given)


@pytest.mark.parametrize(
    "given",
    [
        "'none'",
        "'self'",
        "*",
        "'self' https://moodle.example",
        "https://moodle.example:8443 http://wiki",
        "*.uni.example 127.0.0.1:8000",
        "https:",
        "http://127.0.0.1:*",
    ],
)
def test_the_environment_says_who_may_frame_the_app(given):
    assert policy(ADAMAX_FRAME_ANCESTORS=f" {given} ")["frame-ancestors"] == given.split()


@pytest.mark.parametrize(
    "given",
    [
        "self",
        "'none' https://a.example",
        "https://a.example; script-src *",
        "https://a.example, https://b.example",
        "https://a.example\r\nx: y",
        "javascript:alert(1)",
        "data:",
        "https://",
        "https://a.example/'self'",
    ],
)
def test_what_is_no_list_of_ancestors_is_refused_in_a_sentence(given):
    # "self" without its quotes would be a host of that name, and nobody could show the app.
    with pytest.raises(ValueError, match=r"^ADAMAX_FRAME_ANCESTORS is .* with spaces between them\.$"):
        headers({"ADAMAX_FRAME_ANCESTORS": given})


def test_a_wrong_setting_ends_the_start_with_one_sentence():
    environment = os.environ | {"ADAMAX_FRAME_ANCESTORS": "moodle.example; script-src *"}
    code = "from adamax_viz.ui.server.routes import layers; layers()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("ADAMAX_FRAME_ANCESTORS is 'moodle.example; script-src *'")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("status", [200, 400, 404, 500])
def test_every_answer_says_them(status):
    said = headers({})
    found = ask(Headers(PlainTextResponse("a sentence", status), said), "/anything").headers
    assert {name: found[name] for name in said} == said
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] == "same-origin"


def test_a_fault_says_them_though_it_is_answered_outside_of_all_layers():
    def broken(_):
        raise RuntimeError("nobody foresaw it")

    app = Starlette(routes=[Route("/broken", broken)], middleware=layers(), exception_handlers=HANDLERS)
    client = Client("/broken")
    with pytest.raises(RuntimeError, match="nobody foresaw it"):  # for the server's log
        run(lambda: app(client.scope, client.receive, client.send))
    assert (client.status_code, client.headers["x-content-type-options"]) == (500, "nosniff")
    assert "default-src 'none'" in client.headers["content-security-policy"]


def test_a_replica_says_its_name():
    assert "x-adamax-replica" not in headers({})
    assert headers({"ADAMAX_REPLICA": "one"})["x-adamax-replica"] == "one"
    with pytest.raises(ValueError, match=r"^ADAMAX_REPLICA is 'one;two', which is no name: "):
        headers({"ADAMAX_REPLICA": "one;two"})


def test_the_opening_of_a_websocket_says_it_too():
    sent = []

    async def app(scope, receive, send):
        await send({"type": "websocket.accept", "subprotocol": "streamlit"})
        await send({"type": "websocket.send", "text": "hello"})

    async def send(message):
        sent.append(message)

    run(lambda: Headers(app, {"x-adamax-replica": "two"})({"type": "websocket"}, None, send))
    assert sent[0]["headers"] == [(b"x-adamax-replica", b"two")]
    assert sent[1] == {"type": "websocket.send", "text": "hello"}
