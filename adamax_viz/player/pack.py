"""A scene as bytes for the player: a JSON header and the arrays.

Layout: a little-endian uint32 with the header's length, the header, zeros up to a multiple of 8, then the arrays one
after the other, each starting at a multiple of 8. Numbers of a run travel so that the ledger shows them to the last
digit: as float64, or as float32 where that loses nothing (all numbers of a float32 run, the loss scale, counters).
What is only drawn travels as float32.
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.views.run.panels import DERIVED

Header = dict[str, Any]
Arrays = dict[str, NDArray[Any]]

DRAWN = frozenset({"shade", *DERIVED})  # the arrays of a run, without its number, that are only drawn
LARGEST_DRAWN = float(np.finfo(np.float32).max)
TYPES = {"f8": np.float64, "f4": np.float32, "u1": np.uint8}


def pack(header: Header, arrays: Arrays) -> bytes:
    """Header and arrays as bytes; what is not finite in the header becomes null."""
    index, parts, offset = {}, [], 0
    for name, values in arrays.items():
        drawn = name.rpartition(".")[2] in DRAWN
        code = "u1" if values.dtype == np.uint8 else "f4" if drawn or _fits_float32(values) else "f8"
        if drawn:
            values = np.clip(values, -LARGEST_DRAWN, LARGEST_DRAWN)
        body = np.ascontiguousarray(values, TYPES[code]).tobytes()
        columns = values.shape[1] if values.ndim == 2 and name != "shade" else 1
        index[name] = {"type": code, "offset": offset, "count": values.size, "columns": columns}
        parts.append(body + bytes(-len(body) % 8))
        offset += len(parts[-1])
    # Browsers know no NaN in JSON; the header's numbers are all finite or null.
    text = json.dumps(
        _finite(header | {"arrays": index}), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()
    lead = len(text).to_bytes(4, "little") + text
    return b"".join([lead, bytes(-len(lead) % 8), *parts])


def _fits_float32(values: NDArray[Any]) -> bool:
    """Whether float32 holds every value exactly."""
    with np.errstate(all="ignore"):
        return values.dtype == np.float32 or np.array_equal(values, values.astype(np.float32), equal_nan=True)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
