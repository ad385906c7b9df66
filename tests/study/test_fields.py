"""Controls as data: complete, consistent with the settings, and knobs for what is on."""

import pytest

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.study.fields import GROUPS, MAIN, groups_of, in_group, is_shown, knobs, settings_of
from adamax_viz.study.link import validated
from adamax_viz.study.optimizer_spec import SCHEDULE_ARGUMENTS
from adamax_viz.study.spec import DEFAULTS, RunSpec
from adamax_viz.study.training_spec import TrainingSpec

ELSEWHERE = {"surface", "formula", "domain", "parameters", "start"}  # set on the landscape and its own picker
TABLE = settings_of(RunSpec)
ALL = [entry for entry in TABLE.values() if entry.control]
MAIN_NAMES = ["learning_rate", "beta_1", "beta_2", "epsilon", "steps"]


def names(**changes):
    return [knob.name for knob in knobs(RunSpec(**changes))]


def knob(name, **changes):
    return next(k for k in knobs(RunSpec(**changes)) if k.name == name)


# -- the controls --------------------------------------------------------------------------------------------------


def test_each_setting_has_a_control_in_a_group():
    assert {entry.name for entry in ALL} | ELSEWHERE == set(DEFAULTS) == set(TABLE)
    assert not {entry.name for entry in ALL} & ELSEWHERE
    in_groups = [entry for group in (MAIN, *GROUPS) for entry in in_group(RunSpec, group.name)]
    assert sorted(entry.name for entry in in_groups) == sorted(entry.name for entry in ALL)


@pytest.mark.parametrize("kind", [RunSpec, TrainingSpec])
def test_every_entry_says_what_the_setting_does(kind):
    for entry in settings_of(kind).values():
        assert entry.help.endswith("."), entry.name
        assert entry.control is None or entry.label


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.name)
def test_a_control_says_what_it_does_in_one_line(entry):
    assert len(entry.help) <= 90
    assert entry.label


@pytest.mark.parametrize("entry", [e for e in ALL if e.is_number], ids=lambda entry: entry.name)
def test_a_sliders_range_is_one_the_settings_accept(entry):
    control = entry.control
    assert control.low < control.high
    assert control.kind != "log" or control.low > 0
    assert control.kind != "decay" or 0 <= control.low < control.high < 1
    begin = DEFAULTS[entry.name] if entry.optional is None else entry.optional
    assert control.low <= begin <= control.high
    whole = control.kind == "whole"
    for value in (control.low, begin, control.high):
        values = {entry.name: int(value) if whole else value}
        if entry.name == "ema_overwrite_frequency":
            values["use_ema"] = True
        decoded = validated(values)
        assert decoded.complaints == []
        assert getattr(decoded.settings, entry.name) == value


@pytest.mark.parametrize("entry", [e for e in ALL if e.control.kind == "choice"], ids=lambda entry: entry.name)
def test_choices_are_those_of_the_settings(entry):
    assert DEFAULTS[entry.name] in entry.control.choices
    for choice in entry.control.choices:
        assert validated({entry.name: choice}).complaints == []
    assert validated({entry.name: "something else"}).complaints


def test_optional_settings_are_those_that_may_be_off():
    optional = {entry.name for entry in ALL if entry.optional is not None}
    assert optional == {entry.name for entry in ALL if DEFAULTS[entry.name] is None}


def test_groups():
    assert [group.name for group in GROUPS] == [
        "precision",
        "clipping",
        "ema",
        "accumulation",
        "decay",
        "schedule",
        "loss_scale",
        "noise",
        "beyond",
    ]
    assert [group.name for group in groups_of(TrainingSpec)] == [
        name for name in (group.name for group in GROUPS) if name not in ("precision", "noise")
    ]
    for group in (MAIN, *GROUPS):
        assert group.help.endswith(".")
    exclusive = [group for group in GROUPS if group.exclusive]
    assert [group.name for group in exclusive] == ["clipping"]
    clips = [e.name for e in in_group(RunSpec, exclusive[0].name) if e.optional is not None]
    for one in clips:
        for other in clips:
            complaints = validated({one: 1.0, other: 1.0}).complaints
            assert bool(complaints) == (one != other)


# -- what is shown -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", [e for e in ALL if e.needs], ids=lambda entry: entry.name)
def test_a_setting_is_shown_with_another_of_its_own_group(entry):
    chooser, wanted = entry.needs
    assert TABLE[chooser].group == entry.group
    for value in wanted if isinstance(wanted, tuple) else (wanted,):
        assert validated({chooser: value}).complaints == []


@pytest.mark.parametrize("schedule", SCHEDULE_ARGUMENTS)
def test_a_schedule_shows_its_own_arguments(schedule):
    values = RunSpec(schedule=schedule).model_dump()
    shown = {e.name for e in in_group(RunSpec, "schedule") if is_shown(e, values)} - {"schedule"}
    assert shown == set(SCHEDULE_ARGUMENTS[schedule]) - {"initial_learning_rate"}


def test_without_a_schedule_none_of_its_arguments_is_shown():
    values = RunSpec().model_dump()
    assert [e.name for e in in_group(RunSpec, "schedule") if is_shown(e, values)] == ["schedule"]


@pytest.mark.parametrize(
    ("changes", "shown", "hidden"),
    [
        ({}, {"learning_rate", "weight_decay", "loss_scale_factor", "use_ema", "noise"}, {"seed", "ema_momentum"}),
        ({"use_ema": True}, {"ema_momentum", "ema_overwrite_frequency"}, {"seed"}),
        ({"noise": "gaussian"}, {"seed", "noise_scale", "noise_envelope"}, {"noise_step", "noise_probability"}),
        ({"noise": "spikes"}, {"seed", "noise_probability"}, {"noise_step"}),
        ({"noise": "outlier"}, {"noise_step", "noise_scale"}, {"seed", "noise_envelope"}),
        ({"dynamic_loss_scale": True}, {"initial_scale", "dynamic_growth_steps"}, {"loss_scale_factor"}),
        ({"schedule": "CosineDecay"}, {"alpha", "decay_steps"}, {"decay_rate", "boundaries", "t_mul"}),
    ],
)
def test_is_shown(changes, shown, hidden):
    values = RunSpec(**changes).model_dump()
    assert all(is_shown(TABLE[name], values) for name in shown)
    assert not any(is_shown(TABLE[name], values) for name in hidden)


# -- the knobs -----------------------------------------------------------------------------------------------------


def test_plain_settings_have_the_main_knobs_alone():
    made = knobs(RunSpec())
    assert [k.name for k in made] == MAIN_NAMES
    assert [k.label for k in made] == ["Rate α", "β₁", "β₂", "ε", "Steps"]
    assert [k.kind for k in made] == ["log", "decay", "decay", "log", "whole"]
    assert [k.value for k in made] == [0.05, 0.9, 0.999, 1e-7, 300]
    assert [k.default for k in made] == [k.value for k in made]


@pytest.mark.parametrize(
    ("changes", "added"),
    [
        ({"clipnorm": 0.5}, ["clipnorm"]),
        ({"clipvalue": 0.5}, ["clipvalue"]),
        ({"global_clipnorm": 0.5}, ["global_clipnorm"]),
        ({"tolerance": 1e-5}, ["tolerance"]),
        ({"weight_decay": 0.1}, ["weight_decay"]),
        ({"weight_decay": 0.0}, ["weight_decay"]),
        ({"gradient_accumulation_steps": 4}, ["gradient_accumulation_steps"]),
        ({"use_ema": True}, ["ema_momentum"]),
        ({"use_ema": True, "ema_overwrite_frequency": 9}, ["ema_momentum", "ema_overwrite_frequency"]),
        ({"ema_overwrite_frequency": 9, "ema_momentum": 0.5}, []),  # without use_ema they do nothing
        ({"loss_scale_factor": 8.0}, ["loss_scale_factor"]),
        ({"dynamic_loss_scale": True}, ["initial_scale", "dynamic_growth_steps"]),
        ({"dynamic_loss_scale": True, "loss_scale_factor": 8.0}, ["initial_scale", "dynamic_growth_steps"]),
        ({"schedule": "CosineDecay"}, ["decay_steps", "alpha", "warmup_steps"]),
        (
            {"schedule": "CosineDecay", "warmup_target": 0.3},
            ["decay_steps", "alpha", "warmup_target", "warmup_steps"],
        ),
        ({"schedule": "PiecewiseConstantDecay"}, []),  # lists of numbers are not for a knob
        ({"schedule": "PolynomialDecay"}, ["decay_steps", "end_learning_rate", "power"]),
        ({"noise": "gaussian"}, ["noise_scale", "seed"]),
        ({"noise": "spikes"}, ["noise_scale", "noise_probability", "seed"]),
        ({"noise": "outlier"}, ["noise_scale", "noise_step"]),
        ({"dtype": "float32", "variables": "two", "gradient_dtype": "float16"}, []),
        (
            {"noise": "gaussian", "use_ema": True, "clipnorm": 1.0, "weight_decay": 0.1},
            ["clipnorm", "ema_momentum", "weight_decay", "noise_scale", "seed"],
        ),
    ],
)
def test_knobs_follow_what_is_on(changes, added):
    assert names(**changes) == MAIN_NAMES + added


@pytest.mark.parametrize("surface", [name for name, s in CATALOGUE.items() if s.parameters])
def test_a_surfaces_own_parameters_are_knobs(surface):
    parameters = CATALOGUE[surface].parameters
    made = knobs(RunSpec(surface=surface, clipnorm=1.0))
    own = made[len(MAIN_NAMES) : len(MAIN_NAMES) + len(parameters)]
    assert [k.name for k in own] == [f"parameters.{name}" for name in parameters]
    assert made[-1].name == "clipnorm"
    for k, parameter in zip(own, parameters.values(), strict=True):
        assert (k.low, k.high, k.default, k.value) == (
            parameter.low,
            parameter.high,
            parameter.default,
            parameter.default,
        )
        assert k.help == parameter.help
        assert k.kind == ("log" if parameter.high >= 50 * parameter.low > 0 else "linear")
        for bound in (k.low, k.high):
            assert validated({"surface": surface, "parameters": {k.name.partition(".")[2]: bound}}).complaints == []


def test_a_changed_parameter_is_the_knobs_value():
    k = knob("parameters.condition", surface="ravine", parameters={"condition": 7.0})
    assert (k.value, k.default) == (7.0, 50)


def test_values_outside_the_slider_are_kept():
    k = knob("learning_rate", learning_rate=1e5)
    assert k.value == 1e5 > k.high


def test_the_default_of_an_optional_knob_is_what_switching_it_on_gives():
    assert knob("clipnorm", clipnorm=0.5).default == TABLE["clipnorm"].optional == 1.0
    assert knob("gradient_accumulation_steps", gradient_accumulation_steps=9).default == 4


EVERYTHING = {
    "tolerance": 1e-3,
    "clipnorm": 1.0,
    "use_ema": True,
    "ema_overwrite_frequency": 5,
    "gradient_accumulation_steps": 3,
    "weight_decay": 0.1,
    "noise": "spikes",
    "dynamic_loss_scale": True,
}


@pytest.mark.parametrize("schedule", ["none", *SCHEDULE_ARGUMENTS])
@pytest.mark.parametrize("extra", [{"noise": "outlier"}, {"dynamic_loss_scale": False, "loss_scale_factor": 2.0}, {}])
def test_bounds_are_the_settings_own(schedule, extra):
    """A value at a bound is accepted; one beyond it is refused, unless there is no bound."""
    settings = RunSpec(**(EVERYTHING | {"schedule": schedule} | extra))
    for k in knobs(settings):
        assert k.least is None or k.least <= k.value
        assert k.most is None or k.value <= k.most
        assert k.least is None or k.least <= k.low
        step = 1 if k.kind == "whole" else 1e-6
        for bound, sign in ((k.least, -1), (k.most, 1)):
            if bound is None:
                continue
            inside, outside = (type(k.value)(bound + beyond) for beyond in (0, sign * step))
            values = settings.model_dump()
            assert validated(values | {k.name: inside}).complaints == [], k.name
            refused = validated(values | {k.name: outside}).complaints != []
            assert refused or (k.name, outside) == ("ema_overwrite_frequency", 0), k.name  # 0 is off, as in Keras


@pytest.mark.parametrize("schedule", ["none", *SCHEDULE_ARGUMENTS])
def test_without_a_bound_any_number_goes(schedule):
    settings = RunSpec(**(EVERYTHING | {"schedule": schedule, "warmup_target": 0.2}))
    for k in knobs(settings):
        values = settings.model_dump()
        if k.most is None:
            assert validated(values | {k.name: type(k.value)(10**6)}).complaints == [], k.name
        if k.least is None and k.name not in POSITIVE:
            assert validated(values | {k.name: type(k.value)(-1)}).complaints == [], k.name


# These must be above zero; their sliders are logarithmic and never get there.
POSITIVE = {"tolerance", "decay_steps", "first_decay_steps", "initial_scale"}


@pytest.mark.parametrize("name", sorted(POSITIVE))
def test_what_must_be_positive_has_a_logarithmic_slider(name):
    assert TABLE[name].control.kind == "log"
    assert validated({name: 0.0}).complaints
