"""Two runs side by side: equal, apart from a step on, of other lengths, with other columns."""

import numpy as np
import pytest

from adamax_viz.files.reopen import open_file
from adamax_viz.runs.distance import compare_runs
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.words.differing import in_words

BASE = RunSpec(surface="round_bowl", steps=40, noise="outlier", noise_step=10)


def test_a_run_equals_itself():
    run = run_of(BASE)
    compared = compare_runs(run, run)
    assert all(d.largest == 0 and d.first is None for d in compared.quantities.values())
    assert in_words(compared) == "The two runs are equal, to the last digit, over 40 steps."


def test_where_they_part_is_found():
    a, b = run_of(BASE), run_of(BASE.changed(noise_scale=5.0, steps=60))
    compared = compare_runs(a, b)
    found = compared.quantities
    assert compared.steps == 40
    assert found["grad"].first == 10  # the outlier's step
    assert found["theta"].first == 11  # the weights after it
    assert found["lr"].first is None
    apart = np.abs(a["m"][0] - b["m"][0, :40])
    assert found["m"].largest == apart.max()
    assert found["m"].step == apart.max(axis=1).argmax()
    words = in_words(compared)
    assert words.startswith("They first differ at step 10, in the gradient")
    assert f"furthest apart at step {found['theta'].step}" in words


def test_what_only_one_has_is_named():
    run = run_of(BASE)
    (foreign,) = open_file("a.csv", run.to_frame()[["theta_x", "theta_y", "grad_x", "grad_y"]].to_csv().encode())
    compared = compare_runs(foreign.trajectory, run)
    assert {"m", "u", "loss"} <= set(compared.unshared)
    assert "first moment, infinity norm" in in_words(compared)
    assert {name for name, d in compared.quantities.items() if d.largest == 0} >= {"theta", "grad"}
    assert compared.quantities["step"].largest == pytest.approx(0, abs=1e-15)
