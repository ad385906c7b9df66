"""What is trained, on what: choices of model and data, drawn from data."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from adamax_viz.files.point_table import LEAST_ROWS
from adamax_viz.files.refusal import TableError
from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.datasets import DATASETS
from adamax_viz.problems.models.networks import ACTIVATIONS, MODELS
from adamax_viz.study.fields import Knob
from adamax_viz.study.training_spec import OWN
from adamax_viz.study.wrong_values import shortened
from adamax_viz.ui.parts import controls
from adamax_viz.ui.parts.kept import kept, typed
from adamax_viz.ui.parts.uploads import field_key, name_and_size, remembered
from adamax_viz.ui.training.training_page import TrainingPage

RIVALS = {"alone": "nothing", "adam": "Adam, on the same batches"}


def subject(page: TrainingPage) -> None:
    """Which model learns what, at the top of the page."""
    left, middle, right, _ = st.columns([8, 8, 13, 6], vertical_alignment="bottom")  # the last: for the app's menu
    spec, model = page.spec, MODELS[page.spec.model]

    def choose_data(name: str) -> None:
        page.change(dataset=None if name == model.datasets[0] else name, points=None, data_noise=None)

    models = {name: each.title for name, each in MODELS.items()}
    _select(left, "model", "Model", models, spec.model, page.choose_model)
    data = {name: DATASETS[name].title for name in model.datasets}
    data |= {OWN: "Your points"} if page.fits_points(spec.model) else {}
    _select(middle, "dataset", "Data", data, spec.data_name(), choose_data)
    right.caption(model.teaches)


def awaited(page: TrainingPage) -> None:
    """While the browser is asked for points of the user's own that this session does not have."""
    st.info("Your points come back from this browser…", icon=":material/history:")
    st.button("Go on without them", key="m_without", on_click=page.give_up)


def sidebar(page: TrainingPage) -> None:
    """Everything else, in groups."""
    spec, model = page.spec, MODELS[page.spec.model]
    with st.expander("Data", expanded=False):
        if spec.data_name() != OWN:
            st.caption(DATASETS[spec.data_name()].help)
        for each in spec.data_knobs():
            _number(page, each)
        _upload(page)
    with st.expander("Model, batches", expanded=False):
        _widths(page)
        if model.activation:
            chosen, names = spec.activation or model.activation, {name: name for name in ACTIVATIONS}
            _select(st, "activation", "Activation", names, chosen, lambda name: page.change(activation=name))
        for each in spec.model_knobs():
            _number(page, each)
        usual = model.rival or "alone"
        beside = usual if spec.beside == "auto" else spec.beside

        def choose_rival(name: str) -> None:
            page.change(beside="auto" if name == usual else name)

        _select(st, "beside", "Beside it trains", RIVALS, beside, choose_rival)
    controls.all_groups(spec, controls.Target("m", page), spec.differences())


def _select(place: Any, name: str, label: str, titles: dict[str, str], value: str, take: Callable[[str], Any]) -> None:
    """A choice among names, by their titles."""
    options = {"options": list(titles), "format_func": titles.__getitem__}
    kept(place.selectbox, label, value, take, key=f"m_{name}", **options)


def _number(page: TrainingPage, of: Knob) -> None:
    """A slider for what has a natural range, a field for seeds."""
    kind, draw = type(of.step), st.number_input if "seed" in of.name else st.slider
    options = {"min_value": kind(of.low), "max_value": kind(max(of.high, of.value)), "step": of.step, "help": of.help}
    kept(draw, of.label, kind(of.value), lambda n: page.change(**{of.name: n}), key=f"m_{of.name}", **options)


def _widths(page: TrainingPage) -> None:
    widths = MODELS[page.spec.model].widths
    if widths is None:
        return
    chosen = widths.default if page.spec.widths is None else page.spec.widths

    def enter(text: str) -> list[str]:
        parts = text.replace(";", ",").split(",")
        return page.enter(widths=tuple(part.strip() for part in parts if part.strip()))

    span = f"1 to {widths.most_layers} numbers" if widths.most_layers > 1 else "One number"
    help_line = f"{span}, each from 1 to {widths.most}: how many units a layer has."
    typed(st.text_input, widths.label, ", ".join(map(str, chosen)), enter, key="m_widths", help=help_line)


def _upload(page: TrainingPage) -> None:
    """A file of the user's own: x, y and label, or x, y and value, or x and y."""
    key = field_key("m_file")

    def opened() -> None:
        if (file := st.session_state[key]) is None:
            return
        try:
            page.open_points(file.getvalue())
            page.file = name_and_size(file)
        except TableError as error:
            page.give_up()
            page.complaints = [f"{shortened(file.name)}: {error} The data before it are still there."]

    rows = f"{LEAST_ROWS} to {LIMITS.points_rows} rows"
    help_line = f"Columns x, y, label (or value), or x and y; {rows}. It stays in this session."
    most = LIMITS.points_bytes // 1_000_000
    options: dict[str, Any] = {"help": help_line, "on_change": opened, "max_upload_size": most}
    st.file_uploader("Your points (CSV)", ["csv"], key=key, **options)
    files, awaited = [page.file] if page.file else [], page.awaited is not None
    # Two, so that one that is refused does not take the place of the one that is used.
    remembered("points", key, files, 2, wanted=awaited, nothing=page.give_up)
