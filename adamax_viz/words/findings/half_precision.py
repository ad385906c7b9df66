"""What half precision loses, and what a loss scale costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adamax_viz.words.findings.variant_run import VariantRun, surface_gradients, times
from adamax_viz.words.numbers import listed, number


def half_precision(runs: Sequence[VariantRun]) -> list[str]:
    """How often half precision made a gradient zero or infinite."""
    sentences = []
    for r in runs:
        if r.spec.gradient_dtype == "none":
            continue
        grad, steps = r["grad"], r.run.steps
        exact = surface_gradients(r)
        parts = []
        for d, name in enumerate(r.run.coordinates):
            lost = int(((grad[:, d] == 0) & (exact[:, d] != 0)).sum())
            overflown = int(np.isinf(grad[:, d]).sum())
            if lost:
                parts.append(f"the gradient of {name} to zero at {lost} of {steps} steps")
            if overflown:
                parts.append(f"the gradient of {name} to infinity at {overflown} of {steps} steps")
        sentences.append(f"{r.letter} loses {listed(parts) if parts else 'no gradient to half precision'}.")
    return sentences


def scale_walk(runs: Sequence[VariantRun]) -> list[str]:
    """How a dynamic loss scale went up and down, and what that cost."""
    sentences = []
    for r in runs:
        if "loss_scale" not in r.run:
            continue
        scale = r["loss_scale"]
        up, down = int((np.diff(scale) > 0).sum()), int((np.diff(scale) < 0).sum())
        skipped = np.flatnonzero(~r["is_update"].astype(bool))
        cost = ""
        if skipped.size:
            cost = (
                f"; step {int(skipped[0])} was skipped" if skipped.size == 1 else f"; {skipped.size} steps were skipped"
            )
        sentences.append(
            f"The scale of {r.letter} goes from {_power(float(scale[0]))} to {_power(float(scale[-1]))}: it "
            f"{_how_often('doubles', up)} and {_how_often('halves', down)}{cost}."
        )
    return sentences


def _how_often(verb: str, count: int) -> str:
    return f"{verb} {times(count)}" if count else f"never {verb}"


def _power(value: float) -> str:
    """A loss scale: a power of two as such."""
    exponent = np.log2(value) if 64 < value < np.inf else 0.5
    return f"2^{int(exponent)}" if exponent == int(exponent) else number(value)
