"""What a diagnosis looks for in a run, as plain values: arrival, a gradient that is not forgotten, a level place.

Places are ``(2,)``.
"""

import math
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.surface import Minimum, SurfaceProblem
from adamax_viz.words.numbers import point

NEAR = 1e-3  # part of the domain's diagonal that counts as "at the minimum"
TAIL = 0.25  # the last quarter of a run says how it goes on
SPIKE = 20.0  # a gradient so many times larger than the present ones may hold u up ...
HELD = 10.0  # ... and does if u is still so many times larger at the end
STEADY = 2.0  # ... and the present gradients don't vanish by themselves: their halves differ by less
LOST = 1e6  # a coordinate with gradients so much smaller than before has arrived; what is left is rounding


class Arrival(NamedTuple):
    """A minimum that the path reached and did not leave."""

    place: str  # "the minimum at (1, 3)", "the local minimum at ..."
    since: int  # first step from which on the path is near
    within: float  # largest distance from there on


class Hold(NamedTuple):
    """A coordinate whose steps are small because u remembers a large gradient."""

    coordinate: str
    step: int
    largest: float  # that gradient's size
    norm: float  # what m was divided by right after it
    typical: float  # the size of gradients now
    share: float  # the size of steps now, as a part of the learning rate


class Case:
    """A single run of an optimizer on a surface, and what several sentences ask of it.

    `theta` is ``(T + 1, 2)``, `loss` ``(T + 1,)``, `tail` the micro-steps of the last quarter; what is within `near` of
    a place, in the surface's units, counts as there.
    """

    def __init__(self, run: Trajectory, problem: SurfaceProblem, adamax: Adamax) -> None:
        self.run, self.problem, self.adamax = run, problem, adamax
        self.theta, self.loss = run["theta"][0], run["loss"][0]
        self.status, self.steps = run.status[0], run.steps
        self.has_finished = self.status.kind == "finished"
        self.tail = tail_of(run)
        (x0, x1), (y0, y1) = problem.surface.domain
        self.near = NEAR * math.hypot(x1 - x0, y1 - y0)

    def nearest(self, place: NDArray[Any]) -> tuple[float, Minimum] | None:
        """How far the nearest minimum is from a place, and which it is, as they lie after the last step."""
        return nearest_minimum(self.problem, place, self.steps)

    @cached_property
    def minimum_moves(self) -> bool:
        """Whether a minimum is somewhere else later on."""
        if not self.problem.functions.moves:
            return False
        times = (0, self.steps // 3 + 1, self.steps)
        first, *later = [[(m.x, m.y) for m in self.problem.minima(t)] for t in times]
        return bool(first) and any(places != first for places in later)

    @cached_property
    def late_arrival(self) -> Arrival | None:
        """The minimum nearest to the path's end, if the path is near it at the end."""
        nearest = self.nearest(self.theta[-1])
        if self.status.kind == "diverged" or nearest is None or self.minimum_moves:
            return None
        _, minimum = nearest
        distance = np.hypot(*(self.theta - np.array([minimum.x, minimum.y])).T)
        away = np.flatnonzero(distance > self.near)
        since = 0 if away.size == 0 else int(away[-1]) + 1
        if since > self.steps:
            return None
        kind = "minimum" if minimum.is_global else "local minimum"
        return Arrival(f"the {kind} at {place_of(minimum)}", since, float(distance[since:].max()))

    @property
    def arrival(self) -> Arrival | None:
        """The same if the path was near it for the last quarter."""
        late = self.late_arrival
        return late if late and late.since <= len(self.theta) * (1 - TAIL) else None

    def stationary_kind(self, at: NDArray[Any]) -> str | None:
        """What kind of place with a vanishing gradient lies within `near`; None if there is none."""
        h = 1e-3 * self.near
        around = at + h * np.array([[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1]])
        grad = self.problem.evaluate(around, self.steps)[1]
        curvature = np.stack([grad[1] - grad[2], grad[3] - grad[4]]) / (2 * h)
        if not np.isfinite(curvature).all() or not np.isfinite(grad).all():
            return None
        bends, axes = np.linalg.eigh((curvature + curvature.T) / 2)
        size = np.abs(bends).max()
        level = np.abs(bends) <= 1e-3 * size
        slopes = np.abs(axes.T @ grad[0])
        # Where it bends, a Newton step leads there; where it doesn't, the slope must be nothing beside that.
        if size == 0 or np.any(slopes > np.where(level, 1e-3 * size, np.abs(bends)) * self.near):
            return None
        if level.any():
            return "level" if bends.sum() > 0 else None
        return "minimum" if bends[0] > 0 else "the top of a hill" if bends[1] < 0 else "a saddle"

    @property
    def rate_faded(self) -> bool:
        """Whether the schedule has brought the learning rate down to less than a tenth."""
        rate = np.abs(self.run["lr"][0])
        return bool(rate[-1] < 0.1 * rate.max())

    @property
    def overwrites(self) -> int:
        """Every how many updates the average overwrites the weights; 0 if it doesn't."""
        return int(self.adamax.ema_overwrite_frequency or 0) if self.adamax.use_ema else 0


def hold_of(run: Trajectory, d: int) -> Hold | None:
    """Whether u is held up along coordinate d, and by which gradient."""
    if run.running_norm is None:
        return None
    grad, u = np.abs(run["grad_clipped"][0, :, d]), run.running_norm[0, :, d]
    updates = np.flatnonzero(np.isfinite(grad))
    if updates.size < 30:
        return None
    peak = int(np.argmax(grad[updates]))
    since = grad[updates][peak + 1 :]
    if since.size < 20:
        return None
    early, late = np.median(since[: since.size // 2]), np.median(since[since.size // 2 :])
    step = int(updates[peak])
    largest = float(grad[step])
    if not 0 < early <= STEADY * late or late > STEADY * early or not SPIKE * late <= largest <= LOST * late:
        return None
    now = updates[-max(1, int(updates.size * TAIL)) :]
    share = float(np.median(np.abs(run["step"][0, now, d] / run["lr"][0, now])))
    if u[updates[-1]] < HELD * late or not 0 < share < 1 / HELD:
        return None
    return Hold(run.coordinates[d], step, largest, float(u[step]), float(late), share)


def minima_of(problem: SurfaceProblem, t: int) -> list[Minimum]:
    """The minima of a surface whose places are finite."""
    return [m for m in problem.minima(t) if np.isfinite([m.x, m.y]).all()]


def nearest_minimum(problem: SurfaceProblem, at: NDArray[Any], t: int) -> tuple[float, Minimum] | None:
    """The nearest of these minima and how far it is from a finite place; None if there is none."""
    minima = minima_of(problem, t) if np.isfinite(at).all() else []
    return min(((distance_to(at, m), m) for m in minima), default=None)


def distance_to(place: NDArray[Any], minimum: Minimum) -> float:
    return float(np.hypot(place[0] - minimum.x, place[1] - minimum.y))  # type: ignore[operator]


def place_of(minimum: Minimum) -> str:
    return point((minimum.x, minimum.y))


def tail_of(run: Trajectory) -> int:
    """So many micro-steps are the last quarter."""
    return max(1, int(run.steps * TAIL))
