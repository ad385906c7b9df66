"""What the average of the weights shows, and does."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from adamax_viz.words.findings.variant_run import Runs, VariantRun
from adamax_viz.words.numbers import point, rounded


def finalized(runs: Runs) -> Iterator[str]:
    """What `finalize` would put into the weights, and whether the average was nearer to the minimum than the path."""
    for r in _averaged(runs):
        words = f"Keras's finalize would give {r.letter} the weights {point(np.round(r['ema'][-1], 3))}"
        path, mean = (_late(r, r[name][r.tail]) for name in ("theta", "ema"))
        if path is not None and mean is not None:
            words += f"; in the last quarter its average is {rounded(mean)} from the minimum, its path {rounded(path)}"
        yield f"{words}."


def _late(r: VariantRun, places: NDArray[np.floating]) -> float | None:
    """The mean distance of some places from their nearest minimum."""
    minima = np.array([[m.x, m.y] for m in r.spec.problem().minima(r.run.steps)], np.float64)
    if not minima.size or not np.isfinite(places).all():
        return None
    return float(np.hypot(*(places[:, None] - minima).T).min(axis=0).mean())


def first_window(runs: Runs) -> Iterator[str]:
    """For how many micro-steps the average is a copy of the weights."""
    for r in _averaged(runs):
        same = (r["ema"] == r["theta"][1:]).all(axis=1)
        count = int(np.argmin([*same, False]))
        steps = f"{count} micro-steps" if count != 1 else "micro-step"
        window = r.spec.gradient_accumulation_steps or 1
        yield f"In {r.letter} (N = {window}) the average equals the weights for the first {steps}, then it lags."


def overwritten(runs: Runs) -> Iterator[str]:
    """How often the average moved the weights, and how far."""
    for r in _averaged(runs):
        # An average that never overwrites is never due.
        due = (r["update"] + 1) % (r.spec.ema_overwrite_frequency or np.inf) == 0
        jumps = np.hypot(*(r["ema"] - (r["theta"][:-1] + r["step"])).T)[due]
        if jumps.size:
            yield f"{r.letter} jumps onto its average {jumps.size} times, by {rounded(jumps.mean())} on average."


def _averaged(runs: Runs) -> Runs:
    return [r for r in runs if np.isfinite(r["ema"]).any()]
