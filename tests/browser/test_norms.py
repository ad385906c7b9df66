"""From Adam to Adamax in the browser: the numbers are Python's, and hand, keyboard and link move them."""

from math import inf

import numpy as np
import pytest

from adamax_viz.runs import norms
from tests.runs.accumulated import accumulate

READY = ".al-norms[data-state=ready]"
STATE = "document.querySelector('.al-norms').parentElement.player.state()"


def visit(opened, query):
    opened.page.goto(f"{opened.address}/adam_to_adamax?{query}")
    opened.page.wait_for_selector(READY)
    return opened.page


def test_p_moves_everything_and_goes_into_the_link(page):
    screen = visit(page, "surface=rosenbrock&learning_rate=0.05&beta_2=0.9&steps=150&p=4")
    root = screen.locator(READY)
    assert root.get_attribute("data-p") == "4"
    words = screen.locator(".al-norms .al-words")
    before = words.inner_text()
    slider = screen.get_by_role("slider", name="Exponent p")
    slider.focus()
    slider.press("ArrowRight")
    assert words.inner_text() != before
    slider.press("End")
    assert root.get_attribute("data-p") == "Infinity"
    assert slider.get_attribute("aria-valuetext") == "p = ∞: Adamax"
    assert "the max, step by step" in words.inner_text()
    screen.wait_for_url("**p=inf*")
    end = norms.on_surface(norms.START, [inf])["loss"][0, -1]
    assert f"loss {end:.3g}" in words.inner_text()
    screen.get_by_role("button", name="2 · Adam").click()
    assert slider.get_attribute("aria-valuetext") == "p = 2: Adam with β₂²"
    screen.wait_for_url("**p=2*")

    screen.get_by_role("button", name="Let p go to infinity").click()
    screen.wait_for_function("() => Number(document.querySelector('.al-norms').dataset.stop) > 5")
    screen.get_by_role("button", name="Pause").click()

    knob = screen.get_by_role("textbox", name="β₂, exact value")
    knob.fill("0.99")
    knob.press("Enter")
    screen.wait_for_url("**beta_2=0.99*")
    screen.wait_for_function("() => document.querySelector('.al-norms').dataset.query.includes('beta_2=0.99')")
    screen.get_by_text("with β₂ = 0.99").wait_for()


@pytest.mark.parametrize("p", ["-3", "much", "nan"])
def test_a_p_that_there_is_not_is_said_and_leaves_the_link(page, p):
    screen = visit(page, f"surface=booth&steps=20&p={p}")
    assert screen.locator(READY).get_attribute("data-p") == "2"
    assert f"p = “{p}” can't be used" in screen.locator(".al-notice").inner_text()
    screen.wait_for_function("() => !new URLSearchParams(location.search).has('p')")


def test_gradients_are_drawn_by_hand_and_by_keys_on_a_phone_in_the_dark(make_page):
    opened = make_page(390, 844, "dark")
    screen = visit(opened, "surface=rosenbrock&beta_2=0.9&steps=60")
    root = screen.locator(READY)
    screen.get_by_role("combobox", name="Gradients").select_option("outlier")
    bars = screen.locator(".al-bars")
    bars.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        screen.keyboard.press(key)
    assert root.get_attribute("data-source") == "own"
    assert (bars.get_attribute("aria-valuetext") or "").startswith("step 2: gradient 0.6")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box
    screen.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    screen.mouse.down()
    screen.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.3, steps=8)
    screen.mouse.up()
    drawn = screen.evaluate(f"{STATE}.drawn")
    assert sum(value != 0.5 for value in drawn) > 6
    u = screen.evaluate(f"{STATE}.u")
    np.testing.assert_allclose(u, accumulate(drawn, 2.0, beta_2=0.9).u, rtol=1e-12)
    assert screen.get_by_test_id("stMain").evaluate("element => element.scrollWidth <= element.clientWidth")
    in_link = "drawn => new URLSearchParams(location.search).get('g') === drawn.join(',')"
    screen.wait_for_function(in_link, arg=drawn)
    screen.reload()  # whoever gets the link sees the same gradients
    screen.wait_for_selector(f"{READY}[data-source=own]")
    assert screen.evaluate(f"{STATE}.drawn") == drawn
