"""Every lesson walked through: predictions right and wrong, keyboard, free play, presenting, both themes, a phone."""

import re

import pytest

from adamax_viz.lessons.lesson import Choice, Point, Value
from adamax_viz.lessons.progress import answers_of
from adamax_viz.lessons.reader import lessons
from tests.browser.conftest import IDLE, READY

PATH = "/lessons"


def open_scene(page, name, scene=1, more=""):
    page.open(f"lesson={name}&scene={scene}{more}", path=PATH)
    at(page, name, scene)


def at(page, name, scene):
    """Wait until the player shows this scene, and Python has said everything about it."""
    page.wait_state("s.scene === arg", f"{name}/{scene}")
    page.page.wait_for_selector(READY)
    page.page.wait_for_selector(IDLE, state="attached")


def button(page, words):
    return page.page.get_by_role("button", name=words, exact=True)


def asking(page):
    return page.data("asking") == "true"


def drawn_at(page, point):
    """The colour of the landscape's canvas at a point."""
    return page.page.evaluate(
        """([x, y]) => { const canvas = document.querySelector('.al-stage canvas.al-overlay');
             const box = canvas.getBoundingClientRect(); const ratio = window.devicePixelRatio;
             const place = [(x - box.left) * ratio, (y - box.top) * ratio].map(Math.round);
             return [...canvas.getContext('2d').getImageData(...place, 1, 1).data].slice(0, 3); }""",
        page.pixel(*point),
    )


def click_at(page, point):
    page.page.mouse.click(*page.pixel(*point))


def predict(page, scene, *, right):
    """Answer as a student does; wrongly if asked to."""
    ask = scene.ask
    assert asking(page)
    if isinstance(ask, Choice):
        button(page, ask.options[ask.answer if right else (ask.answer + 1) % len(ask.options)]).click()
    elif isinstance(ask, Point):
        click_at(page, scene.truth if right else scene.base.start_point())
    elif isinstance(ask, Value):
        far = ask.low if ask.high - scene.truth < scene.truth - ask.low else ask.high
        if not right:  # the slider's ends are far from the truth; its middle may be near
            page.page.get_by_role("slider", name="Your guess").press("Home" if far == ask.low else "End")
            page.page.wait_for_selector(IDLE, state="attached")
        button(page, "That is my guess").click()
    page.page.wait_for_function("() => document.querySelector('.al-player')?.dataset.asking === ''")
    page.page.wait_for_selector(IDLE, state="attached")


@pytest.fixture
def still(make_page):
    """A page of somebody who wants no motion: runs jump to their end."""
    page = make_page()
    page.page.emulate_media(reduced_motion="reduce")
    return page


def test_a_walk_through_every_lesson(still):
    page = still
    every = lessons()
    page.open(f"lesson={every[0].name}", path=PATH)
    turn = 0
    for lesson in every:
        for place, scene in enumerate(lesson.scenes, 1):
            at(page, lesson.name, place)
            page.page.get_by_role("heading", name=scene.title).wait_for()
            assert page.step == min(scene.step, scene.base.steps - 1)
            if scene.ask:
                turn += 1
                predict(page, scene, right=turn % 2 == 0)
                given = answers_of(dict(part.split("=") for part in page.page.url.split("?")[1].split("&"))["answers"])
                words = page.page.get_by_test_id("stAlert").inner_text()
                assert scene.is_right(given[place]) == ("check_circle" in words)
                assert "{{" not in page.page.locator("[data-testid=stMain]").inner_text()
                until = scene.until or scene.base.steps
                page.wait_step(f"step === {min(until, scene.base.steps - 1)}")
            if place < len(lesson.scenes):
                button(page, "Next").click()
        after = every.index(lesson) + 1
        if after < len(every):
            button(page, f"Next lesson: {every[after].title}").click()
    page.page.get_by_role("button", name="All lessons").last.click()
    page.page.get_by_role("heading", name="Lessons", exact=True).wait_for()
    page.page.get_by_text("finished").nth(len(every) - 1).wait_for()  # cards arrive one after the other
    assert page.page.get_by_text("finished").count() == len(every)
    assert button(page, "Again").count() == len(every)


def test_a_guess_by_keyboard_back_again_and_a_link_that_keeps_it(page):
    open_scene(page, "what-a-step-is", 2)
    assert page.page.locator(".al-start").is_visible() is False  # the run is hidden, and so is its start
    cross = page.page.locator(".al-cross")
    cross.focus()
    page.press("Shift+ArrowRight", "Shift+ArrowDown")
    assert page.state["guess"] == [-2.2, 0.7]
    page.press("Enter")
    page.page.wait_for_url("**answers=2_-2.2_0.7**")
    page.wait_step("step === 1")  # it plays to the step that was asked for, and stops there
    page.wait_state("!s.playing")
    assert drawn_at(page, [-2.2, 0.7]) == [122, 62, 157]  # the colour of guesses and minima
    assert "0.28 from your guess" in page.page.get_by_test_id("stAlert").inner_text()
    button(page, "Next").click()
    at(page, "what-a-step-is", 3)
    page.page.go_back()
    at(page, "what-a-step-is", 2)
    assert "scene=2" in page.page.url
    assert not asking(page)
    button(page, "Ask me again").click()
    page.page.wait_for_function("() => document.querySelector('.al-player').dataset.asking === 'true'")
    assert "answers" not in page.page.url


def test_knobs_are_free_within_a_scene_and_the_scene_comes_back(page):
    open_scene(page, "what-a-step-is", 5)
    assert page.page.locator("[data-knob]").count() == 2
    assert page.page.locator("[data-knob=learning_rate]").evaluate("e => e.classList.contains('al-pointed')")
    assert not page.page.locator(".al-ledger").is_visible()
    field = page.page.locator("[data-knob=learning_rate] .al-field")
    field.fill("0.2")
    field.press("Enter")
    page.wait_query("learning_rate=0.2")
    button(page, "Back").click()
    at(page, "what-a-step-is", 4)
    button(page, "Next").click()
    at(page, "what-a-step-is", 5)
    page.wait_query("learning_rate=0.2")  # what was moved stays in its scene
    button(page, "Back to the scene's settings").click()
    page.page.wait_for_function(
        "() => !document.querySelector('.al-player').dataset.query.includes('learning_rate=0.2')"
    )


def largest_in_first_chart(page):
    """As the charts say in words."""
    words = page.page.locator(".al-panels li").first.text_content()
    return float(re.search(r"between \S+ and (\S+?)[;.] ", words)[1])


def test_the_exponent_slides_to_infinity(page):
    open_scene(page, "from-adam-to-adamax", 5)
    assert page.state["titles"][0] == "u for p = 8"
    largest = largest_in_first_chart(page)
    page.page.get_by_role("slider", name="Exponent p").press("End")
    page.wait_state("s.titles[0] === 'Infinity norm u'")
    assert largest_in_first_chart(page) > largest
    assert page.state["beside"] == ["Adam", "Adamax"]
    door = page.page.get_by_role("link", name="From Adam to Adamax, with p on a slider")
    door.click()
    page.page.wait_for_url("**/adam_to_adamax**")


def test_presenting_a_lesson_by_clicker(make_page):
    page = make_page(1280, 720, "dark")
    open_scene(page, "momentum", 1, "&present=1")
    main = page.page
    for hidden in ("stSidebar", "stHeader"):
        assert not main.get_by_test_id(hidden).is_visible()
    size = main.locator("[data-testid=stMarkdownContainer] p").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)"
    )
    assert size >= 18
    ticks = main.locator(".al-stage .xtick text").first
    assert ticks.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 13  # on the page it is 11
    before = main.locator(".al-stage").bounding_box()
    assert 360 < before["height"] < before["y"] + before["height"] <= 720
    page.press("PageDown")
    at(page, "momentum", 2)
    assert asking(page)
    assert main.locator(".al-stage").bounding_box() == before  # nothing jumps
    page.press("PageUp")
    at(page, "momentum", 1)
    page.press("PageDown")
    at(page, "momentum", 2)
    page.press("ArrowRight")  # nothing to step through while a question stands: the arrow turns the scene
    at(page, "momentum", 3)
    main.set_viewport_size({"width": 1920, "height": 1080})
    main.wait_for_function("() => document.querySelector('.al-panels').getBoundingClientRect().bottom <= 1080")
    assert main.locator(".al-panels").bounding_box()["width"] > 1000
    page.press("Escape")
    main.wait_for_function("() => document.querySelector('.al-player').dataset.present === ''")
    assert "present" not in main.url
    main.get_by_test_id("stSidebar").wait_for()


def test_presenting_the_playground(page):
    page.open("surface=ravine&steps=50&present=1&show=knobs", path="/playground")
    main = page.page
    for shown in (".al-stage", ".al-ledger", ".al-knobs", ".al-presenter"):
        main.locator(shown).wait_for()
    for hidden in (".al-panels", ".al-transport", ".al-words", ".al-scenes", "[data-testid=stSidebar]"):
        assert not main.locator(hidden).is_visible(), hidden
    page.blur()
    page.press("Home", "ArrowRight")  # the playhead still obeys
    assert page.step == 1
    main.get_by_role("button", name="Stop presenting (Escape)").click()
    main.wait_for_function("() => document.querySelector('.al-player').dataset.present === ''")
    main.locator(".al-panels").wait_for()
    assert "surface=ravine" in main.url
    assert "present" not in main.url


def test_presenting_on_a_phone(make_page):
    page = make_page(390, 844, "dark").open("surface=ravine&steps=50&present=1")
    stage, ledger = (page.page.locator(part).bounding_box() for part in (".al-stage", ".al-ledger"))
    assert min(stage["width"], ledger["width"]) > 300
    assert ledger["y"] > stage["y"] + stage["height"]
    open_scene(page, "momentum", 1, "&present=1")
    assert page.page.locator(".al-stage").bounding_box()["width"] > 300
    bar, way_out = (page.page.locator(part).bounding_box() for part in (".al-transport", ".al-presenter"))
    assert bar["y"] + bar["height"] <= way_out["y"]


def test_a_phone_in_the_dark(make_page):
    page = make_page(390, 844, "dark")
    open_scene(page, "clipping-three-ways", 2)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    heading, stage, go = (
        page.page.locator(place).first.bounding_box() for place in ("h3", ".al-stage", ".st-key-page_tools")
    )
    assert heading["y"] < stage["y"] < go["y"]
    colour = page.page.locator(".katex [style*=color]").first
    button(page, "Along the diagonal").click()
    page.page.wait_for_function("() => document.querySelector('.al-player').dataset.asking === ''")
    colour.wait_for()
    assert colour.evaluate("e => getComputedStyle(e).color") == "rgb(216, 107, 20)"  # g, as the dark theme has it
    page.page.emulate_media(color_scheme="light")  # and when the theme changes while one reads
    shown = "getComputedStyle(document.querySelector('.katex [style*=color]')).color"
    page.page.wait_for_function(f"() => {shown} === 'rgb(185, 82, 0)'")


def test_a_lesson_that_is_not_there_and_a_link_that_is_half_wrong(page):
    page.page.goto(f"{page.address}{PATH}?lesson=cooking&scene=9")
    page.page.get_by_text("There is no lesson “cooking”").wait_for()
    page.page.goto(f"{page.address}{PATH}?lesson=momentum&scene=99&answers=nonsense~2b&seen=x~ema.77")
    at(page, "momentum", 4)
    field = page.page.locator("[data-knob=learning_rate] .al-field")
    field.fill("1e999")
    field.press("Enter")
    assert "is too large" in page.page.locator(".al-note").inner_text()
    page.change({"beta_1": "high"})
    page.page.get_by_text("beta_1 = “high” can't be used").wait_for()


def test_a_window_that_is_not_quite_maximised_keeps_charts_beside_the_landscape(page):
    page.page.set_viewport_size({"width": 1200, "height": 800})
    open_scene(page, "bias-correction", 2)
    stage, charts = (page.page.locator(part).bounding_box() for part in (".al-stage", ".al-panels"))
    assert charts["y"] < stage["y"] + stage["height"]
    assert charts["x"] > stage["x"] + stage["width"]
