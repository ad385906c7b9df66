"""Controls drawn from data: the value always comes from the settings, a change always goes into them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from adamax_viz.problems.catalogue import CATALOGUE
from adamax_viz.study.controls import GROUPS, MAIN, Control, Group, is_shown
from adamax_viz.study.settings import DEFAULTS, Settings
from adamax_viz.ui import session

CHOICE_LABELS = {"heavy_tailed": "heavy-tailed", "one": "one variable", "two": "two variables"}
CUSTOM = "custom"


def surface_controls(settings: Settings) -> None:
    """Which surface, or which formula; its own parameters; where the run starts."""
    names = [*CATALOGUE, CUSTOM]
    _select("surface", "Surface", names, settings.surface, _surface_title, "What is minimised.", _change_surface)
    surface = settings.the_surface()
    if settings.surface == CUSTOM:
        _text("formula", "f(x, y, t) =", settings.formula, "For example (1-x)**2 + 100*(y-x**2)**2; t is the step.")
        _text("domain", "x from, x to, y from, y to", _comma(settings.domain), "The window that is drawn.")
    st.caption(surface.teaches)
    for name, parameter in surface.parameters.items():
        value = settings.parameters.get(name, parameter.default)
        _number(f"parameters.{name}", name.replace("_", " "), value, parameter.help, _change_parameter, (name,))
    start = settings.start_point()
    columns = st.columns(2)
    for axis, column in enumerate(columns):
        with column:
            _number(
                f"start.{axis}", f"Start {'xy'[axis]}", start[axis], "Where the run starts.", _change_start, (axis,)
            )


def group_controls(group: Group, settings: Settings) -> None:
    """The controls of a group that matter for these settings."""
    values: dict[str, object] = settings.model_dump()
    st.caption(group.help)
    for control in group.controls:
        if is_shown(control.name, values):
            _control(control, values[control.name])


def all_groups(settings: Settings) -> None:
    """Main controls first, then each group in an expander, open if something in it is not at its default."""
    group_controls(MAIN, settings)
    changed = settings.differences()
    for group in GROUPS:
        touched = sum(c.name in changed for c in group.controls)
        with st.expander(group.title + (f" · {touched}" if touched else ""), expanded=bool(touched)):
            group_controls(group, settings)


def _control(control: Control, value: Any) -> None:
    if control.kind == "switch":
        st.session_state[f"c_{control.name}"] = bool(value)
        st.toggle(control.label, key=f"c_{control.name}", help=control.help, on_change=_change, args=(control.name,))
    elif control.kind == "choice":
        _select(control.name, control.label, list(control.choices), value, _choice_label, control.help, _change)
    elif control.kind in ("text", "numbers"):
        _text(control.name, control.label, value if isinstance(value, str) else _comma(value), control.help)
    elif control.optional is not None or DEFAULTS[control.name] is None:
        _optional(control, value)
    else:
        _number(control.name, control.label, value, control.help, _change, whole=control.kind == "whole")


def _optional(control: Control, value: float | None) -> None:
    """A number that can be off: an empty field is None."""
    key = f"c_{control.name}"
    st.session_state[key] = "" if value is None else repr(value)
    st.text_input(
        control.label, key=key, help=control.help, placeholder="off", on_change=_change_optional, args=(control.name,)
    )


def _number(
    name: str, label: str, value: float, help_line: str, on_change: Any, args: Iterable[Any] = (), whole: bool = False
) -> None:
    """Numbers are typed as text, so that 1e-7 stays what it is; the settings say what is wrong with it."""
    key = f"c_{name}"
    st.session_state[key] = str(int(value)) if whole else repr(float(value))
    st.text_input(label, key=key, help=help_line, on_change=on_change, args=(*args,) if args else (name,))


def _text(name: str, label: str, value: str, help_line: str) -> None:
    st.session_state[f"c_{name}"] = value
    st.text_input(label, key=f"c_{name}", help=help_line, on_change=_change_text, args=(name,))


def _select(name: str, label: str, options: list[str], value: str, words: Any, help_line: str, on_change: Any) -> None:
    key = f"c_{name}"
    st.session_state[key] = value
    st.selectbox(label, options, key=key, format_func=words, help=help_line, on_change=on_change, args=(name,))


def _surface_title(name: str) -> str:
    return "Your formula" if name == CUSTOM else CATALOGUE[name].title


def _choice_label(name: str) -> str:
    return CHOICE_LABELS.get(name, name)


def _comma(values: Iterable[float]) -> str:
    return ", ".join(f"{v:g}" if isinstance(v, int) else repr(v) for v in values)


def _typed(name: str) -> Any:
    value = st.session_state[f"c_{name}"]
    return value.strip() if isinstance(value, str) else value


def _change(name: str) -> None:
    session.change(**{name: _typed(name)})


def _change_optional(name: str) -> None:
    session.change(**{name: _typed(name) or None})


def _change_text(name: str) -> None:
    text = _typed(name)
    listed = name in ("domain", "boundaries", "values")
    session.change(**{name: tuple(part.strip() for part in text.split(",") if part.strip()) if listed else text})


def _change_surface(name: str) -> None:
    """Another surface brings its own start and parameters."""
    session.change(surface=_typed(name), start=None, parameters={})


def _change_parameter(name: str) -> None:
    old = session.settings().parameters
    session.change(parameters=old | {name: _typed(f"parameters.{name}")})


def _change_start(axis: int) -> None:
    start: list[Any] = list(session.settings().start_point())
    start[axis] = _typed(f"start.{axis}")
    session.change(start=tuple(start))
