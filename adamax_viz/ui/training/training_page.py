"""The state of the page Models: what is trained, the trainings that were begun, and what a change does to them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, get_args

from adamax_viz.files.point_table import read_points
from adamax_viz.limits import LIMITS
from adamax_viz.parity.keras_training import Proof
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.problems.models.points import Points
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.growing_run import Segment
from adamax_viz.runs.trained import Trained, read_trained, trained
from adamax_viz.runs.training import CHANGEABLE, Training
from adamax_viz.study.link import read_params, to_params, with_fields
from adamax_viz.study.training_spec import OWN, TrainingSpec
from adamax_viz.ui.server.sessions import is_open, session
from adamax_viz.ui.state.address import NO_SETTINGS
from adamax_viz.ui.state.asked import whole_of
from adamax_viz.ui.state.page_state import PageState, kept_state
from adamax_viz.ui.training.plane_job import PlaneJob
from adamax_viz.views.training.plane import Basis

_PICKED, _PLANE, _TRAINED = "picked", "plane", "trained"  # parameters of the page that are no settings
_NO_SETTINGS = NO_SETTINGS | {_PICKED, _PLANE, _TRAINED}
_COLUMN = re.compile(r"\d{1,6}", re.ASCII)
ONWARD, ANEW = "from here on", "start again"
BASES: tuple[Basis, ...] = get_args(Basis)


@dataclass
class TrainingPage(PageState):
    """One session's page."""

    spec: TrainingSpec = field(default_factory=TrainingSpec)
    points: Points | None = None  # the user's own
    file: tuple[str, int] | None = None  # that they come from, and its size
    awaited: dict[str, str] | None = None  # a link for points of one's own, while the browser is asked for them
    asked: bool = False  # whether it was
    trainings: dict[Any, Training] = field(default_factory=dict)  # by what is trained
    on_change: str = ONWARD  # what a moved slider does to a training that is there
    more: int = 500  # steps that "more" adds
    columns: tuple[int, ...] = ()  # of theta, that are looked at
    rest: int | None = None  # the step at which the playhead rests
    drawing: float = 0.0  # seconds that the last picture took
    basis: Basis = "pca"
    plane_job: PlaneJob | None = None
    lost: Trained | None = None  # a training that the link tells of and this session does not have
    proof: tuple[tuple[str, int], Proof | None] | None = None  # by training and length; None is to be made

    # -- address and requests ----------------------------------------------------------------------------------

    def params(self) -> dict[str, str]:
        """The spec, what is looked at, and the training; no link carries points of one's own."""
        told = {
            _PICKED: ",".join(map(str, self.columns)),
            _PLANE: "" if self.basis == BASES[0] else self.basis,
            _TRAINED: "" if (known := self.trained) is None else known.text(self.spec),
        }
        return to_params(self.spec) | {name: text for name, text in told.items() if text}

    def open(self, params: dict[str, str]) -> None:
        """Show the spec of an address."""
        self.awaited = None
        self.spec, self.complaints = read_params(TrainingSpec, params, _NO_SETTINGS)
        if self.spec.data_name() == OWN and self.points is None:
            self.spec = self.spec.changed(dataset=None)
            if not self.asked:
                self.awaited = params
                return
            self.complaints.append(
                "The link is for points of one's own, which no link carries; "
                f"“{self.spec.data_name()}” is shown. Open the file again."
            )
        self._open_looks(params)

    def write(self) -> None:
        """Say in the address what is shown; not while something else is still to come."""
        if self.awaited is None:
            super().write()

    def give_up(self) -> None:
        """The browser has no points of one's own."""
        self.asked, awaited, self.awaited = True, self.awaited, None
        if awaited is not None:
            self.open(awaited)

    def _open_looks(self, params: Mapping[str, str]) -> None:
        """What is looked at, and the training that was there."""
        picked, plane = params.get(_PICKED, ""), params.get(_PLANE, BASES[0])
        columns = picked.split(",") if picked else []
        if len(columns) > 2 or not all(map(_COLUMN.fullmatch, columns)):
            self.complaints.append("The link names no parameters that can be picked; the first is shown.")
            columns = []
        if plane not in BASES:
            self.complaints.append("The link names no plane of this version; the usual one is shown.")
            plane = BASES[0]
        self.columns, self.basis = tuple(map(int, columns)), plane
        self.lost, wrong = read_trained(params[_TRAINED], self.spec) if _TRAINED in params else (None, [])
        self.complaints += wrong

    def apply(self, fields: Mapping[str, Any]) -> None:
        """Which parameters are looked at, where the playhead rests, which plane, and moved knobs."""
        values = {}
        for name, value in fields.items():
            match name:
                case "picked":
                    asked = value[:2] if isinstance(value, list | tuple) else ()
                    columns = [whole_of(column, LIMITS.whole_number) for column in asked]
                    self.columns = tuple(column for column in columns if column is not None)
                case "at":
                    self.rest = whole_of(value, LIMITS.training_steps) or 0
                case "plane":
                    self.basis = value if value in BASES else self.basis
                case _:
                    values[name] = value
        if values:
            self.change(**values)

    def take_complaints(self) -> list[str]:
        """What could not be used stays until the next thing is done, however often a training is drawn."""
        return self.complaints

    def leave(self) -> None:
        """Stop what is under way; what it has done so far stays."""
        super().leave()
        for training in self.trainings.values():
            training.stop()
            training.look_away()

    # -- trainings ---------------------------------------------------------------------------------------------

    @property
    def training(self) -> Training | None:
        """The training of what the spec describes, however its optimizer is set now."""
        return self.trainings.get(subject_key(self.spec, self.points))

    @property
    def trained(self) -> Trained | None:
        """What the link tells of the training: of the one that is here, or of the one that was lost."""
        if self.training is not None:
            return trained(self.training)
        lost = self.lost
        key = None if lost is None else subject_key(lost.segments[0].spec, self.points)
        return lost if key == subject_key(self.spec, self.points) else None

    def picked(self, problem: ModelProblem) -> tuple[int, ...]:
        """The columns of the parameters that are looked at, those that the model has."""
        return tuple(column for column in self.columns if column < len(problem.coordinates)) or (0,)

    def run_again(self) -> None:
        """Train what was lost: the same settings to the same step, so the same numbers."""
        if lost := self.trained:
            self.start(lost.segments[0].spec.changed(steps=lost.steps), lost.segments[1:])

    def start(self, spec: TrainingSpec | None = None, changes: Sequence[Segment] = ()) -> None:
        """Begin a new training; one of the same model on the same data makes room for it.

        Args:
            spec: how it begins; as the page says if None.
            changes: of settings on the way.

        Raises:
            ValueError: nothing can be trained.
        """
        key = subject_key(self.spec, self.points)
        if key in self.trainings:
            self.trainings.pop(key).end()
        whose = session()
        begun = Training(spec or self.spec, self.points, person=whose, on_screen=partial(is_open, whose))
        begun.follow(changes)
        self.trainings[key] = begun
        self.lost = None
        self._make_room()
        for other in self.trainings.values():
            if other is not begun:
                other.pause()
                other.look_away()
        begun.start()

    def _make_room(self) -> None:
        """Let the oldest trainings go; the newest stays whatever it takes."""
        sizes = {key: training.progress().recorded_bytes for key, training in self.trainings.items()}
        for key in list(self.trainings)[:-1]:
            if len(self.trainings) <= LIMITS.kept_trainings and sum(sizes.values()) <= LIMITS.kept_training_bytes:
                return
            self.trainings.pop(key).end()
            del sizes[key]

    def guarded(self, action: Callable[..., None], *arguments: Any) -> None:
        """Do what a button says; what can't be done is said."""
        self.complaints = []
        try:
            action(*arguments)
        except ValueError as error:
            self.complaints = [str(error)]

    # -- changes -----------------------------------------------------------------------------------------------

    def change(self, /, **fields: Any) -> None:
        """Other values for some settings. What can't be used is said and the old value kept."""
        new, self.complaints = with_fields(self.spec, fields)
        if self.complaints or new == self.spec:
            return
        trained, self.spec = self.training, new
        if trained is None:
            return
        if self.training is not trained:
            trained.pause()  # something else is to be trained; coming back to this it goes on
            trained.look_away()
        elif self.on_change == ANEW:
            self.guarded(self.start)
        else:
            self.guarded(trained.change, new)

    def choose_model(self, name: str) -> None:
        """Another model, with its own data and size; a user's own points stay where they fit."""
        own = OWN if self.spec.data_name() == OWN and self.fits_points(name) else None
        fresh = dict.fromkeys(("points", "data_noise", "widths", "activation", "batch_size"))
        self.change(model=name, dataset=own, beside="auto", **fresh)

    def fits_points(self, model: str) -> bool:
        """Whether there are points of the user's own that this model can learn."""
        return self.points is not None and self.points.kind in MODELS[model].kinds

    def open_points(self, source: bytes) -> None:
        """Take the points of a file, and a model that fits them.

        Raises:
            TableError: they can't be used; then nothing changes.
        """
        self.points = points = read_points(source)
        if self.awaited is not None:
            self.give_up()  # there they are
            return
        fields: dict[str, Any] = {"model": self.spec.model}
        if not self.fits_points(self.spec.model):
            fields = {"model": next(filter(self.fits_points, ("mlp", "mlp_curve"))), "widths": None}
        self.change(dataset=OWN, points=None, data_noise=None, **fields)
        self.complaints = [*self.complaints, *points.notes]


def training_page() -> TrainingPage:
    """That of this session, as the address says."""
    page = kept_state("models", TrainingPage)
    page.read()
    return page


def subject_key(of: TrainingSpec, points: Points | None) -> tuple[Any, ...]:
    """What is trained, and by which rule: everything that can't change on the way."""
    fixed = tuple((n, v) for n, v in of.model_dump().items() if n not in CHANGEABLE)
    return fixed, points.digest() if of.data_name() == OWN and points is not None else None
