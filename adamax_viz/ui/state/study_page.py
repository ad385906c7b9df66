"""A page that shows a study: which run is in hand, its charts and locks, and what changes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from adamax_viz.limits import LIMITS
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.problems.surfaces.formula_text import FormulaBusy
from adamax_viz.study.knobs import bare_name, study_knobs
from adamax_viz.study.link import params_of, read_study, to_params
from adamax_viz.study.named.effects import Effect
from adamax_viz.study.sharing import START
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, Study, apply, apply_to_base, apply_to_one
from adamax_viz.study.wrong_values import counted, shortened
from adamax_viz.ui.parts import present
from adamax_viz.ui.state.address import NO_SETTINGS
from adamax_viz.ui.state.asked import texts_of, whole_of
from adamax_viz.ui.state.page_state import SHARED, PageState, kept_state, locks
from adamax_viz.ui.state.shown import PANELS, TARGET, chart_keys, known_charts, on_screen, run_of_letter
from adamax_viz.views.run.panels import KEYS


@dataclass
class StudyPage(PageState):
    """The state of such a page. Some show a single run of the study: what is moved there moves that one."""

    study: Study = field(default_factory=lambda: Study(RunSpec()))
    otherwise: Effect | None = None  # what a link shows that names nothing
    target: int | None = None  # the run that knobs and controls move; all if None
    charts: tuple[str, ...] | None = None  # that somebody chose
    shows_one: bool = False  # whether a single run is on the screen
    surface_step: int = 0  # where the player looks at a surface that moves
    sent_surface: str | None = None  # key of the surface that the player has
    handlers: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)  # of requests that only one page knows

    # -- the address -------------------------------------------------------------------------------------------

    def params(self) -> dict[str, str]:
        """The study, the charts that somebody chose, and the run in hand."""
        charts = {} if self.charts is None else {PANELS: ",".join(self.charts)}
        return to_params(self.study) | charts | ({} if self.target is None else {TARGET: LETTERS[self.target]})

    def link(self, target: int | None = None) -> dict[str, str]:
        """The same for another page, with a run in hand: the one given, or the page's own."""
        target = self.target if target is None or self.study.is_one else target
        return params_of(self.study) | self.params() | ({} if target is None else {TARGET: LETTERS[target]})

    def open(self, params: dict[str, str]) -> None:
        """Show the study of an address."""
        version = {"v": st.query_params["v"]} if "v" in st.query_params else {}
        study, complaints = read_study(params | version, NO_SETTINGS, self.otherwise)
        charts = params.get(PANELS)
        self.target, self.charts = run_of_letter(params.get(TARGET), study), known_charts(charts, study)
        self.take(study, complaints)
        unknown = [key for key in (charts or "").split(",") if key and key not in KEYS]
        odd = [f"“{shortened(key)}” is no chart of this version; it was left out." for key in unknown]
        odd += [f"“{shortened(part)}” is no part of the player; it was left out." for part in present.unknown()]
        self.complaints = counted(self.complaints + odd)

    # -- the study ---------------------------------------------------------------------------------------------

    @property
    def in_hand(self) -> int | None:
        """The run that is moved; all if None."""
        return 0 if self.target is None and self.shows_one else self.target

    @property
    def spec(self) -> RunSpec:
        """The run in hand, or the first."""
        return self.study.specs()[self.target or 0]

    @property
    def spec_in_hand(self) -> RunSpec:
        """What knobs and controls move: the run in hand, or the base of all."""
        return self.study.base if self.in_hand is None else self.spec

    def take(self, study: Study, complaints: list[str]) -> None:
        """Another study, with no more steps than a screen shows, and what is to be said."""
        self.study, too_long = on_screen(study)
        self.complaints = complaints + too_long
        if self.target is not None and (self.study.is_one or self.target >= len(self.study.variants)):
            self.target = None
        if self.charts is not None:
            self.charts = tuple(key for key in self.charts if key in chart_keys(self.study))

    def begin(self, study: Study) -> None:
        """Something else altogether."""
        self.hear()
        self.target = self.charts = None
        self.take(study, [])

    def change(self, /, **fields: Any) -> None:
        """Other values for the run in hand, or for all. What can't be used is said and the old value kept."""
        self.hear()
        try:
            self._move(fields)
        except FormulaBusy as error:
            self.complaints.append(str(error))

    def _move(self, fields: Mapping[str, Any]) -> None:
        if self.in_hand is None:
            self.take(*apply_to_base(self.study, fields))
        else:
            self.take(*apply_to_one(self.study, self.in_hand, fields))

    def edit(self, change: Callable[..., Study], *arguments: Any) -> None:
        """Another number of runs; a new one is in hand, after a removal all are."""
        self.hear()
        old = len(self.study.variants)
        self.take(change(self.study, *arguments), [])
        more = len(self.study.variants) - old
        if more:
            new = arguments[0] + 1 if arguments else len(self.study.variants) - 1
            self.target = new if more > 0 else None

    # -- the player --------------------------------------------------------------------------------------------

    def apply(self, fields: Mapping[str, Any]) -> None:
        """What a player of runs may ask, what the page itself knows, and other values.

        These go by the names of the player's knobs, which say whose they are where several runs are shown.
        """
        values = {}
        for name, value in fields.items():
            match name:
                case "need":
                    self.sent_surface = None
                case "surface_step":
                    self.surface_step = whole_of(value, LIMITS.run_steps) or 0
                case "panels":
                    self.charts = known_charts(",".join(texts_of(value)), self.study)
                case "present":
                    present.switch(value)
                case _ if name in self.handlers:
                    self.handlers[name](value)
                case _:
                    values[name] = value
        if values and self.shows_one:
            self._move(values)
        elif values:
            self.take(*apply(self.study, values))

    def show(self, key: str, header: Header, arrays: Arrays) -> None:
        """Mount a scene; the heights of a surface travel once."""
        surface = header["surface"]["key"]
        rest = {name: values for name, values in arrays.items() if name != "shade"}
        super().show(key, header, rest if surface == self.sent_surface else arrays)
        self.sent_surface = surface

    def locked_names(self) -> list[str]:
        """What the link locks of the knobs and the start."""
        locked = locks()
        names = [START, *(knob.name for knob in study_knobs(self.study, self.target))]
        return [name for name in names if locked.has(bare_name(name))]


def study_page(name: str, otherwise: Effect | None = None) -> StudyPage:
    """The state of a page whose address names what it shows, as the address says."""
    page = kept_state(name, lambda: StudyPage(otherwise=otherwise))
    page.shows_one = name in SHARED
    page.read()
    return page
