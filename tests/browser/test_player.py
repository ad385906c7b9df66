"""Drag, click, play, scrub, keys and knobs: every part shows the same step, and Python follows the thumb."""

from __future__ import annotations

import json

import pytest

from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query
from adamax_viz.views.run.ledger import ledger


def drag(page, locator, dx, dy, steps=12):
    box = locator.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, steps + 1):
        page.mouse.move(x + dx * i / steps, y + dy * i / steps)
    return x + dx, y + dy


def test_the_first_screen_shows_landscape_charts_and_transport(page):
    page.open()
    for part in (".al-stage", ".al-panels", ".al-transport"):
        box = page.page.locator(part).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800, part


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


def test_play_pause_step_and_jump_by_keyboard(page):
    page.open("surface=ravine&steps=200")
    page.blur()
    page.press("Home")
    page.wait_step("step === 0")
    page.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    assert page.step == 2
    page.press("Space")
    page.wait_step("step > 8")
    page.press("Space")
    stopped = page.step
    assert page.state["playing"] is False
    page.press("End")
    assert page.step == 199
    assert stopped < 199


def test_playing_from_the_end_starts_again_and_stops_there(page):
    page.open("surface=ravine&steps=40")
    page.page.locator(".al-speed").select_option("5")
    page.page.locator(".al-play").click()
    page.wait_step("step < 39")
    page.wait_step("step === 39")
    page.page.wait_for_function(
        "() => document.querySelector('.al-play').getAttribute('aria-label').startsWith('Play')"
    )


def test_the_loop_goes_on(page):
    page.open("surface=ravine&steps=20")
    page.page.locator(".al-loop").click()
    page.page.locator(".al-speed").select_option("50")
    page.page.locator(".al-play").click()
    seen = page.page.evaluate(
        """() => new Promise((done) => {
          let [last, turns] = [0, 0];
          const look = () => {
            const step = Number(document.querySelector('.al-player').dataset.step);
            if (step < last) turns += 1;
            last = step;
            turns >= 2 ? done(turns) : requestAnimationFrame(look);
          };
          look();
        })"""
    )
    assert seen == 2


def test_scrubbing_moves_charts_landscape_and_ledger_together(page):
    page.open("surface=rosenbrock&steps=300")
    page.page.evaluate(
        """() => { const s = document.querySelector('.al-scrub'); s.value = 123;
                   s.dispatchEvent(new Event('input', { bubbles: true })); }"""
    )
    page.wait_step("step === 123")
    assert "step 123" in page.page.locator(".al-ledger h3").inner_text()
    assert page.page.locator(".al-step").inner_text() == "step 123 of 300"


def test_a_click_on_the_path_and_on_a_chart_jumps_there(page):
    page.open("surface=ravine&steps=100")
    page.jump(12)
    place = page.state["heads"][0]
    page.jump(60)
    page.page.mouse.click(*page.pixel(*place))
    page.wait_step("Math.abs(step - 12) <= 1")
    box = page.page.locator(".al-panels canvas").bounding_box()
    # Charts lie two in a row; each has its axis at the left.
    page.page.mouse.click(box["x"] + box["width"] * 0.28, box["y"] + box["height"] * 0.5)
    page.wait_step("Math.abs(step - 50) <= 6")


def test_playhead_playing_and_zoom_survive_a_new_run(page):
    page.open("surface=round_bowl&steps=400")
    page.blur()
    page.press("Home", *["ArrowRight"] * 5)
    page.page.get_by_label("Zoom in").click()
    zoomed = [page.pixel(0, 0), page.pixel(1, 1)]
    page.page.locator("[data-knob=learning_rate] .al-field").fill("0.08")
    page.page.locator("[data-knob=learning_rate] .al-field").press("Enter")
    page.wait_query("learning_rate=0.08")
    page.page.wait_for_url("**learning_rate=0.08**")
    assert page.step == 5
    assert [page.pixel(0, 0), page.pixel(1, 1)] == zoomed
    page.blur()
    page.press("Space")
    page.page.locator("[data-knob=beta_1] .al-field").fill("0.8")
    page.page.locator("[data-knob=beta_1] .al-field").press("Enter")
    page.wait_query("beta_1=0.8")
    assert page.state["playing"] is True
    page.page.get_by_label("Show all").click()
    assert [page.pixel(0, 0), page.pixel(1, 1)] != zoomed


def test_the_surface_is_sent_only_when_it_changed(page):
    page.open("surface=round_bowl")
    assert "shade" in page.state["sent"]
    page.page.locator("[data-knob=learning_rate] .al-field").fill("0.08")
    page.page.locator("[data-knob=learning_rate] .al-field").press("Enter")
    page.wait_query("learning_rate=0.08")
    page.page.wait_for_url("**learning_rate=0.08**")
    assert "shade" not in page.state["sent"]
    page.open("surface=ravine&learning_rate=0.3")
    assert "shade" in page.state["sent"]
    assert page.state["surface"] == "surface=ravine@0"


def test_a_moving_surface_follows_the_playhead(page):
    page.open("surface=drifting_bowl&steps=300")
    page.blur()
    page.press("Home")
    page.wait_state("s.surfaceStep === 0")
    page.press("End")
    page.wait_state("s.surfaceStep === 299")


def test_charts_can_be_chosen_and_the_choice_is_in_the_link(page):
    page.open("surface=round_bowl")
    page.page.locator(".al-chooser summary").click()
    page.page.locator(".al-choices input[value=rate]").uncheck()
    page.page.wait_for_url("**panels=**")
    page.settled()
    assert "rate" not in page.state["charts"]
    page.page.locator(".al-chooser summary").click()
    page.open("surface=round_bowl&panels=u,ratio")
    assert page.state["charts"] == ["u", "ratio"]


def test_the_back_button_goes_back(page):
    page.open("surface=round_bowl")
    page.page.locator("[data-knob=learning_rate] .al-field").fill("0.25")
    page.page.locator("[data-knob=learning_rate] .al-field").press("Enter")
    page.page.wait_for_url("**learning_rate=0.25**")
    page.page.go_back()
    page.page.wait_for_function("() => !document.querySelector('.al-player').dataset.query.includes('learning_rate')")


LEDGER_CASES = {
    "plain": ("surface=rosenbrock&steps=30", 7),
    "everything": (
        "surface=ravine&steps=40&gradient_accumulation_steps=3&use_ema=true&ema_overwrite_frequency=2&weight_decay=0.1"
        "&variables=two&clipnorm=0.5&loss_scale_factor=128.0&noise=gaussian",
        17,
    ),
    "float32, global": ("surface=beale&steps=30&dtype=float32&global_clipnorm=1.0&use_ema=true", 9),
    "dynamic": ("surface=rosenbrock&steps=40&dynamic_loss_scale=true&gradient_dtype=float16", 20),
}


@pytest.mark.parametrize("name", LEDGER_CASES)
def test_the_ledger_shows_the_runs_own_numbers(page, name):
    """Each result and each number in a formula is what Python computed, to the last bit."""
    query, step = LEDGER_CASES[name]
    page.open(query)
    page.jump(step)
    page.wait_step(f"step === {step}")
    settings = from_query(query).settings
    book = ledger(run_of(settings), settings.optimizer())
    shown = page.page.evaluate(
        """() => [...document.querySelectorAll('.al-row')].map((row) => [row.dataset.row,
             row.classList.contains('al-rests'), [...row.querySelectorAll('.al-result')].map((cell) => cell.title),
             [...row.querySelectorAll('[data-of]')].map((hole) => [hole.dataset.of, hole.title])])"""
    )
    assert [row[0] for row in shown] == [row.key for row in book.rows]
    for (_, rests, results, holes), row in zip(shown, book.rows, strict=True):
        coordinates = [0] if row.scalar else [0, 1]
        if not rests:
            assert [float(text) for text in results] == [value(book, row.result, step, d) for d in coordinates]
        per_coordinate = len(holes) // len(coordinates)
        for i, (hole, text) in enumerate(holes):
            expected = value(book, hole, step, i // per_coordinate)
            assert json.dumps(float(text)) == json.dumps(expected), (row.key, hole)


def value(book, name, step, d):
    if name in book.constants:
        return book.constants[name]
    row = book.per_step[name][step]
    return float(row if row.ndim == 0 else row[d])


def test_the_winning_branch_of_the_max_is_marked(page):
    page.open("surface=ravine&steps=30")
    page.jump(0)
    page.wait_step("step === 0")
    won = page.page.eval_on_selector_all("[data-row=u] .al-won", "all => all.map((e) => e.dataset.branch)")
    assert won == ["gradient", "gradient"]


def test_micro_steps_and_updates_are_told_apart(page):
    page.open("surface=round_bowl&gradient_accumulation_steps=4&steps=40")
    page.jump(6)
    page.wait_step("step === 6")
    assert page.page.locator(".al-step").inner_text() == "micro-step 6 · update 1 of 40"
    assert "on the way to update 1" in page.page.locator(".al-ledger h3").inner_text()
    assert page.page.locator("[data-row=m].al-rests").count() == 1
    assert page.page.locator("[data-row=accumulate].al-rests").count() == 0


EXTREME = (
    "steps=1",
    "steps=5000",
    "surface=rosenbrock&learning_rate=1e200",
    "start=1e300,1e300",
    "start=40.0,0.0",
    "surface=custom&formula=log(x)&start=-1.0,0.0",
    "epsilon=0.0&beta_1=1.0",
)


@pytest.mark.parametrize("query", EXTREME)
def test_extreme_runs_leave_the_view_usable(page, query):
    page.open(query)
    page.blur()
    page.press("Home", "ArrowRight", "End")
    page.page.locator("[data-knob=beta_2] .al-field").fill("0.99")
    page.page.locator("[data-knob=beta_2] .al-field").press("Enter")
    page.wait_query("beta_2=0.99")
    words = page.page.locator(".al-words").inner_text()
    assert "nan" not in words.lower()
    assert len(words) > 20


def test_a_diverging_run_says_so_and_shows_what_is_finite(page):
    page.open("surface=rosenbrock&learning_rate=1e200")
    assert "diverged at step 1" in page.page.locator(".al-words").inner_text().lower()
    assert page.state["steps"] == 2


def test_three_dimensions_in_step_with_the_playhead(page):
    page.open("surface=ravine&steps=60")
    page.page.get_by_role("tab", name="3-D").click()
    page.page.wait_for_function("() => document.querySelector('.al-space .js-plotly-plot')?._fullLayout?.scene?._scene")
    page.jump(10)
    page.page.wait_for_function(
        "head => document.querySelector('.al-space .js-plotly-plot').data[2].x[0] === head[0]",
        arg=page.state["heads"][0],
    )
    page.page.get_by_role("tab", name="Landscape").click()
    page.page.locator(".al-landscape").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes(make_page, scheme):
    page = make_page(scheme=scheme).open("surface=round_bowl&use_ema=true")
    assert page.data("theme") == scheme


def test_a_phone_shows_everything_in_one_column(make_page):
    page = make_page(390, 844).open("surface=ravine&use_ema=true&clipnorm=1.0")
    assert page.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    boxes = [page.page.locator(part).bounding_box() for part in (".al-stage", ".al-panels")]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    for knob in page.page.locator(".al-knob").all():
        box = knob.bounding_box()
        assert box["x"] + box["width"] <= 390


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


def test_a_path_that_flies_off_is_a_line_not_a_blot(page):
    page.open("surface=rosenbrock&learning_rate=1e30&steps=50")
    share = page.page.wait_for_function("""() => {
      const canvas = document.querySelector('.al-stage canvas.al-overlay');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let inked = 0;
      for (let i = 3; i < data.length; i += 4) inked += data[i] > 0;
      return inked && inked / (data.length / 4);
    }""").json_value()
    assert share < 0.01
    assert "step 49, the last" in page.page.locator(".al-ledger h3").inner_text()
