"""The real app in a real Chromium; any console error, exception or exception box fails a test."""

import contextlib
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from tests.browser.install import FLAGS, find
from tests.browser.server import ROOT, served

READY = ".al-player[data-state=ready]"
PLAYER = "document.querySelector('.al-player')?.parentElement.player"
FAULTS = "[data-testid=stException], [class*=st-key-fault_]"  # what a page shows of an error that nobody foresaw
HEAR = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective}: ${event.blockedURI} in ${event.sourceFile}`));
"""
FAILED = pytest.StashKey[bool]()
# Icons are words, and formulas a line of signs, until their fonts and styles are there: wait for it.
FITS = "() => (main => main.scrollWidth <= main.clientWidth)(document.querySelector('[data-testid=stMain]'))"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture(scope="session")
def app():
    with served(ROOT) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        yield browser
        browser.close()


class Tabs:
    """Tabs of one browser profile, used again: one that has been to the app has its scripts compiled already.

    Each page has a list of what its policy has kept back, `violations`.
    """

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context()
        self.context.set_default_timeout(30_000)
        self.context.add_init_script(HEAR)
        self.free: list[Page] = []

    def take(self, width: int, height: int, scheme: str) -> Page:
        tab = self.free.pop() if self.free else self.context.new_page()
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=scheme, reduced_motion="no-preference")
        return tab

    def give_back(self, tab: Page) -> None:
        """A tab in which all went well; others are closed, whatever state they are in."""
        with contextlib.suppress(Error):  # an empty tab, or one whose server is gone, has nothing stored
            tab.evaluate("sessionStorage.clear(), localStorage.clear()")
        tab.unroute_all()
        tab.goto("about:blank")  # its session is left
        self.free.append(tab)


class Opened:
    """A page of the app, with the questions tests ask of it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", self.hear_error)

    def leave(self) -> None:
        """Hear nothing more."""
        self.page.remove_listener("console", self.hear)
        self.page.remove_listener("pageerror", self.hear_error)

    def hear_error(self, error: Error) -> None:
        self.errors.append(str(error))

    def hear(self, message: ConsoleMessage) -> None:
        # Streamlit looks for its server below the page's own path first; the browser reports that it isn't there.
        probe = message.location.get("url", "").endswith(("/_stcore/health", "/_stcore/host-config"))
        if message.type == "error" and not probe:
            self.errors.append(message.text)

    def open(self, query: str = "", path: str = "/playground") -> "Opened":
        self.page.goto(f"{self.address}{path}?{query}")
        self.page.wait_for_selector(READY)
        self.page.wait_for_selector(IDLE, state="attached")
        return self

    def data(self, name: str) -> str:
        return self.page.locator(READY).get_attribute(f"data-{name}") or ""

    @property
    def step(self) -> int:
        return int(self.data("step"))

    def wait_query(self, part: str) -> None:
        """Wait until the painted run is one whose share query contains this."""
        self.page.wait_for_function(
            "part => document.querySelector('.al-player')?.dataset.query?.includes(part)", arg=part
        )

    def settled(self) -> None:
        """Tell the session at once, and wait until Python has answered everything."""
        self.page.evaluate(f"() => {PLAYER}.rest()")
        self.wait_state("!s.busy")

    def wait_step(self, condition: str) -> None:
        self.page.wait_for_function(
            f"() => (step => {condition})(Number(document.querySelector('.al-player').dataset.step))"
        )

    @property
    def state(self) -> dict[str, Any]:
        """What the player shows, as plain values."""
        return self.page.evaluate(f"() => {PLAYER}.state()")

    def wait_state(self, condition: str, arg: Any = None, timeout: float | None = None) -> None:
        """Wait until a condition of the player's state ``s`` holds; ``arg`` is known in it."""
        self.page.wait_for_function(
            f"arg => {{ const s = {PLAYER}?.state(); return s && ({condition}); }}", arg=arg, timeout=timeout
        )

    def jump(self, step: int) -> None:
        self.page.evaluate(f"step => {PLAYER}.jump(step)", step)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the landscape lies on the page."""
        return tuple(self.page.evaluate(f"point => {PLAYER}.pixel(point)", [x, y]))

    def change(self, fields: dict[str, Any], *, final: bool = True) -> None:
        """Ask for other settings, as a knob does."""
        self.page.evaluate(f"([fields, final]) => {PLAYER}.change(fields, final)", [fields, final])

    def blur(self) -> None:
        self.page.evaluate("document.activeElement?.blur()")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture(scope="session")
def tabs(chromium):
    return Tabs(chromium)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def make_tab(tabs, request):
    """Tabs of a given size and colour scheme; each that opens a page of the app has a session anew."""
    taken: list[Page] = []

    def make(width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        taken.append(tabs.take(width, height, scheme))
        return taken[-1]

    yield make
    for tab in taken:
        if request.node.stash[FAILED]:
            tab.close()
        else:
            tabs.give_back(tab)


@pytest.fixture
def make_page(make_tab, app, request):
    """Open pages of a given size and colour scheme; afterwards none may have said an error."""
    opened: list[Opened] = []

    def make(width: int = 1280, height: int = 800, scheme: str = "light") -> Opened:
        opened.append(Opened(make_tab(width, height, scheme), app))
        return opened[-1]

    yield make
    failed, request.node.stash[FAILED] = request.node.stash[FAILED], True  # until all is seen to be well
    boxes = [page.page.locator(FAULTS).count() for page in opened]
    violations = [each for page in opened for each in page.page.evaluate("violations")]
    errors = [error for page in opened for error in page.errors]
    for page in opened:
        page.leave()
    assert errors == []
    assert violations == []
    assert sum(boxes) == 0
    request.node.stash[FAILED] = failed


@pytest.fixture
def page(make_page) -> Opened:
    return make_page()
