"""The loss around a training's path, on a plane through weight space.

Two planes: the one in which the path varies most (PCA of the path; it passes through the path's mean), or two random
directions through the last weights, filter-normalised: each unit's direction is as long as the unit's own weights, and
biases rest (Li, Xu, Taylor, Studer & Goldstein 2018, arXiv:1712.09913). The path is drawn where it comes nearest to the
plane; how far away it really is, and what that does to the loss, is stated with it.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.views.training.sampling import sampled, theta_steps

Floats = NDArray[np.float64]
Basis = Literal["pca", "random"]

RESOLUTION = 31
MOST = 300  # points of the path
AIR = 0.2  # around the path, as a part of its extent
REACH = 0.5  # of a random plane, in units of the weights' own lengths


class Plane(NamedTuple):
    """Loss of the training part on a plane, and the path beside it.

    `loss (b, a)` at coordinates `a (n,)` and `b (m,)`: weights ``origin + a directions[0] + b directions[1]``. At
    micro-steps `steps (K,)`: `path (K, 2)` nearest points on the plane, `distance (K,)` from there to the weights,
    `path_loss (K,)` at the weights themselves and `plane_loss (K,)` at the nearest points. `explained` is the part of
    the path's spread around the origin that lies in the plane.
    """

    basis: Basis
    a: Floats
    b: Floats
    loss: Floats
    steps: NDArray[np.intp]
    path: Floats
    distance: Floats
    path_loss: Floats
    plane_loss: Floats
    explained: float
    origin: Floats
    directions: Floats


def plane(
    problem: ModelProblem, run: Trajectory, basis: Basis = "pca", seed: int = 0, resolution: int = RESOLUTION
) -> Plane:
    """The plane of a path.

    Args:
        problem: whose loss it is.
        run: what happened so far.
        basis, seed: "pca", or "random" directions of this seed.
        resolution: points along each side.
    """
    run = run.happened()
    rows = sampled(len(run["theta"][0]), MOST)
    weights = run["theta"][0][rows].astype(np.float64)
    basis = "pca" if len(problem.coordinates) == 2 else basis  # every plane is the same one there
    origin, directions = _principal(weights) if basis == "pca" else _random(problem, weights[-1], seed)
    path = np.linalg.lstsq(directions.T, (weights - origin).T, rcond=None)[0].T
    nearest = origin + path @ directions
    away = weights - nearest
    spread = float(np.square(weights - origin).sum())
    explained = 1.0 if spread == 0 else 1 - float(np.square(away).sum()) / spread
    a, b = (_axis(path[:, side], REACH if basis == "random" else 0.0, resolution) for side in (0, 1))
    grid = np.stack(np.meshgrid(a, b), axis=-1).reshape(-1, 2)
    losses = problem.measure(np.concatenate([origin + grid @ directions, weights, nearest])).loss.astype(np.float64)
    on_grid, at_weights, at_nearest = np.split(losses, [len(grid), len(grid) + len(weights)])
    distance = np.linalg.norm(away, axis=1)
    return Plane(
        basis, a, b, on_grid.reshape(len(b), len(a)), theta_steps(run)[rows], path, distance, at_weights, at_nearest,
        explained, origin, directions,
    )  # fmt: skip


def _principal(weights: Floats) -> tuple[Floats, Floats]:
    """The path's mean and its two principal directions, each with its largest entry positive."""
    origin = weights.mean(axis=0)
    directions = np.linalg.svd(weights - origin, full_matrices=False)[2][:2]
    if len(directions) < 2:  # a path of one point, or of one weight
        directions = np.eye(2, weights.shape[1])
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    return origin, directions * np.where(largest < 0, -1, 1)[:, None]


def _random(problem: ModelProblem, weights: Floats, seed: int) -> tuple[Floats, Floats]:
    """The last weights, and two random directions with each unit's part as long as the unit's weights."""
    rng = np.random.default_rng(seed)
    directions = np.zeros((2, len(weights)))
    for (name, shape), columns in zip(problem.architecture.shapes().items(), problem.variables.values(), strict=True):
        if name.endswith("bias"):
            continue
        units = weights[columns].reshape(-1, shape[-1])  # a column a unit, or a filter
        for direction in directions:
            drawn = rng.normal(size=units.shape)
            drawn *= np.linalg.norm(units, axis=0) / np.linalg.norm(drawn, axis=0)
            direction[columns] = drawn.ravel()
    return weights, directions


def _axis(values: Floats, least: float, resolution: int) -> Floats:
    """An axis over the path, with air around it."""
    low, high = min(float(values.min()), -least), max(float(values.max()), least)
    air = (high - low) * AIR or 1.0
    return np.linspace(low - air, high + air, resolution)
