"""What the mean of gradients is, and is not, and what the average of the weights shows and does."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from adamax_viz.words.findings.variant_run import SAME, Runs, VariantRun, by_letter, surface_gradients
from adamax_viz.words.numbers import listed, point, rounded


def updated(runs: Runs) -> Iterator[str]:
    """Updates against micro-steps, and how much the gradient that is used scatters."""
    counts = {r.letter: int(r["is_update"].sum()) for r in runs}
    if len(set(counts.values())) > 1:
        words = listed([f"{letter} makes {count}" for letter, count in counts.items()])
        yield f"Of {runs[0].run.steps} micro-steps {words} updates."
    scatter = {r.letter: _scatter(r) for r in runs}
    if all(s > 0 for s in scatter.values()):
        words = by_letter(runs, lambda r: rounded(scatter[r.letter], 2))
        yield f"The noise in the gradient that makes an update is {words} (its standard deviation)."


def _scatter(r: VariantRun) -> float:
    """The standard deviation of the noise in the gradients of the updates, from the surface's own gradient."""
    updates = np.flatnonzero(r["is_update"])
    if r.spec.noise == "none" or not updates.size:
        return 0.0
    return float(np.std(r["grad_accumulated"][updates] - surface_gradients(r)[updates]))


def by_hand(runs: Runs) -> Iterator[str]:
    """Keras's accumulation beside the same batch averaged by hand: weights, m and u."""
    for r in runs:
        steps = r.spec.gradient_accumulation_steps
        twin = r.spec.changed(gradient_accumulation_steps=None, average_by_hand=steps) if steps else None
        for other in (other for other in runs if other.spec == twin):
            rows = min(r.run.steps, other.run.steps)
            apart = {n: np.abs(r[n][:rows] - other[n][:rows]).max() for n in ("theta", *r.run.moments)}
            far = [f"{rounded(v, 2)} in {'the weights' if n == 'theta' else n}" for n, v in apart.items()]
            verdict, pair = f"Accumulating {steps} ({r.letter}) is", f"averaging {steps} by hand ({other.letter})"
            if max(apart.values()) <= SAME:
                yield f"{verdict} {pair}: {', '.join(far)} apart."
            else:
                yield f"{verdict} not {pair} here: {rounded(apart['theta'], 2)} apart in the weights."


def rates_seen(runs: Runs) -> Iterator[str]:
    """With which rate each variant makes its last update."""
    for r in runs:
        if r.spec.schedule != "none" and r["is_update"].any():
            last = int(np.flatnonzero(r["is_update"])[-1])
            count, calls = int(r["update"][last]) + 1, (last + 1) // (r.spec.average_by_hand or 1)
            rate = rounded(r["lr"][last])
            yield f"{r.letter}'s update number {count} is call number {calls} for the schedule: α = {rate}."


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
