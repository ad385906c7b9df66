"""Tables of a training and the model itself, taken home and opened again."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adamax_viz.core.engine import Runner
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.files import training_tables
from adamax_viz.files.training_tables import TooLarge, full_bytes, full_csv, keras_file, summary_csv
from adamax_viz.limits import Limits
from adamax_viz.problems.models.problem import ModelProblem, flat_weights
from adamax_viz.runs.frame import parameter_fields
from adamax_viz.runs.growing_run import Segment
from adamax_viz.study.link import read_params, to_query
from adamax_viz.study.training_spec import TrainingSpec
from tests.views import tiny_model

FIRST = TrainingSpec(widths=(3,), points=40, batch_size=8, steps=120, clipnorm=0.1)
SECOND = FIRST.changed(learning_rate=0.1, gradient_accumulation_steps=2)
SEGMENTS = [Segment(0, FIRST), Segment(71, SECOND)]


@pytest.fixture(scope="module")
def trained() -> tuple[ModelProblem, Trajectory]:
    problem = FIRST.problem()
    runner = Runner(problem, FIRST.optimizer(), problem.start()[None])
    runner.advance(71)
    runner.change(SECOND.optimizer())
    runner.advance(49)
    return problem, runner.trajectory()


def opened(text: str | bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(text.encode() if isinstance(text, str) else text))


def test_summary_has_norms_and_the_chosen_parameters(trained: tuple[ModelProblem, Trajectory]) -> None:
    problem, run = trained
    frame = opened(summary_csv(run, SEGMENTS, [4, 4, 0]))
    assert len(frame) == 120
    assert frame["run"].tolist() == [to_query(FIRST)] * 71 + [to_query(SECOND)] * 49
    query = dict(pair.split("=") for pair in to_query(SECOND).split("&"))
    assert read_params(TrainingSpec, query).settings == SECOND
    where = problem.variables["hidden_1/kernel"]
    for field in ("grad", "m", "u", "step"):
        np.testing.assert_allclose(
            frame[f"{field}_norm_hidden_1/kernel"], np.linalg.norm(run[field][0, :, where].astype(float), axis=1)
        )
    updates = frame["is_update"].to_numpy()
    np.testing.assert_array_equal(frame.loc[updates, "grad_clipped_norm_output/bias"].notna(), True)
    assert frame.loc[~updates, "u_branch_share_output/bias"].isna().all()
    assert frame["u_branch_share_output/bias"].dropna().isin([0, 1]).all()
    chosen = [c for c in frame.columns if c.startswith("theta_")]
    assert chosen == [f"theta_{problem.coordinates[d]}" for d in (4, 0)]
    np.testing.assert_array_equal(frame[chosen[0]], run["theta"][0, :-1, 4].astype(float))


def test_adam_s_summary_has_its_own_moments() -> None:
    run, _ = tiny_model.trained((0, {}), rule="adam")
    frame = opened(summary_csv(run, SEGMENTS, [1]))
    np.testing.assert_allclose(frame["v_norm_output/kernel"], np.linalg.norm(run["v"][0, :, :2].astype(float), axis=1))
    assert "v_output/kernel[1,0]" in frame
    assert not [name for name in frame if name.startswith("u_")]


def test_full_record_has_every_number_and_a_known_size(trained: tuple[ModelProblem, Trajectory]) -> None:
    problem, run = trained
    blocks = list(full_csv(run, SEGMENTS))
    written = b"".join(blocks)
    assert len(blocks) == 3
    assert full_bytes(run, SEGMENTS) == pytest.approx(len(written), rel=0.05)
    frame = opened(written)
    assert len(frame) == 120
    assert frame["run"].nunique() == 2
    assert sum(c.startswith((*parameter_fields(("m", "u")), "u_branch")) for c in frame.columns) >= 8 * len(
        problem.coordinates
    )
    for d in (0, len(problem.coordinates) - 1):
        for field in ("grad", "u", "step"):
            np.testing.assert_array_equal(frame[f"{field}_{problem.coordinates[d]}"], run[field][0, :, d].astype(float))


def test_a_record_that_is_too_large_is_refused_with_its_size(
    trained: tuple[ModelProblem, Trajectory], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_tables, "LIMITS", Limits(record_bytes=1000))
    with pytest.raises(TooLarge, match=r"would take about \d+ MB"):
        full_csv(trained[1], SEGMENTS)


@pytest.mark.filterwarnings("error::UserWarning")
def test_the_model_opens_in_keras(trained: tuple[ModelProblem, Trajectory], tmp_path: Path) -> None:
    problem, run = trained
    path = tmp_path / "model.keras"
    path.write_bytes(keras_file(problem, run["theta"][0, -1], SECOND.optimizer()))
    from adamax_viz.problems.models.backend import import_keras

    model = import_keras().models.load_model(path)
    np.testing.assert_array_equal(flat_weights(model), run["theta"][0, -1])
    assert model.optimizer.get_config()["gradient_accumulation_steps"] == 2
    loss = model.evaluate(problem.data.inputs, problem.data.targets, verbose=0)
    assert loss == pytest.approx(float(problem.measure(run["theta"][:, -1]).loss[0]), rel=1e-5)


def test_a_diverged_training_is_written_up_to_its_stop() -> None:
    settings = TrainingSpec(model="linear_regression", learning_rate=1e19, steps=30)
    problem = settings.problem()
    runner = Runner(problem, settings.optimizer(), problem.start()[None])
    runner.advance(30)
    run = runner.trajectory()
    assert run.status[0].kind == "diverged"
    for text in (summary_csv(run, [Segment(0, settings)]), b"".join(full_csv(run, [Segment(0, settings)]))):
        assert len(opened(text)) == run.status[0].step + 1
