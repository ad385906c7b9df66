"""The surface as a grid of heights, its minima, and the window that shows a run."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.problems.surfaces.surface import Domain, Minimum, SurfaceProblem

RESOLUTION = 101
LEVELS = 18
FLOOR = 1e-4


class Landscape(NamedTuple):
    """What a contour plot needs: axes ``(n,)``, heights ``(n, n)`` with rows along y, and the levels to draw.

    `shade` is what colour and lines follow: the height itself, or its logarithm above the lowest point where values
    span decades. Heights that are not finite are NaN.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    height: NDArray[np.float64]
    shade: NDArray[np.float64]
    levels: tuple[float, float, float]  # start, end, size, in units of shade
    logarithmic: bool
    offset: tuple[float, float]  # lowest and floor in shade = log10(height - lowest + floor), if logarithmic
    minima: tuple[Minimum, ...]
    t: float  # the step at which the surface is shown


def landscape(problem: SurfaceProblem, t: float = 0, resolution: int = RESOLUTION) -> Landscape:
    """The surface at step t over its domain."""
    (x0, x1), (y0, y1) = problem.surface.domain
    x, y = np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution)
    height = problem.value(x[None, :], y[:, None], t)
    height = np.where(np.isfinite(height), height, np.nan)
    logarithmic = problem.surface.log_levels
    lowest, floor = _offset(height) if logarithmic else (0.0, 1.0)
    shade = np.log10(height - lowest + floor) if logarithmic else height
    minima = tuple(problem.minima(t))
    return Landscape(x, y, height, shade, _levels(shade), logarithmic, (lowest, floor), minima, t)


def _offset(height: NDArray[np.float64]) -> tuple[float, float]:
    """The lowest height, and a floor a small part of the span above it, so that its logarithm is finite."""
    if np.isnan(height).all():
        return 0.0, 1.0
    lowest, span = float(np.nanmin(height)), float(np.ptp(height[np.isfinite(height)]))
    return lowest, span * FLOOR if span > 0 else 1.0


def _levels(shade: NDArray[np.float64]) -> tuple[float, float, float]:
    finite = shade[np.isfinite(shade)]
    if finite.size == 0 or finite.min() == finite.max():
        return (0.0, 1.0, 1.0)
    low, high = float(finite.min()), float(np.percentile(finite, 99.5))
    high = high if high > low else float(finite.max())
    size = high / LEVELS - low / LEVELS  # the difference itself may overflow
    return (low + size / 2, high, size)


def window(domain: Domain, path: NDArray[Any]) -> Domain:
    """The domain, widened to the finite part of a path that leaves it, but to no more than twice its size."""
    sides = []
    for (low, high), values in zip(domain, path.T, strict=True):
        span = high - low
        near = values[np.isfinite(values) & (values > low - span / 2) & (values < high + span / 2)]
        edges = np.concatenate([near, [low, high]])
        sides.append((float(edges.min()), float(edges.max())))
    return (sides[0], sides[1])
