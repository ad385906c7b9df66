"""Settings build what they describe, and the controls cover them."""

import pytest
from pydantic import ValidationError

from adamax_viz.core import schedules
from adamax_viz.study.fields import CONTROLS, GROUPS, MAIN, SHOWN_WITH, is_shown
from adamax_viz.study.spec import ADAMAX_ARGUMENTS, DEFAULTS, SCHEDULE_ARGUMENTS, RunSpec

NOT_CONTROLS = {"surface", "formula", "domain", "parameters", "start"}  # drawn by the surface's own widgets


def test_every_setting_has_a_control_and_every_control_a_setting():
    assert set(CONTROLS) | NOT_CONTROLS == set(DEFAULTS)
    assert not set(CONTROLS) & NOT_CONTROLS
    assert len(CONTROLS) == sum(len(g.controls) for g in (MAIN, *GROUPS))


def test_controls_begin_within_their_range():
    for control in CONTROLS.values():
        default = DEFAULTS[control.name] if control.optional is None else control.optional
        if control.kind in ("linear", "log", "whole"):
            assert control.low <= default <= control.high, control.name
        if control.kind == "log":
            assert control.low > 0, control.name
        if control.kind == "choice":
            assert default in control.choices, control.name
        assert control.help.endswith("."), control.name


@pytest.mark.parametrize("name", schedules.SCHEDULES)
def test_each_schedule_shows_just_its_arguments(name):
    values = RunSpec(schedule=name).model_dump()
    shown = {n for n in SHOWN_WITH["schedule"][name] if is_shown(n, values)}
    assert shown == set(SCHEDULE_ARGUMENTS[name]) - {"initial_learning_rate"}
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
        ({"surface": "custom", "formula": "x +"}, "formula"),
        ({"schedule": "PiecewiseConstantDecay", "boundaries": (1,), "values": (0.1,)}, "length of boundaries"),
        ({"noise": "spikes", "noise_probability": 2.0}, "less than or equal to 1"),
        ({"learning_rate": True}, "must be a number"),
        ({"steps": True}, "must be a number"),
    ],
)
def test_what_cannot_run_is_refused_with_the_reason(values, words):
    with pytest.raises(ValidationError, match=words):
        RunSpec(**values)
