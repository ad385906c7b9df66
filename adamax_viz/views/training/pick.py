"""One or two parameters of a training as a run of their own, for the same charts and ledger as on a surface."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory


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
