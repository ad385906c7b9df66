"""The bytes that the player gets: read back whole, exact, and not larger than they must be."""

import json

import numpy as np
import pytest

from adamax_viz.player.pack import DRAWN, pack
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.panels import DEFAULT_PANELS, panels
from tests.player.payload import EACH, EVERYTHING, RUNS, decode, payload_of


def test_numbers_that_are_not_finite_become_null_in_the_header():
    header, _ = decode(pack({"a": np.inf, "b": [float("nan"), 1.5], "c": {"d": (-np.inf,)}, "e": "NaN"}, {}))
    assert header == {"a": None, "b": [None, 1.5], "c": {"d": [None]}, "e": "NaN", "arrays": {}}


@EACH
def test_every_array_comes_back_bit_for_bit(name):
    *_, header, arrays = payload_of(RUNS[name])
    data = pack(header, arrays)
    _, decoded = decode(data)
    assert list(decoded) == list(arrays)
    for key, values in arrays.items():
        got = decoded[key]
        if key.removeprefix("0.") in DRAWN:
            largest = np.finfo(np.float32).max
            expected = np.clip(values, -largest, largest).astype(np.float32).reshape(got.shape)
            np.testing.assert_array_equal(got, expected, err_msg=key)
        else:
            sent, original = got.astype(np.float64), values.astype(np.float64).reshape(got.shape)
            np.testing.assert_array_equal(sent, original, err_msg=key)
            np.testing.assert_array_equal(np.signbit(sent), np.signbit(original), err_msg=key)


@EACH
def test_the_header_comes_back_as_it_was(name):
    *_, header, arrays = payload_of(RUNS[name])
    decoded, _ = decode(pack(header, arrays))
    del decoded["arrays"]
    assert decoded == json.loads(json.dumps(header), parse_constant=lambda _: None)


@pytest.mark.parametrize("name", ["plain", "everything", "float32"])
def test_the_size_grows_linearly_with_the_steps(name):
    sizes = []
    for steps in (200, 400, 800):
        *_, header, arrays = payload_of(RUNS[name] | {"steps": steps})
        del arrays["shade"]
        sizes.append(len(pack(header, arrays)) - len(json.dumps(header)))
    first, second = sizes[1] - sizes[0], sizes[2] - sizes[1]
    assert second == pytest.approx(2 * first, rel=0.02)
    assert first / 200 < 220  # bytes a step


@pytest.mark.parametrize("changes", [{}, {"dtype": "float32"}, {"dynamic_loss_scale": False, "loss_scale_factor": 3.0}])
def test_a_thousand_steps_of_everything_stay_below_a_quarter_megabyte(changes):
    settings = RunSpec(**(EVERYTHING | {"steps": 1000} | changes))
    run = run_of(settings)
    every = tuple(chart.key for chart in panels([run]))
    assert set(every) == {*DEFAULT_PANELS, "ratio"}
    outcomes, view = alone(settings, run), landscape(settings.problem())
    assert len(pack(*build_runs(Study(settings), outcomes, view, chosen=every))) < 250_000


def test_float32_runs_travel_as_float32():
    *_, header, arrays = payload_of(RUNS["float32"])
    decoded, _ = decode(pack(header, arrays))
    assert {entry["type"] for name, entry in decoded["arrays"].items() if name != "0.is_update"} == {"f4"}
    *_, header, arrays = payload_of(RUNS["plain"])
    decoded, _ = decode(pack(header, arrays))
    assert decoded["arrays"]["0.theta"]["type"] == "f8"
