"""One or two parameters of a training as a run of their own, for the same charts and ledger as on a surface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory


def variable_of(run: Trajectory, column: int) -> str:
    """The variable that a column of theta belongs to."""
    return next(name for name, where in run.variables.items() if where.start <= column < where.stop)


def picked(run: Trajectory, columns: Sequence[int]) -> Trajectory:
    """The run seen through these columns alone; each is a variable of its own.

    `clip_factor` stays that of the variable a column belongs to, so the clip still acts as it did.
    """
    index = list(columns)
    names = list(run.variables)
    owners = [names.index(variable_of(run, column)) for column in index]

    def cut(name: str, array: NDArray[Any]) -> NDArray[Any]:
        if name == "clip_factor":
            return array[..., owners]
        return array[..., index] if name == "theta" or name in run.parameter_fields else array

    coordinates = tuple(run.coordinates[column] for column in index)
    variables = {name: slice(i, i + 1) for i, name in enumerate(coordinates)}
    arrays = {name: cut(name, array) for name, array in run.arrays.items()}
    return replace(run, coordinates=coordinates, variables=variables, arrays=arrays)


def clip_norms(run: Trajectory, adamax: Adamax, columns: Sequence[int]) -> NDArray[Any]:
    """The norm that the clip compares with its limit ``(T, columns)``: of all of the variable, or of everything."""
    gradient = run["grad_accumulated"][0]
    whole = slice(0, gradient.shape[1])
    wheres = [
        whole if adamax.global_clipnorm is not None else run.variables[variable_of(run, column)] for column in columns
    ]
    with np.errstate(all="ignore"):
        norms = [np.sqrt(np.square(gradient[:, where]).sum(axis=1)) for where in wheres]
    return np.stack(norms, axis=1)
