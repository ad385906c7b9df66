"""What the mean of gradients is, and is not, and what the average of the weights shows and does."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adamax_viz.words.findings.variant_run import SAME, VariantRun, by_letter, of_each, surface_gradients
from adamax_viz.words.numbers import listed, point, rounded


def updated(runs: Sequence[VariantRun]) -> list[str]:
    """Updates against micro-steps, and how much the gradient that is used scatters."""
    sentences = []
    counts = [int(r["is_update"].sum()) for r in runs]
    if len(set(counts)) > 1:
        words = listed([f"{r.letter} makes {count}" for r, count in zip(runs, counts, strict=True)])
        sentences.append(f"Of {runs[0].run.steps} micro-steps {words} updates.")
    scatter = {r.letter: _scatter(r) for r in runs}
    if all(s > 0 for s in scatter.values()):
        words = by_letter(runs, lambda r: rounded(scatter[r.letter], 2))
        sentences.append(f"The noise in the gradient that makes an update is {words} (its standard deviation).")
    return sentences


def _scatter(r: VariantRun) -> float:
    """The standard deviation of the noise in the gradients of the updates, from the surface's own gradient."""
    updates = np.flatnonzero(r["is_update"])
    if r.spec.noise == "none" or not updates.size:
        return 0.0
    return float(np.std(r["grad_accumulated"][updates] - surface_gradients(r)[updates]))


def by_hand(runs: Sequence[VariantRun]) -> list[str]:
    """Keras's accumulation beside the same batch averaged by hand: weights, m and u."""
    sentences = []
    for r in runs:
        steps = r.spec.gradient_accumulation_steps
        twin = r.spec.changed(gradient_accumulation_steps=None, average_by_hand=steps) if steps else None
        for other in (other for other in runs if other.spec == twin):
            rows = min(r.run.steps, other.run.steps)
            apart = {n: np.abs(r[n][:rows] - other[n][:rows]).max() for n in ("theta", *r.run.moments)}
            far = [f"{rounded(v, 2)} in {'the weights' if n == 'theta' else n}" for n, v in apart.items()]
            verdict, pair = f"Accumulating {steps} ({r.letter}) is", f"averaging {steps} by hand ({other.letter})"
            if max(apart.values()) <= SAME:
                sentences.append(f"{verdict} {pair}: {', '.join(far)} apart.")
            else:
                sentences.append(f"{verdict} not {pair} here: {rounded(apart['theta'], 2)} apart in the weights.")
    return sentences


@of_each
def rates_seen(r: VariantRun) -> str | None:
    """With which rate it makes its last update."""
    if r.spec.schedule == "none" or not r["is_update"].any():
        return None
    last = int(np.flatnonzero(r["is_update"])[-1])
    count, calls = int(r["update"][last]) + 1, (last + 1) // (r.spec.average_by_hand or 1)
    rate = rounded(r["lr"][last])
    return f"{r.letter}'s update number {count} is call number {calls} for the schedule: α = {rate}."


@of_each
def finalized(r: VariantRun) -> str | None:
    """What `finalize` would put into the weights, and whether the average was nearer to the minimum than the path."""
    if not r.is_averaged:
        return None
    words = f"Keras's finalize would give {r.letter} the weights {point(np.round(r['ema'][-1], 3))}"
    path, average = (_late(r, r[name][r.tail]) for name in ("theta", "ema"))
    if path is None or average is None:
        return f"{words}."
    return f"{words}; in the last quarter its average is {rounded(average)} from the minimum, its path {rounded(path)}."


def _late(r: VariantRun, places: NDArray[np.floating]) -> float | None:
    """The mean distance of some places from their nearest minimum."""
    minima = np.array([[m.x, m.y] for m in r.spec.problem().minima(r.run.steps)], np.float64)
    if not minima.size or not np.isfinite(places).all():
        return None
    return float(np.hypot(*(places[:, None] - minima).T).min(axis=0).mean())


@of_each
def first_window(r: VariantRun) -> str | None:
    """For how many micro-steps the average is a copy of the weights."""
    if not r.is_averaged:
        return None
    same = (r["ema"] == r["theta"][1:]).all(axis=1)
    count = int(np.argmin([*same, False]))
    steps = f"{count} micro-steps" if count != 1 else "micro-step"
    window = r.spec.gradient_accumulation_steps or 1
    return f"In {r.letter} (N = {window}) the average equals the weights for the first {steps}, then it lags."


@of_each
def overwritten(r: VariantRun) -> str | None:
    """How often the average moved the weights, and how far."""
    frequency = r.spec.ema_overwrite_frequency
    if not r.is_averaged or not frequency:
        return None
    jumps = np.hypot(*(r["ema"] - (r["theta"][:-1] + r["step"])).T)[(r["update"] + 1) % frequency == 0]
    if not jumps.size:
        return None
    return f"{r.letter} jumps onto its average {jumps.size} times, by {rounded(jumps.mean())} on average."
