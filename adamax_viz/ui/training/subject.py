"""What is trained, on what: choices of model and data, drawn from data."""

from __future__ import annotations

from typing import Any

import streamlit as st

from adamax_viz.problems.models.datasets import DATASETS
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.study.training_fields import Range, activations, data_ranges, model_ranges
from adamax_viz.study.training_spec import OWN, TrainingSpec
from adamax_viz.ui.parts import controls
from adamax_viz.ui.training import trainings
from adamax_viz.ui.training.session import complain, spec, state

RIVALS = {"alone": "nothing", "adam": "Adam, on the same batches"}
TARGET = controls.Target("m", spec, trainings.change)


def subject(settings: TrainingSpec) -> None:
    """Which model learns what, at the top of the page."""
    left, middle, right, _ = st.columns([8, 8, 16, 3], vertical_alignment="bottom")  # the last: for the app's menu
    model = MODELS[settings.model]
    with left:
        _select("m_model", "Model", list(MODELS), settings.model, _model_title, trainings.choose_model)
    with middle:
        names = [*model.datasets, *([OWN] if _fits_points(settings.model) else [])]
        _select("m_dataset", "Data", names, settings.data_name(), _data_title, _choose_data)
    right.caption(model.teaches)


def sidebar(settings: TrainingSpec) -> None:
    """Everything else, in groups."""
    with st.expander("Data", expanded=False):
        if settings.data_name() != OWN:
            st.caption(DATASETS[settings.data_name()].help)
        for each in data_ranges(settings):
            _number(each)
        _upload()
    with st.expander("Model, batches", expanded=False):
        _widths(settings)
        choices = activations(settings)
        if choices:
            chosen = settings.activation or MODELS[settings.model].activation or choices[0]
            _select(
                "m_activation",
                "Activation",
                list(choices),
                chosen,
                str,
                lambda name: trainings.change(activation=name),
            )
        for each in model_ranges(settings):
            _number(each)
        usual = MODELS[settings.model].rival or "alone"
        _select(
            "m_beside",
            "Beside it trains",
            list(RIVALS),
            usual if settings.beside == "auto" else settings.beside,
            lambda name: RIVALS[name],
            lambda name: trainings.change(beside="auto" if name == usual else name),
        )
    controls.all_groups(settings, TARGET)


def _model_title(name: str) -> str:
    return MODELS[name].title


def _data_title(name: str) -> str:
    return "Your points" if name == OWN else DATASETS[name].title


def _fits_points(model: str) -> bool:
    points = state().points
    return points is not None and points.kind in MODELS[model].kinds


def _choose_data(name: str) -> None:
    usual = MODELS[spec().model].datasets[0]
    trainings.change(dataset=None if name == usual else name, points=None, data_noise=None)


def _select(key: str, label: str, options: list[str], value: str, words: Any, choose: Any) -> None:
    st.session_state[key] = value
    st.selectbox(label, options, key=key, format_func=words, on_change=lambda: choose(st.session_state[key]))


def _number(of: Range) -> None:
    """A slider for what has a natural range, a field for seeds."""
    key = f"m_{of.name}"
    whole = isinstance(of.step, int)
    kind = int if whole else float
    low, high, value = kind(of.low), kind(max(of.high, of.value)), kind(of.value)
    st.session_state[key] = value

    def changed() -> None:
        trainings.change(**{of.name: st.session_state[key]})

    draw = st.number_input if "seed" in of.name else st.slider
    draw(of.label, low, high, key=key, step=kind(of.step), help=of.help, on_change=changed)


def _widths(settings: TrainingSpec) -> None:
    widths = MODELS[settings.model].widths
    if widths is None:
        return
    key = "m_widths"
    chosen = widths.default if settings.widths is None else settings.widths
    st.session_state[key] = ", ".join(map(str, chosen))

    def changed() -> None:
        parts = st.session_state[key].replace(";", ",").split(",")
        trainings.change(widths=tuple(part.strip() for part in parts if part.strip()))

    span = f"1 to {widths.most_layers} numbers" if widths.most_layers > 1 else "one number"
    help_line = f"{span}, each from 1 to {widths.most}: how many units a layer has."
    st.text_input(widths.label, key=key, help=help_line[0].upper() + help_line[1:], on_change=changed)


def _upload() -> None:
    """A file of the user's own: x, y and label, or x, y and value, or x and y."""
    key = "m_file"

    def opened() -> None:
        file = st.session_state[key]
        if file is None:
            return
        wrong = trainings.open_points(file.getvalue())
        if wrong:
            complain(f"{file.name}: {wrong} The data before it are still there.")

    help_line = "Columns x, y, label (or value), or x and y; 12 to 5000 rows. It stays in this session."
    st.file_uploader("Your points (CSV)", ["csv"], key=key, help=help_line, on_change=opened)
