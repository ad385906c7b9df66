"""A training to take home: a table of norms and chosen parameters, the full record, the model as ``.keras``.

The full record has a row a recorded micro-step and eight columns a parameter, see `adamax_viz.runs.frame`; its size is
known before it is written. The other table says of each variable what fits on a page.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from adamax_viz.core.engine import Optimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Status, Trajectory
from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.backend import build_keras, floatx, import_keras_on_jax
from adamax_viz.problems.models.problem import ModelProblem, keras_loss
from adamax_viz.runs.frame import coordinate_columns, step_columns, to_frame
from adamax_viz.runs.growing_run import Segment
from adamax_viz.study.link import to_query

SAMPLE = 30  # rows, and parameters, whose text tells the size of all
BLOCK = 50  # rows that are written at once


class TooLarge(ValueError):  # noqa: N818
    """A record that is not written; the message says how large it would be."""


def summary_csv(run: Trajectory, segments: Sequence[Segment], parameters: Sequence[int] = ()) -> str:
    """Per-variable norms and chosen parameters as CSV, a row a recorded micro-step.

    Columns: those of every table, then for each variable v ``grad_norm_v, grad_clipped_norm_v, m_norm_v, u_norm_v,
    step_norm_v`` (Euclidean), ``u_branch_share_v`` (part of its parameters whose gradient won the max) and
    ``ratio_median_v`` (of ``|step| / lr_t``), then the eight columns of each of the `parameters`, by index. Under Adam
    there is ``v_norm_v`` for ``u_norm_v``, and no share.
    """
    run = run.happened()
    columns = step_columns(run, _labels(run, segments))
    for name, where in run.variables.items():
        columns |= {f"{key}_{name}": values for key, values in _of_variable(run, where).items()}
    for d in dict.fromkeys(parameters):
        columns |= coordinate_columns(run, d)
    return pd.DataFrame(columns).to_csv(index=False, lineterminator="\r\n")


def _of_variable(run: Trajectory, where: slice) -> dict[str, NDArray[Any]]:
    def of(field: str) -> NDArray[np.float64]:
        return run[field][0, : run.steps, where].astype(np.float64)

    with np.errstate(all="ignore"):
        fields = ("grad", "grad_clipped", *run.moments, "step")
        norms = {f"{field}_norm": np.linalg.norm(of(field), axis=1) for field in fields}
        medians = {"ratio_median": np.median(np.abs(of("step")) / np.abs(run["lr_t"][0])[:, None], axis=1)}
    shares = {"u_branch_share": run["u_branch"][0, :, where].mean(axis=1)} if "u_branch" in run else {}
    return norms | {name: np.where(run["is_update"], values, np.nan) for name, values in (shares | medians).items()}


def full_bytes(run: Trajectory, segments: Sequence[Segment]) -> int:
    """About how large the full record is as CSV, from the text of a few of its rows and parameters."""
    run = run.happened()
    count = len(run.coordinates)
    rows, chosen = (np.unique(np.linspace(0, n - 1, SAMPLE).astype(int)) for n in (run.steps, count))
    part = _rows(run, rows)
    per_step = len(_written(step_columns(part, _labels(part, segments))))
    each = sum(len(_written(coordinate_columns(part, int(d)))) for d in chosen)
    return round((per_step + each / len(chosen) * count) / len(rows) * run.steps)


def full_csv(run: Trajectory, segments: Sequence[Segment]) -> Iterator[bytes]:
    """The full record as CSV, block by block.

    Raises:
        TooLarge: it would take too many bytes.
    """
    size = full_bytes(run, segments)
    if size > LIMITS.record_bytes:
        raise TooLarge(
            f"The full record would take about {size / 1e6:,.0f} MB, and at most {LIMITS.record_bytes / 1e6:.0f} MB "
            "are written here. The summary has the norms of every variable; for every number train fewer steps or a "
            "smaller model."
        )
    return _blocks(run.happened(), segments)


def _blocks(run: Trajectory, segments: Sequence[Segment]) -> Iterator[bytes]:
    for first in range(0, run.steps, BLOCK):
        part = _rows(run, slice(first, first + BLOCK))
        frame = to_frame(part, [""])
        frame["run"] = _labels(part, segments)
        yield frame.to_csv(index=False, header=first == 0, lineterminator="\r\n").encode()


def _rows(run: Trajectory, rows: NDArray[np.intp] | slice) -> Trajectory:
    """Some rows of a single run."""
    arrays = {name: array[rows] if array.ndim == 1 else array[:, rows] for name, array in run.arrays.items()}
    return replace(run, arrays=arrays, status=[Status("finished", len(arrays["micro_step"]))])


def _written(columns: dict[str, Any]) -> str:
    """Columns as text, without a header."""
    return pd.DataFrame(columns).to_csv(index=False, header=False, lineterminator="\r")


def _labels(run: Trajectory, segments: Sequence[Segment]) -> NDArray[Any]:
    """The settings that each row was made with, as a link."""
    links = np.array([to_query(segment.spec) for segment in segments], object)
    firsts = [segment.first for segment in segments]
    return np.asarray(links[np.searchsorted(firsts, run["micro_step"], side="right") - 1])


def keras_file(problem: ModelProblem, theta: ArrayLike, optimizer: Optimizer | None = None) -> bytes:
    """The model with these weights ``(D,)`` as a ``.keras`` file, which ``keras.models.load_model`` opens.

    It is compiled with its loss and a fresh optimizer with these arguments (Adamax's defaults if None), so that
    ``evaluate`` and ``fit`` work; m and u are not in the file.

    Raises:
        KerasUnavailable: Keras on JAX can't be had.
    """
    keras = import_keras_on_jax()
    with floatx(keras, "float32"), tempfile.TemporaryDirectory() as folder:
        model = problem.keras_model(theta)
        fresh = build_keras(Adamax() if optimizer is None else optimizer)
        fresh.build(model.trainable_variables)
        model.compile(optimizer=fresh, loss=keras_loss(problem.architecture))
        path = Path(folder) / f"{problem.model.name}.keras"
        model.save(path)
        return path.read_bytes()
