"""What a setting is: its entry says everything the project knows of it, and whoever needs a part of that asks here.

A setting is declared once, as a field of a spec (`adamax_viz.study.spec`) with `setting(...)`. Link, JSON, command
line, controls, knobs, locks, the words of labels, the reference and which runs go side by side are derived from it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, Field

# "decay" is a slider that is fine near 1: it moves 1 - value logarithmically.
Kind = Literal["linear", "log", "decay", "whole", "switch", "choice", "text", "numbers"]
NUMERIC = ("linear", "log", "decay", "whole")


class Control(NamedTuple):
    """How a setting is moved on the screen.

    `low` and `high` bound the slider, not the setting: a link may carry any value the setting allows.
    """

    kind: Kind
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    choices: Mapping[str, str] = {}  # each, and the words of a variant that has it


class Setting(NamedTuple):
    """One entry of the table of settings."""

    name: str
    default: Any
    help: str  # one line: what it does to the path
    group: str = ""  # of the sidebar; "" where the page has a place of its own for it
    label: str = ""  # the name, where a control has none of its own
    control: Control | None = None
    optional: Any = None  # the value that switching an optional setting on begins with
    needs: tuple[str, Any] | None = None  # shown while another setting has this value, or one of these values
    least: float | None = None  # bounds of the value itself
    most: float | None = None
    knob: str = ""  # its label on a knob, where Keras's name is too long for one
    words: str = ""  # of a variant that differs in it, such as "momentum {}"
    reference: str = ""  # its sentence in the reference, which speaks of more than a path
    symbol: str = ""  # LaTeX, for the reference
    formula: str = ""  # LaTeX with the macros of `adamax_viz.views.notation`
    effect: str = ""  # the scene of Effects that shows it

    @property
    def kind(self) -> Kind | None:
        """Of its control, if it has one."""
        return self.control and self.control.kind

    @property
    def is_number(self) -> bool:
        """Whether a knob moves it."""
        return self.kind in NUMERIC


class Group(NamedTuple):
    """Settings that belong together, and what they do to the path in one line."""

    name: str
    title: str
    help: str
    exclusive: str = ""  # the title of a choice between its optional numbers, of which at most one is on


MAIN = Group("main", "Adamax", "The few that matter most.")
GROUPS: tuple[Group, ...] = (
    Group("precision", "Precision, stopping", "How finely Keras computes, and when to stop early."),
    Group("clipping", "Clipping", "Limits the gradient before m and u see it; only one kind at a time.", "Clip"),
    Group("ema", "EMA", "A moving average of the weights beside the path."),
    Group("accumulation", "Accumulation", "Collects gradients and moves once on their mean."),
    Group("decay", "Weight decay", "Pulls the weights towards zero at every step."),
    Group("schedule", "Schedule", "Changes the learning rate while the run goes on; α above is where it begins."),
    Group(
        "loss_scale",
        "Loss scale",
        "Half precision: small gradients vanish and large ones overflow unless the loss is scaled.",
    ),
    Group("noise", "Noise", "Disturbs the gradients, the same way each time for the same seed."),
    Group("beyond", "Beyond Adamax", "What other libraries do, or people by hand, to compare with."),
)


# -- entries ---------------------------------------------------------------------------------------------------


def setting(
    default: Any,
    help: str,
    group: str = "",
    control: Control | None = None,
    *,
    above: float | None = None,
    checked_by_keras: bool = False,
    **more: Any,
) -> Any:
    """A field of a spec. The arguments are those of `Setting`.

    Args:
        above: what the value must be greater than.
        checked_by_keras: its bounds are refused when the optimizer is built, in Keras's words, not before.
        more: the rest of the entry.
    """
    entry = {"help": help, "group": group, "control": control} | more
    limits: Any = {} if checked_by_keras else {"ge": more.get("least"), "le": more.get("most")}
    extra: Any = {"setting": entry}  # pydantic keeps it beside the field and never looks into it
    return Field(default, gt=above, json_schema_extra=extra, **limits)


def with_default(model: type[BaseModel], name: str, default: Any) -> Any:
    """The same setting in another spec, with another default."""
    return Field(default, json_schema_extra=model.model_fields[name].json_schema_extra)


def linear(low: float, high: float, step: float) -> Control:
    """A slider with even steps."""
    return Control("linear", low, high, step)


def log(low: float, high: float) -> Control:
    """A slider over decades."""
    return Control("log", low, high)


def decay(high: float, step: float = 0.01) -> Control:
    """A slider from 0 that is fine near 1."""
    return Control("decay", 0.0, high, step)


def whole(low: int, high: int) -> Control:
    """A slider of whole numbers."""
    return Control("whole", low, high, 1)


def choice(**choices: str) -> Control:
    """One of these, with the words of each."""
    return Control("choice", choices=choices)


SWITCH = Control("switch")
TEXT = Control("text")
NUMBERS = Control("numbers")  # with commas between


# -- what is derived -------------------------------------------------------------------------------------------


@cache
def settings_of(model: type[BaseModel]) -> dict[str, Setting]:
    """The table: each setting of a spec by name."""
    table = {}
    for name, field in model.model_fields.items():
        extra: Any = field.json_schema_extra
        label = name if extra["setting"]["control"] else ""
        table[name] = Setting(name, field.default, **{"label": label} | extra["setting"])
    return table


def in_group(model: type[BaseModel], group: str) -> list[Setting]:
    """The settings of a group, in the order of the spec."""
    return [entry for entry in settings_of(model).values() if entry.group == group]


def groups_of(model: type[BaseModel]) -> list[Group]:
    """The groups of the sidebar in which a spec has settings."""
    return [group for group in GROUPS if in_group(model, group.name)]


def is_shown(entry: Setting, values: Mapping[str, Any]) -> bool:
    """Whether a setting matters for these values: another one may have switched it off."""
    if entry.needs is None:
        return True
    name, wanted = entry.needs
    return bool(values[name] in wanted if isinstance(wanted, tuple) else values[name] == wanted)


class Knob(NamedTuple):
    """A number that responds while its thumb moves. `low` and `high` bound the slider, `least` and `most` the value."""

    name: str
    label: str
    help: str
    kind: Kind
    low: float
    high: float
    step: float
    value: float
    default: float
    least: float | None = None
    most: float | None = None


def knob_of(entry: Setting, value: float) -> Knob:
    """A number's entry as a knob at this value."""
    control = entry.control
    assert control is not None
    default = entry.default if entry.optional is None else entry.optional
    label = entry.knob or entry.label
    return Knob(entry.name, label, entry.help, *control[:4], value, default, entry.least, entry.most)


def knobs(spec: Any) -> list[Knob]:
    """The knobs that do something: the main ones, those of what is minimised, and those of the features that are on."""
    model, values = type(spec), spec.model_dump()
    main = [knob_of(entry, values[entry.name]) for entry in in_group(model, MAIN.name)]
    features = [
        knob_of(entry, values[entry.name])
        for group in GROUPS
        for entry in in_group(model, group.name)
        if entry.is_number and values[entry.name] is not None and is_shown(entry, values)
    ]
    return [*main, *spec.own_knobs(), *features]
