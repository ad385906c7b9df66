"""``adamax_viz.run``: the engine with surfaces by name, and runs that know how to become a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core import engine
from adamax_viz.core.engine import Optimizer, Problem
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.schedules import Schedule
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.core.types import Dtype, Keep
from adamax_viz.problems.surfaces.catalogue import find
from adamax_viz.problems.surfaces.surface import Surface, SurfaceProblem
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import ADAMAX_ARGUMENTS, RunSpec

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Run(Trajectory):
    """A `Trajectory` that can say, for each run, what made it: its share query, or a name."""

    label: Callable[[int], str] = str

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The `run` column, one text a run."""
        return tuple(self.label(r) for r in range(self.runs))

    def only(self, run: int) -> Run:
        """One run of the batch, still with its leading axis."""
        label = self.label
        return labelled(super().only(run), lambda _: label(run))

    def to_frame(self) -> pd.DataFrame:
        """A pandas frame, one row a micro-step; the columns are those of `adamax_viz.runs.frame`."""
        from adamax_viz.runs.frame import to_frame

        return to_frame(self, self.labels)

    def to_csv(self, target: str | os.PathLike[str] | IO[str]) -> None:
        """The frame as CSV with exact floats."""
        from adamax_viz.runs.frame import write_csv

        write_csv(self, self.labels, target)


def labelled(trajectory: Trajectory, label: Callable[[int], str]) -> Run:
    """A trajectory with labels, made when they are asked for."""
    return Run(**{f.name: getattr(trajectory, f.name) for f in fields(Trajectory)}, label=label)


def run(
    problem: str | Surface | Problem,
    optimizer: Optimizer | Sequence[Optimizer],
    start: ArrayLike | None = None,
    steps: int = 500,
    *,
    keep: Keep = "all",
    tolerance: float | None = None,
    gradient_dtype: Literal["float16"] | None = None,
    dtype: Dtype | None = None,
    progress: Callable[[int], None] | None = None,
) -> Run:
    """Run Adamax on a surface or any other problem and record every step.

    Args:
        problem: a name of the catalogue (``python -m adamax_viz surfaces`` lists them), a `Surface`, or anything
            with `variables` and `evaluate`, see `adamax_viz.core.engine.Problem`.
        optimizer: one, or a sequence of R.
        start: ``(D,)`` or ``(R, D)``; the surface's first start if None.
        steps: micro-steps.
        keep, tolerance, gradient_dtype, progress: see `adamax_viz.core.engine.run`.
        dtype: another precision than the optimizer's own.

    Raises:
        ValueError: one sentence on what does not fit.
    """
    if isinstance(problem, str):
        problem = find(problem)
    if isinstance(problem, Surface):
        start = problem.starts[0] if start is None else start
        problem = SurfaceProblem(problem)
    if start is None:
        raise ValueError("`start` is needed: only a surface of the catalogue knows where to start.")
    if dtype is not None:
        single = isinstance(optimizer, Adamax | LossScaleOptimizer)
        optimizer = optimizer.with_dtype(dtype) if single else [o.with_dtype(dtype) for o in optimizer]  # type: ignore[union-attr]
    trajectory = engine.run(
        problem,
        optimizer,
        start,
        steps,
        keep=keep,
        tolerance=tolerance,
        gradient_dtype=gradient_dtype,
        progress=progress,
    )
    starts = np.broadcast_to(np.atleast_2d(np.asarray(start, np.float64)), (trajectory.runs, len(problem.coordinates)))
    options = {"steps": int(steps), "tolerance": tolerance, "gradient_dtype": gradient_dtype or "none"}
    return labelled(trajectory, lambda r: _label(problem.single(r), _nth(optimizer, r), starts[r], options))


def run_of(settings: RunSpec, *, keep: Keep = "all", progress: Callable[[int], None] | None = None) -> Run:
    """The run that settings describe."""
    trajectory = engine.run(
        settings.problem(),
        settings.optimizer(),
        settings.start_point(),
        settings.steps,
        keep=keep,
        progress=progress,
        **settings.run_options(),
    )
    return labelled(trajectory, lambda _: to_query(settings))


def _nth(optimizer: Optimizer | Sequence[Optimizer], run: int) -> Optimizer:
    if isinstance(optimizer, Adamax | LossScaleOptimizer):
        return optimizer.single(run)
    return optimizer[run]


def _label(problem: Problem, optimizer: Optimizer, start: Any, options: dict[str, Any]) -> str:
    """The share query of a run, or the problem's name where settings can't describe it."""
    try:
        return to_query(describe(problem, optimizer, start, options))
    except (TypeError, ValueError):
        return getattr(problem, "name", type(problem).__name__)


def describe(problem: Problem, optimizer: Optimizer, start: Any, options: dict[str, Any]) -> RunSpec:
    """The settings that make this run.

    Raises:
        TypeError, ValueError: no settings do: another kind of problem, or a callable learning rate.
    """
    if not isinstance(problem, SurfaceProblem):
        raise TypeError("Only surfaces have settings.")
    adamax = optimizer.adamax
    if adamax.rule.name != "adamax":
        raise ValueError("Settings describe Adamax alone.")
    if adamax.excludes:
        raise ValueError("Settings don't say which variables weight decay leaves out.")
    surface, noise = problem.surface, problem.noise
    values: dict[str, Any] = dict(options)
    if surface.name == "custom":
        (x0, x1), (y0, y1) = surface.domain
        values |= {"surface": "custom", "formula": surface.formula, "domain": (x0, x1, y0, y1)}
    elif find(surface.name) == surface:
        values |= {"surface": surface.name}
    else:
        raise ValueError("The surface is not in the catalogue.")
    defaults = {name: parameter.default for name, parameter in surface.parameters.items()}
    values["parameters"] = {n: v for n, v in problem.parameters.items() if v != defaults[n]}
    values |= {"variables": problem.split, "start": tuple(float(v) for v in start)}
    values |= {"noise": noise.kind, "noise_scale": noise.scale, "noise_probability": noise.probability}
    values |= {"noise_step": noise.at, "noise_envelope": noise.envelope, "seed": noise.seed}
    if isinstance(optimizer, LossScaleOptimizer):
        values |= {"dynamic_loss_scale": True, "initial_scale": optimizer.initial_scale}
        values["dynamic_growth_steps"] = optimizer.dynamic_growth_steps
    values |= {name: getattr(adamax, name) for name in ADAMAX_ARGUMENTS} | {"dtype": adamax.dtype}
    return RunSpec(**values, **_rate(adamax))


def _rate(optimizer: Adamax) -> dict[str, Any]:
    rate = optimizer.learning_rate
    if not isinstance(rate, Schedule):
        return {"learning_rate": rate}
    arguments = {name: value for name, value in rate.get_config().items() if name != "name"}
    first = arguments.pop("initial_learning_rate", None)
    if isinstance(first, int):
        raise ValueError("Settings keep learning rates as floats; an int makes Keras compute in integers.")
    return {"schedule": type(rate).__name__} | arguments | ({} if first is None else {"learning_rate": first})
