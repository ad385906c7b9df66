"""A run of averaged batches on the axis of their single gradients, beside runs that accumulate."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory


def spread(run: Trajectory, count: int) -> Trajectory:
    """A run of batches on the axis of their single gradients: ``count`` micro-steps each, the last one the update.

    The shapes are those of a run with ``gradient_accumulation_steps=count``.
    """
    rows = np.arange(run.steps * count)
    update, is_update = rows // count, (rows + 1) % count == 0
    before = update - ~is_update  # of quantities that move with the update; -1 is their zero before the first
    arrays: dict[str, NDArray[Any]] = {}
    for name, array in run.arrays.items():
        if name in ("theta", "loss"):
            arrays[name] = array[:, np.append(update, run.steps)]
        elif name in (*run.moments, "ema"):
            first = np.nan if name == "ema" else 0.0
            moved = np.where((before >= 0)[None, :, None], array[:, np.maximum(before, 0)], first)
            arrays[name] = moved.astype(array.dtype)
        elif name in ("step", "grad_clipped", "clip_factor"):
            rest = 0.0 if name == "step" else np.nan
            # Without a clip its factor is 1 throughout.
            happens = is_update | (name == "clip_factor" and bool(np.all(array == 1)))
            arrays[name] = np.where(happens[None, :, None], array[:, update], rest).astype(array.dtype)
        elif name not in ("micro_step", "update", "is_update"):
            arrays[name] = array[:, update]
    arrays |= {"micro_step": rows, "update": update, "is_update": is_update}
    status = [replace(s, step=s.step * count) for s in run.status]
    return replace(run, status=status, arrays=arrays)
