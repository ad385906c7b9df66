"""Independent ways to look at a surface: differences instead of derivatives, a fine grid instead of a list."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.problems.surfaces.surface import SurfaceProblem

Array = NDArray[np.float64]
STENCIL = ((1, 3 / 4), (2, -3 / 20), (3, 1 / 60))  # sixth order
H = 1e-3


def difference(f: Any, x: Array, y: Array) -> tuple[Array, Array]:
    """The slopes of f(x, y) along x and y, from central differences."""
    along_x = sum(c * (f(x + k * H, y) - f(x - k * H, y)) for k, c in STENCIL) / H
    along_y = sum(c * (f(x, y + k * H) - f(x, y - k * H)) for k, c in STENCIL) / H
    return along_x, along_y


def random_points(problem: SurfaceProblem, count: int, seed: int = 0) -> Array:
    """At most `count` points all over the domain, but beside the axes, where some surfaces have a kink."""
    (x0, x1), (y0, y1) = problem.surface.domain
    points = np.random.default_rng(seed).uniform((x0, y0), (x1, y1), (count, 2))
    return points[np.abs(points).min(axis=1) > 10 * H]


def gradient(problem: SurfaceProblem, points: Array, t: int) -> Array:
    """The gradient at points ``(R, 2)``."""
    with np.errstate(all="ignore"):
        return problem.evaluate(points, t)[1]


def hessians(problem: SurfaceProblem, points: Array, t: int) -> Array:
    """The Hessians at points, ``(R, 2, 2)``."""
    return np.array([problem.hessian(x, y, t) for x, y in points])


def basins(problem: SurfaceProblem, t: int, resolution: int = 241) -> tuple[Array, Array]:
    """The lowest places of a fine grid, each refined by zooming in: points ``(B, 2)`` and heights ``(B,)``."""
    (x0, x1), (y0, y1) = problem.surface.domain
    x, y = np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution)
    height = problem.value(x[:, None], y[None, :], t)
    padded = np.pad(height, 1, constant_values=np.inf)
    shifts = [(i, j) for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    around = np.min([padded[i : i + resolution, j : j + resolution] for i, j in shifts], axis=0)
    i, j = np.nonzero(height <= around)
    deepest = np.argsort(height[i, j])[:200]
    return _zoom(problem, np.column_stack([x[i], y[j]])[deepest], (x[1] - x[0], y[1] - y[0]), t)


def _zoom(problem: SurfaceProblem, points: Array, cell: tuple[float, float], t: int) -> tuple[Array, Array]:
    (x0, x1), (y0, y1) = problem.surface.domain
    offsets = np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, 11)], indexing="ij"), -1).reshape(-1, 2) * cell
    for zoom in 0.6 ** np.arange(60):
        near = np.clip(points[:, None] + zoom * offsets, (x0, y0), (x1, y1))
        height = problem.value(near[..., 0], near[..., 1], t)
        points = near[np.arange(len(points)), height.argmin(axis=1)]
    return points, problem.value(points[:, 0], points[:, 1], t)


def distinct_minima(problem: SurfaceProblem, t: int) -> Array:
    """Smooth minima inside the domain: basins where Newton's method comes to rest on a convex place."""
    found: list[Array] = []
    for point in basins(problem, t)[0]:
        place = _newton(problem, point, t)
        if place is not None and all(np.abs(place - other).max() > 1e-3 for other in found):
            found.append(place)
    return np.array(found).reshape(-1, 2)


def _newton(problem: SurfaceProblem, start: Array, t: int) -> Array | None:
    (x0, x1), (y0, y1) = problem.surface.domain
    place = start
    for _ in range(8):
        curvature = problem.hessian(*place, t)
        if not np.all(np.isfinite(curvature)) or np.linalg.eigvalsh(curvature)[0] <= 1e-9 * np.abs(curvature).max():
            return None
        place = place - np.linalg.solve(curvature, gradient(problem, place[None], t)[0])
    inside = x0 < place[0] < x1 and y0 < place[1] < y1
    return place if inside and np.abs(place - start).max() < 0.05 * (x1 - x0) else None
