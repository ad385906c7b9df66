"""What one page of a session shows, and the address that names it: study, target, charts, complaints, locks, step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from adamax_viz.study.link import read_study, to_params
from adamax_viz.study.locks import Locks, read_locks
from adamax_viz.study.named.effects import Effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, Study, apply, apply_to_base, apply_to_one
from adamax_viz.ui.parts import present
from adamax_viz.ui.state.address import PAGE_PARAMS, PANELS, shown_params, write_params
from adamax_viz.views.run.panels import KEYS, KEYS_ALONE

# More steps than a screen can show usefully; the command line runs more.
STEPS_ALONE, STEPS_OF_SEVERAL = 20_000, 5_000
# Pages that show the same study, and what their state is called.
SHARED = {"verify": "playground", "adam_to_adamax": "playground"}
_ARRIVED = "page"

Handler = Callable[[Any], None]


@dataclass
class PageState:
    """One page of one session; it lives as long as the session."""

    study: Study
    otherwise: Effect | None = None  # what a link shows that names nothing
    target: int | None = None  # the run that knobs and controls move; all if None
    charts: tuple[str, ...] | None = None  # that somebody chose
    complaints: list[str] = field(default_factory=list)
    address: tuple[dict[str, str], str | None] | None = None  # settings and charts, as last read or written
    final: bool = False  # whether link and sidebar have to follow it
    surface_step: int = 0  # where the player looks at a surface that moves
    sent_surface: str | None = None  # key of the surface that the player has
    player: str = ""  # key of the player's component
    handlers: Mapping[str, Handler] = field(default_factory=dict)  # what the page does with requests of its own

    # -- the address ---------------------------------------------------------------------------------------

    def read(self) -> None:
        """Take what the address says, if the user opened or went back to another link."""
        params, charts = shown_params(), st.query_params.get(PANELS)
        if self.address == (params, charts):
            return
        version = {"v": st.query_params["v"]} if "v" in st.query_params and self.otherwise is None else {}
        study, complaints = read_study(params | version, PAGE_PARAMS, self.otherwise)
        self.address, self.target = (params, charts), None
        self.take(study, complaints)
        self.charts = known_charts(charts, study)
        if study.effect is None:
            unknown = [key for key in (charts or "").split(",") if key and key not in KEYS]
            self.complaints += [f"“{key}” is no chart of this version; it was left out." for key in unknown]
            self.complaints += [f"“{part}” is no part of the player; it was left out." for part in present.unknown()]

    def write(self) -> None:
        """Say in the address what is shown."""
        params, charts = to_params(self.study), None if self.charts is None else ",".join(self.charts)
        if (params, charts) != self.address or not params.items() <= st.query_params.to_dict().items():
            write_params(params | ({} if charts is None else {PANELS: charts}))
            self.address = params, charts

    # -- the study -----------------------------------------------------------------------------------------

    @property
    def spec(self) -> RunSpec:
        """The run in hand, or the first."""
        return self.study.specs()[self.target or 0]

    @property
    def spec_in_hand(self) -> RunSpec:
        """What knobs and controls move: the run in hand, or the base of all."""
        return self.study.base if self.target is None else self.spec

    def take(self, study: Study, complaints: list[str]) -> None:
        """Another study, with no more steps than a screen shows, and what is to be said."""
        self.study, too_long = on_screen(study)
        self.complaints = complaints + too_long
        if self.target is not None and (self.study.is_one or self.target >= len(self.study.variants)):
            self.target = None
        if self.charts is not None:
            self.charts = tuple(key for key in self.charts if key in _keys(self.study))

    def begin(self, study: Study) -> None:
        """Something else altogether."""
        self.hear()
        self.target = self.charts = None
        self.take(study, [])

    def apply(self, fields: Mapping[str, Any]) -> None:
        """What the player asks for."""
        self.take(*apply(self.study, fields))

    def change(self, **fields: Any) -> None:
        """Other values for the run in hand, or for all. What can't be used is said and the old value kept."""
        self.hear()
        if self.target is None:
            self.take(*apply_to_base(self.study, fields))
        else:
            self.take(*apply_to_one(self.study, self.target, fields))

    def edit(self, change: Callable[..., Study], *arguments: Any) -> None:
        """Another number of runs; a new one is in hand, after a removal all are."""
        self.hear()
        old = len(self.study.variants)
        self.take(change(self.study, *arguments), [])
        more = len(self.study.variants) - old
        if more:
            new = arguments[0] + 1 if arguments else len(self.study.variants) - 1
            self.target = new if more > 0 else None

    # -- what else the player asks -------------------------------------------------------------------------

    @property
    def heard(self) -> Mapping[str, Any] | None:
        """The last request of the player that was taken; states that show the same player know the same."""
        return st.session_state.get(f"{self.player}_heard")

    @property
    def answered(self) -> int:
        """The number of that request."""
        return self.heard["sequence"] if self.heard else 0

    def hear(self) -> None:
        """Take what the player has asked, if anything: before another change, so that it goes to the run it was for."""
        asked = st.session_state.get(self.player) if self.player else None
        request = asked and asked.get("request")
        if request and request != self.heard:
            self.answer(request)

    def answer(self, request: Mapping[str, Any]) -> None:
        """Take a request: each field goes to its handler, those of the page first, the rest into the study."""
        st.session_state[f"{self.player}_heard"] = request
        handlers: dict[str, Handler] = {
            "need": self._forget_surface,
            "surface_step": self._look_at_surface,
            PANELS: self._choose_charts,
            **self.handlers,
        }
        fields = dict(request["fields"])
        for name in [name for name in fields if name in handlers]:
            handlers[name](fields.pop(name))
        if fields:
            self.apply(fields)
        self.final = bool(request["final"])

    def _forget_surface(self, _: Any) -> None:
        self.sent_surface = None

    def _look_at_surface(self, step: float) -> None:
        self.surface_step = max(0, int(step))

    def _choose_charts(self, keys: list[str]) -> None:
        self.charts = known_charts(",".join(keys), self.study)

    def take_complaints(self) -> list[str]:
        """What could not be used, one sentence each; said once."""
        complaints, self.complaints = self.complaints, []
        return complaints


def page_state(name: str, otherwise: Effect | None = None) -> PageState:
    """The state of a page whose address names what it shows, as the address says."""
    page = kept_state(name, Study(RunSpec()), otherwise)
    page.read()
    return page


def kept_state(name: str, study: Study, otherwise: Effect | None = None) -> PageState:
    """The state of this name, which begins with this study."""
    page: PageState = st.session_state.setdefault(_key(name), PageState(study, otherwise))
    return page


def visited(name: str) -> PageState | None:
    """The state of a page that somebody has been to."""
    return st.session_state.get(_key(name))


def forget(name: str) -> None:
    """Begin anew when the state of this name is asked for again."""
    st.session_state.pop(_key(name), None)


def _key(name: str) -> str:
    return f"page_{SHARED.get(name, name)}"


def arrive(name: str) -> None:
    """Note the page that is opened; a study goes along to a page whose address names none."""
    left = st.session_state.get(_ARRIVED, name) != name
    st.session_state[_ARRIVED] = name
    page = visited(name)
    if left and page is not None and not shown_params():
        page.address = {}, st.query_params.get(PANELS)


def locks() -> Locks:
    """What the link does not let its reader move."""
    return read_locks(st.query_params.get("locked"))


def known_charts(text: str | None, study: Study) -> tuple[str, ...] | None:
    """The keys of charts in a link's list; None if there is no list."""
    return None if text is None else tuple(key for key in text.split(",") if key in _keys(study))


def _keys(study: Study) -> tuple[str, ...]:
    return KEYS_ALONE if study.is_one else KEYS


def on_screen(study: Study) -> tuple[Study, list[str]]:
    """A study with no more steps than a screen shows, and a sentence where there were more."""
    most = STEPS_ALONE if study.is_one else STEPS_OF_SEVERAL
    complaints = []
    if study.base.steps > most:
        complaints = [_too_long("", study.base.steps, most)]
        study = study._replace(base=study.base.changed(steps=most))
    for i, changes in enumerate(study.variants):
        if changes.get("steps", 0) > most:
            complaints.append(_too_long(f"{LETTERS[i]}: ", changes["steps"], most))
            variants = list(study.variants)
            variants[i] = {**changes, "steps": most}
            study = study._replace(variants=tuple(variants))
    return study, complaints


def _too_long(where: str, steps: int, most: int) -> str:
    return f"{where}{steps} steps are more than the screen shows; {most} were kept. The command line runs them all."
