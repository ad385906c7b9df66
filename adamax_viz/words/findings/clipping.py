"""What clipping does to gradients, and how little some of it does to the path."""

from collections.abc import Sequence

import numpy as np

from adamax_viz.core.pipeline import CLIPS
from adamax_viz.views.run.panels import CLIP_ROUNDING, turn
from adamax_viz.words.findings.variant_run import VariantRun, distances
from adamax_viz.words.numbers import rounded

STRAIGHT = 1e-6  # degrees


def turned(runs: Sequence[VariantRun]) -> list[str]:
    """How often each clip was active, and how far it turned the gradient."""
    sentences = []
    for r in (r for r in runs if any(getattr(r.spec, name) is not None for name in CLIPS)):
        angles, factor = turn(r.run), r["clip_factor"]
        if not np.isfinite(angles).any():
            continue
        known = np.isfinite(factor).all(axis=1)
        active = int((factor[known] < 1 - CLIP_ROUNDING).any(axis=1).sum())
        largest = np.nanmax(angles)
        share = f"{r.letter} clips {active} of {int(known.sum())} updates"
        if active == 0:
            sentences.append(f"{r.letter} clips nothing: every gradient is within its limit.")
        elif largest > STRAIGHT:
            sentences.append(
                f"{share} and turns the gradient by up to {rounded(largest)}°, at step {int(np.nanargmax(angles))}."
            )
        else:
            sentences.append(f"{share} and keeps the gradient's direction, to within {rounded(largest, 1)}°.")
    return sentences


def rescaled(runs: Sequence[VariantRun]) -> list[str]:
    """Variants whose gradients are those of the first times a constant, and how little that moves the path."""
    sentences = []
    for r in runs[1:]:
        steps = min(r.run.steps, runs[0].run.steps)
        ratio = np.hypot(*r["grad_clipped"][:steps].T) / np.hypot(*runs[0]["grad_clipped"][:steps].T)
        ratio = ratio[np.isfinite(ratio)]
        apart = distances(runs[0], r).max()
        if ratio.size and ratio.max() - ratio.min() <= 0.01 * ratio.max() and abs(ratio.mean() - 1) > 0.01:
            sentences.append(
                f"All gradients of {r.letter} are {rounded(ratio.mean(), 2)} times those of {runs[0].letter}, "
                f"yet the paths are never more than {rounded(apart, 2)} apart."
            )
        factor = r["clip_factor"].min(axis=1)
        cut = factor[factor < 1 - CLIP_ROUNDING]
        if cut.size:
            sentences.append(
                f"{r.letter} cuts {cut.size} of {r.run.steps} gradients, the largest to "
                f"{rounded(100 * float(cut.min()), 2)} % of its size, and the paths part by {rounded(apart)}."
            )
    return sentences
