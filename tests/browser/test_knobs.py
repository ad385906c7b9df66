"""Drag and type: the path follows the thumb, and the link when it rests."""

from adamax_viz.study.link import from_query


def drag(page, locator, dx, dy, steps=12):
    box = locator.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, steps + 1):
        page.mouse.move(x + dx * i / steps, y + dy * i / steps)
    return x + dx, y + dy


def test_dragging_the_start_moves_the_path_before_it_is_dropped(page):
    page.open("surface=round_bowl")
    drag(page.page, page.page.locator(".al-start"), 60, -50)
    page.wait_query("start=")
    assert "start=" not in page.page.url  # the link follows when the start is dropped
    page.page.mouse.up()
    page.page.wait_for_url("**start=**")
    page.settled()
    page.press("Home")
    page.wait_step("step === 0")
    start = page.state["heads"][0]
    assert start == list(from_query(page.data("query")).settings.start_point())
    page.page.wait_for_function(
        """x => Number(document.querySelector('input[aria-label="Start x"]').value) === x""", arg=start[0]
    )


def test_the_start_moves_by_keyboard_too(page):
    page.open("surface=round_bowl&start=1.0,1.0")
    page.page.locator(".al-start").focus()
    page.press("ArrowRight", "ArrowUp")
    page.wait_query("start=1.06,1.06")


def test_a_knob_responds_while_its_thumb_moves_and_the_last_value_arrives(page):
    page.open()
    slider = page.page.locator("[data-knob=learning_rate] input[type=range]")
    drag(page.page, slider, 40, 0, steps=25)
    page.wait_query("learning_rate=")
    page.page.mouse.up()
    # The last event may arrive after the mouse is up: field, link and picture come to agree.
    page.page.wait_for_function(
        """() => { const rate = new URLSearchParams(location.search).get('learning_rate');
             const shown = new URLSearchParams(document.querySelector('.al-player').dataset.query).get('learning_rate');
             const typed = document.querySelector('[data-knob=learning_rate] .al-field').value;
             return rate !== null && rate === shown && Number(rate) === Number(typed); }"""
    )
    page.settled()


def test_numbers_can_be_typed_reset_and_refused(page):
    page.open("learning_rate=0.2")
    knob = page.page.locator("[data-knob=learning_rate]")
    knob.locator(".al-field").fill("0.125")
    knob.locator(".al-field").press("Enter")
    page.wait_query("learning_rate=0.125")
    knob.locator(".al-field").fill("fast")
    knob.locator(".al-field").press("Enter")
    assert "“fast” is not a number" in page.page.locator(".al-note").inner_text()
    assert knob.locator(".al-field").input_value() == "0.125"
    knob.locator(".al-reset").click()
    page.page.wait_for_function("() => !document.querySelector('.al-player').dataset.query.includes('learning_rate')")
    steps = page.page.locator("[data-knob=steps] .al-field")
    steps.fill("0")
    steps.press("Enter")
    assert "Steps was set to 1" in page.page.locator(".al-note").inner_text()
    page.wait_query("steps=1")


def test_what_python_refuses_is_said_and_the_value_stays(page):
    page.open("noise=gaussian")
    page.change({"beta_1": "high"})
    page.page.get_by_text("beta_1 = “high” can't be used").wait_for()
    assert "beta_1" not in page.page.url


def test_knobs_work_by_keyboard(page):
    page.open("surface=round_bowl")
    page.page.locator("[data-knob=beta_1] input[type=range]").focus()
    page.press("ArrowRight")
    page.wait_query("beta_1=")
    assert 0.9 < float(from_query(page.data("query")).settings.beta_1) < 0.92


def test_the_back_button_goes_back(page):
    page.open("surface=round_bowl")
    page.page.locator("[data-knob=learning_rate] .al-field").fill("0.25")
    page.page.locator("[data-knob=learning_rate] .al-field").press("Enter")
    page.page.wait_for_url("**learning_rate=0.25**")
    page.page.go_back()
    page.page.wait_for_function("() => !document.querySelector('.al-player').dataset.query.includes('learning_rate')")


def test_without_direct_answers_the_session_answers(page):
    page.page.route("**/live?*", lambda route: route.fulfill(content_type="text/plain", body="not now"))
    page.open("surface=round_bowl")
    page.page.locator("[data-knob=learning_rate] input[type=range]").focus()
    page.press("ArrowRight")
    page.wait_query("learning_rate=")
    page.settled()


def test_the_link_follows_when_the_hand_leaves_the_player(page):
    page.open("surface=round_bowl")
    slider = page.page.locator("[data-knob=learning_rate] input[type=range]")
    drag(page.page, slider, 40, 0)
    page.page.mouse.up()
    page.page.mouse.move(5, 5)
    page.page.wait_for_url("**learning_rate=**")
    page.settled()


def test_a_sidebar_choice_keeps_what_the_thumb_has_just_set(page):
    page.open("surface=round_bowl")
    page.change({"learning_rate": 0.3})
    page.change({"start": [1, 1]}, final=False)
    page.change({"panels": ["loss"]})
    page.page.wait_for_url("**panels=loss**")
    page.wait_query("start=1.0,1.0")
    page.settled()
    assert "learning_rate=0.3" in page.data("query")
    assert "start=1.0%2C1.0" in page.page.url or "start=1.0,1.0" in page.page.url


def test_a_thumb_stays_in_the_hand_that_left_another_knobs_field(page):
    page.open("surface=round_bowl")
    page.page.locator("[data-knob=learning_rate] .al-field").focus()
    slider = page.page.locator("[data-knob=beta_1] input[type=range]")
    box = slider.bounding_box()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.page.mouse.down()
    held = slider.input_value()
    page.change({"beta_1": 0.1}, final=False)  # an answer with another value
    page.wait_query("beta_1=0.1")
    assert slider.input_value() == held
    page.page.mouse.up()
