"""From a run to its badge, from the badge to Verify, and what that page finds, in the real Keras."""

import re

from tests.browser.conftest import FITS, IDLE


def test_the_badge_leads_to_verify_and_verify_to_the_runs(page):
    page.open("surface=round_bowl&learning_rate=0.2&steps=60&clipnorm=1.0")
    screen = page.page
    screen.get_by_role("button", name="not compared with Keras yet").click()
    verdict = screen.get_by_role("link", name=re.compile("matches Keras [\\d.]+ to 1e-|equals Keras"))
    verdict.wait_for(timeout=60_000)
    words = verdict.inner_text().split("\n")[-1]
    verdict.click()
    screen.wait_for_url("**/verify?*clipnorm=1.0*")
    screen.get_by_text(f"This run {words}").wait_for()
    screen.get_by_text("60 micro-steps were compared").wait_for()
    screen.locator(".js-plotly-plot .legend").wait_for()
    assert screen.get_by_label(f"Distance from Keras at each step; this run {words}").count() == 1

    screen.get_by_text("running…").first.wait_for(state="hidden", timeout=60_000)
    cards = screen.get_by_text(re.compile(r"In this run .* from Keras \d"))
    assert cards.count() == 10

    screen.get_by_role("button", name="Run all").focus()
    screen.keyboard.press("Enter")
    stop = screen.locator(".st-key-c_verify_stop button")  # Streamlit may show a Stop of its own
    stop.wait_for()
    done = screen.get_by_text(re.compile(r"^[1-9]\d* of \d+ compared$"))
    done.wait_for()
    stop.click()
    screen.get_by_role("button", name="Run the rest").wait_for()
    assert done.is_visible()  # what is done stays
    screen.get_by_text(re.compile(r"^\d+ of \d+ match Keras")).wait_for()

    screen.get_by_role("link", name="Open this run").nth(4).click()
    screen.wait_for_url("**/playground?*gradient_accumulation_steps=4*")
    page.wait_query("clipnorm=1.0")


def test_verify_fits_a_phone_and_the_dark(make_page):
    opened = make_page(390, 844, "dark")
    opened.page.goto(f"{opened.address}/verify?surface=round_bowl&learning_rate=0.2&steps=60&clipnorm=1.0")
    opened.page.get_by_text("micro-steps were compared").wait_for(timeout=60_000)
    opened.page.locator(".js-plotly-plot .legend").wait_for()
    opened.page.wait_for_selector(IDLE, state="attached")
    opened.page.wait_for_function(FITS)
