"""What clipping does to gradients, and how little some of it does to the path."""

from collections.abc import Iterator

import numpy as np

from adamax_viz.core.pipeline import CLIPS
from adamax_viz.views.run.panels import CLIP_ROUNDING, turn
from adamax_viz.words.findings.variant_run import Runs, distances
from adamax_viz.words.numbers import rounded

STRAIGHT = 1e-6  # degrees


def turned(runs: Runs) -> Iterator[str]:
    """How often each clip was active, and how far it turned the gradient."""
    for r in runs:
        angles, factor = turn(r.run), r["clip_factor"]
        if all(getattr(r.spec, name) is None for name in CLIPS) or not np.isfinite(angles).any():
            continue
        known = np.isfinite(factor).all(axis=1)
        active = int((factor[known] < 1 - CLIP_ROUNDING).any(axis=1).sum())
        share, largest = f"{r.letter} clips {active} of {known.sum()} updates", np.nanmax(angles)
        if active == 0:
            yield f"{r.letter} clips nothing: every gradient is within its limit."
        elif largest > STRAIGHT:
            yield f"{share} and turns the gradient by up to {rounded(largest)}°, at step {np.nanargmax(angles)}."
        else:
            yield f"{share} and keeps the gradient's direction, to within {rounded(largest, 1)}°."


def rescaled(runs: Runs) -> Iterator[str]:
    """Variants whose gradients are those of the first times a constant, and how little that moves the path."""
    for r in runs[1:]:
        steps = min(r.run.steps, runs[0].run.steps)
        ratio = np.hypot(*r["grad_clipped"][:steps].T) / np.hypot(*runs[0]["grad_clipped"][:steps].T)
        ratio = ratio[np.isfinite(ratio)]
        apart = distances(runs[0], r).max()
        if ratio.size and ratio.max() - ratio.min() <= 0.01 * ratio.max() and abs(ratio.mean() - 1) > 0.01:
            yield (
                f"All gradients of {r.letter} are {rounded(ratio.mean(), 2)} times those of {runs[0].letter}, "
                f"yet the paths are never more than {rounded(apart, 2)} apart."
            )
        factor = r["clip_factor"].min(axis=1)
        cut = factor[factor < 1 - CLIP_ROUNDING]
        if cut.size:
            yield (
                f"{r.letter} cuts {cut.size} of {r.run.steps} gradients, the largest to "
                f"{rounded(100 * float(cut.min()), 2)} % of its size, and the paths part by {rounded(apart)}."
            )
