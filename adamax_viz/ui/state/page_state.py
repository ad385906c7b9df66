"""One page of a session: it reads and writes its address, and takes what its player asks. Each kind says what it shows.

`adamax_viz.ui.state.study_page` shows a study, `adamax_viz.ui.training.training_page` a training.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

import streamlit as st

from adamax_viz.player.mount import mount
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.problems.surfaces.formula_text import FormulaBusy
from adamax_viz.study.sharing import Locks, read_locks
from adamax_viz.ui.server.assets import digest
from adamax_viz.ui.state.address import shown_params, write_params
from adamax_viz.ui.state.asked import request_of
from adamax_viz.ui.state.session import session_name

# Pages that show one run of the Playground's study.
SHARED = {"verify": "playground", "adam_to_adamax": "playground"}
_ARRIVED = "page"

State = TypeVar("State", bound="PageState")


@dataclass(kw_only=True)
class PageState(ABC):
    """One page of one session; it lives as long as the session."""

    complaints: list[str] = field(default_factory=list)  # what could not be used, one sentence each
    address: dict[str, str] | None = None  # of what is shown, as last read or written
    final: bool = False  # whether what stands around the player has to follow it
    player: str = ""  # key of the player's component

    # -- what each kind of page says of itself -----------------------------------------------------------------

    @abstractmethod
    def params(self) -> dict[str, str]:
        """What is shown, as its address says it."""

    @abstractmethod
    def open(self, params: dict[str, str]) -> None:
        """Show what an address says."""

    @abstractmethod
    def apply(self, fields: Mapping[str, Any]) -> None:
        """Take what the player asks for: what the page knows by its name, and other values."""

    @abstractmethod
    def change(self, /, **fields: Any) -> None:
        """Other values for some settings. What can't be used is said and the old value kept."""

    def leave(self) -> None:
        """Another page is opened."""
        self.complaints = []

    def enter(self, /, **fields: Any) -> list[str]:
        """As `change`; if nothing of it can be used, the field where it was typed says why, and nobody else."""
        self.hear()
        before = self.params()
        self.change(**fields)
        if self.params() != before:
            return []
        refused, self.complaints = self.complaints, []
        return refused

    # -- the address -------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Take what the address says, if the user opened or went back to another link."""
        params = shown_params()
        if self.address != params:
            self.open(params)
            self.address = params  # only now: what could not be opened just now is tried again

    def write(self) -> None:
        """Say in the address what is shown."""
        params = self.params()
        if params != self.address or not params.items() <= st.query_params.to_dict().items():
            write_params(params)
            self.address = params

    # -- the player --------------------------------------------------------------------------------------------

    def show(self, key: str, header: Header, arrays: Arrays) -> None:
        """Mount a scene, with the last request that is in it and what could not be used."""
        self.player = key
        news: Header = {"session": session_name(), "version": _files(), "answered": self.answered}
        news["complaints"] = self.take_complaints()
        mount(key, header | news, arrays, self.hear)

    def follow(self) -> None:
        """Draw the whole page once a value is final; sidebar and link then follow it."""
        if self.final:
            self.final = False
            st.rerun()

    def take_complaints(self) -> list[str]:
        """What could not be used; said once."""
        complaints, self.complaints = self.complaints, []
        return complaints

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
        request = request_of(st.session_state.get(self.player)) if self.player else None
        if request is None or request == self.heard:
            return
        st.session_state[f"{self.player}_heard"] = request
        self.final = request["final"]
        try:
            self.apply(request["fields"])
        except FormulaBusy as error:
            self.complaints.append(str(error))


@lru_cache(maxsize=1)
def _files() -> str:
    """Which files of the player this server has: a page that knows others loads itself anew."""
    return digest()


def kept_state(name: str, make: Callable[[], State]) -> State:
    """The state of this name, made when it is first asked for."""
    state: State | None = visited(name)
    if state is None:
        state = st.session_state[_key(name)] = make()
    return state


def visited(name: str) -> Any:
    """The state of a page, None if nobody has been to it."""
    return st.session_state.get(_key(name))


def _key(name: str) -> str:
    return f"page_{SHARED.get(name, name)}"


def arrive(name: str) -> None:
    """Leave the page before this one; what is shown goes along to a page whose address names nothing."""
    before = st.session_state.get(_ARRIVED, name)
    st.session_state[_ARRIVED] = name
    if before == name:
        return
    if left := visited(before):
        left.leave()
    if (page := visited(name)) and not shown_params():
        page.address = {}


def locks() -> Locks:
    """What the link does not let its reader move."""
    return read_locks(st.query_params.get("locked"))
