"""The player on screens of all sizes, in both themes, with any surface, charts and extreme runs."""

import pytest

from tests.browser.conftest import READY
from tests.player.example_part import TABLE, table_with_the_example


def test_the_first_screen_shows_landscape_charts_and_transport(page):
    page.open()
    for part in (".al-stage", ".al-panels", ".al-transport"):
        box = page.page.locator(part).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800, part


def test_beside_an_open_sidebar_on_a_tablet_the_landscape_takes_the_whole_width(page):
    page.page.set_viewport_size({"width": 820, "height": 1180})
    page.open("surface=himmelblau&steps=40")
    page.page.get_by_role("button", name="Compare with…").wait_for()  # in the sidebar
    whole, stage, charts = (page.page.locator(part).bounding_box() for part in (READY, ".al-stage", ".al-panels"))
    assert stage["width"] > 0.95 * whole["width"]
    assert charts["y"] > stage["y"] + stage["height"]


def test_another_part_is_another_row(page):
    table = table_with_the_example()
    page.page.route(f"**/{TABLE}", lambda route: route.fulfill(body=table, content_type="text/javascript"))
    page.open("surface=booth&steps=40")
    assert page.page.get_by_text("0 steps to go", exact=True).is_visible()
    page.jump(15)
    page.page.get_by_text("25 steps to go", exact=True).wait_for()
    page.change({"steps": 50})
    page.page.get_by_text("35 steps to go", exact=True).wait_for()


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


def test_a_narrower_window_has_its_charts_drawn_anew(page):
    page.open("surface=ravine&steps=50")
    page.page.set_viewport_size({"width": 390, "height": 844})
    fits = "c => c.clientWidth < 390 && Math.abs(c.height - c.clientHeight * devicePixelRatio) < 2"
    page.page.wait_for_function(f"() => ({fits})(document.querySelector('.al-panels canvas'))")


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


@pytest.mark.parametrize("surface", ["booth", "himmelblau"])
def test_the_start_lies_on_no_button(page, surface):
    page.open(f"surface={surface}&steps=50")
    ring = page.page.get_by_role("button", name="Start point").bounding_box()
    zoom = page.page.locator(".al-zoom").bounding_box()
    apart = [
        one[at] + one[size] <= other[at]
        for at, size in (("x", "width"), ("y", "height"))
        for one, other in ((ring, zoom), (zoom, ring))
    ]
    assert any(apart)
