"""The policy of the pages in a real browser: nothing breaks it, and frames are shown where they may be."""

import contextlib
import http.server
import threading

import pytest

from tests.browser.conftest import IDLE, READY
from tests.browser.server import Server

PAGES = ["", "playground", "effects", "adam_to_adamax", "models", "lessons", "verify", "reference", "open"]
ADDRESSES = [
    "/",
    "/playground",
    "/health",
    "/_stcore/health",
    "/_stcore/host-config",
    "/favicon.png",
    "/vendor/plotly.min.js",
    "/live?surface=booth&steps=5",
    "/take/run.json?surface=booth",
    "/take/run.exe",
    "/_stcore/bidi-components/adamax-viz.player/scenes/root.js",
    "/_stcore/bidi-components/adamax-viz.player/scenes/none.js",
    "/media/none.csv",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_none_of_its_policy(page, path):
    page.page.goto(f"{page.address}/{path}")
    page.page.wait_for_selector(IDLE, state="attached")
    if path in ("playground", "effects", "adam_to_adamax", "models"):
        page.page.wait_for_selector(READY)
    assert page.page.evaluate("violations") == []


def test_the_policy_is_in_force(page):
    page.open("surface=booth&steps=5")
    tried = """async () => {
      const image = new Image();
      image.src = "https://other.example/pixel.png";
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(image, script);
      await fetch("https://other.example/").catch(() => {});
      await new Promise((resolve) => setTimeout(resolve));
      return [violations.splice(0).map((line) => line.split(":")[0]).sort(), window.ran ?? false];
    }"""
    found, ran = page.page.evaluate(tried)
    assert found == ["connect-src", "img-src", "script-src-elem"]
    assert ran is False
    assert any("Content Security Policy" in error for error in page.errors)  # so a page left since is heard as well
    page.errors.clear()  # they are what this test asked for


def test_every_kind_of_answer_says_the_headers(page):
    for address in ADDRESSES:
        answer = page.page.request.get(page.address + address)
        assert answer.headers["x-content-type-options"] == "nosniff", address
        assert answer.headers["referrer-policy"] == "same-origin", address
        assert "default-src 'none'" in answer.headers["content-security-policy"], address


def test_a_second_visit_asks_for_nothing_of_the_player(page):
    asked = """() => performance.getEntriesByType("resource")
      .filter((entry) => entry.name.includes("bidi-components"))
      .map((entry) => [entry.name, entry.transferSize < entry.encodedBodySize])"""
    for _ in range(2):
        page.open("surface=booth&steps=5")
        found = page.page.evaluate(asked)
    assert len(found) > 20
    assert [name for name, kept in found if not kept] == []


# -- frames ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def another_site(snippet):
    """The address of a page on another origin that shows a frame."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><link rel=icon href=data:,><h1>A course</h1>{snippet}".encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"  # the app is at localhost: another site
    finally:
        server.shutdown()
        server.server_close()


def frame(address):
    return f'<iframe src="{address}/playground?surface=booth&amp;embed=true" width="900" height="700"></iframe>'


def test_a_course_page_shows_the_app_in_a_frame(page):
    with another_site(frame(page.address)) as course:
        page.page.goto(course)
        page.page.frame_locator("iframe").locator(READY).wait_for()


def test_slides_in_a_file_show_it_too(page, tmp_path):
    slides = tmp_path / "slides.html"
    slides.write_text(f"<!doctype html>{frame(page.address)}")
    page.page.goto(slides.as_uri())
    page.page.frame_locator("iframe").locator(READY).wait_for()


@pytest.fixture
def strict_app():
    """The address of an app that only a page of its own may frame."""
    server = Server(ADAMAX_FRAME_ANCESTORS="'self'").start()
    yield server.address
    server.stop()


def test_a_course_page_that_is_not_named_shows_no_frame(page, strict_app):
    with another_site(frame(strict_app)) as course:
        with page.page.expect_event("console", lambda message: "frame-ancestors" in message.text):
            page.page.goto(course)
        assert page.page.frame_locator("iframe").locator(READY).count() == 0
    page.errors.clear()  # the browser says what it refused
