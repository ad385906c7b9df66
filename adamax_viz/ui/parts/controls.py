"""The discrete choices, drawn from data: the value always comes from the settings, a change always goes into them."""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.study.fields import Group, Setting, groups_of, in_group, is_shown
from adamax_viz.study.optimizer_spec import OptimizerSpec
from adamax_viz.study.sharing import START
from adamax_viz.study.spec import RunSpec
from adamax_viz.ui.state.page_state import locks
from adamax_viz.ui.state.study_page import StudyPage

CHOICE_LABELS = {"heavy_tailed": "heavy-tailed", "one": "one variable", "two": "two variables"}
CUSTOM = "custom"
OFF = "none"


class Target(NamedTuple):
    """Whose settings the controls show and change; `key` begins the keys of its widgets."""

    key: str
    settings: Callable[[], Any]
    change: Callable[..., None]


def of_page(page: StudyPage) -> Target:
    """The controls of the run in hand, or of all."""
    return Target("c" if page.target is None else f"c{page.target}", lambda: page.spec_in_hand, page.change)


def surface_controls(settings: RunSpec, target: Target) -> None:
    """Which surface, or which formula, and where the run starts."""
    titles = {name: surface.title for name, surface in CATALOGUE.items()} | {CUSTOM: "Your formula"}
    _select(target, "surface", "Surface", titles, settings.surface, "What is minimised.", _change_surface)
    if settings.surface == CUSTOM:
        example = "For example (1-x)**2 + 100*(y-x**2)**2; t is the step."
        _text(target, "formula", "f(x, y, t) =", settings.formula, example)
        _text(target, "domain", "x from, x to, y from, y to", _comma(settings.domain), "The window that is drawn.")
    st.caption(settings.the_surface().teaches)
    for axis, column in enumerate(st.columns(2)):
        label, value = f"Start {'xy'[axis]}", repr(float(settings.start_point()[axis]))
        help_line = "Where the run starts; or drag the ring on the landscape."
        with column:
            _widget(st.text_input, target, f"{START}.{axis}", label, value, help_line, _change_start, axis)


def all_groups(
    settings: OptimizerSpec,
    target: Target,
    changed: Container[str] | None = None,
) -> None:
    """The discrete choices, group by group; numbers are knobs of the player. What is changed stands open."""
    changed = settings.differences() if changed is None else changed
    for group in groups_of(type(settings)):
        touched = any(entry.name in changed for entry in in_group(type(settings), group.name))
        with st.expander(group.title + (" ●" if touched else ""), expanded=touched):
            _group(target, group, settings)


def _group(target: Target, group: Group, settings: OptimizerSpec) -> None:
    values = settings.model_dump()
    entries = in_group(type(settings), group.name)
    st.caption(group.help)
    if group.exclusive:
        _exclusive(target, group, [entry for entry in entries if entry.optional is not None], values)
    for entry in entries:
        if is_shown(entry, values) and not (group.exclusive and entry.optional is not None):
            _control(target, entry, values[entry.name])


def _control(target: Target, entry: Setting, value: Any) -> None:
    name, control = entry.name, entry.control
    if control is None:
        return
    if control.kind == "switch" or entry.optional is not None:
        on = bool(value) if control.kind == "switch" else value is not None
        _widget(st.toggle, target, name, entry.label, on, entry.help, _change_switch, entry)
    elif control.kind == "choice":
        choices = dict.fromkeys((*control.choices, value))  # a link may carry one more
        _select(target, name, entry.label, choices, value, entry.help, _change)
    elif control.kind in ("text", "numbers"):
        _text(target, name, entry.label, value if isinstance(value, str) else _comma(value), entry.help)


def _exclusive(target: Target, group: Group, entries: list[Setting], values: dict[str, Any]) -> None:
    """A choice between optional numbers of which Keras takes at most one."""
    first = {entry.name: entry.optional for entry in entries}
    chosen = next((name for name in first if values[name] is not None), OFF)
    help_line = " ".join(f"{entry.name}: {entry.help}" for entry in entries)
    titles, locked = dict.fromkeys([OFF, *first]), any(map(locks().has, first))
    _select(target, group.name, group.exclusive, titles, chosen, help_line, _change_exclusive, first, locked=locked)


def _text(target: Target, name: str, label: str, value: str, help_line: str) -> None:
    _widget(st.text_input, target, name, label, value, help_line, _change_text)


def _select(
    target: Target,
    name: str,
    label: str,
    titles: Mapping[str, str | None],
    value: str,
    help_line: str,
    change: Callable[..., None],
    *given: Any,
    locked: bool | None = None,
) -> None:
    """A choice among names, by their titles; those without one have a usual label, or their own."""

    def title(name: str) -> str:
        return titles[name] or CHOICE_LABELS.get(name, name)

    options: dict[str, Any] = {"options": list(titles), "format_func": title}
    _widget(st.selectbox, target, name, label, value, help_line, change, *given, locked=locked, **options)


def _widget(
    draw: Callable[..., Any],
    target: Target,
    name: str,
    label: str,
    value: Any,
    help_line: str,
    change: Callable[..., None],
    *given: Any,
    locked: bool | None = None,
    **options: Any,
) -> None:
    """A widget that shows a setting's value, calls `change(target, name, *given)`, and rests where a link locks it."""
    key = f"{target.key}_{name}"
    st.session_state[key] = value
    locked = locks().has(name.partition(".")[0]) if locked is None else locked
    draw(label, key=key, help=help_line, on_change=change, args=(target, name, *given), disabled=locked, **options)


def _comma(values: Iterable[float]) -> str:
    return ", ".join(repr(value) for value in values)


def _typed(target: Target, name: str) -> Any:
    value = st.session_state[f"{target.key}_{name}"]
    return value.strip() if isinstance(value, str) else value


def _change(target: Target, name: str) -> None:
    target.change(**{name: _typed(target, name)})


def _change_switch(target: Target, name: str, entry: Setting) -> None:
    """A switch, or an optional number that begins with its own first value."""
    on = _typed(target, name)
    target.change(**{name: on if entry.optional is None else entry.optional if on else None})


def _change_exclusive(target: Target, name: str, first: dict[str, Any]) -> None:
    chosen = _typed(target, name)
    target.change(**{n: value if n == chosen else None for n, value in first.items()})


def _change_text(target: Target, name: str) -> None:
    text = _typed(target, name)
    listed = name in ("domain", "boundaries", "values")
    target.change(**{name: tuple(part.strip() for part in text.split(",") if part.strip()) if listed else text})


def _change_surface(target: Target, name: str) -> None:
    """Another surface brings its own start and parameters."""
    target.change(surface=_typed(target, name), start=None, parameters={})


def _change_start(target: Target, name: str, axis: int) -> None:
    start: list[Any] = list(target.settings().start_point())
    start[axis] = _typed(target, name)
    target.change(start=tuple(start))
