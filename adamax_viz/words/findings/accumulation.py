"""What gradient accumulation is, and is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adamax_viz.study.spec import RunSpec
from adamax_viz.words.findings.variant_run import SAME, VariantRun, surface_gradients
from adamax_viz.words.numbers import listed, rounded


def updated(runs: Sequence[VariantRun]) -> list[str]:
    """Updates against micro-steps, and how much the gradient that is used scatters."""
    counts = [int(r["is_update"].sum()) for r in runs]
    words = listed([f"{r.letter} makes {count}" for r, count in zip(runs, counts, strict=True)])
    sentences = [f"Of {runs[0].run.steps} micro-steps {words} updates."] if len(set(counts)) > 1 else []
    scatter = [_scatter(r) for r in runs]
    if all(s > 0 for s in scatter):
        words = listed([f"{rounded(s, 2)} in {r.letter}" for r, s in zip(runs, scatter, strict=True)])
        sentences.append(f"The noise in the gradient that makes an update is {words} (its standard deviation).")
    return sentences


def by_hand(runs: Sequence[VariantRun]) -> list[str]:
    """Keras's accumulation beside the same batch averaged by hand: weights, m and u."""
    sentences = []
    for r in runs:
        for other in runs:
            steps, batch = r.spec.gradient_accumulation_steps, other.spec.average_by_hand
            if not steps or steps != batch or r.spec.changed(**_alike(other.spec)) != other.spec:
                continue
            rows = min(r.run.steps, other.run.steps)
            apart = {n: float(np.abs(r[n][:rows] - other[n][:rows]).max()) for n in ("theta", *r.run.moments)}
            if max(apart.values()) <= SAME:
                words = ", ".join(
                    f"{rounded(v, 2)} in {'the weights' if n == 'theta' else n}" for n, v in apart.items()
                )
                sentences.append(
                    f"Accumulating {steps} ({r.letter}) is averaging {steps} by hand ({other.letter}): {words} apart."
                )
            else:
                sentences.append(
                    f"Accumulating {steps} ({r.letter}) is not averaging {steps} by hand ({other.letter}) here: "
                    f"{rounded(apart['theta'], 2)} apart in the weights."
                )
    return sentences


def rates_seen(runs: Sequence[VariantRun]) -> list[str]:
    """With which rate each variant makes its last update."""
    sentences = []
    for r in runs:
        last = int(np.flatnonzero(r["is_update"])[-1]) if r["is_update"].any() else None
        if last is not None and r.spec.schedule != "none":
            count, calls = int(r["update"][last]) + 1, (last + 1) // (r.spec.average_by_hand or 1)
            rate = rounded(float(r["lr"][last]))
            sentences.append(f"{r.letter}'s update number {count} is call number {calls} for the schedule: α = {rate}.")
    return sentences


def _scatter(r: VariantRun) -> float:
    """The standard deviation of the noise in the gradients of the updates, from the surface's own gradient."""
    updates = np.flatnonzero(r["is_update"])
    if r.spec.noise == "none" or not updates.size:
        return 0.0
    return float(np.std(r["grad_accumulated"][updates] - surface_gradients(r)[updates]))


def _alike(spec: RunSpec) -> dict[str, object]:
    names = ("gradient_accumulation_steps", "average_by_hand")
    return {name: getattr(spec, name) for name in names}
