"""A run goes out as CSV and comes back the same, to the last bit."""

import io

import numpy as np
import pandas as pd
import pytest

from adamax_viz.files.refusal import TableError
from adamax_viz.files.table import read_csv
from adamax_viz.limits import LIMITS
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec

CASES = {
    "plain": {},
    "float32": {"dtype": "float32", "learning_rate": 0.1},
    "two variables, clipped": {"variables": "two", "clipnorm": 0.5, "start": (2.0, 2.0)},
    "clipvalue": {"clipvalue": 1.0},
    "accumulation": {"gradient_accumulation_steps": 4, "steps": 61, "global_clipnorm": 3.0},
    "everything": {
        "gradient_accumulation_steps": 3, "use_ema": True, "ema_overwrite_frequency": 2, "weight_decay": 0.1,
        "clipnorm": 2.0, "loss_scale_factor": 128.0, "schedule": "CosineDecay", "decay_steps": 40.0,
        "noise": "gaussian", "noise_scale": 5.0, "variables": "two",
    },
    "overwritten at the end": {"use_ema": True, "ema_overwrite_frequency": 5, "steps": 60},
    "dynamic loss scale": {"dynamic_loss_scale": True, "gradient_dtype": "float16", "dynamic_growth_steps": 7},
    "dynamic and accumulating": {
        "dynamic_loss_scale": True, "gradient_dtype": "float16", "dynamic_growth_steps": 7,
        "gradient_accumulation_steps": 2,
    },
    "one step": {"steps": 1},
    "diverges": {"learning_rate": 1e200},
    "diverges at the last loss": {"learning_rate": 1e200, "steps": 1},
    "overflows in the clip": {"dtype": "float32", "learning_rate": 1e30, "global_clipnorm": 1.0},
    "Adam": {"rule": "adam", "learning_rate": 0.1},
    "another norm": {"rule": "p=4", "learning_rate": 0.1},
    "torch's, penalised": {"rule": "torch_adamax", "l2_in_gradient": 0.1},
    "averaged by hand": {"average_by_hand": 4, "noise": "gaussian", "steps": 62},
    "penalised": {"l2_in_loss": 0.3},
    "converges": {"surface": "round_bowl", "tolerance": 0.5, "steps": 400},
}  # fmt: skip


@pytest.fixture(params=CASES)
def original(request):
    return run_of(RunSpec(**{"steps": 60} | CASES[request.param]))


def test_the_same_trajectory_comes_back(original):
    text = csv_text(original, original.labels)
    (read,) = read_csv(text.encode())
    assert read.complaints == []
    assert read.trajectory.status == original.status
    assert read.trajectory.arrays.keys() == original.arrays.keys()
    assert read.trajectory.moments == original.moments
    for name, array in original.arrays.items():
        found = read.trajectory[name]
        assert found.dtype == array.dtype, name
        np.testing.assert_array_equal(found, array, err_msg=name)
    if "u_branch" in original:
        np.testing.assert_array_equal(read.trajectory["u_branch"], original["u_branch"])


def test_it_is_a_plain_csv(original):
    text = csv_text(original, original.labels)
    lines = text.split("\r\n")
    assert lines[-1] == ""
    header = (
        "run,micro_step,update,is_update,loss,lr,lr_t,clip_factor" if len(original.variables) == 1 else
        "run,micro_step,update,is_update,loss,lr,lr_t,clip_factor,clip_factor_x,clip_factor_y"
    )  # fmt: skip
    norm = "v_{0}" if "v" in original else "u_{0},u_branch_{0}" if "u_branch" in original else "u_{0}"
    per_coordinate = f"theta_{{0}},grad_{{0}},grad_clipped_{{0}},m_{{0}},{norm},step_{{0}},ema_{{0}}"
    scale = ",loss_scale" if "loss_scale" in original else ""
    assert lines[0] == ",".join([header + scale, per_coordinate.format("x"), per_coordinate.format("y")])
    frame = pd.read_csv(io.StringIO(text))
    happened = min(original.status[0].step + (original.status[0].kind != "finished"), original.steps)
    assert len(frame) == happened
    np.testing.assert_array_equal(frame["theta_x"], original["theta"][0, :happened, 0].astype(float))
    assert "u_branch" not in original or set(frame["u_branch_y"].dropna()) <= {"gradient", "decay"}


def test_several_runs_are_stacked():
    runs = [run_of(RunSpec(steps=5, learning_rate=rate)) for rate in (0.1, 0.2)]
    text = csv_text(runs[0], runs[0].labels) + csv_text(runs[1], runs[1].labels).split("\r\n", 1)[1]
    read = read_csv(text.encode())
    assert [r.settings.learning_rate for r in read] == [0.1, 0.2]
    np.testing.assert_array_equal(read[1].trajectory["theta"], runs[1]["theta"])


def good_text():
    run = run_of(RunSpec(steps=6))
    return csv_text(run, run.labels)


def test_a_row_that_is_cut_off_is_dropped_and_said():
    (read,) = read_csv(good_text()[:-20].encode())
    assert read.trajectory.steps == 5
    assert "The last row is cut off; the 5 rows before it were read." in read.complaints
    assert "The run was made for 6 steps, the file has 5." in read.complaints


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda t: "", "The file is empty"),
        (lambda t: "a,b\r\n1,2\r\n", "The column 'run' is missing"),
        (lambda t: t.replace("m_x", "mx"), "The column 'm_x' is missing"),
        (lambda t: t.split("\r\n")[0] + "\r\n", "no rows"),
        (lambda t: t.replace(",0.05,", ",much,", 1), "Row 2, column 'lr': 'much' is not a number"),
        (lambda t: "\r\n".join(line for i, line in enumerate(t.split("\r\n")) if i != 3), "rows are missing"),
        (lambda t: '"' + t, "can't be read as a CSV"),
    ],
)
def test_a_damaged_file_is_refused_in_one_sentence(damage, words):
    with pytest.raises(TableError, match=words):
        read_csv(damage(good_text()).encode())


def test_bytes_that_are_no_text():
    with pytest.raises(TableError, match="UTF-8"):
        read_csv(b"\xff\xfe\x00\x01")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(LIMITS.file_bytes + 1)
    with pytest.raises(TableError, match="20 MB"):
        read_csv(path)
