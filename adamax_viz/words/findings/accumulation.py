"""What gradient accumulation is, and is not."""

from collections.abc import Iterator

import numpy as np

from adamax_viz.words.findings.variant_run import SAME, Runs, VariantRun, by_letter, surface_gradients
from adamax_viz.words.numbers import listed, rounded


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
