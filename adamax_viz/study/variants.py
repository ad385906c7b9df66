"""A variant of a comparison: the settings of a run, and what people do that Keras's Adamax does not."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from adamax_viz.core import engine
from adamax_viz.core.engine import Optimizer, Problem
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.wrappers import Averaged, Penalised
from adamax_viz.study.fields import Control, Group
from adamax_viz.study.spec import Count, Number, RunSpec


class VariantSettings(RunSpec):
    """Settings that may be ones Keras refuses: `refusal` says so in its words, and nothing else is lost."""

    rule: Literal["adamax", "adamax_uncorrected", "torch_adamax"] = Field(
        "adamax", description="update rule, see adamax_viz.core.rules.find_rule"
    )
    l2_in_loss: Number | None = Field(None, description="strength of an L2 penalty inside the loss")
    l2_in_gradient: Number | None = Field(None, description="torch's weight_decay: added to the gradient, times theta")
    average_by_hand: Annotated[Count, Field(ge=2)] | None = Field(
        None, description="one step for the mean of so many gradients, averaged before the optimizer"
    )

    @model_validator(mode="after")
    def _buildable(self) -> Self:
        """Nothing is refused here, see `refusal`."""
        return self

    def refusal(self) -> str | None:
        """Why these settings make no run, in the words of the part that refuses; None if they do."""
        try:
            self.optimizer()
            self.task()
        except ValueError as error:
            return str(error)
        return None

    def optimizer(self) -> Optimizer:
        """The optimizer with its rule."""
        built = super().optimizer()
        if self.rule == "adamax":
            return built
        if isinstance(built, LossScaleOptimizer):
            inner = built.adamax.with_rule(self.rule)
            return LossScaleOptimizer(inner, self.initial_scale, self.dynamic_growth_steps)
        return built.with_rule(self.rule)

    def task(self) -> Problem:
        """What the optimizer is given: the surface, penalised and averaged as asked."""
        task: Problem = self.problem()
        if self.l2_in_loss is not None:
            task = Penalised(task, self.l2_in_loss)
        if self.l2_in_gradient is not None:
            task = Penalised(task, self.l2_in_gradient, in_loss=False)
        return task if self.average_by_hand is None else Averaged(task, self.average_by_hand)

    def beyond(self) -> list[str]:
        """The names of those settings that are not a plain run's, and differ from their defaults."""
        return [n for n in EXTRA if getattr(self, n) != VariantSettings.model_fields[n].default]

    def plain(self) -> RunSpec | None:
        """The same run as plain settings, which every page takes; None if there are none.

        An L2 penalty inside the loss is one: it goes into the formula.
        """
        values = {name: getattr(self, name) for name in RunSpec.model_fields}
        beyond = self.beyond()
        if self.refusal():
            return None
        if beyond == ["l2_in_loss"]:
            surface = self.problem()
            formula = surface.surface.formula
            for name, value in surface.parameters.items():
                formula = re.sub(rf"\b{name}\b", f"({value!r})", formula)
            (x0, x1), (y0, y1) = surface.surface.domain
            values |= {"surface": "custom", "formula": f"{formula} + {self.l2_in_loss!r}*(x^2 + y^2)/2"}
            values |= {"parameters": {}, "domain": (x0, x1, y0, y1), "start": self.start_point()}
            beyond = []
        try:
            return None if beyond else RunSpec(**values)
        except ValidationError:  # the formula with its penalty is more than the gate lets through
            return None


EXTRA = tuple(name for name in VariantSettings.model_fields if name not in RunSpec.model_fields)

BEYOND = Group(
    "beyond",
    "Beyond Keras",
    "What other libraries do, or people by hand, to compare with.",
    (
        Control(
            "rule",
            "Update rule",
            "choice",
            "Adamax, the same without bias correction, or torch's: ε inside the max.",
            choices=("adamax", "adamax_uncorrected", "torch_adamax"),
        ),
        Control(
            "l2_in_loss",
            "L2 in the loss",
            "log",
            "Adds λ/2 |θ|² to the loss, hence λθ to the gradient.",
            1e-5,
            2.0,
            optional=0.1,
        ),
        Control(
            "l2_in_gradient",
            "L2 in the gradient",
            "log",
            "What torch calls weight_decay: λθ joins the gradient, the loss does not show it.",
            1e-5,
            2.0,
            optional=0.1,
        ),
        Control(
            "average_by_hand",
            "Average by hand",
            "whole",
            "One step for the mean of so many gradients: a bigger batch.",
            2,
            64,
            1,
            optional=4,
        ),
    ),
)


class Outcome(NamedTuple):
    """A variant that was run, or why it was not."""

    letter: str
    settings: VariantSettings
    run: Trajectory | None  # R = 1, everything recorded
    refusal: str | None


def run_variants(variants: list[VariantSettings]) -> list[Outcome]:
    """Run them from their starts under their noise; those that share all but the optimizer as one batch."""
    refusals = [settings.refusal() for settings in variants]
    runs: dict[int, Trajectory] = {}
    batches: dict[str, list[int]] = {}
    for i, settings in enumerate(variants):
        if refusals[i] is None:
            batches.setdefault(_batch_key(settings), []).append(i)
    for members in batches.values():
        first = variants[members[0]]
        count = first.average_by_hand or 1
        batch = engine.run(
            first.task(),
            [variants[i].optimizer() for i in members],
            first.start_point(),
            max(1, first.steps // count),
            **first.run_options(),
        )
        for r, i in enumerate(members):
            runs[i] = spread(batch.only(r), count) if count > 1 else batch.only(r)
    return [Outcome("ABCD"[i], s, runs.get(i), refusals[i]) for i, s in enumerate(variants)]


_OF_THE_PROBLEM = (
    *("surface", "formula", "domain", "parameters", "variables", "start", "steps", "tolerance", "gradient_dtype"),
    *("noise", "noise_scale", "noise_probability", "noise_step", "noise_envelope", "seed", "dtype"),
    *("l2_in_loss", "l2_in_gradient", "average_by_hand", "dynamic_loss_scale"),
)


def _batch_key(settings: VariantSettings) -> str:
    """What runs of one batch share; a dynamic loss scale records an array that others lack."""
    return repr([getattr(settings, name) for name in _OF_THE_PROBLEM])


_RESTS = ("theta", "loss")


def spread(run: Trajectory, count: int) -> Trajectory:
    """A run of batches on the axis of their single gradients: ``count`` micro-steps each, the last one the update.

    The shapes are those of a run with ``gradient_accumulation_steps=count``.
    """
    rows = np.arange(run.steps * count)
    update, is_update = rows // count, (rows + 1) % count == 0
    before = update - ~is_update  # of quantities that move with the update; -1 is their zero before the first
    arrays: dict[str, NDArray[Any]] = {}
    for name, array in run.arrays.items():
        if name in _RESTS:
            arrays[name] = array[:, np.append(update, run.steps)]
        elif name in (*run.moments, "ema"):
            first = np.nan if name == "ema" else 0.0
            moved = np.where((before >= 0)[None, :, None], array[:, np.maximum(before, 0)], first)
            arrays[name] = moved.astype(array.dtype)
        elif name in ("step", "grad_clipped", "clip_factor"):
            rest = 0.0 if name == "step" else np.nan
            happens = is_update | bool(
                name == "clip_factor" and np.all(array == 1)
            )  # without a clip it is 1 throughout
            arrays[name] = np.where(happens[None, :, None], array[:, update], rest).astype(array.dtype)
        elif name not in ("micro_step", "update", "is_update"):
            arrays[name] = array[:, update]
    arrays |= {"micro_step": rows, "update": update, "is_update": is_update}
    status = [replace(s, step=s.step * count) for s in run.status]
    return replace(run, status=status, arrays=arrays)
