"""Whole pages, without a browser: opened at a link, then used by somebody who tries everything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from streamlit.logger import set_log_level
from streamlit.testing.v1 import AppTest

from adamax_viz.ui.state.address import ALL
from tests.fuzz import files, links, values
from tests.fuzz.kind import often

NAVIGATION = str(Path(__file__).parents[2] / "pages/navigation.py")
PATIENCE = 60.0  # seconds for a page
BUSY = (
    "m_train",
    "m_play_arrow",
    "m_fast_forward",
    "m_history",
    "m_restart_alt",
    "m_prove",
    "c_check",
    "c_verify_all",
    "c_verify_stop",
)
USED = ("button", "selectbox", "toggle", "text_input", "number_input", "button_group", "file_uploader")
UNFORESEEN = "not foreseen"  # what a page says where Streamlit would show a traceback


class Visit(NamedTuple):
    """A page at a link, and which of its widgets are used, with which values."""

    page: str
    query: str
    acts: list[tuple[str, float, str]]


def make(chance: Random, _: int) -> Visit:
    """A visit."""
    page = often(
        chance, (5, "playground"), (4, "effects"), (2, "adam_to_adamax"), (3, "models"), (2, "lessons"),
        (0.2, "verify"), (1, "reference"), (0.5, "home"), (1, "open"),
    )  # fmt: skip
    acts = [act(chance) for _ in range(often(chance, (3, 0), (2, 1), (1, 3)))]
    if page == "open":
        acts = [("file_uploader", chance.random(), ""), *acts]
    return Visit(page, links.query(chance, page), acts)


def act(chance: Random) -> tuple[str, float, str]:
    """A kind of widget, which of them, and a text."""
    return chance.choice(USED), chance.random(), values.anything(chance)


# -- what is checked -------------------------------------------------------------------------------------------


@contextmanager
def checking() -> Iterator[Callable[[Any], bool]]:
    """Pages are quiet."""
    set_log_level("critical")
    seen(AppTest.from_file(NAVIGATION, default_timeout=PATIENCE).run())  # everything is imported
    yield check


def check(visit: Visit) -> bool:
    """Whether the page says nothing of the link."""
    app = AppTest.from_file(NAVIGATION, default_timeout=PATIENCE)
    app.switch_page(f"{visit.page}.py")
    for name, text in parse_qsl(visit.query, keep_blank_values=True):
        if (name, text) == (ALL, "1"):
            continue  # it begins all comparisons with Keras at once
        app.query_params[name] = [*app.query_params.get(name, []), text]
    seen(app.run())
    quiet = not app.warning and not app.error
    for kind, place, text in visit.acts:
        if use(app, kind, place, text):
            seen(app)
    return quiet


def seen(app: AppTest) -> None:
    """No exception is on the page."""
    for box in app.exception:
        raise AssertionError(f"on the page: {box.message}")
    for alert in app.error:
        assert UNFORESEEN not in alert.value, f"on the page: {alert.value}"


def use(app: AppTest, kind: str, place: float, text: str) -> bool:
    """Use one of the widgets of a kind, if there is any."""
    found = [widget for widget in app.get(kind) if widget.key not in BUSY and not widget.proto.disabled]
    if not found:
        return False
    widget: Any = found[int(place * len(found))]
    chance = Random(place)
    match kind:
        case "button":
            widget.click()
        case "toggle":
            widget.set_value(not widget.value)
        case "number_input":
            widget.set_value(chance.randint(1, 1000))
        case "text_input":
            widget.set_value(text)
        case "selectbox" if widget.options:
            widget.select_index(chance.randrange(len(widget.options)))
        case "file_uploader":
            name, data = files.make(chance, 0)
            name = name.replace("\0", " ")  # such a name Streamlit itself refuses
            end = chance.choice(widget.allowed_type or [""])
            file = (f"{name.replace('.', ' ')}{end}", data, "text/csv")
            widget.set_value([file] if widget.accept_multiple_files else file)
        case _:
            return False
    app.run()
    return True
