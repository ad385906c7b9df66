"""One or two sentences about a run, computed from it: what a teacher would point at."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.adamax import Adamax
from adamax_viz.core.engine import Optimizer
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surface import SurfaceProblem
from adamax_viz.views.summary import number, point

AT_MOST = 2
NEAR = 1e-3  # part of the domain's diagonal that counts as "at the minimum"
TAIL = 0.25  # the last quarter of a run says how it goes on
CORRECTION = 0.01
FREEZE = 20.0  # u over the typical gradient that counts as frozen

Rule = Callable[[Trajectory, SurfaceProblem, Adamax], str | None]


def diagnosis(trajectory: Trajectory, problem: SurfaceProblem, optimizer: Optimizer, run: int = 0) -> list[str]:
    """The first sentences that hold for this run, most telling first."""
    adamax = optimizer.inner_optimizer if isinstance(optimizer, LossScaleOptimizer) else optimizer
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
    if one.status[0].kind == "diverged":
        return None
    near = _nearest(one, problem)
    if near is None:
        return None
    distance, at, radius = near
    away = np.flatnonzero(distance > radius)
    since = 0 if away.size == 0 else int(away[-1]) + 1
    if since > len(distance) * (1 - TAIL):
        return None
    return (
        f"Reached the minimum at {at} by step {since} and stayed within {number(float(distance[since:].max()))} of it."
    )


def circling(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Goes to and fro around a point with an amplitude of about α."""
    if one.status[0].kind != "finished" or one.steps < 40:
        return None
    tail = one["theta"][0, -int(one.steps * TAIL) :]
    rate = float(one["lr"][0, -1])
    steps = np.diff(tail, axis=0)
    centre, spread = tail.mean(axis=0), np.ptp(tail, axis=0) / 2
    turns = (np.sign(steps[1:]) * np.sign(steps[:-1]) < 0).sum(axis=0)
    amplitude = float(spread.max())
    drift = float(np.abs(tail[-1] - tail[0]).max())
    if turns.max() < 4 or not 0.02 * rate < amplitude < 5 * rate or drift > 1.5 * amplitude:
        return None
    ratio = number(round(amplitude / rate, 2))
    return (
        f"Does not settle: it circles {point(centre)} with an amplitude of {number(amplitude)}, {ratio} times the "
        "learning rate; a smaller or decaying rate would let it rest."
    )


def frozen(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """An early spike made u so large that the steps shrink until it is forgotten."""
    grad = np.abs(one["grad_clipped"][0])
    last = one.status[0].step if one.status[0].kind == "diverged" else one.steps
    for d, name in enumerate(one.coordinates):
        seen = grad[:last, d]
        seen = seen[np.isfinite(seen)]
        if seen.size < 30 or seen.max() == 0:
            continue
        peak = int(np.argmax(seen))
        typical = float(np.median(seen[peak + 1 :])) if peak + 10 < seen.size else 0.0
        if typical <= 0 or seen[peak] < FREEZE * typical or not 0 < adamax.beta_2 < 1:
            continue
        if np.median(seen[: peak + 1]) > seen[peak] / 5 and peak > 0:
            continue  # it came down a slope: no spike
        forgotten = math.ceil(math.log(seen[peak] / typical) / -math.log(adamax.beta_2))
        return (
            f"One gradient of {number(float(seen[peak]))} at update {peak} holds u_{name} up: with β₂ = "
            f"{number(adamax.beta_2)} it takes about {forgotten} updates to forget it; until then the steps in {name} "
            "are small."
        )
    return None


def clipping(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """How often the clip cut something, and whether it bent the direction."""
    factor = one["clip_factor"][0]
    factor = factor[np.isfinite(factor).all(axis=1)]
    if factor.size == 0 or np.all(factor == 1):
        return None
    active = float((factor < 1).any(axis=1).mean())
    sentence = f"Clipping was active on {number(round(100 * active, 1))} % of the updates"
    bent = _largest_bend(one["grad_accumulated"][0], one["grad_clipped"][0])
    if bent > 0.01:
        return f"{sentence} and turned the gradient by up to {number(round(bent, 1))}°."
    return f"{sentence}; it shortened the gradient and kept its direction."


def correcting(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Until when bias correction makes the rate more than a hundredth larger."""
    surplus = one["lr_t"][0] / one["lr"][0] - 1
    above = np.flatnonzero(surplus > CORRECTION)
    if above.size == 0:
        return None
    last = int(above[-1])
    if last >= one.steps - 1:
        return "Bias correction still lifts the rate by more than 1 % at the end of the run."
    return f"Bias correction lifts the rate by more than 1 % until step {last}."


def slow(one: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> str | None:
    """Still on its way when the steps ran out."""
    if one.status[0].kind != "finished" or one.steps < 20:
        return None
    loss = one["loss"][0]
    gained, before = loss[-1 - int(one.steps * TAIL)] - loss[-1], loss[0] - loss[-1]
    if before <= 0 or gained < 0.02 * before:
        return None
    return "Still going down when the steps ran out: more steps or a larger learning rate would take it further."


RULES: tuple[Rule, ...] = (diverged, frozen, converged, circling, clipping, slow, correcting)


def _nearest(one: Trajectory, problem: SurfaceProblem) -> tuple[NDArray[Any], str, float] | None:
    """Distances of the path from the minimum nearest to its end, where that is, and what counts as near."""
    end, t = one["theta"][0, -1], one.steps
    minima = problem.minima(t)
    if not minima or problem.functions.moves or not np.isfinite(end).all():
        return None
    places = np.array([[m.x, m.y] for m in minima], np.float64)
    place = places[np.argmin(np.hypot(*(places - end).T))]
    (x0, x1), (y0, y1) = problem.surface.domain
    return np.hypot(*(one["theta"][0] - place).T), point(place), NEAR * math.hypot(x1 - x0, y1 - y0)


def _largest_bend(before: NDArray[Any], after: NDArray[Any]) -> float:
    """The largest angle in degrees between gradients before and after clipping."""
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    dot = (before * after).sum(axis=1)
    angles = np.degrees(np.abs(np.arctan2(cross, dot)))
    angles = angles[np.isfinite(angles)]
    return float(angles.max()) if angles.size else 0.0
