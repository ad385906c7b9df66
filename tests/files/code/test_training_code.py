"""The exported script: each data set's numbers, each model's weights, and whole trainings, by running it."""

from typing import Any

import numpy as np
import pytest

from adamax_viz.core.engine import Runner
from adamax_viz.files.code.training_code import training_code
from adamax_viz.files.point_table import read_points
from adamax_viz.problems.models.datasets import DATASETS
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.problems.models.problem import ModelProblem, flat_weights
from adamax_viz.runs.growing_run import Segment
from adamax_viz.study.training_spec import TrainingSpec


def executed(problem: ModelProblem, settings: TrainingSpec, until: str) -> dict[str, Any]:
    """What the script has made before the first line that begins with these words."""
    code = training_code(problem, [Segment(0, settings)], 10)
    names: dict[str, Any] = {}
    exec(code[: code.index(f"\n{until}")], names)
    return names


@pytest.mark.parametrize("name", DATASETS)
def test_data_of_every_set(name: str) -> None:
    model = next(m for m in MODELS.values() if name in m.datasets)
    settings = TrainingSpec(model=model.name, dataset=name, points=50, data_seed=5, batch_size=0)
    problem = settings.problem()
    made = executed(problem, settings, "model = ")
    for ours, theirs in {
        "x": problem.data.inputs,
        "y": problem.data.targets,
        "x_validation": problem.data.validation_inputs,
        "y_validation": problem.data.validation_targets,
    }.items():
        np.testing.assert_array_equal(made[ours], theirs)
        assert made[ours].dtype == np.float32


@pytest.mark.parametrize("name", MODELS)
def test_weights_and_batches_of_every_model(name: str) -> None:
    settings = TrainingSpec(model=name, points=50, batch_size=8, seed=3)
    problem = settings.problem()
    made = executed(problem, settings, "optimizer = ")
    np.testing.assert_array_equal(flat_weights(made["model"]), problem.start())
    assert type(made["loss"]).__name__ == problem.architecture.loss
    for k in range(11):
        np.testing.assert_array_equal(next(made["batches"]), problem.batch(k))


def test_own_points_are_written_out() -> None:
    rows = "\n".join(f"{i / 9},{i / 7},{'ab'[i % 2]}" for i in range(24))
    settings = TrainingSpec(dataset="own")
    problem = settings.problem(read_points(f"x,y,label\n{rows}".encode()))
    made = executed(problem, settings, "model = ")
    np.testing.assert_array_equal(made["x"], problem.data.inputs)
    np.testing.assert_array_equal(made["y_validation"], problem.data.validation_targets)


TRAININGS = {
    "changes on the way": (
        {"model": "logistic_regression", "schedule": "CosineDecay", "decay_steps": 40.0, "clipnorm": 0.1},
        {
            9: {"schedule": "none", "learning_rate": 0.1, "use_ema": True, "ema_overwrite_frequency": 3},
            17: {"clipnorm": None, "gradient_accumulation_steps": 3, "weight_decay": 0.1},
        },
    ),
    "by Adam": (
        {"model": "logistic_regression", "rule": "adam", "use_ema": True},
        {9: {"learning_rate": 0.1, "gradient_accumulation_steps": 3}},
    ),
    "half precision": (
        {"model": "linear_regression", "gradient_dtype": "float16", "dynamic_loss_scale": True, "batch_size": 0},
        {},
    ),
}


@pytest.mark.parametrize("name", TRAININGS)
def test_the_script_ends_where_the_training_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    values, changes = TRAININGS[name]
    settings = TrainingSpec(points=50, steps=25, **{"batch_size": 8} | values)  # type: ignore[arg-type]
    problem = settings.problem()
    runner = Runner(problem, settings.optimizer(), problem.start()[None], **settings.run_options())
    segments = [Segment(0, settings)]
    for first, change in changes.items():
        runner.advance(first - runner.step)
        segments.append(Segment(first, segments[-1].spec.changed(**change)))
        runner.change(segments[-1].optimizer)
    runner.advance(25 - runner.step)
    code = training_code(problem, [*segments, Segment(25, settings)], 25)
    made: dict[str, Any] = {}
    exec(code, made)
    np.testing.assert_allclose(made["weights"], runner.theta[0], atol=1e-3 if name == "half precision" else 1e-5)
    said = capsys.readouterr().out.split("\n")
    losses = [float(problem.measure(runner.theta, part).loss[0]) for part in ("train", "validation")]  # type: ignore[arg-type]
    assert float(said[0].removeprefix("training loss ")) == pytest.approx(losses[0], rel=1e-3)
    assert float(said[1].removeprefix("validation loss ")) == pytest.approx(losses[1], rel=1e-3)
    assert all(len(line) <= 120 for line in code.splitlines())
    assert "adamax_viz" not in code
