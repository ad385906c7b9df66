"""The optimizer of any settings as Python text, and the pieces that such text is made of."""

import json
from collections.abc import Callable, Mapping
from inspect import signature
from textwrap import indent
from typing import Any

from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import find_rule
from adamax_viz.core.schedules import Schedule
from adamax_viz.study.link import to_query
from adamax_viz.study.optimizer_spec import ADAMAX_ARGUMENTS, OptimizerSpec

LINE = 100  # longer calls are written with an argument a line


def docstring(settings: OptimizerSpec, words: str) -> str:
    """What a script begins with: what it does, and the link that makes it again."""
    return f'"""{words}\n\n{to_query(settings)}\n"""'


def text(value: Any) -> str:
    """A value as source text, strings in double quotes."""
    return json.dumps(value) if isinstance(value, str | dict) else repr(value)


def call(function: str, positional: list[str], keywords: dict[str, str]) -> str:
    """A call on one line, or with an argument a line where it would be long."""
    arguments = positional + [f"{name}={value}" for name, value in keywords.items()]
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= LINE and "\n" not in line:
        return line
    return f"{function}(\n" + indent("\n".join(f"{a}," for a in arguments), "    ") + "\n)"


def changed(function: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, str]:
    """Those arguments of a function that are not at its defaults, as source text."""
    parameters = signature(function).parameters
    return {name: text(value) for name, value in arguments.items() if value != parameters[name].default}


def keras_name(settings: OptimizerSpec) -> str | None:
    """What Keras calls the optimizer with this rule; None if it has none."""
    return find_rule(settings.rule).keras


def optimizer_code(settings: OptimizerSpec, module: str) -> str:
    """The optimizer's constructor in ``keras.optimizers`` or ``av``, within the loss scale's if that is on.

    It has the arguments that are not at Keras's defaults and do something.
    """
    rate = settings.learning_rate_or_schedule()
    if isinstance(rate, Schedule):
        schedule = call(f"{module}.schedules.{settings.schedule}", [], changed(type(rate), rate.get_config()))
        arguments = {"learning_rate": schedule}
    else:
        arguments = changed(Adamax, {"learning_rate": rate})
    values = settings.model_dump(include=set(ADAMAX_ARGUMENTS))
    if not settings.use_ema:
        del values["ema_momentum"], values["ema_overwrite_frequency"]
    if settings.dynamic_loss_scale:
        del values["loss_scale_factor"]
    ours = module == "av"
    optimizer = call(f"{module}.{'Adamax' if ours else keras_name(settings)}", [], arguments | changed(Adamax, values))
    if ours and settings.rule != "adamax":
        optimizer += f".with_rule({text(settings.rule)})"
    if not settings.dynamic_loss_scale:
        return optimizer
    scaler = settings.model_dump(include={"initial_scale", "dynamic_growth_steps"})
    return call(f"{module}.LossScaleOptimizer", [optimizer], changed(LossScaleOptimizer, scaler))
