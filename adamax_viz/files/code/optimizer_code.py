"""The optimizer of any settings as Python text, and the pieces that such text is made of."""

from __future__ import annotations

import inspect
import json
from dataclasses import MISSING, fields
from textwrap import indent
from typing import Any

from adamax_viz.core import schedules
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import find_rule
from adamax_viz.study.optimizer_spec import ADAMAX_ARGUMENTS, SCHEDULE_ARGUMENTS, OptimizerSpec

SIGNATURE = {name: p.default for name, p in inspect.signature(Adamax.__init__).parameters.items()}
_SCALER_SIGNATURE = {name: p.default for name, p in inspect.signature(LossScaleOptimizer.__init__).parameters.items()}
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


def optimizer_code(settings: OptimizerSpec, module: str, schedule_module: str) -> str:
    """The optimizer's constructor, within the loss scale's if that is on."""
    optimizer = call(f"{module}.{keras_name(settings)}", [], _arguments(settings, schedule_module))
    if not settings.dynamic_loss_scale:
        return optimizer
    scaler = {n: repr(getattr(settings, n)) for n in ("initial_scale", "dynamic_growth_steps")}
    changed = {n: v for n, v in scaler.items() if v != repr(_SCALER_SIGNATURE[n])}
    return call(f"{module}.LossScaleOptimizer", [optimizer], changed)


def keras_name(settings: OptimizerSpec) -> str:
    """What Keras calls the optimizer with this rule; a rule that Keras has not is written as Adamax."""
    return find_rule(settings.rule).keras or "Adamax"


def _arguments(settings: OptimizerSpec, schedule_module: str) -> dict[str, str]:
    """The arguments that are not at Keras's defaults and do something."""
    keywords = {} if settings.schedule != "none" or settings.learning_rate == SIGNATURE["learning_rate"] else {
        "learning_rate": repr(settings.learning_rate)
    }  # fmt: skip
    if settings.schedule != "none":
        keywords["learning_rate"] = _schedule(settings, schedule_module)
    for name in ADAMAX_ARGUMENTS:
        value = getattr(settings, name)
        idle = (name.startswith("ema_") and not settings.use_ema) or (
            name == "loss_scale_factor" and settings.dynamic_loss_scale
        )
        if value != SIGNATURE[name] and not idle:
            keywords[name] = repr(value)
    return keywords


def _schedule(settings: OptimizerSpec, module: str) -> str:
    defaults = {f.name: f.default for f in fields(schedules.SCHEDULES[settings.schedule])}
    schedule = settings.learning_rate_or_schedule()
    values = {name: getattr(schedule, name) for name in SCHEDULE_ARGUMENTS[settings.schedule]}
    changed = {
        name: repr(list(value) if isinstance(value, tuple) else value)
        for name, value in values.items()
        if defaults[name] is MISSING or value != defaults[name]
    }
    return call(f"{module}.{settings.schedule}", [], changed)
