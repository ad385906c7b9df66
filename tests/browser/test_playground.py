"""The page around the player: sidebar, examples, links, download, bad input."""

from adamax_viz.files.table import read_csv
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec


def choose(page, label, option):
    box = page.page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)  # long lists hold only the options in sight
    page.page.get_by_role("option", name=option, exact=True).click()


def test_the_surface_is_chosen_in_the_sidebar(page):
    page.open()
    choose(page, "Surface", "Ackley")
    page.wait_query("surface=ackley")
    page.page.wait_for_url("**surface=ackley**")


def test_a_formula_of_ones_own_and_a_broken_one(page):
    page.open("surface=custom")
    field = page.page.get_by_role("textbox", name="f(x, y, t) =")
    field.fill("x**4 + y**2")
    field.press("Enter")
    page.wait_query("formula=x**4%20%2B%20y**2")
    field.fill("x**4 + banana")
    field.press("Enter")
    said = page.page.get_by_test_id("stSidebar").get_by_test_id("stAlert")
    said.get_by_text("banana").wait_for()
    assert "the value before it was kept" in said.inner_text()
    assert field.input_value() == "x**4 + banana"
    assert "x**4%20%2B%20y**2" in page.data("query")


def test_features_bring_their_knobs(page):
    page.open("surface=round_bowl&clipnorm=2.0")  # a group with something switched on stands open
    choose(page, "Clip", "clipvalue")
    page.wait_query("clipvalue=1.0")
    assert "clipnorm" not in page.data("query")
    page.page.locator("[data-knob=clipvalue] .al-field").fill("0.5")
    page.page.locator("[data-knob=clipvalue] .al-field").press("Enter")
    page.wait_query("clipvalue=0.5")
    page.page.locator(".al-chip", has_text="−ĝ").wait_for()


def test_an_example_replaces_everything(page):
    page.open("surface=ackley&beta_1=0.5")
    choose(page, "Example", "One outlier, a long memory")
    page.wait_query("noise=outlier")
    assert "beta_1" not in page.data("query")
    page.page.get_by_text("watch the steps shrink").wait_for()


def test_a_broken_link_says_what_is_wrong_and_keeps_the_rest(page):
    page.open("surface=ackley&learning_rate=fast&warp=9")
    notice = page.page.locator(".al-notice").inner_text()
    assert "learning_rate = “fast” can't be used" in notice
    assert "“warp” is not a setting" in notice
    assert page.data("query") == "surface=ackley"


def test_too_many_steps_for_a_screen_are_refused_kindly(page):
    page.open("steps=90000&surface=round_bowl")
    assert "more than the screen shows" in page.page.locator(".al-notice").inner_text()
    assert "steps=20000" in page.data("query")


def test_the_csv_is_the_run_on_the_screen(page, tmp_path):
    page.open("surface=booth&steps=40&clipnorm=1.0")
    with page.page.expect_download() as download:
        page.page.get_by_text("Take it home").click()
        page.page.locator("[data-kind=csv]").click()
    path = tmp_path / "run.csv"
    download.value.save_as(path)
    (read,) = read_csv(path)
    settings = RunSpec(surface="booth", steps=40, clipnorm=1.0)
    assert read.settings == settings
    assert (read.trajectory["theta"] == run_of(settings)["theta"]).all()


# -- several runs ----------------------------------------------------------------------------------------------


def test_a_run_is_compared_with_another_and_the_link_opens_both(page, make_tab):
    page.open("surface=booth&steps=60")
    main = page.page
    main.get_by_role("button", name="Compare with…").click()
    page.wait_state("s.runs.join('') === 'AB'")
    page.change({"b.learning_rate": 0.02})
    page.wait_query("b.learning_rate=0.02")
    page.settled()
    main.wait_for_function("() => location.search.includes('b.learning_rate=0.02')")
    other = make_tab()
    other.goto(main.url)
    other.wait_for_function(
        "() => document.querySelector('.al-player')?.dataset.query?.includes('b.learning_rate=0.02')"
    )
    main.get_by_role("radio", name="All", exact=True).click()
    main.get_by_role("button", name="Only A").click()
    page.wait_state("s.runs.length === 1")
    main.wait_for_function("() => !location.search.includes('b.')")
    main.get_by_role("button", name="Compare with…").wait_for()
