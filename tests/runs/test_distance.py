"""How far two arrays are apart: where, how much, and against what."""

import numpy as np

from adamax_viz.runs.distance import difference


class TestDifference:
    def test_the_largest_and_where(self) -> None:
        ours = np.array([[1.0, 2.0], [3.0, 4.5], [5.0, 6.0]])
        found = difference(ours, np.array([[1.0, 2.0], [3.25, 4.0], [5.0, 6.0]]))
        assert found[:3] == (0.5, 1, 0.5 / 6)
        np.testing.assert_array_equal(found.per_step, [0, 0.5, 0])

    def test_nan_and_infinities(self) -> None:
        nan, inf = np.nan, np.inf
        same = difference(np.array([[nan, inf], [-inf, 1.0]]), np.array([[nan, inf], [-inf, 1.0]]))
        assert same[:3] == (0, 0, 0)
        for a, b in ((nan, 1.0), (1.0, nan), (inf, -inf), (inf, 1.0), (nan, inf)):
            found = difference(np.array([[1.0], [a]]), np.array([[1.0], [b]]))
            assert (found.largest, found.step) == (inf, 1)

    def test_nothing_to_compare_is_no_difference(self) -> None:
        assert difference(np.zeros((0, 2)), np.zeros((0, 2)))[:3] == (0, 0, 0)
        assert difference(np.zeros((2, 1)), np.zeros((2, 1)))[:3] == (0, 0, 0)

    def test_against_nothing_but_zeros_any_difference_is_infinite(self) -> None:
        assert difference(np.ones((1, 1)), np.zeros((1, 1))).relative_to_peak == np.inf
