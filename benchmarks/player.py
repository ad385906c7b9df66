"""The player in a browser beside the same page of plain Streamlit: frames, bytes, milliseconds from hand to picture."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page

from adamax_viz.player.pack import pack
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query
from adamax_viz.study.study import Study
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.panels import KEYS_ALONE, panels
from benchmarks.measure import table, verdict
from benchmarks.plain_figures import landscape_figure, panel_figure
from benchmarks.servers import APP, PLAIN, Server, chromium, new_page, serving

STEPS = 1000
LINK = f"steps={STEPS}&use_ema=true&panels=loss,gradient,m,u,rate,step,ratio,ema"
EVERYTHING = (
    "use_ema=true&ema_overwrite_frequency=50&clipnorm=1.0&weight_decay=0.001&gradient_accumulation_steps=4"
    "&dynamic_loss_scale=true&schedule=CosineDecay&noise=gaussian"
)
SLIDER = '[data-knob="learning_rate"] input[type="range"]'
SPEED = 10  # at which 1000 steps last five seconds
DRAG_SECONDS, MOVE_SECONDS = 4.0, 0.016


class Opened(NamedTuple):
    """A server, the page it shows, and the seconds from the command to its first answer and to the picture."""

    server: Server
    page: Page
    answered: float
    seconds: float


def main() -> None:
    payload_bytes()
    with chromium() as browser, opened(browser, APP) as app, opened(browser, PLAIN) as plain:
        start_up(app, plain)
        app.page.bring_to_front()
        frames(browser, app.page)
        response(app.page, plain.page)


@contextmanager
def opened(browser: Browser, script: str) -> Iterator[Opened]:
    """A script's page in the browser, its picture painted."""
    page = new_page(browser)
    with serving(script) as server:
        answered = server.since_spawned()
        page.goto(server.url(LINK))
        page.wait_for_function("bench.shown() !== undefined")
        yield Opened(server, page, answered, server.since_spawned())
        page.close()


# -- bytes ----------------------------------------------------------------------------------------------------


def payload_bytes() -> None:
    """What one answer of the server weighs, beside the figures of the plain page as JSON."""
    rows: list[list[str]] = []
    before: tuple[int, int] | None = None
    for steps in (100, 1000, 5000):
        bare, full = weigh(f"steps={steps}"), weigh(f"steps={steps}&{EVERYTHING}")
        slope = "" if before is None else f"{(full[0] - before[1]) / (steps - before[0]):.0f}"
        bar = ("< 250", verdict(full[0] < 250e3)) if steps == 1000 else ("", "")
        sizes = [f"{size / 1e3:.0f}" for size in (bare[0], full[0], full[1], full[2])]
        rows.append([str(steps), *sizes, f"{full[2] / full[0]:.1f}", slope, *bar])
        before = (steps, full[0])
    header = ["steps", "default settings", "everything on", "with the surface", "plain page's figures"]
    header += ["times everything on", "bytes a further step", "bar (everything on)", "verdict"]
    table("Payload of one change, kB", header, rows)


def weigh(query: str) -> tuple[int, int, int]:
    """Bytes of the payload without and with the surface, all charts chosen, and of the plain page's figures."""
    settings = from_query(query).settings
    run, view = run_of(settings), landscape(settings.problem())
    header, arrays = build_runs(Study(settings), alone(settings, run), view, chosen=KEYS_ALONE)
    without = {name: values for name, values in arrays.items() if name != "shade"}
    sizes = [len(pack(header, each)) for each in (without, arrays)]
    figures = [landscape_figure(view, run), *(panel_figure(panel) for panel in panels([run]))]
    return sizes[0], sizes[1], sum(len(figure.to_json()) for figure in figures)


# -- the start ------------------------------------------------------------------------------------------------


def start_up(app: Opened, plain: Opened) -> None:
    """From the command to the first picture, one server after the other, and what the app has not loaded for it."""
    loaded = app.server.has_loaded("jaxlib")
    keras = {None: "can't be seen here", True: "**imported**", False: "not imported"}[loaded]
    met = verdict(app.seconds <= 3 and not loaded)
    rows = [
        ["app", *seconds(app), f"{app.seconds / plain.seconds:.2f}", keras, "3 s, not imported", met],
        ["plain page", *seconds(plain), "1", "", "", ""],
    ]
    header = ["what", "server answers, s", "page painted, s", "times plain", "Keras and JAX", "bar", "verdict"]
    table("Server start to first page painted", header, rows)


def seconds(one: Opened) -> list[str]:
    return [f"{one.answered:.1f}", f"{one.seconds:.1f}"]


# -- frames ---------------------------------------------------------------------------------------------------


class Frames(NamedTuple):
    """Frames a second, draws a second, and the main thread's time on the processor for each draw."""

    median: float
    low: float  # 5th percentile
    draws: float
    milliseconds: float


def frames(browser: Browser, page: Page) -> None:
    """Frames a second while playing and scrubbing, beside a page on which nothing happens."""
    empty = new_page(browser)
    idle = watched(empty, "bench.idle(2000)")
    empty.close()
    page.bring_to_front()
    actions = {f"playing at {SPEED}×": f"bench.play({SPEED})", "scrubbing": "bench.scrub(4000)"}
    rows = [["an empty page", *(f"{value:.1f}" for value in idle), "1", "", ""]]
    for what, action in actions.items():
        seen = watched(page, action)
        met = verdict(min(seen.median, seen.draws) >= 55)
        rows.append([what, *(f"{value:.1f}" for value in seen), f"{seen.draws / idle.draws:.2f}", "55", met])
    header = ["what", "median frames/s", "5th percentile", "draws/s", "main thread, CPU ms a draw"]
    header += ["draws, times empty", "bar", "verdict"]
    table(f"The player, {STEPS} steps, eight charts", header, rows)


def watched(page: Page, action: str) -> Frames:
    """What an action of `in_page.js` that watches the frames saw."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = task_seconds(session)
    seen = page.evaluate(action)
    busy = task_seconds(session) - before
    session.detach()
    stamps = np.array(seen["stamps"])
    median, low = (1000 / float(np.percentile(np.diff(stamps), q)) for q in (50, 95))
    return Frames(median, low, seen["draws"] / (stamps[-1] - stamps[0]) * 1000, busy * 1000 / max(1, seen["draws"]))


def task_seconds(session: CDPSession) -> float:
    """Time the page's main thread has been at work."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


# -- response -------------------------------------------------------------------------------------------------


def response(app: Page, plain: Page) -> None:
    """Milliseconds from hand to picture, and how many pictures a second while the hand moves on."""
    plain.bring_to_front()
    yardstick = by_keyboard(plain, "[data-testid=stSlider] input", 10)
    app.bring_to_front()
    measured = {
        "rate slider, thumb moving on": slide(app, range(440, 640, 5)),
        "rate slider, one move every half second": slide(app, range(452, 652, 20), 500),
        "rate slider, by keyboard (link and sidebar follow)": by_keyboard(app, SLIDER, 10),
        "start, mouse moving on": drag(app, 40),
    }
    rows = [row(what, times, float(np.median(yardstick))) for what, times in measured.items()]
    rows.append([*row("plain page, rate slider by keyboard", yardstick, float(np.median(yardstick)))[:4], "", ""])
    header = ["what", "median ms", "p95 ms", "times plain", "bar", "verdict"]
    table(f"From hand to new path painted, {STEPS} steps", header, rows)
    updates(app, 1000 / float(np.median(yardstick)))


def row(what: str, times: list[float], yardstick: float) -> list[str]:
    median, slow = np.percentile(times, [50, 95])
    return [what, f"{median:.0f}", f"{slow:.0f}", f"{median / yardstick:.2f}", "120", verdict(median <= 120)]


def slide(page: Page, places: Sequence[int], pause: int = 0) -> list[float]:
    """Move the thumb to places it has not been at before: the app keeps the runs of those."""
    times: list[float] = page.evaluate("([places, pause]) => bench.slide(places, pause)", [list(places), pause])
    return times


def by_keyboard(page: Page, slider: str, count: int) -> list[float]:
    """Press the right arrow on a slider, wait for the picture, and again."""
    page.locator(slider).first.focus()

    def press() -> None:
        page.keyboard.press("ArrowRight")

    return [after(page, "keydown", press) for _ in range(count)]


def drag(page: Page, count: int) -> list[float]:
    """Drag the start around, waiting for the picture after each move."""
    with held_start(page) as move:
        return [after(page, "pointermove", partial(move, i / count)) for i in range(1, count)]


def after(page: Page, kind: str, act: Callable[[], None]) -> float:
    """Milliseconds from the event that an action causes to the picture."""
    page.evaluate("(kind) => bench.arm(kind)", kind)
    act()
    return float(page.evaluate("bench.pending"))


def updates(page: Page, yardstick: float) -> None:
    """Drag the start for some seconds without waiting for anything."""
    page.evaluate("bench.count()")
    begun = time.perf_counter()
    with held_start(page) as move:
        while (now := time.perf_counter() - begun) < DRAG_SECONDS:
            move(now / 2)
            time.sleep(max(0.0, begun + now + MOVE_SECONDS - time.perf_counter()))
        seen = page.evaluate("bench.answers.size")
        rate = seen / (time.perf_counter() - begun)
    rows = [["start dragged", f"{rate:.1f}", f"{rate / yardstick:.1f}", "10", verdict(rate >= 10)]]
    rows.append(["plain page, one change after the other", f"{yardstick:.1f}", "1", "", ""])
    table(f"New paths a second, {STEPS} steps", ["what", "paths/s", "times plain", "bar", "verdict"], rows)


@contextmanager
def held_start(page: Page) -> Iterator[Callable[[float], None]]:
    """The start under the mouse; ``move(turns)`` moves it along a circle through where it was."""
    box = page.locator(".al-start").bounding_box()
    if box is None:
        raise RuntimeError("The start can't be seen.")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    radius = 70

    def move(turns: float) -> None:
        angle = 2 * math.pi * turns
        page.mouse.move(x + radius * (math.cos(angle) - 1), y + radius * math.sin(angle))

    page.mouse.move(x, y)
    page.mouse.down()
    try:
        yield move
    finally:
        page.mouse.up()
