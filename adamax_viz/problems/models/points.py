"""Points of a user's own, as data for a model."""

import hashlib
from typing import NamedTuple

import numpy as np

from adamax_viz.problems.models.datasets import Array, Data, Kind, split


class Points(NamedTuple):
    """A user's points, before they are split: ``(N, 1)`` or ``(N, 2)`` inputs, ``(N, 1)`` targets."""

    kind: Kind
    inputs: Array
    targets: Array
    labels: tuple[str, ...]
    notes: tuple[str, ...]  # sentences on what was read in another way than it stands there

    def digest(self) -> str:
        """A name for just these points, the same whenever their file is read."""
        content = hashlib.sha256(repr((self.kind, self.inputs.shape, self.labels)).encode())
        for values in (self.inputs, self.targets):
            content.update(np.ascontiguousarray(values, np.float64).tobytes())
        return content.hexdigest()

    def data(self, seed: int = 0) -> Data:
        """The points in two parts, chosen by the seed."""
        return split("own", self.kind, self.inputs, self.targets, seed, self.labels)
