"""One or two parameters of a training as a run of their own, for the same charts and ledger as on a surface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.adamax import Adamax
from adamax_viz.core.trajectory import PARAMETER_FIELDS, Trajectory


def variable_of(trajectory: Trajectory, column: int) -> str:
    """The variable that a column of theta belongs to."""
    return next(name for name, where in trajectory.variables.items() if where.start <= column < where.stop)


def picked(trajectory: Trajectory, columns: Sequence[int], run: int = 0) -> Trajectory:
    """The run seen through these columns alone; each is a variable of its own.

    `clip_factor` stays that of the variable a column belongs to, so the clip still acts as it did.
    """
    one = trajectory.only(run)
    index = list(columns)
    names = list(one.variables)
    owners = [names.index(variable_of(one, column)) for column in index]

    def cut(name: str, array: NDArray[Any]) -> NDArray[Any]:
        if name == "clip_factor":
            return array[..., owners]
        return array[..., index] if name == "theta" or name in PARAMETER_FIELDS else array

    return Trajectory(
        tuple(one.coordinates[column] for column in index),
        {one.coordinates[column]: slice(i, i + 1) for i, column in enumerate(index)},
        one.keep,
        one.status,
        {name: cut(name, array) for name, array in one.arrays.items()},
    )


def clip_norms(trajectory: Trajectory, adamax: Adamax, columns: Sequence[int], run: int = 0) -> NDArray[Any]:
    """The norm that the clip compares with its limit ``(T, columns)``: of all of the variable, or of everything."""
    one = trajectory.only(run)
    gradient = one["grad_accumulated"][0]
    whole = slice(0, gradient.shape[1])
    wheres = [
        whole if adamax.global_clipnorm is not None else one.variables[variable_of(one, column)] for column in columns
    ]
    with np.errstate(all="ignore"):
        norms = [np.sqrt(np.square(gradient[:, where]).sum(axis=1)) for where in wheres]
    return np.stack(norms, axis=1)
