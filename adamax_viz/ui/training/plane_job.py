"""The loss around a training's path, computed beside the page: it may take some seconds."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.giving_way import BACKGROUND
from adamax_viz.runs.training import Training
from adamax_viz.views.training.plane import Basis, Plane, plane

AT_ONCE = 0.2  # seconds that a page waits for a quick one


@dataclass
class PlaneJob:
    """One plane on its way; `given` once a page has seen what came out."""

    key: tuple[str, int, Basis]  # the training, its length, the plane
    future: Future[Plane]
    given: bool = False

    def plane(self) -> Plane | None:
        """What came out, once it is there."""
        wait([self.future], AT_ONCE)
        if not self.future.done():
            return None
        self.given = True
        error = self.future.exception()
        if error is not None:
            logging.getLogger(__name__).error("The plane of a training could not be computed", exc_info=error)
            return None
        return self.future.result()

    def awaited(self, training: Training) -> bool:
        """Whether this is a plane of the training that no page has seen."""
        return not self.given and self.key[0] == training.key


@lru_cache(maxsize=1)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "plane")


def _plane(problem: ModelProblem, run: Trajectory, basis: Basis) -> Plane:
    with BACKGROUND:
        return plane(problem, run, basis)


def plane_job(training: Training, run: Trajectory, basis: Basis, before: PlaneJob | None) -> PlaneJob:
    """The plane of what a training has done so far: the job before, if it is that one, or another in its place."""
    key = (training.key, training.done, basis)
    if before is not None:
        if before.key == key:
            return before
        before.future.cancel()
    return PlaneJob(key, _worker().submit(_plane, training.problem, run, basis))
