"""What schedules and bias correction do to the steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adamax_viz.words.findings.variant_run import VariantRun, by_letter, times
from adamax_viz.words.numbers import listed, rounded


def swings(runs: Sequence[VariantRun]) -> list[str]:
    """How wide the path still swings in its last tenth, and the rate there."""
    width = {r.letter: float(np.ptp(r["theta"][-max(3, r.run.steps // 10) :], axis=0).max()) / 2 for r in runs}
    rate = {r.letter: float(r["lr"][-1]) for r in runs}
    return [
        f"In the last tenth of the run the path swings by ±{by_letter(runs, lambda r: rounded(width[r.letter], 2))}; "
        f"the rate at the end is {by_letter(runs, lambda r: rounded(rate[r.letter], 2))}."
    ]


def restarted(runs: Sequence[VariantRun]) -> list[str]:
    """When a rate jumps up again, and when a warm-up reaches its top."""
    sentences = []
    for r in runs:
        lr = r["lr"]
        jumps = np.flatnonzero(np.diff(lr) > 0.5 * lr.max()) + 1
        if jumps.size:
            steps = listed([str(int(k)) for k in jumps[:4]])
            sentences.append(f"The rate of {r.letter} restarts {times(jumps.size)}, at step {steps}.")
        elif lr[0] < 0.5 * lr.max():
            top = int(np.argmax(lr))
            at = float(np.hypot(*(r["theta"][top] - r["theta"][0])))
            sentences.append(f"The warm-up of {r.letter} takes {top} steps; by then it has gone {rounded(at)}.")
    return sentences


def first_steps(runs: Sequence[VariantRun]) -> list[str]:
    """The first step of each variant as a part of the rate, and how long the correction matters."""
    share = {r.letter: float(np.abs(r["step"][0]).max() / r["lr"][0]) for r in runs}
    sentences = [f"The first step is {by_letter(runs, lambda r: f'{rounded(share[r.letter], 4)} α')}."]
    kept = {r.letter: float((np.abs(r["m"][0]) / np.abs(r["grad_clipped"][0])).max()) for r in runs}
    whole = all("u" in r.run and (r["u"][0] == np.abs(r["grad_clipped"][0])).all() for r in runs)
    if whole and len({rounded(v) for v in kept.values()}) == 1:
        sentences.append(
            f"After one step m is {rounded(kept[runs[0].letter])} of the gradient, but u already all of it."
        )
    for r in runs:
        lag = np.flatnonzero(r["lr_t"] / r["lr"] > 1.01)
        if lag.size:
            sentences.append(f"In {r.letter} the correction lifts the rate by more than 1 % until step {int(lag[-1])}.")
    return sentences
