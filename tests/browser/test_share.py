"""Share a run, take it home in every form, open it again; home page and old links."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from PIL import Image

from adamax_viz.files.reopen import open_file
from adamax_viz.limits import LIMITS
from adamax_viz.runs.run import run_of
from adamax_viz.study.named.effects import find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import study_of
from adamax_viz.views.palette import QUANTITIES
from tests.browser.conftest import PLAYER, READY

QUERY = "surface=booth&steps=40&clipnorm=1.0&use_ema=true"
SETTINGS = RunSpec(surface="booth", steps=40, clipnorm=1.0, use_ema=True)


def take(page, kind, timeout=30_000):
    """What the menu saves: its name and bytes."""
    menu = page.page.locator(".al-takehome")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    with page.page.expect_download(timeout=timeout) as download:
        page.page.locator(f"[data-kind={kind}]").click()
    menu.get_by_text(re.compile(r"^Saved as ")).wait_for()
    return download.value.suggested_filename, download.value.path().read_bytes()


def jump(page, step):
    page.jump(step)
    page.wait_step(f"step === {min(step, 39)}")


def lines(svg):
    """A picture without the random names that Plotly gives to its parts."""
    (uid,) = set(re.findall(rb'id="defs-(\w+)"', svg))
    return re.sub(rb"(trace scatter trace|clip)[0-9a-f]{6}", rb"\1", svg.replace(uid, b""))


def overflow(page):
    return page.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")


def test_a_link_with_locks_is_shared_and_its_code_says_the_same(page, make_page):
    import zxingcpp

    page.open(QUERY)
    page.page.get_by_role("button", name="Share").click()
    dialog = page.page.get_by_role("dialog")
    dialog.get_by_text("only some controls").click()
    dialog.get_by_text("locked=all,!start").first.wait_for()
    link = dialog.locator("[data-testid=stCode] code").first.inner_text()
    assert link == f"{page.address}/playground?{QUERY}&locked=all,!start&v=1"
    picture = dialog.locator("img")
    picture.wait_for()
    page.page.wait_for_function("() => document.querySelector('[role=dialog] img').complete")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))
    assert code.text == link
    dialog.get_by_text("Show it inside another page").click()
    dialog.get_by_text("<iframe").wait_for()

    other = make_page(scheme="dark")
    other.open(link.split("?")[1])
    assert other.page.locator(".al-knob:not(.al-locked)").count() == 0
    assert other.page.locator(".al-field").first.is_disabled()
    assert other.page.locator(".al-start").is_enabled()
    assert other.page.get_by_role("combobox", name="Surface", exact=True).is_disabled()
    assert other.page.get_by_role("combobox", name="Clip", exact=True).is_disabled()
    assert other.page.get_by_role("textbox", name="Start x").is_enabled()
    other.page.locator(".al-start").focus()
    other.press("ArrowRight")
    other.wait_query("start=")
    other.page.wait_for_url("**locked=all**start=**")


def test_pictures_show_the_playhead_and_say_where_they_are_from(page):
    page.open(QUERY)
    jump(page, 12)
    name, svg = take(page, "svg")
    assert name == "adamax-booth.svg"
    root = ElementTree.fromstring(svg)
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "step 12 of 40" in texts
    link = f"{page.address}/playground?{QUERY}&v=1"
    assert link in "".join(texts)
    assert not list(root.iter("{http://www.w3.org/2000/svg}image"))  # lines and letters, no pixels
    assert set(page.state["titles"]) <= set(texts)
    _, png = take(page, "png")
    picture = Image.open(io.BytesIO(png))
    assert picture.size == (2 * float(root.get("width")), 2 * float(root.get("height")))
    page.page.get_by_role("tab", name="3-D").click()
    page.page.wait_for_function("() => document.querySelector('.al-space .js-plotly-plot')?._fullLayout?.scene?._scene")
    _, svg = take(page, "svg")
    assert b"data:image/png" in svg


def test_the_film_moves_and_can_be_cancelled(page):
    page.open(QUERY)
    _, gif = take(page, "gif")
    film = Image.open(io.BytesIO(gif))
    assert film.n_frames == 41
    frames = []
    for k in (0, 20, 40):
        film.seek(k)
        frames.append(film.convert("RGB").tobytes())
    assert len(set(frames)) == 3
    film.seek(40)
    colours = film.convert("RGB").getcolors(1 << 24)
    for quantity in ("grad", "m", "u", "ema"):
        line = bytes.fromhex(QUANTITIES[quantity].light.line[1:])
        assert tuple(line) in {colour for _, colour in colours}, quantity
    assert max(colours)[1] in {(255, 255, 255), (249, 250, 251)}  # the page's own ground, not a tint of it
    page.page.locator("[data-kind=zip]").click()
    page.page.get_by_role("button", name="Cancel").click()
    page.page.get_by_text("Cancelled; nothing was saved.").wait_for()


def test_the_page_plays_without_a_server(page, chromium, tmp_path):
    query = QUERY.replace("booth", "drifting_bowl")  # a surface that moves brings its pictures along
    page.open(query + "&panels=loss,u")
    jump(page, 9)
    _, html = take(page, "html")
    path = tmp_path / "run.html"
    path.write_bytes(html)
    context = chromium.new_context(offline=True, viewport={"width": 390, "height": 800}, color_scheme="dark")
    offline = context.new_page()
    wrong = []
    offline.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    offline.on("pageerror", lambda error: wrong.append(str(error)))
    offline.on("request", lambda r: wrong.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None)
    offline.goto(path.as_uri())
    offline.wait_for_selector(READY)
    player = offline.locator(".al-player")
    assert player.get_attribute("data-step") == "9"
    assert player.get_attribute("data-theme") == "dark"
    assert offline.evaluate(f"{PLAYER}.state().charts") == ["loss", "u"]
    assert offline.locator(".al-field").first.is_disabled()
    assert offline.locator(".al-start").is_disabled()
    assert not offline.locator(".al-chooser").is_visible()
    offline.get_by_text("knobs and start are as they were").wait_for()
    assert offline.get_by_role("link", name="Open it in Adamax Lab").get_attribute("href").endswith(f"?{query}&v=1")
    surface = f"{PLAYER}.state().surfaceStep"
    assert abs(offline.evaluate(surface) - 9) <= 1
    offline.keyboard.press("Home")
    assert offline.evaluate(surface) == 0
    offline.keyboard.press("Space")
    offline.wait_for_function("() => Number(document.querySelector('.al-player').dataset.step) > 3")
    offline.get_by_text("Take it home").click()
    with offline.expect_download() as download:
        offline.locator("[data-kind=csv]").click()
    with offline.expect_download() as film:
        offline.locator("[data-kind=gif]").click()
    assert Image.open(film.value.path()).n_frames == 41
    (opened,) = open_file("run.csv", download.value.path().read_bytes())
    assert opened.settings == SETTINGS.changed(surface="drifting_bowl")
    assert offline.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    context.close()
    assert wrong == []


def test_everything_in_one_archive(page):
    page.open(QUERY)
    _, data = take(page, "zip", timeout=60_000)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.testzip() is None
        assert {
            "run.csv",
            "run.json",
            "run_keras.py",
            "run_lab.py",
            "run.html",
            "run.svg",
            "run.png",
            "run.gif",
        } == set(packed.namelist()) - {"README.md"}
        assert Image.open(io.BytesIO(packed.read("run.gif"))).n_frames == 41
    (opened,) = open_file("run.zip", data)
    assert (opened.trajectory["theta"] == run_of(SETTINGS)["theta"]).all()


def test_a_comparison_is_taken_home_as_pictures_and_as_a_table(page):
    page.open(path="/effects")
    name, svg = take(page, "svg")
    assert name == "adamax-clipping.svg"
    text = svg.decode()
    assert all(label in text for label in ("A no clipping", "B clipvalue 1", "D global_clipnorm 1"))
    assert f"{page.address}/effects?effect=clipping&amp;v=1" in text
    _, gif = take(page, "gif")
    assert Image.open(io.BytesIO(gif)).n_frames == 90
    name, csv = take(page, "csv")
    assert name == "adamax-clipping.csv"
    assert [one.settings for one in open_file(name, csv)] == study_of(find_effect("clipping")).specs()


def test_a_table_replays_to_the_same_picture_and_is_compared(page, tmp_path):
    page.open(QUERY)
    jump(page, 25)
    _, csv = take(page, "csv")
    _, original = take(page, "svg")
    (tmp_path / "run.csv").write_bytes(csv)
    run_of(SETTINGS.changed(clipnorm=0.5)).to_csv(tmp_path / "other.csv")
    (tmp_path / "bad.csv").write_text("a,b\r\n1,2\r\n")
    page.page.get_by_role("link", name="Open a file").click()
    page.page.wait_for_url("**/open")
    upload = page.page.locator("input[type=file]")
    upload.set_input_files([tmp_path / "other.csv", tmp_path / "bad.csv", tmp_path / "run.csv"])
    page.page.get_by_text("“bad.csv” can't be opened. The column 'theta_x' is missing").wait_for()
    page.page.wait_for_selector(READY)
    page.wait_query("clipnorm=1.0")
    jump(page, 25)
    _, again = take(page, "svg")
    assert lines(again) == lines(original)
    box = page.page.get_by_role("combobox", name="Compare with")
    box.click()
    page.page.get_by_role("option", name="the run in the Playground").click()
    page.page.get_by_text("equal, to the last digit, over 40 steps").wait_for()
    box.click()
    page.page.get_by_role("option", name="other.csv").click()
    page.page.get_by_text("They first differ at step 0, in the clipped gradient, first moment").wait_for()
    page.wait_state("s.beside.length === 1")
    page.page.locator(".al-beside", has_text="B other.csv").wait_for()
    _, both = take(page, "svg")
    assert "B other.csv" in both.decode()
    page.page.get_by_role("button", name="Close all").click()
    page.page.wait_for_selector(READY, state="detached")
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(LIMITS.file_bytes + 1_000_000)
    upload.set_input_files([tmp_path / "huge.csv"])
    page.page.get_by_text("File must be 20.0MB or smaller.").wait_for()


def test_the_menu_by_keyboard_and_on_a_phone(make_page):
    page = make_page(390, 800, "dark").open(QUERY)
    summary = page.page.locator(".al-takehome summary")
    summary.focus()
    page.press("Enter", "Tab")
    assert page.page.evaluate("document.activeElement.dataset.kind") == "png"
    box = page.page.locator(".al-kinds").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.press("Escape")
    assert page.page.locator(".al-takehome").get_attribute("open") is None
    assert page.page.evaluate("document.activeElement.textContent") == "Take it home"
    page.page.get_by_role("button", name="Share").click()
    page.page.get_by_role("dialog").locator("img").wait_for()
    assert overflow(page) == 0


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("surface=rosenbrock&learning_rate=0.1&v=1", "surface=rosenbrock&learning_rate=0.1"),
        ("surface=ackley&start=2.0,1.0&use_ema=true&ema_momentum=0.9&panels=loss", "ema_momentum=0.9"),
        ("v=7&surface=booth&warp=9&show=sparks", "surface=booth"),
    ],
)
def test_links_of_old_and_of_new_versions_open_the_playground(page, query, shown):
    page.open(query, path="/")
    page.wait_query(shown)
    assert "/playground?" in page.page.url
    notice = page.page.locator(".al-notice").inner_text()
    if "warp" in query:
        assert "version “7”, newer than this app" in notice
        assert "“warp” is not a setting" in notice
        assert "“sparks” is no part of the player" in notice
    else:
        assert notice == ""


def test_home_moves_by_itself_and_leads_everywhere(make_page):
    page = make_page()
    page.page.goto(page.address)
    page.page.wait_for_selector(READY)
    page.wait_step("step > 5")
    assert page.state["playing"]
    assert page.state["loop"]
    for part in (
        ".al-stage",
        ".al-transport",
        ".st-key-door_playground",
        ".st-key-door_lessons",
        ".st-key-door_models",
    ):
        box = page.page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 800, part
    page.page.locator(".al-start").focus()
    page.press("ArrowRight")
    page.wait_query("start=")
    page.page.get_by_role("link", name="Go on with this run").click()
    page.page.wait_for_url("**/playground?**start=**")
    page.page.get_by_role("link", name="Home").click()
    page.page.locator(".st-key-door_lessons a").click()
    page.page.wait_for_url("**/lessons")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home_on_a_phone_with_motion_reduced(make_page, scheme):
    page = make_page(390, 800, scheme)
    page.page.emulate_media(reduced_motion="reduce", color_scheme=scheme)
    page.page.goto(page.address)
    page.page.wait_for_selector(READY)
    assert page.state["playing"] is False
    assert overflow(page) == 0
    assert page.data("theme") == scheme
