"""``adamax_viz.run``: the engine with surfaces by name, and runs that know how to become a table."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

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
from adamax_viz.runs.averaging import spread
from adamax_viz.study.link import to_query
from adamax_viz.study.optimizer_spec import ADAMAX_ARGUMENTS, BATCHED
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS

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

    def only(self, run: int) -> "Run":
        """One run of the batch, still with its leading axis."""
        label = self.label
        return labelled(super().only(run), lambda _: label(run))

    def to_frame(self) -> "pd.DataFrame":
        """A pandas frame, one row a micro-step; the columns are those of `adamax_viz.runs.frame`."""
        from adamax_viz.runs.frame import to_frame

        return to_frame(self, self.labels)

    def to_csv(self, target: str | os.PathLike[str] | IO[str]) -> None:
        """The frame as CSV with exact floats."""
        from adamax_viz.runs.frame import csv_text

        text = csv_text(self, self.labels)
        if isinstance(target, str | os.PathLike):
            Path(target).write_text(text, "utf-8", newline="")
        else:
            target.write(text)


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
    optimizers = [optimizer] if isinstance(optimizer, Adamax | LossScaleOptimizer) else list(optimizer)
    if dtype is not None:
        optimizers = [each.with_dtype(dtype) for each in optimizers]
    options: dict[str, Any] = {"tolerance": tolerance, "gradient_dtype": gradient_dtype}
    trajectory = engine.run(problem, optimizers, start, steps, keep=keep, progress=progress, **options)
    starts = np.broadcast_to(np.atleast_2d(np.asarray(start, np.float64)), (trajectory.runs, len(problem.coordinates)))
    settings = {"steps": int(steps), "tolerance": tolerance, "gradient_dtype": gradient_dtype or "none"}

    def label(r: int) -> str:
        """The share query of a run, or the problem's name where specs can't describe it."""
        optimizer = optimizers[r if len(optimizers) > 1 else 0].single(r)
        minimised = problem.single(r)
        try:
            return to_query(describe(minimised, optimizer, starts[r], settings))
        except (TypeError, ValueError):
            return getattr(minimised, "name", type(minimised).__name__)

    return labelled(trajectory, label)


def run_of(spec: RunSpec, *, keep: Keep = "all", progress: Callable[[int], None] | None = None) -> Run:
    """The run that a spec describes, whatever its rule."""
    return _run([spec], keep=keep, progress=progress)


class Outcome(NamedTuple):
    """One run of a study, or why it was not made."""

    letter: str
    spec: RunSpec
    run: Run | None  # R = 1, everything recorded
    refusal: str | None


def runs_of(specs: Sequence[RunSpec], *, progress: Callable[[int], None] | None = None) -> list[Outcome]:
    """The runs of a study's specs, each batch side by side."""
    outcomes = [Outcome(letter, spec, None, spec.refusal()) for letter, spec in zip(LETTERS, specs, strict=False)]
    for members in batches(specs):
        taken = [i for i in members if outcomes[i].refusal is None]
        if not taken:
            continue
        batch = _run([specs[i] for i in taken], progress=progress)
        for r, i in enumerate(taken):
            outcomes[i] = outcomes[i]._replace(run=batch.only(r))
    return outcomes


def batches(specs: Sequence[RunSpec]) -> list[list[int]]:
    """Which runs are computed side by side: those that differ in numbers of the optimizer alone."""
    together: dict[str | int, list[int]] = {}
    for i, spec in enumerate(specs):
        together.setdefault(_batch_key(spec) or i, []).append(i)
    return list(together.values())


def steps_in_a_row(specs: Sequence[RunSpec]) -> int:
    """The steps that are computed one after the other: those of a batch count once."""
    return sum(max(specs[i].steps for i in members) for members in batches(specs))


def _batch_key(spec: RunSpec) -> str | None:
    """What runs that are computed side by side have in common: all but numbers of the optimizer that are on.

    None where the stages that a run goes through hang on its numbers: it is computed alone.
    """
    clips = (spec.clipnorm, spec.clipvalue, spec.global_clipnorm)
    if spec.dynamic_loss_scale or any(clip is not None and clip <= 0 for clip in clips):
        return None
    values = spec.model_dump()
    on = {name: values[name] is not None for name in BATCHED}
    if spec.schedule != "none":
        on["learning_rate"] = values["learning_rate"]  # an array of schedules there is none
    return repr(values | on)


def _run(specs: Sequence[RunSpec], **options: Any) -> Run:
    """The runs of specs that share everything but the optimizer's numbers: an array for each in which they differ."""
    spec, optimizer = specs[0], specs[0].optimizer()
    if len(specs) > 1:
        assert isinstance(optimizer, Adamax)
        columns = {name: [getattr(each, name) for each in specs] for name in BATCHED}
        optimizer = optimizer.with_arguments({name: values for name, values in columns.items() if len(set(values)) > 1})
    count = spec.average_by_hand or 1
    starts = np.tile(spec.start_point(), (len(specs), 1))
    steps = max(1, spec.steps // count)
    trajectory = engine.run(spec.task(), optimizer, starts, steps, **spec.run_options(), **options)
    if count > 1 and trajectory.keep == "all":
        trajectory = spread(trajectory, count)
    return labelled(trajectory, lambda r: to_query(specs[r]))


def describe(problem: Problem, optimizer: Optimizer, start: Any, options: dict[str, Any]) -> RunSpec:
    """The settings that make this run.

    Raises:
        TypeError, ValueError: no settings do: another kind of problem, or a callable learning rate.
    """
    if not isinstance(problem, SurfaceProblem):
        raise TypeError("Only surfaces have settings.")
    adamax = optimizer.adamax
    if adamax.excluded_names or adamax.excluded_variables:
        raise ValueError("Settings don't say which variables weight decay leaves out.")
    surface, noise = problem.surface, problem.noise
    values: dict[str, Any] = dict(options)
    if surface.name == "custom":
        x, y = surface.domain
        values |= {"formula": surface.formula, "domain": (*x, *y)}
    elif find(surface.name) != surface:
        raise ValueError("The surface is not in the catalogue.")
    values["surface"] = surface.name
    values["parameters"] = {n: v for n, v in problem.parameters.items() if v != surface.parameters[n].default}
    values |= {"variables": problem.split, "start": tuple(float(v) for v in start)}
    values |= {"noise": noise.kind, "noise_scale": noise.scale, "noise_probability": noise.probability}
    values |= {"noise_step": noise.at, "noise_envelope": noise.envelope, "seed": noise.seed}
    if isinstance(optimizer, LossScaleOptimizer):
        values |= {"dynamic_loss_scale": True, "initial_scale": optimizer.initial_scale}
        values["dynamic_growth_steps"] = optimizer.dynamic_growth_steps
    values |= {name: getattr(adamax, name) for name in ADAMAX_ARGUMENTS} | {"dtype": adamax.dtype}
    values["rule"] = adamax.rule.name.replace(" ", "")
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
