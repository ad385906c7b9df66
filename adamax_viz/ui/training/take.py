"""The proof of a training, and what can be taken home: tables, code, the model."""

from typing import Any

import streamlit as st

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.files.code.training_code import training_code
from adamax_viz.files.training_tables import TooLarge, full_bytes, full_csv, keras_file, summary_csv
from adamax_viz.parity.keras_training import STEPS, prove
from adamax_viz.problems.models.backend import KerasUnavailable
from adamax_viz.runs.training import Training
from adamax_viz.study.training_spec import as_surface
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.parts.playground_link import playground_link
from adamax_viz.ui.training.training_page import TrainingPage


def take(page: TrainingPage, training: Training, trajectory: Trajectory) -> None:
    """Below the player, for a training that rests."""
    proof, files = st.columns(2, gap="medium")
    with proof, st.container(border=True):
        _proof(page, training, trajectory)
    with files, st.container(border=True):
        _files(training, trajectory, page.picked(training.problem))
    with st.expander("This training as Keras code", icon=":material/code:"):
        st.caption("Runs with Keras, JAX and NumPy alone, and ends with these weights.")
        st.code(training_code(training.problem, training.segments, training.done), language="python", height=420)


# -- proof -----------------------------------------------------------------------------------------------------


def _proof(page: TrainingPage, training: Training, trajectory: Trajectory) -> None:
    st.markdown("**Is this what Keras computes?**")
    key = (training.key, training.done)
    reach = min(STEPS, training.done)
    st.button(
        f"Train the first {reach} step{'s' * (reach != 1)} with Keras and compare",
        icon=":material/balance:",
        key="m_prove",
        on_click=lambda: setattr(page, "proof", (key, None)),
        help="Keras's own optimizer trains the same model on the same batches, with train_on_batch.",
    )
    if page.proof is None or page.proof[0] != key:
        st.caption("The same model, the same batches, Keras's own optimizer; then every weight is compared.")
        return
    proof = page.proof[1]
    if proof is None:
        with st.spinner("Keras trains…"):
            try:
                proof = prove(training.problem, training.segments, trajectory)
            except KerasUnavailable as error:
                st.error(plain(str(error)))
                return
        page.proof = (key, proof)
    if proof.same:
        st.success(proof.sentence(), icon=":material/check_circle:")
        return
    st.warning(
        f"{proof.sentence()} That is more than the {proof.allowed:g} that rounding explains in a short training: "
        "rounding grows with each step, most where gradients nearly vanish. A shorter training shows where it begins.",
        icon=":material/compare_arrows:",
    )


# -- files -----------------------------------------------------------------------------------------------------


def _files(training: Training, trajectory: Trajectory, columns: tuple[int, ...]) -> None:
    st.markdown("**Take it home**")
    problem, segments = training.problem, training.segments
    name = f"{problem.model.name}-{training.done}"
    summary = "Norms and the picked parameters (CSV)"
    # Streamlit keeps what makes a file: it must not keep the record as well.
    _download(summary, f"{name}.csv", lambda: summary_csv(_recorded(training), segments, columns))
    try:
        full_csv(trajectory, segments)
    except TooLarge as error:
        st.caption(str(error))
    else:
        every = f"one step in {trajectory.every}" if trajectory.every > 1 else "every step"
        size = full_bytes(trajectory, segments)
        about = f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB"
        full = f"Every number of {every} (CSV, about {about})"
        _download(full, f"{name}-full.csv", lambda: b"".join(full_csv(_recorded(training), segments)))
    weights, optimizer = trajectory["theta"][0, -1].copy(), training.spec.optimizer()
    _download("The trained model (.keras)", f"{name}.keras", lambda: keras_file(problem, weights, optimizer))
    if problem.model.name == "linear_regression":
        surface = as_surface(training.spec, training.user_points)
        words = "All points at each step: a surface has no batches."
        playground_link(st, "Its loss as a surface on the Playground", surface, help=words)


def _recorded(training: Training) -> Trajectory:
    trajectory = training.trajectory()
    if trajectory is None:
        raise ValueError(training.progress().sentence)
    return trajectory


def _download(label: str, file: str, make: Any) -> None:
    kind = "text/csv" if file.endswith(".csv") else "application/octet-stream"
    st.download_button(label, make, file, kind, icon=":material/download:", on_click="ignore", width="stretch")
