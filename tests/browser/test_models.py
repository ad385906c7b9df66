"""Training in the browser: start, follow, steer, look into any weight, and what can go wrong."""

import csv
import io
import re
import zipfile

import numpy as np
import pytest

SMALL = "model=mlp&widths=4,4"  # one architecture for all walks: it is compiled once
# So slow that no busy machine is late: some hundred steps a second.
LONG = "model=gru&batch_size=0&points=400&beside=alone&steps=50000"
LABELS = "[...document.querySelectorAll('.al-sign-label')].map(sign => sign.textContent).join()"
REACHED = "n => Number(document.querySelector('.al-model')?.dataset.steps) >= n"
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"


def open_models(page, query):
    page.open(query, path="/models")
    return page.page


def click(view, name):
    view.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()  # Streamlit has a Stop too


def train(page, query):
    """Train to the end."""
    view = open_models(page, query)
    click(view, "Train")
    view.get_by_text("Finished after").wait_for(timeout=90_000)
    steps = int(re.search(r"steps=(\d+)", query)[1])
    view.wait_for_function(REACHED, arg=steps)
    view.wait_for_selector(RESTS, state="attached")  # a link that is clicked before would be drawn anew under the hand
    return view


def done(view, word):
    """The steps that the bar says are over."""
    text = view.get_by_text(re.compile(rf"^{word} after")).inner_text()
    return int(re.search(r"after ([\d,]+)", text)[1].replace(",", ""))


LEDGER = """rows => Object.fromEntries(rows.map(row => [row.dataset.row, Object.fromEntries([
  ...[...row.querySelector('.al-numbers').querySelectorAll('[data-of]')].map(hole => [hole.dataset.of, hole.title]),
  ['result', row.querySelector('.al-result').title],
].map(([name, title]) => [name, Number(title)]))]))"""


def ledger(view, step):
    """The numbers of the first parameter at a step, in full: by row, by name; what comes out is the `result`."""
    view.locator(".al-ledger h3", has_text=re.compile(rf"step {step}\b")).wait_for()
    return view.locator(".al-ledger [data-row]").evaluate_all(LEDGER)


def go(view, step):
    """Move the playhead to a step."""
    view.get_by_role("slider", name="Step", exact=True).fill(str(step))


def chosen(view, first):
    """Wait until the first of the picked parameters is called like this; the names of all."""
    view.locator(".al-which-0", has_text=re.compile(rf"^a = {re.escape(first)}")).wait_for()
    return view.locator(".al-which").all_inner_texts()


def test_a_training_is_followed_paused_continued_and_stopped(page):
    view = open_models(page, LONG)
    assert view.locator(".al-model").get_attribute("data-trained") == "false"
    assert view.locator(".al-transport").is_hidden()
    click(view, "Train")
    view.wait_for_function(REACHED, arg=1, timeout=90_000)
    first = int(page.data("steps"))
    view.wait_for_function(REACHED, arg=first + 1)  # the picture follows by itself
    view.get_by_text(re.compile(r"steps/s .* s left .* of about 160.0 MB recorded")).wait_for()
    click(view, "Pause")
    view.get_by_text("Paused after").wait_for()
    paused = done(view, "Paused")
    view.wait_for_function(REACHED, arg=paused)
    click(view, "Continue")
    view.wait_for_function(REACHED, arg=paused + 1)
    click(view, "Stop")
    view.get_by_text("Stopped after").wait_for()
    assert done(view, "Stopped") > paused


def test_leaving_the_page_stops_the_work_and_keeps_what_is_there(page):
    view = open_models(page, LONG)
    click(view, "Train")
    view.wait_for_function(REACHED, arg=1, timeout=90_000)
    view.get_by_role("link", name="Playground").first.click()
    view.wait_for_selector(".al-player[data-state=ready]:not(.al-model)")
    view.get_by_role("link", name="Models").first.click()
    view.get_by_text("Stopped after").wait_for()
    stopped = done(view, "Stopped")
    assert 0 < stopped < 50_000
    view.wait_for_function(REACHED, arg=stopped)
    assert "steps=50000" in view.url


def test_one_playhead_and_any_weight_s_arithmetic(page):
    view = train(page, f"{SMALL}&steps=120&clipnorm=0.1&use_ema=true")
    page.blur()
    page.press("Home")
    assert page.step == 0
    assert "at step 0" in view.locator(".al-picturehead").inner_text()
    page.press("ArrowRight", "ArrowRight", "ArrowRight")
    assert page.step == 3
    view.locator(".al-picturehead", has_text="at step 3").wait_for()  # the picture of that very step comes
    heat = view.locator(".al-heat canvas")
    heat.scroll_into_view_if_needed()
    box = heat.bounding_box()
    # Rows are parameters: 8, 4, 16, 4, 4 and 1 of each variable, so that the middle one belongs to the third.
    heat.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    a, b = chosen(view, "hidden_2/kernel[")
    assert b.startswith("b = hidden_1/kernel[0,0]")
    assert int(view.get_by_label("Parameter of this variable").input_value()) < 16
    # The ledger's numbers are the training's own, to the last bit of float32.
    step = page.step
    rows = ledger(view, step)
    assert rows["m"]["result"] != 0
    before, clipped = rows["m"]["m_before"], rows["clip"]["result"]
    moved = np.float32(np.float32(clipped - before) * np.float32(0.1))
    assert before + moved == pytest.approx(rows["m"]["result"], abs=1e-8)
    assert rows["u"]["result"] >= abs(clipped)
    assert rows["m"]["grad_clipped"] == rows["u"]["grad_clipped"] == clipped
    assert clipped == pytest.approx(rows["clip"]["grad"] * 0.1 / max(rows["clip"]["norm"], 0.1), rel=1e-6)
    go(view, step + 1)
    assert ledger(view, step + 1)["theta"]["theta"] == rows["theta"]["result"]
    assert view.locator(".al-ledger .al-row th").all_inner_texts() == [
        "Clip the variable's norm",
        "First moment",
        "Infinity norm",
        "Bias-corrected rate",
        "Step",
        "New weights",
        "Average",
    ]
    # The same through the network's picture: just before the last node all lines are the output's.
    network = view.locator(".al-in-network canvas")
    network.scroll_into_view_if_needed()
    box = network.bounding_box()
    network.click(position={"x": box["width"] - 50, "y": box["height"] / 2})
    assert chosen(view, "output/kernel[")[1] == a.replace("a = ", "b = ")
    # And by keyboard, through the fields.
    view.get_by_label("Parameter of this variable").fill("1")
    view.get_by_label("Parameter of this variable").press("Enter")
    chosen(view, "output/kernel[1,0]")


def test_linear_regression_is_a_surface_here_and_on_the_playground(page):
    view = train(page, "model=linear_regression&steps=60")
    note = view.locator(".al-in-plane .al-quiet")
    note.filter(has_text="The whole path lies in this plane").wait_for()
    assert re.search(r"At step 60 the weights are .* away from it: their loss is", note.inner_text())
    length = view.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    link = view.get_by_role("link", name="Its loss as a surface on the Playground")
    link.hover()
    view.wait_for_function("() => document.querySelector('.al-parameter .al-row')")
    assert view.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") == length  # nothing moves away
    link.click()
    view.wait_for_selector(".al-player[data-state=ready]:not(.al-model)")
    assert "surface=custom" in view.url


def test_a_slider_changes_the_training_from_here_on_or_starts_it_again(page):
    view = train(page, f"{SMALL}&steps=60")
    rate = view.locator("[data-knob=learning_rate] .al-field")
    rate.fill("0.1")
    rate.press("Enter")
    view.wait_for_url("**learning_rate=0.1**")
    field = view.get_by_label("More steps")
    field.fill("40")
    field.press("Enter")
    click(view, "40 more")
    view.wait_for_function(REACHED, arg=100)
    view.get_by_text("Finished after 100 steps").wait_for()
    view.locator(".al-ledger").scroll_into_view_if_needed()
    for step, alpha in ((59, 0.02), (60, 0.1)):
        go(view, step)
        assert ledger(view, step)["lr_t"]["lr"] == pytest.approx(alpha)
    key = page.data("key")
    view.get_by_role("radio", name="start again").click()
    view.wait_for_selector(RESTS, state="attached")
    rate.fill("0.05")
    rate.press("Enter")
    view.wait_for_function("k => document.querySelector('.al-model').dataset.key !== k", arg=key)
    view.get_by_text("Finished after 60 steps").wait_for()
    view.wait_for_function("() => document.querySelector('.al-model').dataset.steps === '60'")
    view.locator(".al-ledger").scroll_into_view_if_needed()
    for step in (0, 59):
        go(view, step)
        assert ledger(view, step)["lr_t"]["lr"] == pytest.approx(0.05)


def test_a_diverging_training_says_where_and_keeps_what_came_before(page):
    view = open_models(page, f"{SMALL}&steps=200&learning_rate=1e38")
    click(view, "Train")
    alert = view.get_by_text(re.compile(r"diverged at step \d+: .* is not finite"))
    alert.wait_for(timeout=90_000)
    step = int(re.search(r"step (\d+)", alert.inner_text())[1])
    view.wait_for_function("n => Number(document.querySelector('.al-model').dataset.steps) === n", arg=step + 1)
    view.get_by_role("button", name="Start again").wait_for()
    assert "lower the learning rate" in alert.inner_text()


def test_points_of_ones_own(page):
    view = open_models(page, "model=mlp&widths=42,42&batch_size=0&steps=50000")  # slow with all the points below
    view.locator("[data-testid=stExpander] summary", has_text="Data").first.click()
    upload = view.locator("[data-testid=stSidebar] input[type=file]")
    notice = view.locator(".al-notice")
    good = "x,y,label\n" + "".join(f"{i / 1000},{(i * 7 % 11) / 10},{'ab'[i % 2]}\n" for i in range(2000))

    def send(text):
        upload.set_input_files({"name": "mine.csv", "mimeType": "text/csv", "buffer": text.encode()})

    send(good.replace("0.003,1.0,b", "0.003,oops,b"))
    notice.get_by_text("'oops' is not a number").wait_for()
    assert "Row 5, column 'y'" in notice.inner_text()
    assert "The data before them" not in notice.inner_text()
    view.get_by_text("Moons").first.wait_for()
    send("x,y\n1,2\n3,4\n")
    notice.get_by_text("2 rows of points; at least 12 are needed").wait_for()
    send(good)
    view.wait_for_url("**dataset=own**")
    view.wait_for_function(f"() => {LABELS} === 'a,b'")
    click(view, "Train")
    view.wait_for_function(REACHED, arg=1, timeout=90_000)
    send("x,y\n1,2\n3,4\n")
    notice.get_by_text("2 rows of points").wait_for()
    for _ in range(2):  # the training goes on and is drawn anew; the sentence stays until something is done
        view.wait_for_function(REACHED, arg=int(page.data("steps")) + 1)
    notice.get_by_text("2 rows of points").wait_for()
    click(view, "Pause")
    notice.get_by_text("2 rows of points").wait_for(state="detached")


def test_the_proof_and_what_can_be_taken_home(page, tmp_path):
    view = train(page, f"{SMALL}&steps=40&clipnorm=0.5")
    view.locator(".al-in-plane .al-quiet").filter(has_text="% of the path's variance").wait_for()
    view.get_by_role("button", name="Two random directions").click()
    view.locator(".al-planes [aria-pressed=true]", has_text="Two random directions").wait_for()
    view.get_by_role("button", name="Train the first 40 steps with Keras").click()
    sentence = view.get_by_text("on the same batches for 40 steps: no weight is further than")
    sentence.wait_for(timeout=90_000)
    assert "keras.optimizers.Adamax 3." in sentence.inner_text()
    assert view.locator("[data-testid=stAlertContentSuccess]").count() == 1

    def download(name):
        with view.expect_download() as started:
            view.get_by_role("button", name=name).click()
        path = tmp_path / started.value.suggested_filename
        started.value.save_as(path)
        return path

    rows = list(csv.DictReader(io.StringIO(download("Norms and the picked parameters").read_text())))
    assert len(rows) == 40
    assert "theta_hidden_1/kernel[0,0]" in rows[0]
    assert float(rows[0]["grad_norm_hidden_1/kernel"]) > 0
    assert "clipnorm=0.5" in rows[0]["run"]
    full = download("Every number of every step (CSV, about")
    assert "ema_output/bias[0]" in full.read_text().splitlines()[0]
    assert "model.weights.h5" in zipfile.ZipFile(download("The trained model (.keras)")).namelist()
    view.get_by_text("This training as Keras code").click()
    assert "keras.optimizers.Adamax(" in view.locator("[data-testid=stCode]").inner_text()


@pytest.mark.parametrize(("width", "scheme", "model"), [(390, "dark", "cnn"), (1280, "dark", "gru")])
def test_nothing_is_cut_on_any_screen(make_page, width, scheme, model):
    page = make_page(width=width, height=844, scheme=scheme)
    view = train(page, f"model={model}&steps=30&points=64")
    view.locator(".al-in-plane canvas").wait_for(timeout=60_000)
    assert view.locator(".al-model").get_attribute("data-theme") == scheme
    outside = "e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.al-scroll')"
    assert view.evaluate(f"() => [...document.querySelectorAll('.al-model *')].filter({outside}).length") == 0
    assert view.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    painted = "c => c.width > 0 && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
    for canvas in view.locator(".al-model canvas:visible").all():  # what is out of sight is drawn once it comes
        canvas.scroll_into_view_if_needed()
        view.wait_for_function(painted, arg=canvas.element_handle())
    view.locator(".al-in-norms").scroll_into_view_if_needed()
    assert view.locator(".al-transport").evaluate(
        "e => (b => b.top >= 0 && b.bottom <= innerHeight)(e.getBoundingClientRect())"
    )
    if model == "gru":
        words = view.locator(".al-words").inner_text()
        assert re.search(
            r"validation loss is \S+ with Adamax and \S+ with Adam; Adamax's is the (smaller|larger) one", words
        )
