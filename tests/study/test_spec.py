"""Specs build what they describe, and say what no run can be made of."""

import re

import pytest

from adamax_viz.core import schedules
from adamax_viz.study.optimizer_spec import ADAMAX_ARGUMENTS
from adamax_viz.study.spec import RunSpec
from tests.study.strategies import refusal


@pytest.mark.parametrize("name", schedules.SCHEDULES)
def test_a_schedule_reaches_the_optimizer(name):
    assert isinstance(RunSpec(schedule=name).optimizer().learning_rate, schedules.SCHEDULES[name])


def test_arguments_reach_the_optimizer():
    values = {
        "beta_1": 0.8, "beta_2": 0.9, "epsilon": 1e-3, "weight_decay": 0.1, "clipnorm": 0.7, "clipvalue": None,
        "global_clipnorm": None, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3,
        "loss_scale_factor": 8.0, "gradient_accumulation_steps": 4,
    }  # fmt: skip
    assert set(values) == set(ADAMAX_ARGUMENTS)
    optimizer = RunSpec(**values).optimizer()
    assert {name: getattr(optimizer, name) for name in values} == values


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"clipnorm": 1.0, "clipvalue": 1.0}, "Only one of"),
        ({"gradient_accumulation_steps": 1}, "must be an integer >= 2"),
        ({"use_ema": True, "ema_momentum": 1.5}, r"must be in the range \[0, 1\]"),
        ({"surface": "nowhere"}, "nowhere"),
        ({"surface": "custom", "formula": "x +"}, "Something is missing after"),
        ({"schedule": "PiecewiseConstantDecay", "boundaries": (1,), "values": (0.1,)}, "length of boundaries"),
        ({"noise": "spikes", "noise_probability": 2.0}, "less than or equal to 1"),
        ({"learning_rate": True}, "must be a number"),
        ({"steps": True}, "must be a number"),
    ],
)
def test_what_cannot_run_is_refused_with_the_reason(values, words):
    assert re.search(words, refusal(RunSpec, values))
