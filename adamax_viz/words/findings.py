"""What the runs of a comparison show, in sentences computed from them: each is a function of the outcomes.

A finding gets the variants that ran, without the empty rows after a stop, and gives the sentences that hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.runs.run import Outcome
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.run.panels import turn
from adamax_viz.words.numbers import listed, number, point, rounded

SAME = 1e-9  # paths that are nowhere farther apart are one path, but for rounding
TAIL = 0.25  # the last quarter says how a run goes on
STRAIGHT = 1e-6  # degrees


class Ran:
    """A variant that ran: letter, settings and its run."""

    def __init__(self, outcome: Outcome) -> None:
        assert outcome.run is not None
        self.letter, self.settings = outcome.letter, outcome.spec
        self.ended: Trajectory = outcome.run
        self.run = outcome.run.happened()

    def __getitem__(self, name: str) -> NDArray[np.floating]:
        """An array of the run without its leading axis."""
        array = self.run[name]
        return array if name in ("micro_step", "update", "is_update") else array[0]

    @property
    def has_u(self) -> bool:
        """Whether the rule keeps u: Adam does not."""
        return "u" in self.run.moments

    @property
    def end(self) -> NDArray[np.floating]:
        """The last weights."""
        return np.asarray(self["theta"][-1])

    @property
    def tail(self) -> slice:
        """The last quarter of the micro-steps."""
        return slice(-max(1, int(self.run.steps * TAIL)), None)


Finding = Callable[[Sequence[Ran]], list[str]]


def sentences(names: Sequence[str], outcomes: Sequence[Outcome]) -> list[str]:
    """All that the findings of these names say of the variants that ran, and how a run stopped early."""
    ran = [Ran(outcome) for outcome in outcomes if outcome.run is not None]
    with np.errstate(all="ignore"):
        said = [sentence for name in names for sentence in FINDINGS[name](ran)]
    stopped = [f"{r.letter} {r.ended.status[0]}." for r in ran if r.ended.status[0].kind == "diverged"]
    return said + stopped


# -- words -----------------------------------------------------------------------------------------------------


def _listed(ran: Sequence[Ran], value: Callable[[Ran], str]) -> str:
    """``0.1 in A, 0.2 in B and 0.3 in C``."""
    return listed([f"{value(r)} in {r.letter}" for r in ran])


def _power(value: float) -> str:
    """A loss scale: a power of two as such."""
    exponent = np.log2(value) if 64 < value < np.inf else 0.5
    return f"2^{int(exponent)}" if exponent == int(exponent) else number(value)


def _median(values: NDArray[np.floating]) -> float:
    """The median of the finite values; NaN if there are none."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else np.nan


# -- where paths part and end ----------------------------------------------------------------------------------


def _distances(one: Ran, other: Ran) -> NDArray[np.floating]:
    points = min(len(one["theta"]), len(other["theta"]))
    return np.asarray(np.hypot(*(one["theta"][:points] - other["theta"][:points]).T))


def coincide(ran: Sequence[Ran]) -> list[str]:
    """Groups of variants that walk the same path."""
    said, left = [], list(ran)
    while left:
        first, *rest = left
        group = [
            first,
            *(r for r in rest if len(r["theta"]) == len(first["theta"]) and _distances(first, r).max() <= SAME),
        ]
        left = [r for r in rest if r not in group]
        if len(group) > 1:
            apart = max(float(_distances(first, r).max()) for r in group[1:])
            how = "to the last bit" if apart == 0 else f"at most {rounded(apart, 2)} apart"
            said.append(f"{listed([r.letter for r in group])} walk the same path, {how}.")
    return said


def farthest(ran: Sequence[Ran]) -> list[str]:
    """Which variant leaves the first one the most, and when."""
    if len(ran) < 2:
        return []
    first, *others = ran
    largest = {r.letter: float(_distances(first, r).max()) for r in others}
    letter = max(largest, key=lambda name: largest[name])
    if largest[letter] <= SAME:
        return []
    other = next(r for r in others if r.letter == letter)
    step = int(np.argmax(_distances(first, other)))
    return [f"{letter} is the farthest from {first.letter}: {rounded(largest[letter])} at step {step}."]


def _away(ran: Ran, at: NDArray[np.floating]) -> tuple[float, str] | None:
    """The distance to the nearest minimum, and where that is."""
    minima = ran.settings.problem().minima(ran.run.steps)
    if not minima or not np.isfinite(at).all():
        return None
    places = np.array([[m.x, m.y] for m in minima], np.float64)
    distances = np.hypot(*(places - at).T)
    nearest = int(np.argmin(distances))
    return float(distances[nearest]), point(places[nearest])


def ends(ran: Sequence[Ran]) -> list[str]:
    """How far from a minimum each run ends."""
    found = [(r, away) for r in ran if (away := _away(r, r.end)) is not None]
    if not found:
        return []
    places = {place for _, (_, place) in found}
    if len(places) == 1:
        words = listed([f"{r.letter} {rounded(distance)}" for r, (distance, _) in found])
        return [f"At the end, the distances from the minimum at {places.pop()} are: {words}."]
    return [
        "At the end "
        + listed([f"{r.letter} is {rounded(distance)} from {place}" for r, (distance, place) in found])
        + "."
    ]


# -- clipping --------------------------------------------------------------------------------------------------


def turned(ran: Sequence[Ran]) -> list[str]:
    """How often each clip was active, and how far it turned the gradient."""
    said = []
    for r in ran:
        if all(getattr(r.settings, name) is None for name in ("clipnorm", "clipvalue", "global_clipnorm")):
            continue
        angles, factor = turn(r.run), r["clip_factor"]
        known = np.isfinite(factor).all(axis=1)
        active = int((factor[known] < 1 - 1e-6).any(axis=1).sum())
        if not np.isfinite(angles).any():
            continue
        if active == 0:
            said.append(f"{r.letter} clips nothing: every gradient is within its limit.")
            continue
        largest = float(np.nanmax(angles))
        how = f"{r.letter} clips {active} of {int(known.sum())} updates"
        if largest > STRAIGHT:
            said.append(
                f"{how} and turns the gradient by up to {rounded(largest)}°, at step {int(np.nanargmax(angles))}."
            )
        else:
            said.append(f"{how} and keeps the gradient's direction, to within {rounded(largest, 1)}°.")
    return said


def rescaled(ran: Sequence[Ran]) -> list[str]:
    """Variants whose gradients are those of the first times a constant, and how little that moves the path."""
    said = []
    for r in ran[1:]:
        steps = min(r.run.steps, ran[0].run.steps)
        ratio = np.hypot(*r["grad_clipped"][:steps].T) / np.hypot(*ran[0]["grad_clipped"][:steps].T)
        ratio = ratio[np.isfinite(ratio)]
        apart = float(_distances(ran[0], r).max())
        if ratio.size and ratio.max() - ratio.min() <= 0.01 * ratio.max() and abs(ratio.mean() - 1) > 0.01:
            said.append(
                f"All gradients of {r.letter} are {rounded(float(ratio.mean()), 2)} times those of {ran[0].letter}, "
                f"yet the paths are never more than {rounded(apart, 2)} apart."
            )
        factor = r["clip_factor"].min(axis=1)
        cut = factor[factor < 1 - 1e-6]
        if cut.size:
            least = rounded(100 * float(cut.min()), 2)
            said.append(
                f"{r.letter} cuts {cut.size} of {r.run.steps} gradients, the largest to {least} % of its size, "
                f"and the paths part by {rounded(apart)}."
            )
    return said


# -- EMA -------------------------------------------------------------------------------------------------------


def _averaged(ran: Sequence[Ran]) -> list[Ran]:
    return [r for r in ran if np.isfinite(r["ema"]).any()]


def finalized(ran: Sequence[Ran]) -> list[str]:
    """What `finalize` would put into the weights, and whether the average was nearer to the minimum than the path."""
    said = []
    for r in _averaged(ran):
        words = f"Keras's finalize would give {r.letter} the weights {point(np.round(r['ema'][-1], 3))}"
        path, average = (_late(r, r[name][r.tail]) for name in ("theta", "ema"))
        if path is not None and average is not None:
            words += (
                f"; in the last quarter its average is {rounded(average)} from the minimum, its path {rounded(path)}"
            )
        said.append(f"{words}.")
    return said


def _late(r: Ran, places: NDArray[np.floating]) -> float | None:
    """The mean distance of some places from their nearest minimum."""
    minima = np.array([[m.x, m.y] for m in r.settings.problem().minima(r.run.steps)], np.float64)
    if not minima.size or not np.isfinite(places).all():
        return None
    return float(np.hypot(*(places[:, None] - minima).T).min(axis=0).mean())


def first_window(ran: Sequence[Ran]) -> list[str]:
    """For how many micro-steps the average is a copy of the weights."""
    said = []
    for r in _averaged(ran):
        same = (r["ema"] == r["theta"][1:]).all(axis=1)
        count = int(np.argmin(same)) if not same.all() else len(same)
        steps = f"{count} micro-steps" if count != 1 else "micro-step"
        window = r.settings.gradient_accumulation_steps or 1
        said.append(f"In {r.letter} (N = {window}) the average equals the weights for the first {steps}, then it lags.")
    return said


def overwritten(ran: Sequence[Ran]) -> list[str]:
    """How often the average moved the weights, and how far."""
    said = []
    for r in _averaged(ran):
        every = r.settings.ema_overwrite_frequency
        if not every:
            continue
        due = (r["update"] + 1) % every == 0
        jumps = np.hypot(*(r["ema"] - (r["theta"][:-1] + r["step"])).T)[due]
        if jumps.size:
            said.append(
                f"{r.letter} jumps onto its average {jumps.size} times, by {rounded(float(jumps.mean()))} on average."
            )
    return said


# -- accumulation ----------------------------------------------------------------------------------------------


def updated(ran: Sequence[Ran]) -> list[str]:
    """Updates against micro-steps, and how much the gradient that is used scatters."""
    counts = [int(r["is_update"].sum()) for r in ran]
    words = listed([f"{r.letter} makes {count}" for r, count in zip(ran, counts, strict=True)])
    said = [f"Of {ran[0].run.steps} micro-steps {words} updates."] if len(set(counts)) > 1 else []
    scatter = [_scatter(r) for r in ran]
    if all(s > 0 for s in scatter):
        words = listed([f"{rounded(s, 2)} in {r.letter}" for r, s in zip(ran, scatter, strict=True)])
        said.append(f"The noise in the gradient that makes an update is {words} (its standard deviation).")
    return said


def _scatter(r: Ran) -> float:
    """The standard deviation of the noise in the gradients of the updates, from the surface's own gradient."""
    updates = np.flatnonzero(r["is_update"])
    if r.settings.noise == "none" or not updates.size:
        return 0.0
    return float(np.std(r["grad_accumulated"][updates] - _own_gradients(r)[updates]))


def _own_gradients(r: Ran) -> NDArray[np.floating]:
    """The surface's own gradient at the weights before each micro-step, without noise, ``(T, D)``."""
    problem, theta = r.settings.changed(noise="none").problem(), np.asarray(r["theta"][:-1])
    if not problem.functions.moves:
        return problem.evaluate(theta, 0)[1]
    return np.concatenate([problem.evaluate(theta[k : k + 1], k)[1] for k in range(len(theta))])


def by_hand(ran: Sequence[Ran]) -> list[str]:
    """Keras's accumulation beside the same batch averaged by hand: weights, m and u."""
    said = []
    for r in ran:
        for other in ran:
            steps, batch = r.settings.gradient_accumulation_steps, other.settings.average_by_hand
            if (
                not steps
                or steps != batch
                or r.run.moments != other.run.moments
                or r.settings.changed(**_alike(other.settings)) != other.settings
            ):
                continue
            rows = min(r.run.steps, other.run.steps)
            apart = {n: float(np.abs(r[n][:rows] - other[n][:rows]).max()) for n in ("theta", *r.run.moments)}
            if max(apart.values()) <= SAME:
                words = ", ".join(
                    f"{rounded(v, 2)} in {'the weights' if n == 'theta' else n}" for n, v in apart.items()
                )
                said.append(
                    f"Accumulating {steps} ({r.letter}) is averaging {steps} by hand ({other.letter}): {words} apart."
                )
            else:
                said.append(
                    f"Accumulating {steps} ({r.letter}) is not averaging {steps} by hand ({other.letter}) here: "
                    f"{rounded(apart['theta'], 2)} apart in the weights."
                )
    return said


def _alike(settings: RunSpec) -> dict[str, object]:
    names = ("gradient_accumulation_steps", "average_by_hand")
    return {name: getattr(settings, name) for name in names}


def rates_seen(ran: Sequence[Ran]) -> list[str]:
    """With which rate each variant makes its last update."""
    said = []
    for r in ran:
        last = int(np.flatnonzero(r["is_update"])[-1]) if r["is_update"].any() else None
        if last is not None and r.settings.schedule != "none":
            count, calls = int(r["update"][last]) + 1, (last + 1) // (r.settings.average_by_hand or 1)
            rate = rounded(float(r["lr"][last]))
            said.append(f"{r.letter}'s update number {count} is call number {calls} for the schedule: α = {rate}.")
    return said


# -- weight decay ----------------------------------------------------------------------------------------------


def fixed_points(ran: Sequence[Ran]) -> list[str]:
    """Where each kind of decay comes to rest, and what is in balance there."""
    said = []
    for r in ran:
        s = r.settings
        strength = s.l2_in_loss if s.l2_in_loss is not None else s.l2_in_gradient
        slope = s.changed(noise="none").problem().evaluate(r.end[None], r.run.steps)[1][0]
        at = f"{r.letter} ends at {point(np.round(r.end, 3))}"
        if strength is not None:
            off = rounded(float(np.abs(slope + strength * r.end).max()), 1)
            said.append(
                f"{at}, where the surface's gradient {point(_short(slope))} is the opposite of "
                f"λθ = {point(_short(strength * r.end))}, to {off}."
            )
        elif s.weight_decay is not None:
            pull = s.weight_decay * r["lr"][-1] * np.abs(r["theta"][-2])
            along_x, along_y = (rounded(100 * float(v)) for v in np.abs(r["step"][-1]) / pull)
            before, after = (_away(r, np.asarray(r["theta"][k])) for k in (r.tail.start, -1))
            creeps = ""
            if before and after and after[0] < before[0]:
                creeps = f"; as u fades, it came {rounded(before[0] - after[0], 2)} nearer in the last quarter"
            said.append(f"{at}, where each step wins {along_x} % (x) and {along_y} % (y) of what decay takes{creeps}.")
        else:
            said.append(f"{at}, with a gradient of {point(_short(slope))}.")
    return said


def _short(values: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.array([float(f"{v:.3g}") for v in values])


# -- schedules, bias correction, betas, epsilon ----------------------------------------------------------------


def swings(ran: Sequence[Ran]) -> list[str]:
    """How wide the path still swings in its last tenth, and the rate there."""
    width = {r.letter: float(np.ptp(r["theta"][-max(3, r.run.steps // 10) :], axis=0).max()) / 2 for r in ran}
    rate = {r.letter: float(r["lr"][-1]) for r in ran}
    return [
        f"In the last tenth of the run the path swings by ±{_listed(ran, lambda r: rounded(width[r.letter], 2))}; "
        f"the rate at the end is {_listed(ran, lambda r: rounded(rate[r.letter], 2))}."
    ]


def restarted(ran: Sequence[Ran]) -> list[str]:
    """When a rate jumps up again, and when a warm-up reaches its top."""
    said = []
    for r in ran:
        lr = r["lr"]
        jumps = np.flatnonzero(np.diff(lr) > 0.5 * lr.max()) + 1
        if jumps.size:
            steps = listed([str(int(k)) for k in jumps[:4]])
            said.append(f"The rate of {r.letter} restarts {_times(jumps.size)}, at step {steps}.")
        elif lr[0] < 0.5 * lr.max():
            top = int(np.argmax(lr))
            at = float(np.hypot(*(r["theta"][top] - r["theta"][0])))
            said.append(f"The warm-up of {r.letter} takes {top} steps; by then it has gone {rounded(at)}.")
    return said


def first_steps(ran: Sequence[Ran]) -> list[str]:
    """The first step of each variant as a part of the rate, and how long the correction matters."""
    share = {r.letter: float(np.abs(r["step"][0]).max() / r["lr"][0]) for r in ran}
    said = [f"The first step is {_listed(ran, lambda r: f'{rounded(share[r.letter], 4)} α')}."]
    kept = {r.letter: float((np.abs(r["m"][0]) / np.abs(r["grad_clipped"][0])).max()) for r in ran}
    whole = all(r.has_u and (r["u"][0] == np.abs(r["grad_clipped"][0])).all() for r in ran)
    if whole and len({rounded(v) for v in kept.values()}) == 1:
        said.append(f"After one step m is {rounded(kept[ran[0].letter])} of the gradient, but u already all of it.")
    for r in ran:
        lag = np.flatnonzero(r["lr_t"] / r["lr"] > 1.01)
        if lag.size:
            said.append(f"In {r.letter} the correction lifts the rate by more than 1 % until step {int(lag[-1])}.")
    return said


def crossings(ran: Sequence[Ran]) -> list[str]:
    """How often each path crosses the minimum along x, and how far it swings late."""
    minima = ran[0].settings.problem().minima(0)
    if len(minima) != 1:
        return []
    centre = float(minima[0].x)
    counts = {r.letter: int((np.diff(np.sign(r["theta"][:, 0] - centre)) != 0).sum()) for r in ran}
    late = {r.letter: float(np.abs(r["theta"][r.tail, 0] - centre).max()) for r in ran}
    return [
        f"The path crosses the minimum along x {_listed(ran, lambda r: _times(counts[r.letter]))}.",
        f"In the last quarter it is still up to "
        f"{_listed(ran, lambda r: rounded(late[r.letter], 2))} away from it along x.",
    ]


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _how_often(verb: str, count: int) -> str:
    return f"{verb} {_times(count)}" if count else f"never {verb}"


def memory(ran: Sequence[Ran]) -> list[str]:
    """How long u remembers its largest gradient: until it is as small as the gradients are again."""
    said = []
    for r in (one for one in ran if one.has_u):
        size, u = np.abs(r["grad_clipped"][:, 0]), r["u"][:, 0]
        if not np.isfinite(size).any():
            continue
        peak = int(np.nanargmax(size))
        after = np.flatnonzero(u[peak:] <= 2 * _median(size))
        late = float(_median(np.abs(r["step"][r.tail, 0]) / r["lr"][r.tail]))
        back = f"for {int(after[0])} steps" if after.size else f"until the end, where it is {rounded(float(u[-1]))}"
        said.append(
            f"In {r.letter} the gradient of {rounded(float(size[peak]))} at step {peak} holds u_x up {back}; "
            f"late steps are {rounded(100 * late, 2)} % of α."
        )
    return said


def epsilon_share(ran: Sequence[Ran]) -> list[str]:
    """How much of u + ε is ε, and how long the steps are."""
    ran = [r for r in ran if r.has_u]
    if not ran:
        return []
    half = {r.letter: np.float64(_median(r["u"][:, 0])) for r in ran}
    part = {r.letter: r.settings.epsilon / (half[r.letter] + r.settings.epsilon) for r in ran}
    longest = {r.letter: float(np.nanmax(np.abs(r["step"]) / r["lr"][:, None])) for r in ran}
    return [
        f"ε is {_listed(ran, lambda r: f'{rounded(100 * part[r.letter], 2)} %')} of u + ε along x (at the median).",
        f"The longest step is {_listed(ran, lambda r: f'{rounded(longest[r.letter], 2)} α')}.",
    ]


# -- loss scale, noise -----------------------------------------------------------------------------------------


def half_precision(ran: Sequence[Ran]) -> list[str]:
    """How often half precision made a gradient zero or infinite."""
    said = []
    for r in ran:
        if r.settings.gradient_dtype == "none":
            continue
        grad, steps = r["grad"], r.run.steps
        exact = _own_gradients(r)
        parts = []
        for d, name in enumerate(r.run.coordinates):
            lost = int(((grad[:, d] == 0) & (exact[:, d] != 0)).sum())
            overflown = int(np.isinf(grad[:, d]).sum())
            if lost:
                parts.append(f"the gradient of {name} to zero at {lost} of {steps} steps")
            if overflown:
                parts.append(f"the gradient of {name} to infinity at {overflown} of {steps} steps")
        said.append(f"{r.letter} loses {listed(parts) if parts else 'no gradient to half precision'}.")
    return said


def scale_walk(ran: Sequence[Ran]) -> list[str]:
    """How a dynamic loss scale went up and down, and what that cost."""
    said = []
    for r in ran:
        if "loss_scale" not in r.run:
            continue
        scale = r["loss_scale"]
        up, down = int((np.diff(scale) > 0).sum()), int((np.diff(scale) < 0).sum())
        skipped = np.flatnonzero(~r["is_update"].astype(bool))
        cost = ""
        if skipped.size:
            cost = (
                f"; step {int(skipped[0])} was skipped" if skipped.size == 1 else f"; {skipped.size} steps were skipped"
            )
        said.append(
            f"The scale of {r.letter} goes from {_power(float(scale[0]))} to {_power(float(scale[-1]))}: it "
            f"{_how_often('doubles', up)} and {_how_often('halves', down)}{cost}."
        )
    return said


def late_steps(ran: Sequence[Ran]) -> list[str]:
    """How large the largest gradient was, and how long the late steps are."""
    largest = {r.letter: float(np.nanmax(np.abs(r["grad_clipped"]))) for r in ran}
    late = {r.letter: float(_median(np.abs(r["step"][r.tail]) / r["lr"][r.tail][:, None])) for r in ran}
    return [
        f"The largest gradient that u sees is {_listed(ran, lambda r: rounded(largest[r.letter]))}.",
        f"Late steps are {_listed(ran, lambda r: f'{rounded(100 * late[r.letter], 2)} %')} of α (at the median).",
    ]


FINDINGS: dict[str, Finding] = {
    finding.__name__: finding
    for finding in (
        coincide,
        farthest,
        ends,
        turned,
        rescaled,
        finalized,
        first_window,
        overwritten,
        updated,
        by_hand,
        rates_seen,
        fixed_points,
        swings,
        restarted,
        first_steps,
        crossings,
        memory,
        epsilon_share,
        half_precision,
        scale_walk,
        late_steps,
    )
}
