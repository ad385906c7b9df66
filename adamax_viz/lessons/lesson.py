"""What a lesson is: scenes with their runs, a question each may ask, and what is right and how nearly."""

import math
from functools import cached_property
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adamax_viz.lessons.claims import Check, Scope, compute, filled
from adamax_viz.runs.run import run_of
from adamax_viz.study.fields import settings_of
from adamax_viz.study.link import from_query, to_query
from adamax_viz.study.optimizer_spec import Rule
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.run.panels import KEYS_ALONE

KNOBS = {name for name, entry in settings_of(RunSpec).items() if entry.control}
Arrow = Literal["grad", "grad_clipped", "m", "step", "ema"]
Part = Literal["knobs", "tabs", "chooser", "landscape", "panels", "transport", "words", "ledger"]
PARTS: tuple[Part, ...] = get_args(Part)
Words = Annotated[str, Field(min_length=1)]


class Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(Data):
    """A prediction with answers to choose from; `answer` is the 0-based place of the right one."""

    kind: Literal["choice"]
    question: Words
    options: tuple[Words, ...] = Field(min_length=2, max_length=6)
    answer: int = Field(ge=0)

    @model_validator(mode="after")
    def _answer_exists(self) -> Self:
        if self.answer >= len(self.options):
            raise ValueError(f"answer = {self.answer} names none of the {len(self.options)} options")
        return self


class Point(Data):
    """A prediction by a click: where the run is at step `at`; right within `near`, an expression."""

    kind: Literal["point"]
    question: Words
    at: int = Field(ge=1)
    near: Words


class Value(Data):
    """A prediction by a slider; `truth` and `near` are expressions."""

    kind: Literal["value"]
    question: Words
    low: float
    high: float
    step: float = Field(gt=0)
    truth: Words
    near: Words


class Door(Data):
    """A link into another page, with parameters."""

    page: Words
    label: Words
    query: str = ""


class Scene(Data):
    """One scene. Its texts still have their holes; `filled` fills them."""

    title: Words
    settings: Words
    rules: tuple[Rule, ...] = ()  # update rules to slide through, from one end to the other
    runs: dict[str, str] = Field(default_factory=dict)  # name -> what differs, as a query
    beside: dict[str, Words] = Field(default_factory=dict, max_length=3)  # of those, drawn too: name -> what to call it
    show: tuple[Part, ...] = ("landscape", "panels", "transport")
    panels: tuple[str, ...] = ()
    knobs: tuple[str, ...] = ()
    highlight: str | None = None
    arrows: tuple[Arrow, ...] | None = None  # what is drawn at the head; all if None
    future: bool = True  # whether the path still to come shows faintly
    step: int = Field(0, ge=0)
    until: int | None = Field(None, ge=1)  # where playing stops after the answer; the end if None
    ask: Choice | Point | Value | None = Field(None, discriminator="kind")
    door: Door | None = None
    before: str = ""
    after: str = ""
    checks: tuple[Check, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        steps = self.base.steps
        for name in self.panels:
            if name not in KEYS_ALONE:
                raise ValueError(f"panels: there is no chart {name!r}; there are {', '.join(KEYS_ALONE)}")
        for name in self.knobs:
            if name not in KNOBS and not name.startswith("parameters."):
                raise ValueError(f"knobs: there is no control {name!r}")
        if self.highlight is not None and self.highlight not in (*PARTS, *self.knobs, "start"):
            raise ValueError(f"highlight: {self.highlight!r} is no part, none of the scene's knobs and not start")
        if max(self.step, self.until or 0, getattr(self.ask, "at", 0)) > steps:
            raise ValueError(f"step: the run has {steps} steps only")
        rule = self.base.rule
        if self.rules and rule not in self.rules:
            raise ValueError(f"rules: the scene's own rule {rule!r} is not among them")
        if (self.rules or rule != "adamax") and {"ledger", "words"} & set(self.show):
            raise ValueError("show: ledger and words speak of Adamax alone")
        if "knobs" in self.show and not self.knobs:
            raise ValueError("knobs: name the knobs to show")
        if "panels" in self.show and not self.panels:
            raise ValueError("panels: name the charts to show")
        for name in self.runs:
            self.variant(name)
        for name in self.beside:
            if name not in self.runs:
                raise ValueError(f"beside: there is no run {name!r} in runs")
        return self

    @cached_property
    def base(self) -> RunSpec:
        """The scene's settings."""
        return _exact(self.settings)

    @cached_property
    def scope(self) -> Scope:
        """The scene's run and those beside it."""
        variants = {name: self.variant(name) for name in self.runs}
        others = {name: Scope(spec, run_of(spec)) for name, spec in variants.items()}
        return Scope(self.base, run_of(self.base), others)

    def variant(self, name: str, spec: RunSpec | None = None) -> RunSpec:
        """The spec of another run of the scene, or the same beside another spec than the scene's."""
        base = self.settings if spec is None else to_query(spec)
        return _exact("&".join(part for part in (base, self.runs[name]) if part))

    @property
    def truth(self) -> Any:
        """The right answer: a place among the options, a point, or a number."""
        match self.ask:
            case Choice(answer=place):
                return place
            case Point(at=step):
                return tuple(self.scope.run["theta"][0, step].tolist())
            case Value(truth=expression):
                return float(compute(expression, self.scope))
        return None

    def is_right(self, answer: Any) -> bool:
        """Whether an answer is the right one, or near enough."""
        if isinstance(self.ask, Point | Value):
            return self.miss(answer) <= float(compute(self.ask.near, self.scope))
        return bool(answer == self.truth)

    def miss(self, answer: Any) -> float:
        """How far an answer, a point or a number, is from the truth."""
        if isinstance(self.ask, Point):
            return math.dist(answer, self.truth)
        return abs(float(answer) - float(self.truth))

    def filled(self, text: str) -> str:
        """A text of the scene with its run's numbers."""
        return filled(text, self.scope)


class Lesson(Data):
    """A lesson: what its card says, and its scenes."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Words
    line: Words
    minutes: int = Field(ge=1, le=30)
    scenes: tuple[Scene, ...] = Field(min_length=3, max_length=7)


def _exact(query: str) -> RunSpec:
    decoded = from_query(query)
    if decoded.complaints:
        raise ValueError(f"settings: {' '.join(decoded.complaints)}")
    return decoded.settings
