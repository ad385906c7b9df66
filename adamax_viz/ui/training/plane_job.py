"""The loss around a training's path, computed beside the page: it may take some seconds."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache

from adamax_viz.runs.training import Training
from adamax_viz.ui.training.training_page import TrainingPage
from adamax_viz.views.training.plane import Basis, Plane, plane

AT_ONCE = 0.2  # seconds that a page waits for a quick one


@dataclass
class PlaneJob:
    """One plane on its way; `given` once a page has seen what came out."""

    key: tuple[str, int, Basis]  # the training, its length, the plane
    future: Future[Plane]
    given: bool = False


@lru_cache(maxsize=1)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "plane")


def plane_of(page: TrainingPage, training: Training) -> Plane | None:
    """The plane of what a training has done so far, once it is there; asking begins the work."""
    trajectory = training.trajectory()
    if trajectory is None:
        return None
    key = (training.key, training.done, page.basis)
    job = page.plane_job
    if job is None or job.key != key:
        if job is not None:
            job.future.cancel()
        job = page.plane_job = PlaneJob(key, _worker().submit(plane, training.problem, trajectory, page.basis))
    wait([job.future], AT_ONCE)
    if not job.future.done():
        return None
    job.given = True
    error = job.future.exception()
    if error is not None:
        logging.getLogger(__name__).error("The plane of a training could not be computed", exc_info=error)
        return None
    return job.future.result()


def pending(page: TrainingPage) -> bool:
    """Whether a plane of the page's training is on its way that no page has seen."""
    job, training = page.plane_job, page.training
    return job is not None and not job.given and training is not None and job.key[0] == training.key
