"""One or two sentences about a run, computed from it: what a teacher would point at."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.engine import Optimizer
from adamax_viz.core.pipeline import CLIPS
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.views.run.ledger import skipped
from adamax_viz.views.run.panels import CLIP_ROUNDING, turn
from adamax_viz.words.numbers import number, point, rounded
from adamax_viz.words.symptoms import HELD, TAIL, Case, distance_to, hold_of, minima_of, place_of

AT_MOST = 2
CORRECTION = 0.01
GAINING = 0.05  # part of the way to the lowest point that a slow run still makes in its last quarter
BEND = 0.05  # degrees
CALM = ("none", "outlier")  # kinds of noise that leave the path alone, at least later on


def diagnosis(run: Trajectory, problem: SurfaceProblem, optimizer: Optimizer) -> list[str]:
    """The first sentences that hold for a single run, most telling first."""
    case = Case(run, problem, optimizer.adamax)
    with np.errstate(all="ignore"):
        return [sentence for observe in OBSERVATIONS if (sentence := observe(case))][:AT_MOST]


def diverged(case: Case) -> str | None:
    """Stopped because something was not finite."""
    status = case.status
    if status.kind != "diverged":
        return None
    return f"Diverged at step {status.step}: {status.quantity} is not finite; the path rests at the last finite point."


def converged(case: Case) -> str | None:
    """Came to a minimum and stayed."""
    arrival = case.arrival
    if arrival is None:
        return None
    within = number(_rounded_up(arrival.within))
    if arrival.since == 0:
        return f"Starts at {arrival.place} and stays {f'within {within} of it' if arrival.within else 'there'}."
    return f"Reached {arrival.place} by step {arrival.since} and stayed within {within} of it."


def resting(case: Case) -> str | None:
    """Came to rest at a place where the gradient vanishes and which is not among the known minima."""
    problem, near = case.problem, case.near
    if case.status.kind == "diverged" or problem.functions.moves or problem.noise.kind != "none":
        return None
    end = np.asarray(case.theta[-1], np.float64)
    moved = np.hypot(*(case.theta[-case.tail - 1 :] - end).T).max()
    nearest = case.nearest(end)
    if moved > near or (nearest and nearest[0] <= near):
        return None
    kind = case.stationary_kind(end)
    if kind is None:
        return None
    at = point(_readable(end, near))
    if kind == "minimum":
        lower = any(m.value < case.loss[-1] for m in minima_of(problem, case.steps))
        return f"Came to rest at {at}, a {'local ' if lower else ''}minimum."
    if kind == "level":
        return f"Came to rest at {at}, where the ground is level."
    return f"Came to rest at {at}, {kind}: the gradient vanishes there, yet it is no minimum."


def balanced(case: Case) -> str | None:
    """Weight decay takes back what each step wins."""
    if not case.has_finished or not case.adamax.weight_decay or case.steps < 20 or case.overwrites:
        return None
    if case.late_arrival or resting(case):
        return None
    theta, step = case.theta[-case.tail - 1 :], case.run["step"][0, -case.tail :]
    stepped, moved = np.abs(step).sum(), np.abs(np.diff(theta, axis=0)).sum()
    if not HELD * moved < stepped or moved > case.near:
        return None
    at = point(_readable(theta[-1], case.near))
    return f"Rests at {at}, where weight decay pulls back as far as each step goes; the gradient is not zero there."


def following(case: Case) -> str | None:
    """How far the path is from a minimum that moves."""
    if not case.has_finished or case.steps < 20 or not case.minimum_moves:
        return None
    late = np.unique(np.linspace(case.steps - case.tail, case.steps, 60, dtype=int))
    away = float(np.mean([min(distance_to(case.theta[k], m) for m in case.problem.minima(int(k))) for k in late]))
    return f"The minimum moves on: in the last quarter the path is about {rounded(away, 2)} away from it."


def unmoved(case: Case) -> str | None:
    """All gradients are zero, perhaps only after rounding."""
    grad = case.run["grad"][0]
    grad = grad[np.isfinite(grad)]
    if grad.size == 0 or np.any(grad != 0):
        return None
    slope = case.problem.evaluate(np.asarray(case.theta[:1], np.float64), 0)[1]
    rule = case.adamax.rule.keras or f"the rule {case.adamax.rule.name}"
    if np.any(slope != 0):
        return (
            f"Every gradient rounds to zero before {rule} sees it, so it takes no step: a loss scale would lift them."
        )
    return f"Every gradient is exactly zero, so {rule} takes no step."


def frozen(case: Case) -> str | None:
    """Gradients of long ago made u so large that the steps are small, though the path has not arrived."""
    run, beta_2 = case.run, float(case.adamax.beta_2)  # type: ignore[arg-type]
    if not case.has_finished or not 0 < beta_2 < 1 or case.arrival or balanced(case):
        return None
    holds = [hold for d in range(len(run.coordinates)) if (hold := hold_of(run, d))]
    if not holds:
        return None
    hold = max(holds, key=lambda hold: hold.largest / hold.typical)
    name = hold.coordinate
    norm, fade = ("√v", math.sqrt(beta_2)) if "v" in run.moments else ("u", beta_2)
    forgotten = math.ceil(math.log(hold.norm / hold.typical) / -math.log(fade))
    return (
        f"The gradient of {number(hold.largest)} at step {hold.step} still holds {norm}_{name} up: the steps in {name} "
        f"are only {rounded(100 * hold.share, 2)} % of the learning rate, and with β₂ = {number(beta_2)} it "
        f"takes about {forgotten} updates to forget it."
    )


def circling(case: Case) -> str | None:
    """Goes to and fro around a point with an amplitude of about α."""
    run, problem = case.run, case.problem
    if not case.has_finished or problem.functions.moves or case.arrival or case.overwrites:
        return None
    if problem.noise.kind not in CALM:
        return None
    tail = run["theta_next"][0][run["is_update"]]
    tail = tail[-int(len(tail) * TAIL) :]
    if len(tail) < 10:
        return None
    rate = abs(float(run["lr"][0, -1]))
    steps, half = np.diff(tail, axis=0), len(tail) // 2
    centre, spread = tail.mean(axis=0), np.ptp(tail, axis=0) / 2
    turns = (np.sign(steps[1:]) * np.sign(steps[:-1]) < 0).sum(axis=0)
    amplitude = float(spread.max())
    drift = float(np.abs(tail[:half].mean(axis=0) - tail[half:].mean(axis=0)).max())
    if turns[np.argmax(spread)] < 4 or not 0.02 * rate < amplitude < 5 * rate or drift > 0.7 * amplitude:
        return None
    return (
        f"Does not settle: it goes to and fro around {point(_readable(centre, amplitude / 5))} with an amplitude of "
        f"{rounded(amplitude, 2)}, {rounded(amplitude / rate, 2)} times the learning rate; "
        "a smaller or decaying rate brings it closer."
    )


def jittering(case: Case) -> str | None:
    """Noise keeps the path moving around a minimum."""
    tail = case.theta[-case.tail - 1 :]
    nearest = case.nearest(tail.mean(axis=0))
    if not case.has_finished or case.problem.noise.kind in CALM or case.steps < 40 or nearest is None:
        return None
    if case.arrival or case.minimum_moves:
        return None
    _, minimum = nearest
    away = np.hypot(*(tail - np.array([minimum.x, minimum.y])).T)
    before, after = away[: len(away) // 2].mean(), away[len(away) // 2 :].mean()
    if after < 0.5 * before or np.ptp(away) < 0.3 * away.max():
        return None  # still coming, or hardly moving
    low, high, at = rounded(away.min(), 2), rounded(away.max(), 2), place_of(minimum)
    return f"Noise keeps it moving: in the last quarter it is between {low} and {high} away from the minimum at {at}."


def arriving(case: Case) -> str | None:
    """Came to a minimum just before the steps ran out."""
    late = case.late_arrival
    if late is None or converged(case) or circling(case) or jittering(case):
        return None
    if case.rate_faded:
        return f"Reached {late.place} at step {late.since}, while the learning rate faded."
    return f"Reached {late.place} only at step {late.since}: more steps would show whether it stays."


def skipping(case: Case) -> str | None:
    """Under a dynamic loss scale: how many steps were lost to overflow."""
    rows = case.run.rows
    count = int(skipped(case.run)[:rows].sum())
    if count == 0:
        return None
    what = "this step was skipped" if count == 1 else "these steps were skipped"
    return f"On {count} of {rows} steps the scaled gradient overflowed: {what} and the loss scale halved each time."


def overwriting(case: Case) -> str | None:
    """How often and how far the average moved the weights."""
    run = case.run
    if not case.overwrites:
        return None
    lr, theta = run["lr"][0][:, None], case.theta[:-1]
    decay = theta * (case.adamax.weight_decay or 0.0) * lr * run["is_update"][:, None]
    jumps = np.hypot(*(run["ema"][0] - (theta + run["step"][0] - decay)).T)
    jumps = jumps[((run["update"] + 1) % case.overwrites == 0) & ~skipped(run) & np.isfinite(jumps)]
    if jumps.size == 0:
        return None
    times, far = "once" if jumps.size == 1 else f"{jumps.size} times", rounded(jumps.mean(), 2)
    return f"The average overwrote the weights {times} and moved them by {far}{' on average' * (jumps.size > 1)}."


def clipping(case: Case) -> str | None:
    """How often the clip cut something, and whether it bent the direction."""
    factor = case.run["clip_factor"][0]
    factor = factor[np.isfinite(factor).all(axis=1)]
    limits = [getattr(case.adamax, name) for name in CLIPS]
    if factor.size == 0 or not any(limit is not None and limit > 0 for limit in limits):
        return None
    active = int((factor < 1 - CLIP_ROUNDING).any(axis=1).sum())
    if active == 0:
        return "Clipping changed nothing: every gradient was within its limit."
    share = f"{active} of {len(factor)} updates ({rounded(100 * active / len(factor), 3)} %)"
    bent = float(np.nanmax(turn(case.run), initial=0.0))
    if bent > BEND:
        return f"Clipping was active on {share} and turned the gradient by up to {number(round(bent, 1))}°."
    return f"Clipping was active on {share}; it shortened the gradient and kept its direction."


def slow(case: Case) -> str | None:
    """Still on its way when the steps ran out."""
    if not case.has_finished or case.steps < 20 or case.problem.functions.moves:
        return None
    if case.late_arrival or balanced(case) or jittering(case):
        return None
    loss = case.loss
    last = loss[-1 - case.tail :]
    gained = last[0] - last[-1]
    if gained <= 0.5 * np.abs(np.diff(last)).sum():
        return None  # up as often as down
    lowest = min((float(m.value) for m in minima_of(case.problem, case.steps)), default=-np.inf)
    way = last[0] - lowest if np.isfinite(lowest) else loss[0] - loss[-1]
    if gained < GAINING * way:
        return None
    if loss[-1] > loss[0]:
        return "The loss was still above its first value when the steps ran out: try a smaller learning rate."
    if case.rate_faded:
        return "Still going down when the learning rate had faded: stretch the schedule, or begin with a larger rate."
    return "Still going down when the steps ran out: give it more steps, or try a larger learning rate."


def correcting(case: Case) -> str | None:
    """Until when bias correction makes the rate more than a hundredth larger; other rules correct their norm, too."""
    run = case.run
    if "u_branch" not in run:
        return None
    surplus = run["lr_t"][0] / run["lr"][0] - 1
    above = np.flatnonzero(surplus > CORRECTION)
    if above.size == 0:
        return None
    last = int(above[-1])
    if last >= np.flatnonzero(~np.isnan(surplus))[-1]:
        return "Bias correction still lifts the rate by more than 1 % at the end of the run."
    return f"Bias correction lifts the rate by more than 1 % until step {last}."


def _rounded_up(value: float) -> float:
    """The smallest number of two digits that is not below a value, so that "within" stays true."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(value / unit) * unit:.2g}")


def _readable(values: NDArray[Any], unit: float) -> NDArray[Any]:
    """Numbers rounded to about a tenth of a unit, for the reader's eye."""
    decimals = 1 - math.floor(math.log10(unit))
    return np.round(np.asarray(values, np.float64), decimals)


OBSERVATIONS: tuple[Callable[[Case], str | None], ...] = (
    diverged,
    unmoved,
    converged,
    resting,
    balanced,
    frozen,
    circling,
    jittering,
    arriving,
    following,
    skipping,
    overwriting,
    clipping,
    slow,
    correcting,
)
