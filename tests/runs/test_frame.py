"""The columns of a run's table are what its rule keeps."""

import io

import numpy as np
import pandas as pd

import adamax_viz as av
from adamax_viz.runs.frame import csv_text


def columns_of(run):
    return [name.removesuffix("_x") for name in run.to_frame().columns if name.endswith("_x")]


def test_adam_has_v_and_neither_u_nor_its_branch():
    run = av.run("ravine", av.Adamax(0.1).with_rule("adam"), steps=9)
    assert columns_of(run) == ["theta", "grad", "grad_clipped", "m", "v", "step", "ema"]
    text = io.StringIO()
    run.to_csv(text)
    read = pd.read_csv(io.StringIO(text.getvalue()))
    np.testing.assert_array_equal(read[["v_x", "v_y"]], run["v"][0])
    adamax = av.run("ravine", av.Adamax(0.1), steps=9)
    assert columns_of(adamax) == ["theta", "grad", "grad_clipped", "m", "u", "u_branch", "step", "ema"]


def test_runs_under_different_rules_leave_empty_what_did_not_happen():
    run = av.run("ravine", [av.Adamax(0.1), av.Adamax(0.1).with_rule("adam")], steps=5)
    frame = run.to_frame()
    assert frame["v_x"][:5].isna().all()
    assert frame["u_x"][5:].isna().all()
    assert frame["u_branch_x"][5:].isna().all()
    np.testing.assert_array_equal(frame["v_x"][5:], run["v"][1, :, 0])


def test_a_p_norm_has_no_side_of_a_max():
    run = av.run("ravine", av.Adamax(0.1).with_rule("p=4"), steps=5)
    assert columns_of(run) == ["theta", "grad", "grad_clipped", "m", "u", "step", "ema"]


def test_no_cell_of_a_table_is_a_formula():
    run = av.run("ravine", av.Adamax(0.1), steps=3)
    for name in ("=cmd|' /C calc'!A1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"):
        read = pd.read_csv(io.StringIO(csv_text(run, [name])), dtype=str, keep_default_na=False)
        assert set(read["run"]) == {f"'{name}"}
    (link,) = run.labels
    assert set(pd.read_csv(io.StringIO(csv_text(run, run.labels)))["run"]) == {link}
