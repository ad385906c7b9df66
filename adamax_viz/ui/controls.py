"""The discrete choices, drawn from data: the value always comes from the settings, a change always goes into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from adamax_viz.problems.catalogue import CATALOGUE
from adamax_viz.study.controls import CONTROLS, GROUPS, Control, Group, is_shown
from adamax_viz.study.locks import START
from adamax_viz.study.settings import Settings
from adamax_viz.ui import session

CHOICE_LABELS = {"heavy_tailed": "heavy-tailed", "one": "one variable", "two": "two variables"}
CUSTOM = "custom"
OFF = "none"


def surface_controls(settings: Settings) -> None:
    """Which surface, or which formula, and where the run starts."""
    names = [*CATALOGUE, CUSTOM]
    _select("surface", "Surface", names, settings.surface, _surface_title, "What is minimised.", _change_surface)
    surface = settings.the_surface()
    if settings.surface == CUSTOM:
        _text("formula", "f(x, y, t) =", settings.formula, "For example (1-x)**2 + 100*(y-x**2)**2; t is the step.")
        _text("domain", "x from, x to, y from, y to", _comma(settings.domain), "The window that is drawn.")
    st.caption(surface.teaches)
    start = settings.start_point()
    for axis, column in enumerate(st.columns(2)):
        with column:
            key = f"c_start.{axis}"
            st.session_state[key] = repr(float(start[axis]))
            help_line = "Where the run starts; or drag the ring on the landscape."
            locked = session.locks().has(START)
            label = f"Start {'xy'[axis]}"
            st.text_input(label, key=key, help=help_line, on_change=_change_start, args=(axis,), disabled=locked)


def all_groups(settings: Settings) -> None:
    """The discrete choices, group by group; numbers are knobs of the player. What is changed stands open."""
    changed = settings.differences()
    for group in GROUPS:
        touched = any(control.name in changed for control in group.controls)
        with st.expander(group.title + (" ●" if touched else ""), expanded=touched):
            _group(group, settings)


def _group(group: Group, settings: Settings) -> None:
    values = settings.model_dump()
    st.caption(group.help)
    if group.exclusive:
        _exclusive(group, values)
    for control in group.controls:
        if is_shown(control.name, values) and not (group.exclusive and control.optional is not None):
            _control(control, values[control.name])


def _control(control: Control, value: Any) -> None:
    name = control.name
    if control.kind == "switch" or control.optional is not None:
        key = f"c_{name}"
        st.session_state[key] = bool(value) if control.kind == "switch" else value is not None
        locked = session.locks().has(name)
        st.toggle(control.label, key=key, help=control.help, on_change=_change_switch, args=(name,), disabled=locked)
    elif control.kind == "choice":
        _select(name, control.label, list(control.choices), value, _choice_label, control.help, _change)
    elif control.kind in ("text", "numbers"):
        _text(name, control.label, value if isinstance(value, str) else _comma(value), control.help)


def _exclusive(group: Group, values: dict[str, Any]) -> None:
    """A choice between optional numbers of which Keras takes at most one."""
    names = [control.name for control in group.controls if control.optional is not None]
    chosen = next((name for name in names if values[name] is not None), OFF)
    help_line = " ".join(f"{name}: {CONTROLS[name].help}" for name in names)
    _select(group.name, group.exclusive, [OFF, *names], chosen, _choice_label, help_line, _change_exclusive, names)


def _text(name: str, label: str, value: str, help_line: str) -> None:
    st.session_state[f"c_{name}"] = value
    locked = session.locks().has(name)
    st.text_input(label, key=f"c_{name}", help=help_line, on_change=_change_text, args=(name,), disabled=locked)


def _select(
    name: str,
    label: str,
    options: list[str],
    value: str,
    words: Callable[[str], str],
    help_line: str,
    on_change: Callable[..., None],
    *args: Any,
) -> None:
    key = f"c_{name}"
    st.session_state[key] = value
    locked = any(map(session.locks().has, next(iter(args), [name])))
    st.selectbox(
        label,
        options,
        key=key,
        format_func=words,
        help=help_line,
        on_change=on_change,
        args=(name, *args),
        disabled=locked,
    )


def _surface_title(name: str) -> str:
    return "Your formula" if name == CUSTOM else CATALOGUE[name].title


def _choice_label(name: str) -> str:
    return CHOICE_LABELS.get(name, name)


def _comma(values: Iterable[float]) -> str:
    return ", ".join(repr(value) for value in values)


def _typed(name: str) -> Any:
    value = st.session_state[f"c_{name}"]
    return value.strip() if isinstance(value, str) else value


def _change(name: str) -> None:
    session.change(**{name: _typed(name)})


def _change_switch(name: str) -> None:
    """A switch, or an optional number that begins with its own first value."""
    on, control = _typed(name), CONTROLS[name]
    session.change(**{name: on if control.kind == "switch" else control.optional if on else None})


def _change_exclusive(name: str, names: list[str]) -> None:
    chosen = _typed(name)
    session.change(**{n: CONTROLS[n].optional if n == chosen else None for n in names})


def _change_text(name: str) -> None:
    text = _typed(name)
    listed = name in ("domain", "boundaries", "values")
    session.change(**{name: tuple(part.strip() for part in text.split(",") if part.strip()) if listed else text})


def _change_surface(name: str) -> None:
    """Another surface brings its own start and parameters."""
    session.change(surface=_typed(name), start=None, parameters={})


def _change_start(axis: int) -> None:
    start: list[Any] = list(session.settings().start_point())
    start[axis] = _typed(f"start.{axis}")
    session.change(start=tuple(start))
