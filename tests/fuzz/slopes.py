"""Whether a gradient is the slope of its function, wherever differences can tell."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.problems.surfaces.surface import SurfaceProblem

POINTS = np.array([[0.7312, -1.2893], [-0.4127, 0.3391], [2.1781, 1.0457], [-1.6213, -2.2719]])
WIDTHS = (1e-4, 0.713e-4, 0.411e-4, 0.291e-4)  # in no simple proportion: a fast wave must not look the same in all
ALIKE = 5e-3
T = 3
LARGE = 1e100  # what a slope this steep is a product of may be infinite


def agree(problem: SurfaceProblem) -> None:
    """Compare gradients with central differences of some widths; where these are not alike, they tell nothing.

    Raises:
        AssertionError: a gradient is another one.
    """
    with np.errstate(all="ignore"):
        _, grad = problem.evaluate(POINTS.copy(), T)
        for axis in (0, 1):
            found, rounding = map(np.array, zip(*(_differences(problem, axis, h) for h in WIDTHS), strict=True))
            slope, rough = found[-1], rounding.max(axis=0)
            tells = np.ptp(found, axis=0) <= ALIKE * np.abs(slope) + rough
            wrong = np.abs(grad[:, axis] - slope) > 4 * ALIKE * np.abs(slope) + 20 * rough
            for i in np.flatnonzero(tells & wrong & (np.abs(slope) < LARGE)):
                raise AssertionError(f"at {POINTS[i]} the slope is {slope[i]}, and is said to be {grad[i, axis]}")


def _differences(problem: SurfaceProblem, axis: int, h: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Slopes, and how far rounding may have put them off."""
    ahead, behind = POINTS.copy(), POINTS.copy()
    ahead[:, axis] += h
    behind[:, axis] -= h
    above, below = (problem.value(at[:, 0], at[:, 1], T) for at in (ahead, behind))
    return (above - below) / (2 * h), 1e4 * np.finfo(float).eps * (np.abs(above) + np.abs(below) + 1) / h
