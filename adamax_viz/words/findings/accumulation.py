"""What gradient accumulation is, and is not."""

from collections.abc import Sequence

import numpy as np

from adamax_viz.words.findings.variant_run import SAME, VariantRun, by_letter, surface_gradients
from adamax_viz.words.numbers import listed, rounded


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


def by_hand(runs: Sequence[VariantRun]) -> list[str]:
    """Keras's accumulation beside the same batch averaged by hand: weights, m and u."""
    sentences = []
    for r in runs:
        steps = r.spec.gradient_accumulation_steps
        twin = r.spec.changed(gradient_accumulation_steps=None, average_by_hand=steps) if steps else None
        for other in (other for other in runs if other.spec == twin):
            rows = min(r.run.steps, other.run.steps)
            apart = {n: float(np.abs(r[n][:rows] - other[n][:rows]).max()) for n in ("theta", *r.run.moments)}
            pair = f"averaging {steps} by hand ({other.letter})"
            if max(apart.values()) <= SAME:
                words = ", ".join(
                    f"{rounded(v, 2)} in {'the weights' if n == 'theta' else n}" for n, v in apart.items()
                )
                sentences.append(f"Accumulating {steps} ({r.letter}) is {pair}: {words} apart.")
            else:
                far = rounded(apart["theta"], 2)
                sentences.append(f"Accumulating {steps} ({r.letter}) is not {pair} here: {far} apart in the weights.")
    return sentences


def rates_seen(runs: Sequence[VariantRun]) -> list[str]:
    """With which rate each variant makes its last update."""
    sentences = []
    for r in runs:
        if r.spec.schedule != "none" and r["is_update"].any():
            last = int(np.flatnonzero(r["is_update"])[-1])
            count, calls = int(r["update"][last]) + 1, (last + 1) // (r.spec.average_by_hand or 1)
            rate = rounded(r["lr"][last])
            sentences.append(f"{r.letter}'s update number {count} is call number {calls} for the schedule: α = {rate}.")
    return sentences


def _scatter(r: VariantRun) -> float:
    """The standard deviation of the noise in the gradients of the updates, from the surface's own gradient."""
    updates = np.flatnonzero(r["is_update"])
    if r.spec.noise == "none" or not updates.size:
        return 0.0
    return float(np.std(r["grad_accumulated"][updates] - surface_gradients(r)[updates]))
