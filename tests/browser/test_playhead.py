"""Play, scrub, click and keys: every part shows the same step, the ledger to the last bit."""

import json

import pytest

from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query
from adamax_viz.views.run.ledger import ledger


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


def test_a_moving_surface_follows_the_playhead(page):
    page.open("surface=drifting_bowl&steps=300")
    page.blur()
    page.press("Home")
    page.wait_state("s.surfaceStep === 0")
    page.press("End")
    page.wait_state("s.surfaceStep === 299")


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
