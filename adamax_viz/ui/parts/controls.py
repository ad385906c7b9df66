"""The discrete choices, drawn from data: the value always comes from the settings, a change always goes into them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any, NamedTuple

import streamlit as st

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.study.fields import Group, Setting, groups_of, in_group, is_shown
from adamax_viz.study.locked_settings import START
from adamax_viz.study.optimizer_spec import OptimizerSpec
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
    names = [*CATALOGUE, CUSTOM]
    _select(
        target, "surface", "Surface", names, settings.surface, _surface_title, "What is minimised.", _change_surface
    )
    surface = settings.the_surface()
    if settings.surface == CUSTOM:
        _text(
            target,
            "formula",
            "f(x, y, t) =",
            settings.formula,
            "For example (1-x)**2 + 100*(y-x**2)**2; t is the step.",
        )
        _text(target, "domain", "x from, x to, y from, y to", _comma(settings.domain), "The window that is drawn.")
    st.caption(surface.teaches)
    start = settings.start_point()
    for axis, column in enumerate(st.columns(2)):
        with column:
            key = f"{target.key}_start.{axis}"
            st.session_state[key] = repr(float(start[axis]))
            help_line = "Where the run starts; or drag the ring on the landscape."
            locked = locks().has(START)
            label = f"Start {'xy'[axis]}"
            st.text_input(label, key=key, help=help_line, on_change=_change_start, args=(target, axis), disabled=locked)


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
        key = f"{target.key}_{name}"
        st.session_state[key] = bool(value) if control.kind == "switch" else value is not None
        locked = locks().has(name)
        st.toggle(
            entry.label, key=key, help=entry.help, on_change=_change_switch, args=(target, entry), disabled=locked
        )
    elif control.kind == "choice":
        choices = list(dict.fromkeys((*control.choices, value)))  # a link may carry one more
        _select(target, name, entry.label, choices, value, _choice_label, entry.help, _change)
    elif control.kind in ("text", "numbers"):
        _text(target, name, entry.label, value if isinstance(value, str) else _comma(value), entry.help)


def _exclusive(target: Target, group: Group, entries: list[Setting], values: dict[str, Any]) -> None:
    """A choice between optional numbers of which Keras takes at most one."""
    first = {entry.name: entry.optional for entry in entries}
    chosen = next((name for name in first if values[name] is not None), OFF)
    help_line = " ".join(f"{entry.name}: {entry.help}" for entry in entries)
    _select(
        target, group.name, group.exclusive, [OFF, *first], chosen, _choice_label, help_line, _change_exclusive, first
    )


def _text(target: Target, name: str, label: str, value: str, help_line: str) -> None:
    key = f"{target.key}_{name}"
    st.session_state[key] = value
    locked = locks().has(name)
    st.text_input(label, key=key, help=help_line, on_change=_change_text, args=(target, name), disabled=locked)


def _select(
    target: Target,
    name: str,
    label: str,
    options: list[str],
    value: str,
    words: Callable[[str], str],
    help_line: str,
    on_change: Callable[..., None],
    *args: Any,
) -> None:
    key = f"{target.key}_{name}"
    st.session_state[key] = value
    locked = any(map(locks().has, next(iter(args), [name])))
    st.selectbox(
        label,
        options,
        key=key,
        format_func=words,
        help=help_line,
        on_change=on_change,
        args=(target, name, *args),
        disabled=locked,
    )


def _surface_title(name: str) -> str:
    return "Your formula" if name == CUSTOM else CATALOGUE[name].title


def _choice_label(name: str) -> str:
    return CHOICE_LABELS.get(name, name)


def _comma(values: Iterable[float]) -> str:
    return ", ".join(repr(value) for value in values)


def _typed(target: Target, name: str) -> Any:
    value = st.session_state[f"{target.key}_{name}"]
    return value.strip() if isinstance(value, str) else value


def _change(target: Target, name: str) -> None:
    target.change(**{name: _typed(target, name)})


def _change_switch(target: Target, entry: Setting) -> None:
    """A switch, or an optional number that begins with its own first value."""
    on = _typed(target, entry.name)
    target.change(**{entry.name: on if entry.optional is None else entry.optional if on else None})


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


def _change_start(target: Target, axis: int) -> None:
    start: list[Any] = list(target.settings().start_point())
    start[axis] = _typed(target, f"start.{axis}")
    target.change(start=tuple(start))
