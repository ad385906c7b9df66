"""The server is killed while somebody looks: the page comes back by itself as it was; what is moved next is kept."""

import re
import shutil

import pytest

from adamax_viz.lessons.reader import find_lesson
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from tests.browser.conftest import FAULTS, PLAYER, READY, Opened
from tests.browser.server import ROOT, Proxy, Server

SILENCE = ".al-silence:not(:empty)"


class Alone:
    """One server: it is killed, and another one started in its place."""

    def __init__(self):
        self.servers = [Server().start()]
        self.address = self.servers[0].address

    def lose(self):
        self.servers[0].kill()

    def bring(self):
        self.servers[0].start()

    def close(self):
        for server in self.servers:
            server.kill()


class Replicas:
    """Two servers behind one address: the one in use is killed, the other one takes its place."""

    def __init__(self):
        self.servers = [Server().start(), Server().start()]
        self.proxy = Proxy(self.servers).start()
        self.address = self.proxy.address

    def lose(self):
        self.servers[0].kill()

    def bring(self):
        """The other one is there already; the first is only there again for those who come next."""

    def again(self):
        """The one that was killed is there for those who come when the other one is."""
        self.servers[0].start()
        self.servers.reverse()

    def close(self):
        for server in self.servers:
            server.kill()
        self.proxy.stop()


@pytest.fixture(scope="module", params=[Alone, Replicas])
def place(request):
    place = request.param()
    yield place
    place.close()


class Surviving(Opened):
    """A page whose server may be gone: what Streamlit and the browser say of that is no error of ours."""

    def __init__(self, page, place):
        super().__init__(page, place.address)
        self.place = place

    def hear(self, message):
        theirs = "/static/js/" in message.location.get("url", "") or "Failed to load resource" in message.text
        if message.type == "error" and not theirs:
            self.errors.append(message.text)

    @property
    def session(self):
        return self.page.evaluate(f"() => {PLAYER}?.state().session")

    def lose(self):
        self.before = self.session
        self.place.lose()

    def come_back(self):
        """Wait until another session shows the page, and has answered everything."""
        self.place.bring()
        self.wait_state("s.session && s.session !== arg && !s.busy", self.before, timeout=90_000)
        self.page.wait_for_selector(READY)

    def kept(self, part):
        """Wait until the address says this."""
        self.page.wait_for_function("part => decodeURIComponent(location.search).includes(part)", arg=part)

    def shared(self):
        """The link of the share dialog."""
        self.page.get_by_role("button", name="Share", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        link = dialog.locator("code").first.inner_text()
        dialog.get_by_role("button", name="Close").click()
        dialog.wait_for(state="detached")
        return link


@pytest.fixture
def page(place, make_tab):
    page = Surviving(make_tab(), place)
    yield page
    boxes = page.page.locator(FAULTS).count()
    page.leave()
    if isinstance(place, Replicas) and place.servers[0].process.poll() is not None:
        place.again()
    assert page.errors == []
    assert boxes == 0


def test_ten_changes_after_it_are_in_the_address(page):
    page.open("surface=rosenbrock&steps=100&locked=beta_2")
    page.change({"beta_1": 0.5})
    page.kept("beta_1=0.5")
    page.jump(40)
    page.lose()
    if isinstance(page.place, Alone):
        page.page.wait_for_selector(SILENCE)
        page.page.locator(".al-forward").click()  # what is there goes on, and nothing lies over it
        assert page.step == 41
        page.page.locator(".al-back").click()
    page.change({"learning_rate": 0.25})  # nobody hears it now
    page.come_back()
    page.kept("learning_rate=0.25")
    assert page.page.locator(SILENCE).count() == 0
    assert "beta_1=0.5" in page.page.url
    assert "locked=beta_2" in page.page.url
    assert page.step == 40
    for i in range(10):
        value = round(0.1 + i / 20, 2)
        page.change({"beta_1": value})
        page.settled()
        page.kept(f"beta_1={value}")
        page.wait_query(f"beta_1={value}")
    assert "beta_1=0.55" in page.shared()
    assert page.page.locator("[data-knob=beta_1] .al-field").input_value() == "0.55"


def test_after_an_update_the_page_loads_itself_anew(page, tmp_path):
    if isinstance(page.place, Replicas):
        pytest.skip("one server shows it")
    (server,) = page.place.servers
    for name in ("adamax_viz", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    page.open("surface=booth&steps=50")
    page.jump(12)
    page.page.evaluate("document.body.dataset.old = 'true'")
    page.lose()
    page.change({"beta_1": 0.5})
    with (tmp_path / "adamax_viz/player/assets/scenes/root.js").open("a") as file:
        file.write("// A newer version.\n")
    server.root = tmp_path
    page.place.bring()
    page.page.wait_for_function("() => !document.body.dataset.old", timeout=90_000)
    page.page.wait_for_selector(READY)
    page.wait_step("step === 12")
    assert page.data("query") == "surface=booth&steps=50&beta_1=0.5"
    server.root = ROOT


def test_several_runs_the_one_in_hand_and_their_charts(page):
    page.open("surface=booth&steps=50&b.clipnorm=1.0&c.beta_1=0.5&panels=loss,u")
    page.page.get_by_test_id("stSidebar").get_by_role("radio", name="B", exact=True).click()
    page.kept("target=B")
    page.lose()
    page.come_back()
    assert page.state["target"] == "B"
    assert page.state["runs"] == ["A", "B", "C"]
    assert page.state["charts"] == ["loss", "u"]
    page.change({"b.clipnorm": 0.25})
    page.settled()
    page.kept("b.clipnorm=0.25")
    page.change({"panels": ["loss"]})
    page.kept("panels=loss&")


def test_a_lesson_its_answers_and_what_was_moved_in_it(page):
    lesson = find_lesson("momentum")
    number = next(i for i, scene in enumerate(lesson.scenes, 1) if scene.knobs)
    knob = lesson.scenes[number - 1].knobs[0]
    value = getattr(lesson.scenes[number - 1].base, knob) * 0.9
    page.open(f"lesson={lesson.name}&scene={number}&answers=1a", path="/lessons")
    page.change({knob: value})
    page.kept(f"{knob}=")
    page.page.get_by_text("You moved something").wait_for()
    page.lose()
    page.come_back()
    page.page.get_by_text("You moved something").wait_for()
    assert page.state["scene"] == f"{lesson.name}/{number}"
    assert f"{knob}={value!r}".replace("e-0", "e-") in page.data("query").replace("e-0", "e-")
    assert "answers=1a" in page.page.url
    page.page.get_by_role("button", name="Back to the scene's settings").click()
    page.page.wait_for_function("knob => !location.search.includes(knob)", arg=knob)


def test_a_training_that_was_lost_is_run_again(page):
    view = page.page
    main = view.get_by_test_id("stMain")
    page.open("model=linear_regression&steps=60", path="/models")
    main.get_by_role("button", name="Train", exact=True).click()
    view.get_by_text("Finished after 60 steps").wait_for(timeout=90_000)
    page.change({"learning_rate": 0.05})
    page.kept("learning_rate=0.05")
    field = view.get_by_role("spinbutton", name="More steps")
    field.fill("20")
    field.press("Enter")
    main.get_by_role("button", name="20 more").click()
    view.get_by_text("Finished after 80 steps").wait_for()
    page.kept("trained=80")
    last = view.locator(".al-diagnosis", has_text="80 steps:").inner_text()  # the picture comes after the words
    page.lose()
    page.come_back()
    view.get_by_text("This training is no longer here").wait_for()
    main.get_by_role("button", name="Run it again, to step 80").click()
    view.get_by_text("Finished after 80 steps").wait_for(timeout=90_000)
    view.wait_for_function("text => document.querySelector('.al-diagnosis')?.innerText === text", arg=last)
    page.kept("trained=80")


def test_files_that_were_opened(page, tmp_path):
    names = ["first.csv", "second.csv"]
    for i, name in enumerate(names):
        run_of(RunSpec(steps=20, learning_rate=0.1 * (i + 1))).to_csv(tmp_path / name)
    page.page.goto(f"{page.address}/open")
    page.page.locator("input[type=file]").set_input_files([tmp_path / name for name in names])
    page.wait_query("learning_rate=0.2")
    box = page.page.get_by_role("combobox", name="Replay")
    box.click()
    page.page.get_by_role("option", name="first.csv").click()
    page.wait_query("learning_rate=0.1")
    page.jump(7)
    page.lose()
    page.come_back()
    page.wait_query("learning_rate=0.1")
    page.wait_step("step === 7")
    box.click()
    assert page.page.get_by_role("option").all_inner_texts() == ["second.csv", "first.csv"]
    page.page.keyboard.press("Escape")
    page.page.get_by_role("button", name="Close all").click()
    page.page.wait_for_selector(READY, state="detached")


def test_points_of_ones_own(page):
    view = page.page
    page.open("model=mlp&steps=20", path="/models")
    view.locator("[data-testid=stExpander] summary", has_text="Data").first.click()
    rows = "".join(f"{i / 10},{(i * 7 % 11) / 10},{'ab'[i % 2]}\n" for i in range(40))
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": f"x,y,label\n{rows}".encode()}
    view.locator("[data-testid=stSidebar] input[type=file]").set_input_files(file)
    page.kept("dataset=own")
    page.lose()
    page.come_back()
    labels = "[...document.querySelectorAll('.al-sign-label')].map(sign => sign.textContent).join()"
    view.wait_for_function(f"() => {labels} === 'a,b'")
    page.kept("dataset=own")


def test_p_and_words_that_are_looked_for(page):
    page.open("p=4", path="/adam_to_adamax")
    page.lose()
    page.come_back()
    assert page.state["p"] == pytest.approx(4, rel=0.2)
    page.change({"p": "8"})
    page.kept("p=8")


def test_a_link_for_somebody_elses_points_says_so(page):
    page.open("model=mlp&dataset=own", path="/models")
    page.page.locator(".al-notice", has_text=re.compile("no link carries")).wait_for()
