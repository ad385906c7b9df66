"""The one place where the corpus touches the product: a link or a file, opened as its page opens it, as plain values.

Links go through the functions of the pages themselves, on a page without a browser. Should those functions move, this
module follows them; the frozen data and the test stay as they are.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from math import inf
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.files.reopen import open_file
from adamax_viz.files.table import TableError
from adamax_viz.lessons.reader import find_lesson
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.norms import nearest_stop, on_surface, stops
from adamax_viz.runs.run import run_of, runs_of
from adamax_viz.runs.training import Training
from adamax_viz.study.fields import knobs
from adamax_viz.study.named.effects import EFFECTS
from adamax_viz.study.optimizer_spec import OptimizerSpec
from adamax_viz.ui.parts import player as player_part
from adamax_viz.ui.parts import present
from adamax_viz.ui.screens import norms as norms_page
from adamax_viz.ui.screens import playground as playground_page
from adamax_viz.ui.state import address, lesson_place, page_state, study_page
from adamax_viz.ui.training.training_page import training_page
from tests.runs.accumulated import accumulate

ARRAYS = ("theta", "loss", "m", "u", "u_branch", "step", "lr_t", "ema")
TRAINED = 12  # micro-steps of a training; more take long and tell no more
_PAGES = (address, page_state, study_page, playground_page, player_part, present, norms_page, lesson_place)


class Run(NamedTuple):
    """One run of what was opened."""

    letter: str  # a variant's letter, a rule, or the name of a run in a scene
    settings: dict[str, Any]  # what differs from the defaults, as JSON has it
    status: str | None  # finished, diverged or converged; None where the product refuses to run it
    arrays: dict[str, NDArray[np.float64]]  # one row a step; theta and loss have one more


class Nudge(NamedTuple):
    """How far a run is put off its way, to see how soon it parts from itself: parts of its start and of its rate."""

    start: float = 0.0
    rate: float = 0.0


NONE = Nudge()


class Opened(NamedTuple):
    """What a link or a file opened."""

    complaints: int
    view: dict[str, Any]  # what it says beside its runs, as JSON has it: playhead, charts, locks, answers, ...
    runs: list[Run]


# -- one function a page -----------------------------------------------------------------------------------------


def playground(query: str, nudge: Nudge = NONE) -> Opened:
    """A link of the Playground."""
    with _page(query):
        page = study_page.study_page("playground")
        settings, complaints = page.spec, page.take_complaints()
        view = playground_page.asked() | {"locked": page.locked_names(), "panels": page.charts}
    run = run_of(_nudged(settings, nudge))
    return Opened(len(complaints), _plain(view), [_run("", settings, run)])


def effect(query: str, nudge: Nudge = NONE) -> Opened:
    """A link of Effects."""
    with _page(query):
        page = study_page.study_page("effects", EFFECTS[0])
        shown, complaints = page.study, page.take_complaints()
        view = {"effect": shown.effect.name, "panels": page.charts}
    outcomes = runs_of([_nudged(settings, nudge) for settings in shown.specs()])
    runs = [_run(o.letter, s, o.run) for o, s in zip(outcomes, shown.specs(), strict=True)]
    return Opened(len(complaints), _plain(view), runs)


def norms(query: str, nudge: Nudge = NONE) -> Opened:
    """A link of From Adam to Adamax: the path under its p, that under Adamax, and what p makes of drawn gradients."""
    with _page(query):
        page = study_page.study_page("adam_to_adamax")
        norms_page.begin(page)
        settings = page.spec
        complaints = page.take_complaints()  # of the settings; a p that there is not was once taken in silence
        p, drawn = norms_page._p_of_link(page), norms_page._drawn_of_link()
    stop = stops()[nearest_stop(p)]
    paths = on_surface(_nudged(settings, nudge), [stop, inf])
    runs = [_run(f"p={shown:g}", settings, paths.only(i)) for i, shown in enumerate((stop, inf))]
    if drawn is not None:
        found = accumulate(drawn, stop, settings.beta_1, settings.beta_2, settings.epsilon)
        runs.append(Run("drawn", {}, "finished", {"u": found.u[:, None], "step": found.step[:, None]}))
    return Opened(len(complaints), _plain({"p": p, "drawn": drawn}), runs)


def lesson(query: str, nudge: Nudge = NONE) -> Opened:
    """A link of Lessons: its scene's run, and the others that the scene speaks of."""
    with _page(query) as params:
        found = find_lesson(params.get("lesson"))
        view: dict[str, Any] = {"seen": lesson_place.seen(), "present": present.presenting(), "show": present.allowed()}
        if found is None:
            return Opened(int(bool(params.get("lesson"))), _plain(view), [])
        place = lesson_place.place_of(found)
        answers = {i: place._replace(number=i).answer for i in range(1, len(found.scenes) + 1)}
    scene = place.scene
    view |= {"lesson": found.name, "scene": place.number, "step": scene.step}
    view["answers"] = {str(i): answer for i, answer in answers.items() if answer is not None}
    view["right"] = [i for i, answer in answers.items() if answer is not None and found.scenes[i - 1].is_right(answer)]
    told = {"": scene.base} | {name: scene.variant(name) for name in scene.runs}
    runs = [
        _run(f"{name} {spec.rule}".strip(), spec.changed(rule="adamax"), run_of(_nudged(spec, nudge)))
        for name, spec in told.items()
    ]
    return Opened(0, _plain(view), runs)


def models(query: str, nudge: Nudge = NONE, points: bytes | None = None) -> Opened:
    """A link of Models: the first steps of its training, and of the rival's; of the user's own points if there are."""
    with _page(query):
        page, refused = training_page(), []
        if points is None and page.awaited is not None:
            page.give_up()  # this browser has none of the user's own
        try:
            if points is not None:
                page.open_points(points)
        except TableError as error:
            refused = [str(error)]
        settings, own = page.spec, page.points
        complaints = [*page.complaints, *refused]
        locked = [knob.name for knob in knobs(settings) if page_state.locks().has(knob.name)]
    training = Training(settings.changed(steps=min(settings.steps, TRAINED)), own, patience=inf)  # nobody looks
    with _nudged_start(nudge.start):
        training.start()
        training.wait()
    runs = [_run(run.spec.rule, settings, run.trajectory) for run in training.runs]
    return Opened(len(complaints), {"locked": locked}, runs)


def own_points(path: Path, nudge: Nudge = NONE) -> Opened:
    """A user's own points, opened on the page Models."""
    return models("", nudge, path.read_bytes())


def file(path: Path, nudge: Nudge = NONE) -> Opened:
    """A file under Open a file; its own numbers need no nudge, settings alone are computed again."""
    try:
        opened = open_file(path.name, path.read_bytes())
    except TableError:
        return Opened(1, {"refused": True}, [])
    runs = [_run(str(i), one.settings, one.trajectory) for i, one in enumerate(opened)]
    return Opened(sum(len(one.complaints) for one in opened), {"known": [one.known for one in opened]}, runs)


OPENERS: dict[str, Callable[..., Opened]] = {
    "playground": playground,
    "effect": effect,
    "norms": norms,
    "lesson": lesson,
    "models": models,
    "file": file,
    "own_points": own_points,
}


# -- plain values ------------------------------------------------------------------------------------------------


class _Params(dict[str, str]):
    to_dict = dict.copy

    def from_dict(self, params: dict[str, str]) -> None:
        self.clear()
        self.update(params)


@contextmanager
def _page(query: str) -> Iterator[_Params]:
    """A page at this address in a new session."""
    params = _Params(parse_qsl(query, keep_blank_values=True))
    with ExitStack() as stack:
        shown = SimpleNamespace(query_params=params, session_state={})
        for module in _PAGES:
            stack.enter_context(patch.object(module, "st", shown))
        yield params


def _nudged(settings: Any, nudge: Nudge) -> Any:
    """The settings with a start and a rate that are a little different; what is zero is zero on every processor."""
    if nudge == NONE:
        return settings
    start = tuple(value * (1 + nudge.start) for value in settings.start_point())
    return settings.changed(start=start, learning_rate=settings.learning_rate * (1 + nudge.rate))


@contextmanager
def _nudged_start(part: float) -> Iterator[None]:
    """Trainings begin with weights that are a little different."""
    begun = ModelProblem.start
    with patch.object(ModelProblem, "start", lambda problem: begun(problem) * np.float32(1 + part)):
        yield


def _run(letter: str, settings: OptimizerSpec, run: Trajectory | None) -> Run:
    differences = _plain(settings.differences())
    if run is None:
        return Run(letter, differences, None, {})
    one = run.happened()
    arrays = {name: np.asarray(one[name][0], np.float64) for name in ARRAYS if name not in ("u", "u_branch")}
    norm = one.running_norm  # Adam's v was once recorded by its root, as u
    arrays |= {"u": norm[0], "u_branch": np.abs(one["grad_clipped"][0]) == norm[0]} if norm is not None else {}
    arrays = {name: array.astype(np.float64).reshape(len(array), -1) for name, array in arrays.items()}
    return Run(letter, differences, run.status[0].kind, {n: a for n, a in arrays.items() if not np.isnan(a).all()})


def _plain(value: Any) -> Any:
    """As JSON has it: lists for tuples, texts for keys."""
    return json.loads(json.dumps(value))
