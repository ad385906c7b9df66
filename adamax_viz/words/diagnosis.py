"""One or two sentences about a run, computed from it: what a teacher would point at."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.adamax import CLIPS, Adamax
from adamax_viz.core.engine import Optimizer
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.surface import Minimum, SurfaceProblem
from adamax_viz.views.run.ledger import skipped
from adamax_viz.views.run.panels import CLIP_ROUNDING
from adamax_viz.words.numbers import number, point

AT_MOST = 2
NEAR = 1e-3  # part of the domain's diagonal that counts as "at the minimum"
TAIL = 0.25  # the last quarter of a run says how it goes on
CORRECTION = 0.01
SPIKE = 20.0  # a gradient so many times larger than the present ones may hold u up ...
HELD = 10.0  # ... and does if u is still so many times larger at the end
STEADY = 2.0  # ... and the present gradients don't vanish by themselves: their halves differ by less
LOST = 1e6  # a coordinate with gradients so much smaller than before has arrived; what is left is rounding
GAINING = 0.05  # part of the way to the lowest point that a slow run still makes in its last quarter
BEND = 0.05  # degrees
CALM = ("none", "outlier")  # kinds of noise that leave the path alone, at least later on

Rule = Callable[[Trajectory, SurfaceProblem, Adamax], str | None]


def diagnosis(trajectory: Trajectory, problem: SurfaceProblem, optimizer: Optimizer, run: int = 0) -> list[str]:
    """The first sentences that hold for this run, most telling first."""
    optimizer, problem = optimizer.single(run), problem.single(run)
    adamax = optimizer.adamax
    one = trajectory.only(run)
    with np.errstate(all="ignore"):
        found = (rule(one, problem, adamax) for rule in RULES)
        return [sentence for sentence in found if sentence][:AT_MOST]


def diverged(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Stopped because something was not finite."""
    status = one.status[0]
    if status.kind != "diverged":
        return None
    return f"Diverged at step {status.step}: {status.quantity} is not finite; the path rests at the last finite point."


def converged(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Came to a minimum and stayed."""
    arrival = _arrival(one, problem)
    if arrival is None:
        return None
    kind = "minimum" if arrival.is_global else "local minimum"
    within = number(_rounded_up(arrival.within))
    if arrival.since == 0:
        return (
            f"Starts at the {kind} at {arrival.at} and stays {f'within {within} of it' if arrival.within else 'there'}."
        )
    return f"Reached the {kind} at {arrival.at} by step {arrival.since} and stayed within {within} of it."


def resting(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Came to rest at a place where the gradient vanishes and which is not among the known minima."""
    if one.status[0].kind == "diverged" or problem.functions.moves or problem.noise.kind != "none":
        return None
    end, near = np.asarray(one["theta"][0, -1], np.float64), _near(problem)
    moved = np.hypot(*(one["theta"][0, -_tail(one) - 1 :] - end).T).max()
    if moved > near or any(_distance(end, m) <= near for m in _minima(problem, one.steps)):
        return None
    kind = _stationary(problem, end, one.steps, near)
    if kind is None:
        return None
    at = point(_readable(end, near))
    if kind == "minimum":
        lower = any(m.value < one["loss"][0, -1] for m in _minima(problem, one.steps))
        return f"Came to rest at {at}, a {'local ' if lower else ''}minimum."
    if kind == "level":
        return f"Came to rest at {at}, where the ground is level."
    return f"Came to rest at {at}, {kind}: the gradient vanishes there, yet it is no minimum."


def balanced(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Weight decay takes back what each step wins."""
    if one.status[0].kind != "finished" or not adamax.weight_decay or one.steps < 20 or _overwrites(adamax):
        return None
    if _arrival(one, problem, late=True) or resting(one, problem, adamax):
        return None
    theta, step = one["theta"][0, -_tail(one) - 1 :], one["step"][0, -_tail(one) :]
    stepped, moved = np.abs(step).sum(), np.abs(np.diff(theta, axis=0)).sum()
    if not HELD * moved < stepped or moved > _near(problem):
        return None
    at = point(_readable(theta[-1], _near(problem)))
    return f"Rests at {at}, where weight decay pulls back as far as each step goes; the gradient is not zero there."


def following(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """How far the path is from a minimum that moves."""
    if one.status[0].kind != "finished" or one.steps < 20 or not _moves(problem, one.steps):
        return None
    late = np.unique(np.linspace(one.steps - _tail(one), one.steps, 60, dtype=int))
    away = np.mean([min(_distance(one["theta"][0, k], m) for m in problem.minima(int(k))) for k in late])
    return f"The minimum moves on: in the last quarter the path is about {number(float(f'{away:.2g}'))} away from it."


def unmoved(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """All gradients are zero, perhaps only after rounding."""
    grad = one["grad"][0]
    grad = grad[np.isfinite(grad)]
    if grad.size == 0 or np.any(grad != 0):
        return None
    own = problem.evaluate(np.asarray(one["theta"][0, :1], np.float64), 0)[1]
    if np.any(own != 0):
        return "Every gradient rounds to zero before Adamax sees it, so it takes no step: a loss scale would lift them."
    return "Every gradient is exactly zero, so Adamax takes no step."


def frozen(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Gradients of long ago made u so large that the steps are small, though the path has not arrived."""
    beta_2 = float(adamax.beta_2)  # type: ignore[arg-type]
    if one.status[0].kind != "finished" or not 0 < beta_2 < 1 or _arrival(one, problem):
        return None
    if balanced(one, problem, adamax):
        return None
    found = [hold for d in range(len(one.coordinates)) if (hold := _hold(one, d))]
    if not found:
        return None
    hold = max(found, key=lambda hold: hold.largest / hold.typical)
    name = one.coordinates[hold.coordinate]
    forgotten = math.ceil(math.log(hold.largest / hold.typical) / -math.log(beta_2))
    return (
        f"The gradient of {number(hold.largest)} at step {hold.step} still holds u_{name} up: the steps in {name} are "
        f"only {number(float(f'{100 * hold.share:.2g}'))} % of the learning rate, and with β₂ = {number(beta_2)} it "
        f"takes about {forgotten} updates to forget it."
    )


def circling(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Goes to and fro around a point with an amplitude of about α."""
    if one.status[0].kind != "finished" or problem.functions.moves or _arrival(one, problem) or _overwrites(adamax):
        return None
    if problem.noise.kind not in CALM:
        return None
    tail = one["theta_next"][0][one["is_update"]]
    tail = tail[-int(len(tail) * TAIL) :]
    if len(tail) < 10:
        return None
    rate = abs(float(one["lr"][0, -1]))
    steps, half = np.diff(tail, axis=0), len(tail) // 2
    centre, spread = tail.mean(axis=0), np.ptp(tail, axis=0) / 2
    turns = (np.sign(steps[1:]) * np.sign(steps[:-1]) < 0).sum(axis=0)
    amplitude = float(spread.max())
    drift = float(np.abs(tail[:half].mean(axis=0) - tail[half:].mean(axis=0)).max())
    if turns[np.argmax(spread)] < 4 or not 0.02 * rate < amplitude < 5 * rate or drift > 0.7 * amplitude:
        return None
    return (
        f"Does not settle: it goes to and fro around {point(_readable(centre, amplitude / 5))} with an amplitude of "
        f"{number(float(f'{amplitude:.2g}'))}, {number(float(f'{amplitude / rate:.2g}'))} times the learning rate; "
        "a smaller or decaying rate brings it closer."
    )


def jittering(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Noise keeps the path moving around a minimum."""
    minima = _minima(problem, one.steps)
    if one.status[0].kind != "finished" or problem.noise.kind in CALM or one.steps < 40 or not minima:
        return None
    if _arrival(one, problem) or _moves(problem, one.steps):
        return None
    tail = one["theta"][0, -_tail(one) - 1 :]
    nearest = min(minima, key=lambda m: _distance(tail.mean(axis=0), m))
    away = np.hypot(*(tail - np.array([nearest.x, nearest.y])).T)
    before, after = away[: len(away) // 2].mean(), away[len(away) // 2 :].mean()
    if after < 0.5 * before or np.ptp(away) < 0.3 * away.max():
        return None  # still coming, or hardly moving
    low, high = (number(float(f"{d:.2g}")) for d in (away.min(), away.max()))
    at = point(np.array([nearest.x, nearest.y], np.float64))
    return f"Noise keeps it moving: in the last quarter it is between {low} and {high} away from the minimum at {at}."


def arriving(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Came to a minimum just before the steps ran out."""
    late = _arrival(one, problem, late=True)
    if late is None or any(rule(one, problem, adamax) for rule in (converged, circling, jittering)):
        return None
    kind = "minimum" if late.is_global else "local minimum"
    if _faded(one):
        return f"Reached the {kind} at {late.at} at step {late.since}, while the learning rate faded."
    return f"Reached the {kind} at {late.at} only at step {late.since}: more steps would show whether it stays."


def skipping(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Under a dynamic loss scale: how many steps were lost to overflow."""
    last = one.steps if one.status[0].kind == "finished" else one.status[0].step + 1
    count = int(skipped(one)[:last].sum())
    if count == 0:
        return None
    what = "this step was skipped" if count == 1 else "these steps were skipped"
    return f"On {count} of {last} steps the scaled gradient overflowed: {what} and the loss scale halved each time."


def overwriting(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """How often and how far the average moved the weights."""
    frequency = _overwrites(adamax)
    if not frequency:
        return None
    lr, theta = one["lr"][0][:, None], one["theta"][0, :-1]
    decay = theta * (adamax.weight_decay or 0.0) * lr * one["is_update"][:, None]
    jumps = np.hypot(*(one["ema"][0] - (theta + one["step"][0] - decay)).T)
    jumps = jumps[((one["update"] + 1) % frequency == 0) & ~skipped(one) & np.isfinite(jumps)]
    if jumps.size == 0:
        return None
    return (
        f"The average overwrote the weights {_times(jumps.size)} and moved them by "
        f"{number(float(f'{jumps.mean():.2g}'))}{' on average' if jumps.size > 1 else ''}."
    )


def clipping(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """How often the clip cut something, and whether it bent the direction."""
    factor = one["clip_factor"][0]
    factor = factor[np.isfinite(factor).all(axis=1)]
    limits = [getattr(adamax, name) for name in CLIPS]
    if factor.size == 0 or not any(limit is not None and limit > 0 for limit in limits):
        return None
    active = int((factor < 1 - CLIP_ROUNDING).any(axis=1).sum())
    if active == 0:
        return "Clipping changed nothing: every gradient was within its limit."
    share = f"{active} of {len(factor)} updates ({number(float(f'{100 * active / len(factor):.3g}'))} %)"
    bent = _largest_bend(one["grad_accumulated"][0], one["grad_clipped"][0])
    if bent > BEND:
        return f"Clipping was active on {share} and turned the gradient by up to {number(round(bent, 1))}°."
    return f"Clipping was active on {share}; it shortened the gradient and kept its direction."


def slow(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Still on its way when the steps ran out."""
    if one.status[0].kind != "finished" or one.steps < 20 or problem.functions.moves:
        return None
    if _arrival(one, problem, late=True) or any(rule(one, problem, adamax) for rule in (balanced, jittering)):
        return None
    loss = one["loss"][0]
    last = loss[-1 - _tail(one) :]
    gained = last[0] - last[-1]
    if gained <= 0.5 * np.abs(np.diff(last)).sum():
        return None  # up as often as down
    lowest = min((float(m.value) for m in _minima(problem, one.steps)), default=-np.inf)
    way = last[0] - lowest if np.isfinite(lowest) else loss[0] - loss[-1]
    if gained < GAINING * way:
        return None
    if loss[-1] > loss[0]:
        return "The loss was still above its first value when the steps ran out: try a smaller learning rate."
    if _faded(one):
        return "Still going down when the learning rate had faded: stretch the schedule, or begin with a larger rate."
    return "Still going down when the steps ran out: give it more steps, or try a larger learning rate."


def correcting(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Until when bias correction makes the rate more than a hundredth larger."""
    surplus = one["lr_t"][0] / one["lr"][0] - 1
    above = np.flatnonzero(surplus > CORRECTION)
    if above.size == 0:
        return None
    last = int(above[-1])
    if last >= np.flatnonzero(~np.isnan(surplus))[-1]:
        return "Bias correction still lifts the rate by more than 1 % at the end of the run."
    return f"Bias correction lifts the rate by more than 1 % until step {last}."


RULES: tuple[Rule, ...] = (
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


# -- what the rules ask --------------------------------------------------------------------------------------------


class _Arrival(NamedTuple):
    """A minimum that the path reached and did not leave."""

    at: str
    is_global: bool
    since: int  # first step from which on the path is near
    within: float  # largest distance from there on


def _arrival(one: Trajectory, problem: SurfaceProblem, *, late: bool = False) -> _Arrival | None:
    """The minimum nearest to the path's end, if the path was near it for the last quarter, or at least at the end."""
    end, minima = one["theta"][0, -1], _minima(problem, one.steps)
    if one.status[0].kind == "diverged" or not minima or _moves(problem, one.steps):
        return None
    nearest = min(minima, key=lambda m: _distance(end, m))
    distance = np.hypot(*(one["theta"][0] - np.array([nearest.x, nearest.y])).T)
    away = np.flatnonzero(distance > _near(problem))
    since = 0 if away.size == 0 else int(away[-1]) + 1
    if since > (one.steps if late else len(distance) * (1 - TAIL)):
        return None
    at = point(np.array([nearest.x, nearest.y], np.float64))
    return _Arrival(at, nearest.is_global, since, float(distance[since:].max()))


class _Hold(NamedTuple):
    """A coordinate whose steps are small because u remembers a large gradient."""

    coordinate: int
    step: int
    largest: float  # that gradient's size
    typical: float  # the size of gradients now
    share: float  # the size of steps now, as a part of the learning rate


def _hold(one: Trajectory, d: int) -> _Hold | None:
    """Whether u is held up along coordinate d, and by which gradient."""
    if one.running_norm is None:
        return None
    grad, u = np.abs(one["grad_clipped"][0, :, d]), one.running_norm[0, :, d]
    updates = np.flatnonzero(np.isfinite(grad))
    if updates.size < 30:
        return None
    peak = int(np.argmax(grad[updates]))
    since = grad[updates][peak + 1 :]
    if since.size < 20:
        return None
    early, late = np.median(since[: since.size // 2]), np.median(since[since.size // 2 :])
    largest = float(grad[updates[peak]])
    if not 0 < early <= STEADY * late or late > STEADY * early or not SPIKE * late <= largest <= LOST * late:
        return None
    now = updates[-max(1, int(updates.size * TAIL)) :]
    share = float(np.median(np.abs(one["step"][0, now, d] / one["lr"][0, now])))
    if u[updates[-1]] < HELD * late or not 0 < share < 1 / HELD:
        return None
    return _Hold(d, int(updates[peak]), largest, float(late), share)


def _stationary(problem: SurfaceProblem, at: NDArray[Any], t: int, near: float) -> str | None:
    """What kind of place with a vanishing gradient lies within `near`; None if there is none."""
    h = 1e-3 * near
    around = at + h * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
    grad = problem.evaluate(around, t)[1]
    curvature = np.stack([grad[1] - grad[2], grad[3] - grad[4]]) / (2 * h)
    if not np.isfinite(curvature).all() or not np.isfinite(grad).all():
        return None
    bends, axes = np.linalg.eigh((curvature + curvature.T) / 2)
    size = np.abs(bends).max()
    level = np.abs(bends) <= 1e-3 * size
    slopes = np.abs(axes.T @ grad[0])
    # Where it bends, a Newton step leads there; where it doesn't, the slope must be nothing beside that.
    if size == 0 or np.any(slopes > np.where(level, 1e-3 * size, np.abs(bends)) * near):
        return None
    if level.any():
        return "level" if bends.sum() > 0 else None
    return "minimum" if bends[0] > 0 else "the top of a hill" if bends[1] < 0 else "a saddle"


def _overwrites(adamax: Adamax) -> int:
    """Every how many updates the average overwrites the weights; 0 if it doesn't."""
    return int(adamax.ema_overwrite_frequency or 0) if adamax.use_ema else 0


def _faded(one: Trajectory) -> bool:
    """Whether the schedule has brought the learning rate down to less than a tenth."""
    rate = np.abs(one["lr"][0])
    return bool(rate[-1] < 0.1 * rate.max())


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _minima(problem: SurfaceProblem, t: int) -> list[Minimum]:
    """The minima of a surface whose places are finite."""
    return [m for m in problem.minima(t) if np.isfinite([m.x, m.y]).all()]


def _moves(problem: SurfaceProblem, steps: int) -> bool:
    """Whether a minimum is somewhere else later on."""
    if not problem.functions.moves:
        return False
    places = [[(m.x, m.y) for m in problem.minima(t)] for t in (0, steps // 3 + 1, steps)]
    return bool(places[0]) and not places[0] == places[1] == places[2]


def _distance(place: NDArray[Any], minimum: Minimum) -> float:
    return float(np.hypot(place[0] - minimum.x, place[1] - minimum.y))  # type: ignore[operator]


def _near(problem: SurfaceProblem) -> float:
    (x0, x1), (y0, y1) = problem.surface.domain
    return NEAR * math.hypot(x1 - x0, y1 - y0)


def _tail(one: Trajectory) -> int:
    return max(1, int(one.steps * TAIL))


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


def _largest_bend(before: NDArray[Any], after: NDArray[Any]) -> float:
    """The largest angle in degrees between gradients before and after clipping."""
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    dot = (before * after).sum(axis=1)
    angles = np.degrees(np.abs(np.arctan2(cross, dot)))
    angles = angles[np.isfinite(angles)]
    return float(angles.max()) if angles.size else 0.0
