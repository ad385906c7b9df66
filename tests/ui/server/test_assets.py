"""A browser keeps what has a digest in its address for ever, and asks anew for everything else."""

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.file_util import get_static_dir

from adamax_viz.ui.server import assets
from adamax_viz.ui.server.assets import FOR_EVER, Compressed, PlayerFiles
from adamax_viz.ui.server.routes import routes
from tests.ui.server.asgi import ask

PLAYER = "/_stcore/bidi-components/adamax-viz.player"


async def streamlit_file(request):
    """A file of the component as Streamlit answers it, with what it was asked for."""
    return PlainTextResponse(request.path_params["file"], headers={"Cache-Control": "public"})


@pytest.fixture(params=["", "/adamax"])
def base(request, monkeypatch):
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": request.param}.__getitem__)
    return request.param


@pytest.fixture
def app(base):
    return PlayerFiles(Starlette(routes=[*routes(), Route(f"{base}{PLAYER}/{{file:path}}", streamlit_file)]))


@pytest.mark.parametrize("file", ["scenes/root.js", "scenes/root.css", "base/plot/plot.js"])
def test_a_file_of_the_player_leads_to_one_below_the_digest(app, base, file):
    asked = f"{base}{PLAYER}/{file}"
    found = ask(app, asked)
    assert (found.status_code, found.headers["cache-control"]) == (307, "no-cache")
    there = urljoin(asked, found.headers["location"])
    assert there == f"{base}{PLAYER}/{assets.digest()}/{file}"
    found = ask(app, there)
    assert (found.status_code, found.body.decode(), found.headers["cache-control"]) == (200, file, FOR_EVER)


def test_an_older_page_gets_what_there_is_and_does_not_keep_it(app, base):
    found = ask(app, f"{base}{PLAYER}/0123456789ab/scenes/runs.js")
    assert (found.body, found.headers["cache-control"]) == (b"scenes/runs.js", "no-cache")


def test_plotly_has_the_digest_too(app, base):
    found = ask(app, f"{base}{PLAYER}/{assets.digest()}/vendor/plotly.min.js")
    assert (found.status_code, found.headers["cache-control"]) == (200, FOR_EVER)
    assert b"plotly.js" in gzip.decompress(found.body)[:200]


def test_the_redirect_stays_on_this_host(app, base):
    for odd in ("//other.example/x", "..//other.example", "x/../../..//other.example/y", ""):
        found = ask(app, f"{base}{PLAYER}/{odd}")
        assert found.headers["location"].startswith("./")


def test_the_digest_follows_files_and_plotly(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "FILES", tmp_path)
    (tmp_path / "one.js").write_text("1")
    first = assets.digest()
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    (tmp_path / "two.js").write_text("2")
    second = assets.digest()
    monkeypatch.setattr(assets, "version", lambda name: "0.0")
    (tmp_path / "two.js").touch()
    assert len({first, second, assets.digest()}) == 3


def test_other_addresses_pass(app):
    assert ask(app, "/_stcore/bidi-components/another.player/scenes/root.js").status_code == 404


# -- compressed ------------------------------------------------------------------------------------------------


@pytest.fixture
def static(base):
    return Compressed(PlainTextResponse("as it is"))


def first(kind):
    return min((Path(get_static_dir()) / "static" / kind).iterdir(), key=lambda path: path.stat().st_size)


@pytest.mark.parametrize("kind", ["js", "css"])
def test_streamlits_scripts_and_styles_are_compressed(static, base, kind):
    file = first(kind)
    found = ask(static, f"{base}/static/{kind}/{file.name}", accept_encoding="gzip, br")
    assert gzip.decompress(found.body) == file.read_bytes()
    assert found.headers["content-encoding"] == "gzip"
    assert found.headers["content-type"].startswith({"js": "text/javascript", "css": "text/css"}[kind])
    assert (found.headers["cache-control"], found.headers["vary"]) == (FOR_EVER, "Accept-Encoding")
    assert int(found.headers["content-length"]) == len(found.body)


def test_whoever_can_not_unpack_gets_them_as_they_are(static, base):
    assert ask(static, f"{base}/static/js/{first('js').name}").body == b"as it is"


@pytest.mark.parametrize("path", ["/", "/static/js/none.js", "/static/js/../../index.html", "/static/media", "/live"])
def test_nothing_else_is_touched(static, base, path):
    assert ask(static, base + path, accept_encoding="gzip").body == b"as it is"
