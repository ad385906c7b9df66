"""Reference on a phone: nothing sticks out, a search narrows, a link leads to the effect."""

from playwright.sync_api import expect

from tests.browser.conftest import FITS, IDLE


def test_the_reference_fits_a_phone_and_leads_to_effects(make_page):
    opened = make_page(390, 844, "dark")
    screen = opened.page
    screen.goto(f"{opened.address}/reference")
    screen.get_by_role("heading", name="Next door").wait_for()
    screen.wait_for_selector(IDLE, state="attached")
    screen.wait_for_function(FITS)
    field = screen.get_by_role("textbox", name="Search")
    field.fill("overflows the norm")
    field.press("Enter")
    screen.wait_for_url("**q=overflows*")
    screen.get_by_role("heading", name="beta_1").wait_for(state="hidden")
    expect(screen.get_by_role("heading", name="clipnorm", exact=True)).to_have_count(1)
    screen.get_by_role("link", name="See its effect").first.click()
    screen.wait_for_url("**/effects?effect=clipping*")
    screen.wait_for_selector(".al-player[data-state=ready]")
