"""Links of every page, through everything that a page makes of them but the page itself."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote
from zlib import crc32

from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.lessons.reader import lessons
from adamax_viz.parity.reference import matching
from adamax_viz.player.norms import build_norms
from adamax_viz.player.pack import pack
from adamax_viz.player.scene import build_runs
from adamax_viz.player.training.header import build
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.runs.run import runs_of
from adamax_viz.runs.training import CHANGEABLE
from adamax_viz.study.fields import knobs
from adamax_viz.study.link import from_json, from_query, read_study, to_json, to_query
from adamax_viz.study.named.effects import EFFECTS, Effect
from adamax_viz.study.sharing import embed_snippet, qr_svg, read_locks, share_link, write_locks
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.state.address import ALL, NO_SETTINGS
from adamax_viz.ui.state.asked import whole
from adamax_viz.ui.state.shown import PANELS, TARGET, known_charts, on_screen, run_of_letter
from adamax_viz.ui.training.training_page import BASES, TrainingPage
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.panels import KEYS
from tests.corpus import draws, opening
from tests.fuzz import formulas, values
from tests.fuzz.kind import is_said, often

Link = tuple[str, str]  # page, and its query
RUN, TRAINING = list(values.TABLES["run"]), list(values.TABLES["training"])
OWN_PARAMETERS = [f"parameters.{name}" for surface in CATALOGUE.values() for name in surface.parameters]
PICKED = ("0", "1,0", "3,3", "7,999999", "1,2,3", "-1", "1,", "x")  # parameters of a model
FILES = ("0.1", "0.2", "1.2", "9.1", "1", ".")  # which of how many
SWITCHED = ("1", "0", "yes")
ODD_NAMES = (
    *(
        "",
        " ",
        "a.",
        "a",
        "m.steps",
        "z.beta_1",
        "A.beta_1",
        "ab.beta_1",
        ".",
        "..",
        "a.a.steps",
        "b.surface",
        "a.parameters.x",
    ),
    *(
        "parameters",
        "parameters.",
        "parameters.x",
        "change",
        "have",
        "surface_step",
        "__class__",
        "level",
        "self",
        "kind",
    ),
    *(
        "model_fields",
        "model_config",
        "v",
        "version",
        "effect",
        "leads",
        "[]",
        "a[]",
        "x" * 300,
        "steps\0",
        "stéps",
        "<b>",
    ),
)


# -- links -----------------------------------------------------------------------------------------------------


def make(chance: Random, _: int) -> Link:
    """A page and a query."""
    page = often(
        chance, (5, "playground"), (3, "effects"), (2, "models"), (1.5, "verify"), (0.6, "adam_to_adamax"),
        (0.3, "lessons"), (1, "home"), (1, "reference"), (1, "command"),
    )  # fmt: skip
    return page, query(chance, page)


def query(chance: Random, page: str) -> str:
    """A link's query for a page."""
    wrongs = chance.choice((0, 0, 0.1, 0.4))
    pairs = PAIRS.get(page, of_runs)(chance, wrongs)
    if wrongs:
        for _ in range(often(chance, (6, 0), (2, 1), (1, 3), (0.02, 400))):
            pairs.append((chance.choice([*ODD_NAMES, *RUN, *TRAINING]), values.anything(chance)))
        if chance.random() < 0.15 and pairs:
            pairs.append((chance.choice(pairs)[0], chance.choice(pairs)[1]))  # twice, or another's value
    chance.shuffle(pairs)
    write = encoded if wrongs else usual
    return "&".join(f"{write(chance, name)}={write(chance, text)}" for name, text in pairs)


def usual(_: Random, text: str) -> str:
    """As the app writes it."""
    return quote(text.encode("utf-8", "replace"), safe=",*/()^")


def encoded(chance: Random, text: str) -> str:
    """As browsers write it, or not."""
    text = text.encode("utf-8", "replace").decode()
    match often(chance, (20, "usual"), (2, "all"), (1, "raw"), (1, "broken"), (0.5, "latin")):
        case "usual":
            return usual(chance, text)
        case "all":
            return "".join(f"%{byte:02x}" for byte in text.encode())
        case "raw":
            return text.replace("#", "").replace("\r", "").replace("\n", "")
        case "latin":
            return quote(text.encode("latin-1", "replace"))
        case _:
            at = chance.randint(0, len(text))
            return (
                quote(text[:at])
                + chance.choice(["%", "%zz", "%ff", "%00", "%u1234", "+", ";", "&", "="])
                + quote(text[at:])
            )


def of_runs(chance: Random, wrongs: float) -> list[tuple[str, str]]:
    """Settings of a run or of several, and of the page."""
    names = ["steps", *chance.choices([*RUN, *OWN_PARAMETERS, *RUN], k=chance.randint(0, 8))]
    if chance.random() < 0.7 and "surface" not in names:
        names.append("surface")
    if chance.random() < 0.06:
        names += ["formula"]
    pairs = [(name, _text(chance, name, wrongs)) for name in names]
    if "formula" in names:
        pairs.append(("surface", "custom"))
    if chance.random() < 0.25:
        for letter in "abcdefghijklm"[: chance.randint(1, often(chance, (8, 3), (1, 13)))]:
            own = [
                (f"{letter}.{name}", _text(chance, name, wrongs))
                for name in chance.choices(RUN, k=chance.randint(0, 3))
            ]
            pairs += own or [(letter, "x" if chance.random() < wrongs else "base")]
    if chance.random() < 0.25:
        known = [effect.name for effect in EFFECTS]
        pairs.append(("effect", chance.choice(["no_such", *values.HARM] if chance.random() < wrongs else known)))
    if chance.random() < 0.35:
        pairs += _of_the_page(chance, wrongs)
    return pairs


def _text(chance: Random, name: str, wrongs: float) -> str:
    return values.value(chance, "run", name, wrongs) if name in RUN else repr(chance.uniform(-1, 100))


def _of_the_page(chance: Random, wrongs: float) -> list[tuple[str, str]]:
    table = draws.OF_THE_PAGE | {"p": draws.PS, "g": draws.GRADIENTS, "embed_options": "dark"}
    table |= {TARGET: "A B C L M a", ALL: " ".join(SWITCHED)}
    pairs = []
    for name in chance.choices(list(table), k=chance.randint(1, 3)):
        text = values.anything(chance) if chance.random() < wrongs else chance.choice(table[name].split(" "))
        pairs.append((name, ",".join(chance.choices([*KEYS, text], k=4)) if name == PANELS else text))
    return pairs


def of_trainings(chance: Random, wrongs: float) -> list[tuple[str, str]]:
    """Settings of a training."""
    names = ["model", *chance.choices(TRAINING, k=chance.randint(0, 7))]
    pairs = [(name, values.value(chance, "training", name, wrongs)) for name in names]
    looks = {
        "trained": partial(_trained, chance, wrongs),
        "picked": lambda: chance.choice(PICKED),
        "plane": lambda: chance.choice([*BASES, "flat"]),
    }
    chosen = chance.choices(list(looks), k=often(chance, (2, 0), (1, 1), (1, 3)))
    return pairs + [(name, values.anything(chance) if chance.random() < wrongs else looks[name]()) for name in chosen]


def _trained(chance: Random, wrongs: float) -> str:
    """So many steps of a training, and its changes on the way."""
    steps = often(chance, (10, chance.randint(1, 300)), (1, chance.choice((0, 50_000, 50_001, 999_999))))
    firsts = sorted(chance.randint(0, steps) for _ in range(often(chance, (4, 0), (4, 1), (4, 3), (1, 60))))
    return "|".join([str(steps), *(f"{first}?{_changes(chance, wrongs)}" for first in firsts)])


def _changes(chance: Random, wrongs: float) -> str:
    names = chance.choices(TRAINING if chance.random() < wrongs else sorted(CHANGEABLE - {"steps"}), k=2)
    return "&".join(f"{name}={usual(chance, values.value(chance, 'training', name, wrongs))}" for name in names)


def of_files(chance: Random, wrongs: float) -> list[tuple[str, str]]:
    """Which of the opened runs is shown, and which beside it."""
    return [
        (name, values.anything(chance) if chance.random() < wrongs else chance.choice(FILES))
        for name in ("shown", "beside")
    ]


def of_lessons(chance: Random, wrongs: float) -> list[tuple[str, str]]:
    """A place in the lessons, answers and progress."""
    given = (f"{chance.randint(0, 9)}{chance.choice(draws.ANSWERS.split())}" for _ in range(chance.randint(0, 6)))
    table = {
        "lesson": chance.choice(draws.LESSONS.split()),
        "scene": chance.choice(draws.SCENES.split()),
        "answers": "~".join(given),
        "seen": chance.choice(draws.OF_LESSONS["seen"].split()),
        "show": chance.choice(draws.OF_LESSONS["show"].split()),
    }
    return [(name, values.anything(chance) if chance.random() < wrongs else text) for name, text in table.items()]


def of_words(chance: Random, _: float) -> list[tuple[str, str]]:
    """What is looked for in the reference."""
    words = often(chance, (1, chance.choice(RUN)), (1, values.anything(chance)), (1, "clip NaN average"))
    return [("q", words), *([(ALL, chance.choice(SWITCHED))] if chance.random() < 0.3 else [])]


PAIRS = {"models": of_trainings, "lessons": of_lessons, "reference": of_words, "open": of_files}


# -- what is checked -------------------------------------------------------------------------------------------


@contextmanager
def checking() -> Iterator[Callable[[Any], bool]]:
    """With whatever works out formulas under way."""
    formulas.warm()
    yield check


def check(link: Link) -> bool:
    """Whether all that the link says could be used."""
    page, text = link
    params = dict(parse_qsl(text, keep_blank_values=True))
    return CHECKS[page](params, text)


def of_study(params: Mapping[str, str], text: str, otherwise: Effect | None = None) -> bool:
    """A study: runs, picture, bytes for the player, and what it is taken home as."""
    study, complaints = read_study(params, NO_SETTINGS, otherwise)
    study, too_long = on_screen(study)
    is_said([*complaints, *too_long], text)
    written = write_locks(locks := read_locks(params.get("locked")))
    assert read_locks(written) == locks
    again, lost = read_study(dict(parse_qsl(to_query(study), keep_blank_values=True)), NO_SETTINGS)
    assert not lost
    assert again == study, f"its own link means something else: {to_query(study)}"
    outcomes = runs_of(study.specs())
    is_said([outcome.refusal for outcome in outcomes if outcome.refusal is not None], text)
    if all(outcome.run is None for outcome in outcomes):
        return False
    view = landscape(study.base.problem(), min(whole(params.get("step")) or 0, study.base.steps))
    chosen, target = known_charts(params.get(PANELS), study), run_of_letter(params.get(TARGET), study)
    assert pack(*build_runs(study, outcomes, view, target=target, chosen=chosen))
    if crc32(text.encode("utf-8", "replace")) % 20 == 0:
        taken_home(study)
    return not complaints


def taken_home(study: Study) -> None:
    """Link, frame, code of all, settings and Python code of one."""
    link = share_link("http://localhost/playground", study)
    assert "<" not in embed_snippet(link, study.base.formula)[1:-10]
    qr_svg(link)
    spec = study.specs()[0]
    if spec.refusal() is None:
        assert from_json(to_json(spec)) == (spec, [])
        compile(library_code(spec), "run.py", "exec")
        if (by_keras := spec.for_keras()) is not None:
            compile(keras_code(by_keras), "run.py", "exec")


def of_norms(params: Mapping[str, str], text: str) -> bool:
    """The run under every p."""
    study, complaints = read_study(params, NO_SETTINGS)
    study, too_long = on_screen(study)
    is_said([*complaints, *too_long], text)
    spec = study.specs()[0]
    if (refusal := spec.refusal()) is not None:
        is_said(refusal, text)
        return False
    assert pack(*build_norms(spec, landscape(spec.problem(), 0), 2.0))
    return not complaints


def of_training(params: Mapping[str, str], text: str) -> bool:
    """A training before it begins."""
    page, again = (TrainingPage(asked=True) for _ in range(2))  # by a browser that has no points of one's own
    page.open(dict(params))
    is_said(page.complaints, text)
    again.open(page.params())
    assert (again.complaints, again.params()) == ([], page.params())
    assert again.spec == page.spec
    knobs(page.spec)
    problem = page.spec.problem()
    assert page.picked(problem)
    assert pack(*build(problem))
    return not page.complaints


def of_command(_: Mapping[str, str], text: str) -> bool:
    """What the command line and the column `run` of tables make of it."""
    spec, complaints = from_query(text)
    is_said(complaints, text)
    assert isinstance(spec, RunSpec)
    return not complaints


def of_lesson(_: Mapping[str, str], text: str) -> bool:
    """A lesson's scene."""
    assert lessons()
    opening.lesson(text)
    return True


def of_reference(params: Mapping[str, str], _: str) -> bool:
    """A search."""
    return bool(matching(params.get("q", "")))


CHECKS: dict[str, Callable[[Mapping[str, str], str], bool]] = {
    "playground": of_study,
    "home": of_study,
    "verify": of_study,
    "effects": partial(of_study, otherwise=EFFECTS[0]),
    "adam_to_adamax": of_norms,
    "models": of_training,
    "lessons": of_lesson,
    "reference": of_reference,
    "command": of_command,
}
