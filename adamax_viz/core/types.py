"""Names for the types that the core passes around."""

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Dtype = Literal["float32", "float64"]
Keep = Literal["all", "path", "final"]
