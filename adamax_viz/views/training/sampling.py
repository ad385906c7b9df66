"""Which steps of a training a picture shows, and which parameters: a screen has room for few of either."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory

Steps = NDArray[np.intp]
MOST = 400  # steps of a chart


def sampled(count: int, most: int) -> Steps:
    """At most `most` of ``0 .. count-1``, evenly spread, the first and the last always among them."""
    if count <= most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, most).round().astype(np.intp))


def sampled_updates(run: Trajectory) -> Steps:
    """The rows that a chart shows of those in which the weights moved by the rule; in the others they rest."""
    rows = np.flatnonzero(run["is_update"])
    return rows[sampled(len(rows), MOST)]


def bins(count: int, most: int) -> Steps:
    """The first index of each of at most `most` bins of nearly equal width over ``0 .. count-1``."""
    return np.linspace(0, count, min(count, most) + 1).astype(np.intp)[:-1]


def done(run: Trajectory) -> int:
    """Micro-steps that happened; more than there are rows where only some were recorded."""
    status = run.status[0]
    return status.step + (status.kind != "finished")


def glanced(run: Trajectory, most: int) -> Steps:
    """At most `most` recorded steps, evenly spread, each moved on to the next update if one comes before the next."""
    rows, updates = sampled(run.steps, most), np.flatnonzero(run["is_update"])
    if len(rows) == run.steps or not updates.size:
        return rows
    following = updates[np.minimum(np.searchsorted(updates, rows), len(updates) - 1)]
    return np.where((rows <= following) & (following < [*rows[1:], run.steps]), following, rows)


def theta_steps(run: Trajectory) -> Steps:
    """The step of each row of `theta`: before each recorded micro-step, and at the end."""
    return np.append(run["micro_step"], done(run)).astype(np.intp)


def picked(run: Trajectory, columns: Sequence[int]) -> Trajectory:
    """The run seen through these columns alone; each is a variable of its own.

    `clip_factor` stays that of the variable a column belongs to, so the clip still acts as it did.
    """
    index = list(columns)
    owners = np.searchsorted([where.start for where in run.variables.values()], index, side="right") - 1

    def cut(name: str, array: NDArray[Any]) -> NDArray[Any]:
        if name == "clip_factor":
            return array[..., owners]
        return array[..., index] if name == "theta" or name in run.parameter_fields else array

    coordinates = tuple(run.coordinates[column] for column in index)
    variables = {name: slice(i, i + 1) for i, name in enumerate(coordinates)}
    arrays = {name: cut(name, array) for name, array in run.arrays.items()}
    return replace(run, coordinates=coordinates, variables=variables, arrays=arrays)
