"""The optimizer of any settings as Python text, and the pieces that such text is made of."""

import json
from dataclasses import fields
from inspect import signature
from textwrap import indent
from typing import Any

from adamax_viz.core import schedules
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import find_rule
from adamax_viz.study.optimizer_spec import ADAMAX_ARGUMENTS, OptimizerSpec

SIGNATURE = {name: p.default for name, p in signature(Adamax).parameters.items()}
_SCALER_SIGNATURE = {name: p.default for name, p in signature(LossScaleOptimizer).parameters.items()}
LINE = 100  # longer calls are written with an argument a line


def text(value: Any) -> str:
    """A value as source text, strings in double quotes."""
    return json.dumps(value) if isinstance(value, str) else repr(value)


def call(function: str, positional: list[str], keywords: dict[str, str]) -> str:
    """A call on one line, or with an argument a line where it would be long."""
    arguments = positional + [f"{name}={value}" for name, value in keywords.items()]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= LINE and "\n" not in line:
        return line
    return f"{function}(\n" + indent("\n".join(f"{a}," for a in arguments), "    ") + "\n)"


def optimizer_code(settings: OptimizerSpec, module: str) -> str:
    """The optimizer's constructor in ``keras.optimizers`` or ``av``, within the loss scale's if that is on."""
    name = "Adamax" if module == "av" else keras_name(settings)
    optimizer = call(f"{module}.{name}", [], _arguments(settings, f"{module}.schedules"))
    if module == "av" and settings.rule != "adamax":
        optimizer += f".with_rule({text(settings.rule)})"
    if not settings.dynamic_loss_scale:
        return optimizer
    scaler = {name: getattr(settings, name) for name in ("initial_scale", "dynamic_growth_steps")}
    changed = {name: repr(value) for name, value in scaler.items() if value != _SCALER_SIGNATURE[name]}
    return call(f"{module}.LossScaleOptimizer", [optimizer], changed)


def keras_name(settings: OptimizerSpec) -> str | None:
    """What Keras calls the optimizer with this rule; None if it has none."""
    return find_rule(settings.rule).keras


def _arguments(settings: OptimizerSpec, schedules_module: str) -> dict[str, str]:
    """The arguments that are not at Keras's defaults and do something."""
    keywords: dict[str, str] = {}
    if settings.schedule != "none":
        keywords["learning_rate"] = _schedule(settings, schedules_module)
    elif settings.learning_rate != SIGNATURE["learning_rate"]:
        keywords["learning_rate"] = repr(settings.learning_rate)
    for name in ADAMAX_ARGUMENTS:
        value = getattr(settings, name)
        idle = (name.startswith("ema_") and not settings.use_ema) or (
            name == "loss_scale_factor" and settings.dynamic_loss_scale
        )
        if value != SIGNATURE[name] and not idle:
            keywords[name] = repr(value)
    return keywords


def _schedule(settings: OptimizerSpec, module: str) -> str:
    schedule = settings.learning_rate_or_schedule()
    changed: dict[str, str] = {}
    for field in fields(schedules.SCHEDULES[settings.schedule]):
        value = getattr(schedule, field.name)
        if field.name != "name" and value != field.default:
            changed[field.name] = repr(list(value) if isinstance(value, tuple) else value)
    return call(f"{module}.{settings.schedule}", [], changed)
