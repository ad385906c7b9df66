"""What half precision loses, and what a loss scale costs."""

from collections.abc import Iterator

import numpy as np

from adamax_viz.words.findings.variant_run import Runs, surface_gradients, times
from adamax_viz.words.labels import text_of
from adamax_viz.words.numbers import listed


def half_precision(runs: Runs) -> Iterator[str]:
    """How often half precision made a gradient zero or infinite."""
    for r in runs:
        if r.spec.gradient_dtype == "none":
            continue
        grad = r["grad"]
        counts = {"zero": (grad == 0) & (surface_gradients(r) != 0), "infinity": np.isinf(grad)}
        parts = [
            f"the gradient of {name} to {end} at {count} of {r.run.steps} steps"
            for d, name in enumerate(r.run.coordinates)
            for end, lost in counts.items()
            if (count := lost[:, d].sum())
        ]
        yield f"{r.letter} loses {listed(parts) if parts else 'no gradient to half precision'}."


def scale_walk(runs: Runs) -> Iterator[str]:
    """How a dynamic loss scale went up and down, and what that cost."""
    for r in runs:
        if "loss_scale" not in r.run:
            continue
        scale, skipped = r["loss_scale"], np.flatnonzero(~r["is_update"].astype(bool))
        moves = np.sign(np.diff(scale)).tolist()
        what = f"step {skipped[0]} was" if skipped.size == 1 else f"{skipped.size} steps were"
        yield (
            f"The scale of {r.letter} goes from {text_of(float(scale[0]))} to {text_of(float(scale[-1]))}: it "
            f"{_how_often('doubles', moves.count(1))} and {_how_often('halves', moves.count(-1))}"
            f"{f'; {what} skipped' if skipped.size else ''}."
        )


def _how_often(verb: str, count: int) -> str:
    return f"{verb} {times(count)}" if count else f"never {verb}"
