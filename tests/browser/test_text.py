"""What a link or a file's name says is text in the page that a browser shows: no link, picture, formula or icon."""

import json
import shutil
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import FITS, IDLE, READY, Opened
from tests.browser.server import ROOT, served

# What Markdown, Streamlit or a browser would make something of; each fits what a sentence repeats.
PAYLOADS = (
    *("[evil](http://evil.example)", "![evil](http://evil.example/i.png)", "[evil]: http://evil.example", "[^evil]"),
    *("http://evil.example", "HTTPS://evil.example/a_b", "www.evil.example", "x@evil.example", "mailto:x@evil.example"),
    *("<http://evil.example>", "<img src=http://evil.example/i.png>", "<b>evil</b>", "<!-- evil -->", "&lt;b&gt;evil"),
    *("$evil$", "$$evil$$", r"\(evil\)", ":red[evil]", ":small[evil]", ":color[evil]{foreground=red}", ":help[evil]"),
    *(
        ":material/home: evil",
        ":streamlit: evil",
        ":smile: evil",
        ":material_home: evil",
        ":evil[x]",
        "::evil",
        ":::evil",
    ),
    *(
        "# evil",
        "- evil",
        "1. evil",
        "> evil",
        "* evil",
        "    evil",
        "| evil | b |",
        "--- evil",
        "+++ evil",
        "~~~ evil",
    ),
    *(
        "`evil`",
        "``` evil",
        "*evil*",
        "__evil__",
        "~~evil~~",
        r"\evil\*",
        "a -> evil",
        "evil -- x",
        "evil <= 2",
        "evil\\",
    ),
)
MADE = (
    "a, img, svg text, .katex, code, pre, em, strong, del, sup, h1, h2, h3, h4, li, table, blockquote, hr, input, mark"
)
# Everything of the page that is made of "evil", but for places that show an address or a name as it is.
FOUND = """() => {
  const made = [...document.querySelectorAll(
    "[data-testid=stMarkdownContainer] :is(a, img, .katex, code, pre, em, del, sup, li, table, blockquote)," +
    "[data-testid=stMarkdownContainer] span[style], " +
    ".al-player :is(a, img, script, iframe, object)"
  )].filter((element) => element.outerHTML.includes("evil") || element.textContent.includes("evil"));
  return made.map((element) => element.outerHTML.slice(0, 200));
}"""
PAGE = """
import json
from pathlib import Path

import streamlit as st

from adamax_viz.ui.parts.plain import plain

for i, text in enumerate(json.loads(Path("texts.json").read_text())):
    words = f"“{plain(text)}” is quoted"
    st.warning(words)
    st.caption(words)
    st.button(words, key=str(i))
"""
ODD = "[evil](http://evil.example)![evil](http://evil.example/i)"
HTML = "<img src=http://evil.example/i onerror=evil()>$evil$"


@pytest.fixture
def watched():
    """For a page, the requests that text of others has made a browser send."""
    heard = []

    def watch(page: Page) -> list[str]:
        asked: list[str] = []

        def hear(request: Request) -> None:
            if "//evil.example" in request.url:
                asked.append(request.url)

        page.on("request", hear)
        heard.append((page, hear))
        return asked

    yield watch
    for page, hear in heard:
        page.remove_listener("request", hear)


def words(place: Locator) -> str:
    return place.inner_text().replace("\u2060", "")


@pytest.fixture
def quoting(tmp_path):
    """A page that quotes each of them where Streamlit reads Markdown: in an alert, a caption and a label."""
    (tmp_path / "app.py").write_text(PAGE)
    (tmp_path / "texts.json").write_text(json.dumps(PAYLOADS))
    shutil.copytree(ROOT / ".streamlit", tmp_path / ".streamlit")
    with served(tmp_path) as address:
        yield address


def test_what_is_quoted_is_seen_as_it_is(quoting, make_tab, watched):
    page = Opened(make_tab(), quoting)
    asked = watched(page.page)
    page.page.goto(quoting)
    for kind in ("stAlert", "stCaptionContainer", "stButton"):
        said = page.page.get_by_test_id(kind)
        expect(said).to_have_count(len(PAYLOADS), timeout=30_000)
        shown = [text.replace("\u2060", "") for text in said.all_inner_texts()]
        assert shown == [f"“{' '.join(text.split())}” is quoted" for text in PAYLOADS]
        assert said.locator(MADE).count() == 0
        assert said.locator("p *").count() == 0
    page.leave()
    assert page.errors == asked == []


@pytest.mark.parametrize("text", [PAYLOADS[0], "$evil$ :smile: <b>evil</b>"])
def test_what_is_searched_is_quoted_as_it_is(page: Opened, watched, text):
    screen, asked = page.page, watched(page.page)
    screen.goto(f"{page.address}/reference")
    screen.wait_for_selector(IDLE, state="attached")
    field, said = screen.get_by_role("textbox", name="Search"), screen.get_by_test_id("stAlert")
    field.fill(text)
    field.press("Enter")
    said.wait_for()
    assert f"“{text}”" in words(said)
    assert said.locator("p *").count() == 0
    assert asked == []


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("", {ODD: HTML}),
        ("playground", {ODD: HTML, "surface": ODD, "panels": HTML, "show": ODD, "learning_rate": HTML, "v": ODD}),
        ("effects", {"effect": HTML, ODD: HTML, "b.clipnorm": ODD, "target": "B"}),
        ("adam_to_adamax", {ODD: HTML, "surface": HTML, "p": ODD, "g": HTML}),
        ("models", {ODD: HTML, "model": ODD, "dataset": HTML, "widths": ODD}),
        ("lessons", {"lesson": ODD, "seen": HTML, "answers": HTML}),
        ("verify", {"surface": ODD, HTML: ODD}),
        ("reference", {"q": HTML}),
        ("open", {ODD: HTML}),
    ],
    ids=lambda value: (value or "home") if isinstance(value, str) else "",
)
def test_no_page_makes_anything_of_a_link_s_words(page: Opened, watched, path, params):
    screen, asked = page.page, watched(page.page)
    screen.goto(f"{page.address}/{path}?{urlencode(params)}")
    screen.wait_for_selector(IDLE, state="attached")
    if path in ("playground", "effects", "models"):
        screen.wait_for_selector(READY)
        said = screen.locator(".al-notice").inner_text()
        assert "“[evil](http://evil.example)" in said
        assert path == "models" or "<img src=http" in said
    elif path in ("lessons", "verify", "reference"):
        assert "evil" in words(screen.get_by_test_id("stAlert").first)
    assert screen.evaluate(FOUND) == []
    assert asked == []


def test_long_words_stay_within_a_phone(make_page):
    opened = make_page(390, 844)
    screen = opened.page
    screen.goto(f"{opened.address}/reference?q={'W' * 300}")
    screen.get_by_test_id("stAlert").wait_for()
    screen.wait_for_function(FITS)
    screen.goto(f"{opened.address}/playground?{'W' * 300}=1&learning_rate={'W' * 300}")
    screen.wait_for_selector(READY)
    assert "WWW" in screen.locator(".al-notice").inner_text()
    screen.wait_for_function(FITS)


def test_what_turns_or_hides_letters_is_seen(page: Opened):
    page.open("warp%E2%80%AE%E2%80%8B=1")
    assert "“warp\ufffd\ufffd”" in page.page.locator(".al-notice").inner_text()


@pytest.mark.parametrize(
    "name", [f"{ODD}.csv".replace("/", "\u2215"), "$evil$ :red[evil] <img src=x onerror=evil()>.csv"]
)
def test_a_file_s_name_is_text(page: Opened, watched, name):
    screen, asked = page.page, watched(page.page)
    screen.goto(f"{page.address}/open")
    screen.wait_for_selector(IDLE, state="attached")
    files = screen.locator("[data-testid=stMain] input[type=file]")
    files.set_input_files({"name": name, "mimeType": "text/csv", "buffer": b"nothing of use\n"})
    said = screen.get_by_test_id("stAlert")
    said.wait_for()
    assert name[:50] in words(said)
    assert said.locator("p *").count() == 0, said.inner_html()
    table = "theta_x,theta_y,loss\n" + "".join(f"{1 / k},{2 / k},{3 / k}\n" for k in range(1, 9))
    other = name.replace(".csv", "-2.csv")
    files.set_input_files([{"name": each, "mimeType": "text/csv", "buffer": table.encode()} for each in (name, other)])
    screen.wait_for_selector(READY)
    screen.get_by_label("Compare with").click()
    screen.get_by_role("option").first.click()
    info = screen.get_by_test_id("stAlert").filter(has_text="and B")
    info.wait_for()
    assert info.locator("strong").count() == 2
    assert words(info.locator("strong").first).startswith(name[:20])
    assert screen.evaluate(FOUND) == []
    assert asked == []
