"""What decay, the betas and ε make of a run: where it rests, and what m and u remember."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adamax_viz.words.findings.variant_run import VariantRun, by_letter, median, nearest_minimum, times, with_u
from adamax_viz.words.numbers import point, rounded


def fixed_points(runs: Sequence[VariantRun]) -> list[str]:
    """Where each kind of decay comes to rest, and what is in balance there."""
    sentences = []
    for r in runs:
        s = r.spec
        strength = s.l2_in_loss if s.l2_in_loss is not None else s.l2_in_gradient
        slope = s.changed(noise="none").problem().evaluate(r.end[None], r.run.steps)[1][0]
        at = f"{r.letter} ends at {point(np.round(r.end, 3))}"
        if strength is not None:
            off = rounded(float(np.abs(slope + strength * r.end).max()), 1)
            sentences.append(
                f"{at}, where the surface's gradient {point(_short(slope))} is the opposite of "
                f"λθ = {point(_short(strength * r.end))}, to {off}."
            )
        elif s.weight_decay is not None:
            pull = s.weight_decay * r["lr"][-1] * np.abs(r["theta"][-2])
            along_x, along_y = (rounded(100 * float(v)) for v in np.abs(r["step"][-1]) / pull)
            before, after = (nearest_minimum(r, np.asarray(r["theta"][k])) for k in (r.tail.start, -1))
            creeps = ""
            if before and after and after[0] < before[0]:
                creeps = f"; as u fades, it came {rounded(before[0] - after[0], 2)} nearer in the last quarter"
            sentences.append(
                f"{at}, where each step wins {along_x} % (x) and {along_y} % (y) of what decay takes{creeps}."
            )
        else:
            sentences.append(f"{at}, with a gradient of {point(_short(slope))}.")
    return sentences


def crossings(runs: Sequence[VariantRun]) -> list[str]:
    """How often each path crosses the minimum along x, and how far it swings late."""
    minima = runs[0].spec.problem().minima(0)
    if len(minima) != 1:
        return []
    centre = float(minima[0].x)
    counts = {r.letter: int((np.diff(np.sign(r["theta"][:, 0] - centre)) != 0).sum()) for r in runs}
    late = {r.letter: float(np.abs(r["theta"][r.tail, 0] - centre).max()) for r in runs}
    return [
        f"The path crosses the minimum along x {by_letter(runs, lambda r: times(counts[r.letter]))}.",
        f"In the last quarter it is still up to "
        f"{by_letter(runs, lambda r: rounded(late[r.letter], 2))} away from it along x.",
    ]


def memory(runs: Sequence[VariantRun]) -> list[str]:
    """How long u remembers its largest gradient: until it is as small as the gradients are again."""
    sentences = []
    for r in with_u(runs):
        size, u = np.abs(r["grad_clipped"][:, 0]), r["u"][:, 0]
        if not np.isfinite(size).any():
            continue
        peak = int(np.nanargmax(size))
        after = np.flatnonzero(u[peak:] <= 2 * median(size))
        late = float(median(np.abs(r["step"][r.tail, 0]) / r["lr"][r.tail]))
        back = f"for {int(after[0])} steps" if after.size else f"until the end, where it is {rounded(float(u[-1]))}"
        sentences.append(
            f"In {r.letter} the gradient of {rounded(float(size[peak]))} at step {peak} holds u_x up {back}; "
            f"late steps are {rounded(100 * late, 2)} % of α."
        )
    return sentences


def epsilon_share(runs: Sequence[VariantRun]) -> list[str]:
    """How much of u + ε is ε, and how long the steps are."""
    kept = with_u(runs)
    half = {r.letter: np.float64(median(r["u"][:, 0])) for r in kept}
    part = {r.letter: r.spec.epsilon / (half[r.letter] + r.spec.epsilon) for r in kept}
    longest = {r.letter: float(np.nanmax(np.abs(r["step"]) / r["lr"][:, None])) for r in runs}
    shares = by_letter(kept, lambda r: f"{rounded(100 * part[r.letter], 2)} %")
    return [
        *([f"ε is {shares} of u + ε along x (at the median)."] if kept else []),
        f"The longest step is {by_letter(runs, lambda r: f'{rounded(longest[r.letter], 2)} α')}.",
    ]


def late_steps(runs: Sequence[VariantRun]) -> list[str]:
    """How large the largest gradient was, and how long the late steps are."""
    largest = {r.letter: float(np.nanmax(np.abs(r["grad_clipped"]))) for r in runs}
    late = {r.letter: float(median(np.abs(r["step"][r.tail]) / r["lr"][r.tail][:, None])) for r in runs}
    kept = with_u(runs)
    return [
        *(
            [f"The largest gradient that u sees is {by_letter(kept, lambda r: rounded(largest[r.letter]))}."]
            if kept
            else []
        ),
        f"Late steps are {by_letter(runs, lambda r: f'{rounded(100 * late[r.letter], 2)} %')} of α (at the median).",
    ]


def _short(values: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.array([float(f"{v:.3g}") for v in values])
