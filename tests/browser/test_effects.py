"""The page Effects in the browser: every effect, editing, refusals, links, keyboard, a phone."""

import pytest

from adamax_viz.player.scene import build_runs
from adamax_viz.player.standalone import standalone_page
from adamax_viz.runs.run import runs_of
from adamax_viz.study.link import read_study, to_query
from adamax_viz.study.named.effects import EFFECTS, FAMILIES, find_effect, first_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, Study, study_of
from adamax_viz.views.run.landscape import landscape
from adamax_viz.words.findings.registry import sentences
from tests.browser.conftest import READY


def open_effect(page, query=""):
    return page.open(query, path="/effects")


def wait_effect(page, name):
    page.page.wait_for_function(
        "name => document.querySelector('.al-player')?.dataset.query?.split('&')[0] === `effect=${name}`", arg=name
    )


def choose(page, label):
    page.page.get_by_role("button", name=label, exact=True).click()


def pill(page, label):
    page.page.locator("[data-testid=stMain]").get_by_role("radio", name=label, exact=True).click()


def test_a_walk_through_every_effect(page):
    open_effect(page)
    for part in (".al-stage", ".al-panels", ".al-transport", ".al-sentences li >> nth=0"):
        box = page.page.locator(part).bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 810, part  # the first sentence is in sight too
    for family in FAMILIES:
        pill(page, family) if family != FAMILIES[0] else None
        wait_effect(page, first_of(family).name)
        for effect in [e for e in EFFECTS if e.family == family][1:]:
            pill(page, effect.title)
            wait_effect(page, effect.name)
        effect = find_effect(page.state["named"])
        shown = study_of(effect)
        assert page.page.locator(".al-sentences li").all_inner_texts() == sentences(effect.says, runs_of(shown.specs()))
        assert "".join(page.state["runs"]) == "ABCD"[: len(shown.variants)]
        page.page.get_by_text(effect.question).wait_for()


def test_one_playhead_for_all_and_the_level_moves_all_variants_while_the_thumb_moves(page):
    open_effect(page, "effect=clipping_one&steps=80")
    page.blur()
    page.press("Home", "ArrowRight", "ArrowRight")
    page.wait_step("step === 2")
    assert "step 2" in page.page.locator(".al-ledger h3").inner_text()
    page.page.locator("[data-knob=level] input[type=range]").focus()
    page.press("ArrowRight")
    page.page.wait_for_function(
        "() => document.querySelector('.al-player').dataset.query.includes('d.global_clipnorm')"
    )
    shown, complaints = read_study(dict(part.split("=") for part in page.data("query").split("&")))
    limits = [list(changes.values()) for changes in shown.variants]
    assert complaints == []
    assert limits[0] == []
    assert limits[1] == limits[2] == limits[3] != [1.0]
    assert page.step == 2  # the playhead stays
    page.page.locator(".al-start").focus()
    page.press("ArrowUp")
    page.wait_query("start=")
    page.blur()
    page.press("Home")
    page.wait_step("step === 0")
    assert len({tuple(head) for head in page.state["heads"]}) == 1


def test_legend_coordinates_small_multiples_and_the_first_steps(page):
    open_effect(page, "effect=bias_correction")
    page.page.get_by_role("button", name="Show B", exact=True).click()
    page.page.wait_for_function("() => !document.querySelector('.al-panels ul').textContent.includes('B ')")
    assert page.state["hidden"] == ["B"]
    page.page.get_by_role("button", name="Show A", exact=True).click()  # one always stays
    assert page.page.get_by_role("button", name="Show A", exact=True).get_attribute("aria-pressed") == "true"
    page.page.get_by_role("button", name="Show B", exact=True).click()
    page.page.get_by_role("button", name="B: no bias correction").click()
    page.page.wait_for_function("() => document.querySelector('.al-ledger h3').textContent.includes('B, no bias')")
    choose(page, "norm")
    page.page.wait_for_function("() => document.querySelector('[data-chart=m]').textContent.includes(': A ‖m‖ from')")
    page.page.get_by_role("tab", name="Side by side").click()
    page.page.wait_for_function("() => document.querySelectorAll('.al-multiples .al-stage canvas').length === 2")
    choose(page, "First 12 steps")
    page.page.wait_for_function("() => document.querySelector('.al-player').dataset.step === '12'")
    assert page.state["last"] == 12


def test_variants_are_edited_duplicated_removed_and_opened_in_the_playground(page):
    open_effect(page, "effect=clipping_one")
    side = page.page.locator("[data-testid=stSidebar]")
    side.get_by_role("radio", name="B", exact=True).click()
    page.page.locator("[data-knob='b.clipvalue'] .al-field").wait_for()
    page.page.locator("[data-knob='b.clipvalue'] .al-field").fill("0.25")
    page.press("Enter")
    page.wait_query("b.clipvalue=0.25")
    side.get_by_role("button", name="Remove").click()
    page.wait_state("s.runs.length === 3")
    side.get_by_role("radio", name="C", exact=True).click()
    side.get_by_role("button", name="Duplicate").click()
    page.wait_state("s.runs.length === 4")
    page.page.wait_for_url("**d.global_clipnorm=1.0**")
    side.get_by_role("link", name="Open D in Playground").click()  # the copy is in hand
    page.wait_query("surface=rosenbrock")
    assert "global_clipnorm=1.0" in page.data("query")
    assert page.page.url.split("?")[0].endswith("/playground")


def test_what_keras_refuses_is_said_at_the_variant_and_bad_links_keep_the_rest(page):
    open_effect(
        page, "effect=clipping&a=base&b.clipnorm=1.0&b.clipvalue=2.0&c.clipnorm=0.5&learning_rate=fast&c.warp=9"
    )
    refused = page.page.locator(".al-refused")
    assert refused.count() == 1
    assert "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set" in refused.inner_text()
    assert "".join(page.state["runs"]) == "AC"
    notice = page.page.locator(".al-notice").inner_text()
    assert "learning_rate = “fast” can't be used" in notice
    assert "C: “warp” is not a setting" in notice
    page.page.locator("[data-testid=stSidebar]").get_by_role("radio", name="C", exact=True).click()
    knob = page.page.locator("[data-knob='c.clipnorm'] .al-field")
    knob.fill("0.75")
    knob.press("Enter")
    page.wait_query("c.clipnorm=0.75")


def test_a_comparison_that_keras_refuses_altogether_can_be_left(page):
    page.page.goto(
        f"{page.address}/effects?effect=clipping&a.clipnorm=1.0&a.clipvalue=2.0&b.gradient_accumulation_steps=1"
    )
    page.page.get_by_text("can be set. Received: clipnorm=1.0, clipvalue=2.0").wait_for()
    choose(page, "As at the beginning")
    wait_effect(page, "clipping")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "dark")])
def test_it_fits_a_phone_and_the_dark(make_page, width, scheme):
    page = make_page(width, 800, scheme)
    open_effect(page, to_query(study_of(find_effect("weight_decay"))))
    overflow = page.page.evaluate(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth; }"
    )
    assert overflow <= 0
    assert page.data("theme") == "dark"
    page.page.locator(".al-play").click()
    page.wait_step("step > 3")


def test_a_surface_that_moves_is_shown_as_it_is_at_the_playhead(page):
    open_effect(page, "effect=beta_1&surface=drifting_bowl&steps=60")
    page.wait_state("s.surfaceStep === 59")
    page.blur()
    page.press("Home")
    page.wait_state("s.surfaceStep === 0")


def test_twelve_runs_are_told_apart_offline(page, tmp_path):
    """Letters, shapes and labels at the heads; side by side and in three dimensions, with one playhead."""
    base = RunSpec(surface="rosenbrock", steps=60)
    study = Study(base, tuple({"learning_rate": 0.01 * (i + 1)} for i in range(12)))
    outcomes = runs_of(study.specs())
    header, arrays = build_runs(study, outcomes, landscape(base.problem()))
    path = tmp_path / "twelve.html"
    path.write_text(standalone_page(header, arrays, table="", link=""), encoding="utf-8")
    page.page.goto(path.as_uri())
    page.page.wait_for_selector(READY)
    assert "".join(page.state["runs"]) == LETTERS
    assert page.page.locator(".al-variants .al-variant").count() == 12
    page.blur()
    page.press("Home", "ArrowRight")
    for run, head in zip(outcomes, page.state["heads"], strict=True):
        assert head == list(run[2]["theta"][0, 1])
    page.page.get_by_role("tab", name="Side by side").click()
    page.page.wait_for_function("() => document.querySelectorAll('.al-multiples .al-stage canvas').length === 12")
    page.page.get_by_role("button", name="Show L", exact=True).click()
    page.wait_state("s.hidden.join() === 'L'")
    page.page.get_by_role("tab", name="3-D").click()
    page.page.wait_for_function("() => document.querySelector('.al-space .js-plotly-plot')?.data?.length === 13")
    assert page.page.locator(".al-knob:not(.al-locked)").count() == 0


def test_side_by_side_a_start_stays_in_the_hand_while_answers_come(page):
    open_effect(page, "effect=clipping_one&steps=80")
    page.page.get_by_role("tab", name="Side by side").click()
    start = page.page.locator(".al-multiples .al-start").first
    box = start.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    for i in (1, 2, 3):  # each of them is answered, and drawn, before the next
        before = page.data("query")
        page.page.mouse.move(x + 12 * i, y + 8 * i)
        page.wait_state("s.query !== arg", before)
    page.page.mouse.up()
    page.settled()
    after = start.bounding_box()
    assert after["x"] - box["x"] == pytest.approx(36, abs=2)
    assert after["y"] - box["y"] == pytest.approx(24, abs=2)
    start.focus()
    places = [after["x"]]
    for _ in range(3):
        page.press("ArrowRight")
        page.page.wait_for_function(
            "x => document.querySelector('.al-multiples .al-start').getBoundingClientRect().x > x", arg=places[-1]
        )
        page.settled()
        places.append(start.bounding_box()["x"])
