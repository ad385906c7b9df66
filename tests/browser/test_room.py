"""Nothing is cut and nothing lies over something else: formulas, rows on a small tablet, what Streamlit says."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import FITS, IDLE, READY
from tests.browser.server import ROOT, Server

WHOLE = """(control) => {
  const cut = (part) => getComputedStyle(part).overflowX !== "visible" && part.scrollWidth > part.clientWidth + 1;
  const column = control.closest("[data-testid=stColumn]").getBoundingClientRect();
  return ![control, ...control.querySelectorAll("*")].some(cut)
    && control.getBoundingClientRect().right <= column.right + 1;
}"""


def opened(screen: Page, address: str) -> None:
    screen.goto(address)
    screen.wait_for_selector(IDLE, state="attached")


def test_formulas_are_seen_whole(make_page):
    tall = make_page(1280, 6000)
    screen = tall.page
    opened(screen, f"{tall.address}/reference")
    screen.locator(".katex-display").last.wait_for()
    screen.evaluate("document.fonts.ready")
    shown = settled(screen)
    screen.add_style_tag(content=".stApp .stMain .katex-display { overflow: visible !important; }")
    assert settled(screen) == shown


def settled(screen: Page) -> bytes:
    """A picture of the page once nothing moves on it any more."""
    shown = screen.screenshot()
    for _ in range(30):
        before, shown = shown, screen.screenshot()
        if before == shown:
            return shown
    raise AssertionError("something moves on and on")


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("verify", "radio", "float32"),
        ("verify", "link", "Open in the Playground"),
        ("verify", "link", "Open this run"),
        ("reference", "link", "See its effect"),
    ],
)
def test_words_of_controls_are_seen_whole_on_a_small_tablet(make_page, path, kind, words):
    tablet = make_page(820, 1180)
    opened(tablet.page, f"{tablet.address}/{path}")
    control = tablet.page.get_by_test_id("stMain").get_by_role(kind, name=words).first
    control.wait_for()
    assert control.evaluate(WHOLE)
    tablet.page.wait_for_function(FITS)


@pytest.mark.parametrize("width", [820, 1280])
def test_what_streamlit_says_of_a_server_that_is_gone_lies_over_nothing(make_tab, width):
    server = Server(ROOT).start()
    screen = make_tab(width)
    try:
        screen.goto(f"{server.address}/playground")
        screen.wait_for_selector(READY)
        share = screen.get_by_role("button", name="Share", exact=True).bounding_box()
        server.stop()
        said = screen.get_by_test_id("stConnectionStatus")
        said.wait_for()
        box = said.bounding_box()
        assert share["x"] + share["width"] < box["x"] or box["y"] + box["height"] < share["y"]
    finally:
        if server.process.poll() is None:
            server.stop()
