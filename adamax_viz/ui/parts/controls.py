"""The discrete choices, drawn from data: the value always comes from the settings, a change always goes into them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.study.fields import Group, Setting, groups_of, in_group, is_shown, settings_of
from adamax_viz.study.optimizer_spec import OptimizerSpec
from adamax_viz.study.sharing import START
from adamax_viz.study.spec import RunSpec
from adamax_viz.ui.parts.kept import kept, typed
from adamax_viz.ui.state.page_state import PageState, locks
from adamax_viz.ui.state.study_page import StudyPage

CHOICE_LABELS = {"heavy_tailed": "heavy-tailed", "one": "one variable", "two": "two variables"}
CUSTOM = "custom"
OFF = "none"

Take = Callable[[Any], Any]


class Target(NamedTuple):
    """Whose settings the controls change; `key` begins the keys of its widgets."""

    key: str
    page: PageState


def of_page(page: StudyPage) -> Target:
    """The run in hand, or all."""
    return Target("c" if page.target is None else f"c{page.target}", page)


def surface_controls(page: StudyPage) -> None:
    """Which surface, or which formula, and where the run starts."""
    target, settings = of_page(page), page.spec_in_hand
    titles = {name: surface.title for name, surface in CATALOGUE.items()} | {CUSTOM: "Your formula"}
    brought: dict[str, Any] = {"start": None, "parameters": {}}  # another surface brings its own
    table = settings_of(RunSpec)
    _select(target, table["surface"], titles, settings.surface, lambda name: page.change(surface=name, **brought))
    if settings.surface == CUSTOM:
        _text(target, table["formula"], settings.formula)
        _text(target, table["domain"], settings.domain)
    st.caption(settings.the_surface().teaches)
    for axis, column in enumerate(st.columns(2)):
        _start(column, page, axis)


def _start(place: DeltaGenerator, page: StudyPage, axis: int) -> None:
    def enter(text: str) -> list[str]:
        start: list[Any] = list(page.spec_in_hand.start_point())
        start[axis] = text.strip()
        return page.enter(start=tuple(start))

    help_line = "Where the run starts; or drag the ring on the landscape."
    entry = settings_of(RunSpec)[START]._replace(name=f"{START}.{axis}", label=f"Start {'xy'[axis]}", help=help_line)
    value = repr(float(page.spec_in_hand.start_point()[axis]))
    _field(place.text_input, of_page(page), entry, value, enter)


def all_groups(settings: OptimizerSpec, target: Target, changed: Collection[str]) -> None:
    """The discrete choices, group by group; numbers are knobs of the player. What is changed stands open."""
    values = settings.model_dump()
    for group in groups_of(type(settings)):
        entries = in_group(type(settings), group.name)
        among = [entry for entry in entries if group.exclusive and entry.optional is not None]
        touched = any(entry.name in changed for entry in entries)
        with st.expander(group.title + (" ●" if touched else ""), expanded=touched):
            st.caption(group.help)
            if among:
                _exclusive(target, group, among, values)
            for entry in entries:
                if entry not in among and is_shown(entry, values):
                    _control(target, entry, values[entry.name])


def _control(target: Target, entry: Setting, value: Any) -> None:
    control = entry.control
    if control is None:
        return
    if entry.optional is not None:

        def switch(on: bool) -> None:
            target.page.change(**{entry.name: entry.optional if on else None})

        _widget(st.toggle, target, entry, value is not None, switch)
    elif control.kind == "switch":
        _widget(st.toggle, target, entry, bool(value))
    elif control.kind == "choice":
        _select(target, entry, dict.fromkeys((*control.choices, value)), value)  # a link may carry one more
    elif control.kind in ("text", "numbers"):
        _text(target, entry, value)


def _exclusive(target: Target, group: Group, entries: list[Setting], values: dict[str, Any]) -> None:
    """A choice between optional numbers of which Keras takes at most one."""
    first = {entry.name: entry.optional for entry in entries}

    def change(chosen: str) -> None:
        target.page.change(**{name: value if name == chosen else None for name, value in first.items()})

    chosen = next((name for name in first if values[name] is not None), OFF)
    help_line = " ".join(f"{entry.name}: {entry.help}" for entry in entries)
    shown_as = Setting(group.name, OFF, help_line, label=group.exclusive)
    titles = dict.fromkeys([OFF, *first])
    _select(target, shown_as, titles, chosen, change, disabled=any(map(locks().has, first)))


def _text(target: Target, entry: Setting, value: str | Iterable[float]) -> None:
    """A text, or numbers with commas between."""

    def enter(text: str) -> list[str]:
        parts = tuple(part.strip() for part in text.split(",") if part.strip())
        return target.page.enter(**{entry.name: text.strip() if isinstance(value, str) else parts})

    _field(st.text_input, target, entry, value if isinstance(value, str) else ", ".join(map(repr, value)), enter)


def _field(
    draw: Callable[..., Any], target: Target, entry: Setting, value: str, enter: Callable[[str], Sequence[str]]
) -> None:
    """A field that shows a setting's value as text and rests where a link locks it."""
    typed(draw, entry.label, value, enter, **_of_setting(target, entry))


def _select(
    target: Target,
    entry: Setting,
    titles: Mapping[str, str | None],
    value: str,
    take: Take | None = None,
    **options: Any,
) -> None:
    """A choice among names, by their titles; those without one have a usual label, or their own."""

    def title(name: str) -> str:
        return titles[name] or CHOICE_LABELS.get(name, name)

    _widget(st.selectbox, target, entry, value, take, options=list(titles), format_func=title, **options)


def _widget(
    draw: Callable[..., Any], target: Target, entry: Setting, value: Any, take: Take | None = None, **options: Any
) -> None:
    """A widget that shows a setting's value and rests where a link locks it; what is chosen is the new value."""

    def change(chosen: Any) -> None:
        target.page.change(**{entry.name: chosen})

    kept(draw, entry.label, value, take or change, **(_of_setting(target, entry) | options))


def _of_setting(target: Target, entry: Setting) -> dict[str, Any]:
    """What every widget of a setting has."""
    locked = locks().has(entry.name.partition(".")[0])
    return {"key": f"{target.key}_{entry.name}", "help": entry.help, "disabled": locked}
