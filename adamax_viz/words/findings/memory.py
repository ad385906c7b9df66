"""What decay, the betas and ε make of a run: where it rests, and what m and u remember."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from adamax_viz.words.findings.variant_run import Runs, VariantRun, by_letter, median, times, with_u
from adamax_viz.words.numbers import point, rounded
from adamax_viz.words.symptoms import nearest_minimum


def fixed_points(runs: Runs) -> Iterator[str]:
    """Where each kind of decay comes to rest, and what is in balance there."""
    for r in runs:
        yield f"{r.letter} ends at {point(np.round(r.end, 3))}, {_balance(r)}."


def _balance(r: VariantRun) -> str:
    spec = r.spec
    strength = spec.l2_in_loss if spec.l2_in_loss is not None else spec.l2_in_gradient
    slope = spec.changed(noise="none").problem().evaluate(r.end[None], r.run.steps)[1][0]
    if strength is not None:
        pull = strength * r.end
        off = np.abs(slope + pull).max()
        rests = off <= max(0.1 * np.abs(pull).max(), 1e-6)
        is_opposite, how_far = ("is", f", to {rounded(off, 1)}") if rests else ("is not", "")
        return (
            f"where the surface's gradient {point(_short(slope))} {is_opposite} the opposite of "
            f"λθ = {point(_short(pull))}{how_far}"
        )
    if spec.weight_decay is None:
        return f"with a gradient of {point(_short(slope))}"
    pull = spec.weight_decay * r["lr"][-1] * np.abs(r["theta"][-2])
    along_x, along_y = (rounded(100 * float(v)) for v in np.abs(r["step"][-1]) / pull)
    before, after = (nearest_minimum(spec.problem(), r["theta"][k], r.run.steps) for k in (r.tail.start, -1))
    creeps = ""
    if before and after and after[0] < before[0]:
        creeps = f"; as u fades, it came {rounded(before[0] - after[0], 2)} nearer in the last quarter"
    return f"where each step wins {along_x} % (x) and {along_y} % (y) of what decay takes{creeps}"


def crossings(runs: Runs) -> Iterator[str]:
    """How often each path crosses the minimum along x, and how far it swings late."""
    minima = runs[0].spec.problem().minima(0)
    if len(minima) == 1:
        along_x = {r.letter: r["theta"][:, 0] - float(minima[0].x) for r in runs}
        counts = by_letter(runs, lambda r: times(int((np.diff(np.sign(along_x[r.letter])) != 0).sum())))
        late = by_letter(runs, lambda r: rounded(np.abs(along_x[r.letter][r.tail]).max(), 2))
        yield f"The path crosses the minimum along x {counts}."
        yield f"In the last quarter it is still up to {late} away from it along x."


def memory(runs: Runs) -> Iterator[str]:
    """How long u remembers its largest gradient: until it is as small as the gradients are again."""
    for r in with_u(runs):
        size, u = np.abs(r["grad_clipped"][:, 0]), r["u"][:, 0]
        if np.isfinite(size).any():
            peak = int(np.nanargmax(size))
            after = np.flatnonzero(u[peak:] <= 2 * median(size))
            late = median(np.abs(r["step"][r.tail, 0]) / r["lr"][r.tail])
            back = f"for {after[0]} steps" if after.size else f"until the end, where it is {rounded(u[-1])}"
            yield (
                f"In {r.letter} the gradient of {rounded(size[peak])} at step {peak} holds u_x up {back}; "
                f"late steps are {rounded(100 * late, 2)} % of α."
            )


def epsilon_share(runs: Runs) -> Iterator[str]:
    """How much of u + ε is ε, and how long the steps are."""

    def share(r: VariantRun) -> str:
        return f"{rounded(100 * r.spec.epsilon / np.float64(median(r['u'][:, 0]) + r.spec.epsilon), 2)} %"

    if kept := with_u(runs):
        yield f"ε is {by_letter(kept, share)} of u + ε along x (at the median)."
    longest = by_letter(runs, lambda r: f"{rounded(np.nanmax(np.abs(r['step']) / r['lr'][:, None]), 2)} α")
    yield f"The longest step is {longest}."


def late_steps(runs: Runs) -> Iterator[str]:
    """How large the largest gradient was, and how long the late steps are."""

    def late(r: VariantRun) -> str:
        return f"{rounded(100 * median(np.abs(r['step'][r.tail]) / r['lr'][r.tail][:, None]), 2)} %"

    if kept := with_u(runs):
        largest = by_letter(kept, lambda r: rounded(np.nanmax(np.abs(r["grad_clipped"]))))
        yield f"The largest gradient that u sees is {largest}."
    yield f"Late steps are {by_letter(runs, late)} of α (at the median)."


def _short(values: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.array([float(f"{v:.3g}") for v in values])
