"""What schedules and bias correction do to the steps."""

from collections.abc import Iterator

import numpy as np

from adamax_viz.words.findings.variant_run import Runs, by_letter, times, with_u
from adamax_viz.words.numbers import listed, rounded


def swings(runs: Runs) -> Iterator[str]:
    """How wide the path still swings in its last tenth, and the rate there."""
    widths = by_letter(runs, lambda r: rounded(np.ptp(r["theta"][-max(3, r.run.steps // 10) :], axis=0).max() / 2, 2))
    rates = by_letter(runs, lambda r: rounded(r["lr"][-1], 2))
    yield f"In the last tenth of the run the path swings by ±{widths}; the rate at the end is {rates}."


def restarted(runs: Runs) -> Iterator[str]:
    """When a rate jumps up again, and when a warm-up reaches its top."""
    for r in runs:
        lr = r["lr"]
        jumps = np.flatnonzero(np.diff(lr) > 0.5 * lr.max()) + 1
        if jumps.size:
            steps = listed([str(k) for k in jumps[:4]])
            yield f"The rate of {r.letter} restarts {times(jumps.size)}, at step {steps}."
        elif lr[0] < 0.5 * lr.max():
            top = np.argmax(lr)
            away = rounded(np.hypot(*(r["theta"][top] - r["theta"][0])))
            yield f"The warm-up of {r.letter} takes {top} steps; by then it has gone {away}."


def first_steps(runs: Runs) -> Iterator[str]:
    """The first step of each variant as a part of the rate, and how long the correction matters."""
    shares = by_letter(runs, lambda r: f"{rounded(np.abs(r['step'][0]).max() / r['lr'][0], 4)} α")
    yield f"The first step is {shares}."
    kept = {rounded((np.abs(r["m"][0]) / np.abs(r["grad_clipped"][0])).max()) for r in runs}
    if len(kept) == 1 and all("u" in r.run and (r["u"][0] == np.abs(r["grad_clipped"][0])).all() for r in runs):
        yield f"After one step m is {kept.pop()} of the gradient, but u already all of it."
    for r in with_u(runs):  # other rules correct their norm, too
        lag = np.flatnonzero(r["lr_t"] / r["lr"] > 1.01)
        if lag.size:
            yield f"In {r.letter} the correction lifts the rate by more than 1 % until step {lag[-1]}."
