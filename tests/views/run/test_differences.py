"""Differences as lines: zero on the floor, infinite ones as gaps."""

import numpy as np

from adamax_viz.views.run.differences import DifferenceLine, Differences, differences_view


def plain(view):
    return Differences(tuple(line._replace(values=line.values.tolist()) for line in view.lines), view.floor)


def test_zero_lies_a_decade_below_the_smallest_difference():
    view = differences_view({"theta": np.array([0, 2e-8, 3e-7]), "m": np.zeros(2)})
    floor = 1e-9
    assert view.floor == floor
    lines = DifferenceLine("theta", "θ", [floor, 2e-8, 3e-7]), DifferenceLine("m", "m", [floor, floor])
    assert plain(view) == Differences(lines, floor)


def test_what_is_nan_on_one_side_is_a_gap():
    (line,) = differences_view({"lr": np.array([1e-3, np.inf])}).lines
    np.testing.assert_array_equal(line.values, [1e-3, np.nan])
