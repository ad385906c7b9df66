"""What a player may ask a page, of every right and wrong type, on a page without a browser."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any, NamedTuple

from adamax_viz.study.named.effects import EFFECTS
from adamax_viz.ui.parts import present
from adamax_viz.ui.state import page_state, study_page
from adamax_viz.ui.training.training_page import training_page
from adamax_viz.views.run.panels import KEYS
from tests.corpus import opening
from tests.fuzz import formulas, links, values
from tests.fuzz.kind import is_said

PAGES: dict[str, Callable[[], Any]] = {
    "playground": lambda: study_page.study_page("playground"),
    "effects": lambda: study_page.study_page("effects", EFFECTS[0]),
    "adam_to_adamax": lambda: study_page.study_page("adam_to_adamax"),
    "models": training_page,
}
OF_THE_PAGE = (
    "need",
    "surface_step",
    "panels",
    "present",
    "picked",
    "at",
    "plane",
    "level",
    "p",
    "g",
    "start",
    "parameters",
)


class Visit(NamedTuple):
    """A page at a link, and what its player asks there, one after the other."""

    page: str
    query: str
    requests: list[Any]


def make(chance: Random, _: int) -> Visit:
    """A visit."""
    page = chance.choice(list(PAGES))
    return Visit(page, links.query(chance, page), [request(chance) for _ in range(chance.randint(1, 6))])


def request(chance: Random) -> Any:
    """Mostly of the right shape."""
    if chance.random() < 0.1:
        return values.tree(chance)
    asked = {
        "fields": fields(chance) if chance.random() < 0.95 else values.tree(chance),
        "final": chance.random() < 0.5 if chance.random() < 0.9 else values.tree(chance),
        "sequence": chance.randint(1, 99) if chance.random() < 0.9 else values.tree(chance),
    }
    if chance.random() < 0.05:
        del asked[chance.choice(list(asked))]
    return asked | ({"more": values.tree(chance)} if chance.random() < 0.1 else {})


def fields(chance: Random) -> dict[str, Any]:
    """Values by name."""
    names = chance.choices(
        [*links.RUN, *links.TRAINING, *OF_THE_PAGE * 4, *links.OWN_PARAMETERS], k=chance.randint(0, 5)
    )
    if chance.random() < 0.3:
        names = [f"{chance.choice('abcdlm')}.{name}" for name in names]
    if chance.random() < 0.1:
        names.append(chance.choice(links.ODD_NAMES))
    return {name: field(chance, name.rpartition(".")[2]) for name in names}


def field(chance: Random, name: str) -> Any:
    """A value: a number where a knob would send one, or anything."""
    if chance.random() < 0.3:
        return values.tree(chance)
    match name:
        case "panels":
            return chance.choices([*KEYS, "x"], k=chance.randint(0, 5))
        case "surface_step" | "at":
            return chance.choice([0, 3, 1.5, -1, 10**9])
        case "picked":
            return [chance.randint(0, 300) for _ in range(chance.randint(0, 3))]
        case "plane":
            return chance.choice(["pca", "random", "x"])
        case "present":
            return chance.random() < 0.5
    table = "run" if name in links.RUN else "training"
    return values.value(chance, table, name) if name in values.TABLES[table] else chance.uniform(-10, 10)


# -- what is checked -------------------------------------------------------------------------------------------


@contextmanager
def checking() -> Iterator[Callable[[Any], bool]]:
    """With whatever works out formulas under way."""
    formulas.warm()
    yield check


def check(visit: Visit) -> bool:
    """Whether everything could be used; what could not is said, and the page goes on."""
    said: list[str] = []
    given = repr(visit)
    with opening._page(visit.query):
        page = PAGES[visit.page]()
        page.player = "player"
        for asked in visit.requests:
            page_state.st.session_state["player"] = {"request": asked}
            page.hear()
            json.dumps(page.answered)
            said += page.take_complaints()
            present.shown_parts()
            assert all(isinstance(text, str) for text in page.params().values())
    is_said(said, given)
    return not said
