"""The surface as a grid: heights, shade, levels, and the window around a run."""

import numpy as np
import pytest

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.surface import SurfaceProblem, custom
from adamax_viz.views.run.landscape import LEVELS, RESOLUTION, landscape, window


def view_of(formula, domain=((-1.0, 1.0), (-1.0, 1.0)), resolution=5):
    return landscape(SurfaceProblem(custom(formula, domain)), resolution=resolution)


def test_a_small_grid_is_exactly_what_the_formula_gives():
    view = view_of("2*x + y", ((0.0, 2.0), (0.0, 1.0)), resolution=3)
    np.testing.assert_array_equal(view.x, [0, 1, 2])
    np.testing.assert_array_equal(view.y, [0, 0.5, 1])
    np.testing.assert_array_equal(view.height, [[0, 2, 4], [0.5, 2.5, 4.5], [1, 3, 5]])  # rows along y
    np.testing.assert_array_equal(view.shade, view.height)
    assert view.minima == ()
    assert not view.logarithmic


@pytest.mark.parametrize("name", CATALOGUE)
def test_grid_and_levels_of_the_catalogue(name):
    problem = SurfaceProblem(CATALOGUE[name])
    view = landscape(problem, t=3)
    assert view.height.shape == view.shade.shape == (RESOLUTION, RESOLUTION)
    i, j = 17, 60
    assert view.height[i, j] == problem.value(view.x[j], view.y[i], 3)
    assert (view.x[0], view.x[-1]) == problem.surface.domain[0]
    assert (view.y[0], view.y[-1]) == problem.surface.domain[1]
    start, end, size = view.levels
    assert np.nanmin(view.shade) < start < end <= np.nanmax(view.shade)
    assert size > 0
    assert len(np.arange(start, end, size)) == LEVELS
    assert view.minima == tuple(problem.minima(3))
    assert view.logarithmic == problem.surface.log_levels


@pytest.mark.parametrize("name", [name for name, surface in CATALOGUE.items() if surface.log_levels])
def test_the_logarithmic_shade_can_be_turned_back_into_heights(name):
    view = landscape(SurfaceProblem(CATALOGUE[name]))
    lowest, floor = view.offset
    assert lowest == view.height.min()
    assert floor > 0
    np.testing.assert_allclose(10**view.shade - floor + lowest, view.height, atol=1e-9 * np.ptp(view.height))
    # it spans decades and keeps the order
    assert 3 < np.ptp(view.shade) < 6
    assert np.all(np.diff(view.shade.ravel()[np.argsort(view.height, axis=None)]) >= 0)


def test_the_surface_moves_with_the_step():
    problem = SurfaceProblem(CATALOGUE["drifting_bowl"])
    early, late = landscape(problem, t=0), landscape(problem, t=100)
    assert not np.array_equal(early.height, late.height)
    for view in (early, late):
        i, j = np.unravel_index(np.argmin(view.height), view.height.shape)
        assert abs(view.x[j] - view.minima[0].x) < 0.05
        assert abs(view.y[i] - view.minima[0].y) < 0.05


def test_heights_that_are_not_finite_are_left_out():
    view = view_of("1/x + log(y)")
    np.testing.assert_array_equal(np.isnan(view.height[:, 2]), True)  # x = 0
    np.testing.assert_array_equal(np.isnan(view.height[:3]), True)  # y <= 0
    assert not np.isinf(view.height).any()
    assert np.isfinite(view.levels).all()
    assert np.nanmin(view.shade) < view.levels[0] < view.levels[1] <= np.nanmax(view.shade)


@pytest.mark.parametrize("formula", ["log(-1 - x^2)", "0*x + 7", "sqrt(-1 - x^2 - y^2)"])
def test_a_surface_without_any_contour_has_levels_still(formula):
    view = view_of(formula)
    assert view.levels == (0.0, 1.0, 1.0)
    assert np.isfinite(view.offset).all()


def test_heights_up_to_the_largest_number_have_finite_levels():
    view = view_of("x*exp(709*x^2)")
    assert view.height.max() > 8e307
    assert np.isfinite(view.levels).all()
    assert view.levels[0] < view.levels[1]


def test_a_few_towers_do_not_take_all_the_levels():
    view = view_of("x^2 + exp(200*(x + y - 1.9))", resolution=101)
    assert view.height.max() > 1e8
    assert view.levels[1] < 100


DOMAIN = ((-1.0, 1.0), (0.0, 4.0))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ([[0, 1], [0.5, 2]], DOMAIN),
        ([[0, 1], [1.5, 2]], ((-1.0, 1.5), (0.0, 4.0))),
        ([[-1.25, -1], [0, 5]], ((-1.25, 1.0), (-1.0, 5.0))),
        # no further than half the size on each side: what lies beyond does not count
        ([[0, 1], [1.9, 1], [2.1, 1], [1e9, 1]], ((-1.0, 1.9), (0.0, 4.0))),
        ([[0, -2.5], [0, 7]], ((-1.0, 1.0), (0.0, 4.0))),
        ([[np.nan, np.inf], [-np.inf, 4.5]], ((-1.0, 1.0), (0.0, 4.5))),
        ([[np.nan, np.nan]], DOMAIN),
    ],
)
def test_the_window_holds_the_path_but_not_at_any_price(path, expected):
    assert window(DOMAIN, np.array(path, np.float64)) == expected


def test_the_window_is_at_most_twice_the_domain():
    rng = np.random.default_rng(0)
    for scale in (0.1, 1, 10, 1e6):
        sides = window(DOMAIN, rng.normal(0, scale, (300, 2)))
        for (low, high), (a, b) in zip(DOMAIN, sides, strict=True):
            assert a <= low < high <= b
            assert b - a <= 2 * (high - low)
