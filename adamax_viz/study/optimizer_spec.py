"""How a run is optimized, whatever it minimises: an entry for each argument of Keras's Adamax and what goes with it."""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from inspect import signature
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from adamax_viz.core import schedules
from adamax_viz.core.engine import Optimizer
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import find_rule
from adamax_viz.core.types import Dtype
from adamax_viz.limits import LIMITS
from adamax_viz.study.fields import (
    NUMBERS,
    SWITCH,
    Control,
    Knob,
    choice,
    decay,
    in_group,
    linear,
    log,
    setting,
    settings_of,
    whole,
)


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


def _known_rule(text: str) -> str:
    find_rule(text)
    return text


Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_no_bool), Field(ge=-LIMITS.whole_number, le=LIMITS.whole_number)]
Seed = Annotated[int, BeforeValidator(_no_bool)]  # NumPy's seeds have a bit more than a count
Name = Annotated[str, Field(max_length=LIMITS.name_length)]
Rule = Annotated[Name, AfterValidator(_known_rule)]
ScheduleName = Literal[
    "none",
    "ExponentialDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "InverseTimeDecay",
    "CosineDecay",
    "CosineDecayRestarts",
]
SCHEDULE_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(f.name for f in fields(cls) if f.name != "name") for name, cls in schedules.SCHEDULES.items()
}


def _of_schedules(argument: str, default: Any, help: str, control: Control, **more: Any) -> Any:
    """An argument of schedules, shown with those that take it."""
    takers = tuple(name for name, arguments in SCHEDULE_ARGUMENTS.items() if argument in arguments)
    return setting(default, help, "schedule", control, needs=("schedule", takers), **more)


class OptimizerSpec(BaseModel):
    """The settings that a run on a surface and a training share; their names are Keras's where Keras has one.

    Settings that do not apply (the parameters of another schedule, say) rest at their values and do no harm. Values of
    the wrong kind are refused here; what only the optimizer refuses, `refusal` says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)
    leads: ClassVar[str]  # the field that every link names first: what the run is about

    # keras.optimizers.Adamax
    learning_rate: Number = setting(
        0.05,
        "The learning rate, how long a step is: each coordinate moves by about α.",
        "main",
        log(1e-4, 10.0),
        label="Rate α",
        words="α = {}",
        reference="How long a step is: each weight moves by about α while its gradients agree.",
        symbol=r"\alpha",
        formula=r"\theta_t = \theta_{t-1} - \frac{\alpha}{1-\beta_1^t}\,\frac{\m_t}{\u_t + \varepsilon}",
        effect="schedules",
    )
    beta_1: Number = setting(
        0.9,
        "How long m remembers: higher rolls on, lower follows each gradient.",
        "main",
        decay(0.9999),
        label="β₁",
        words="β₁ = {}",
        reference="How long the first moment m remembers gradients.",
        symbol=r"\beta_1",
        formula=r"\m_t = \m_{t-1} + (\gc_t - \m_{t-1})(1-\beta_1)",
        effect="beta_1",
    )
    beta_2: Number = setting(
        0.999,
        "How slowly u forgets its largest gradient; a big u means small steps.",
        "main",
        decay(0.99999),
        label="β₂",
        words="β₂ = {}",
        reference="How slowly the infinity norm u forgets its largest gradient.",
        symbol=r"\beta_2",
        formula=r"\u_t = \max(\beta_2\,\u_{t-1},\ |\gc_t|)",
        effect="beta_2",
    )
    epsilon: Number = setting(
        1e-7,
        "Added to u before dividing: with tiny gradients it makes the steps shorter.",
        "main",
        log(1e-10, 1.0),
        label="ε",
        words="ε = {}",
        reference="Added to u before dividing; it shortens the steps where gradients are as small as itself.",
        symbol=r"\varepsilon",
        formula=r"\Delta_t = -\frac{\alpha}{1-\beta_1^t}\,\frac{\m_t}{\u_t + \varepsilon}",
        effect="epsilon",
    )
    weight_decay: Number | None = setting(
        None,
        "Each step also shrinks the weights by this times the learning rate.",
        "decay",
        log(1e-5, 2.0),
        optional=0.1,
        knob="weight decay",
        words="weight decay {}",
        reference="Pulls the weights towards zero at every update, by its own road: not through the gradient.",
        symbol=r"\lambda",
        formula=r"\theta \leftarrow \theta - \theta\,\lambda\,\alpha_k \quad\text{before the update}",
        effect="weight_decay",
    )
    clipnorm: Number | None = setting(
        None,
        "Shortens each variable's gradient to this norm; its direction stays.",
        "clipping",
        log(1e-3, 100.0),
        optional=1.0,
        reference="Shortens the gradient of each variable to this norm and keeps its direction.",
        symbol="c",
        formula=r"\gc = \g\,\frac{c}{\max(\lVert\g\rVert,\ c)} \quad\text{each variable by its own norm}",
        effect="clipping",
    )
    clipvalue: Number | None = setting(
        None,
        "Cuts each entry at ± this value; that bends the direction.",
        "clipping",
        log(1e-3, 100.0),
        optional=1.0,
        reference="Cuts every entry on both sides, which bends the direction.",
        symbol="c",
        formula=r"\gc_i = \min(\max(\g_i,\ -c),\ c)",
        effect="clipping",
    )
    global_clipnorm: Number | None = setting(
        None,
        "Shortens all variables together to this norm.",
        "clipping",
        log(1e-3, 100.0),
        optional=1.0,
        knob="global clip",
        reference="Shortens all variables together to this norm: their gradients keep their proportions.",
        symbol="c",
        formula=(
            r"\gc = \g\;c\,\min\Bigl(\frac{1}{n},\ \frac{1}{c}\Bigr), \quad n = \sqrt{\textstyle\sum\lVert\g\rVert^2}"
        ),
        effect="clipping",
    )
    use_ema: bool = setting(
        False,
        "Keep a moving average of the weights.",
        "ema",
        SWITCH,
        words="EMA",
        reference="Keeps a moving average of the weights beside the path.",
        symbol=r"\avg",
        formula=r"\avg_k = \mu\,\avg_{k-1} + (1-\mu)\,\theta_k",
        effect="ema",
    )
    ema_momentum: Number = setting(
        0.99,
        "How slowly the average follows the path.",
        "ema",
        decay(0.999, 0.001),
        needs=("use_ema", True),
        least=0,
        most=1,
        checked_by_keras=True,
        knob="EMA momentum",
        words="momentum {}",
        reference="How slowly that average follows.",
        symbol=r"\mu",
        formula=(
            r"\avg_k = \begin{cases}\theta_k & \text{in the first window}\\ "
            r"\mu\,\avg_{k-1} + (1-\mu)\,\theta_k & \text{on every call after it}\end{cases}"
        ),
        effect="ema",
    )
    ema_overwrite_frequency: Count | None = setting(
        None,
        "Every so many updates the path jumps onto its average.",
        "ema",
        whole(1, 200),
        optional=50,
        needs=("use_ema", True),
        least=1,
        checked_by_keras=True,
        knob="overwrite every",
        words="overwrite every {}",
        reference="Puts the average into the weights every so many updates.",
        symbol="f",
        formula=r"\theta \leftarrow \avg \quad\text{when } (\mathit{it}+1) \bmod f = 0",
        effect="ema_overwrite",
    )
    gradient_dtype: Literal["none", "float16"] = setting(
        "none",
        "float16 rounds each gradient to half precision.",
        "loss_scale",
        choice(none="no half precision", float16="float16"),
        label="Gradients in",
    )
    loss_scale_factor: Number | None = setting(
        None,
        "Multiplies the loss and divides the gradient again.",
        "loss_scale",
        log(1.0, 65536.0),
        optional=1024.0,
        needs=("dynamic_loss_scale", False),
        knob="loss scale",
        words="loss scale {}",
        reference="The loss is multiplied by it and the gradient divided again, so that half precision loses less.",
        symbol="s",
        formula=r"\g = \frac{\partial(s f)/\partial\theta}{s}",
        effect="loss_scale",
    )
    gradient_accumulation_steps: Count | None = setting(
        None,
        "So many gradients make one step.",
        "accumulation",
        whole(2, 64),
        optional=4,
        least=2,
        checked_by_keras=True,
        knob="accumulate",
        words="N = {}",
        reference="Collects so many gradients and makes one step with their mean.",
        symbol="N",
        formula=r"\bar{\g} = \frac{1}{N}\sum_{j=1}^{N}\g_{k-N+j} \quad\text{one update for N calls}",
        effect="accumulation",
    )

    # keras.optimizers.schedules
    schedule: ScheduleName = setting(
        "none",
        "The learning rate over time.",
        "schedule",
        choice(none="no schedule", **{name: name for name in schedules.SCHEDULES}),
        label="Schedule",
    )
    decay_steps: Number = _of_schedules("decay_steps", 500.0, "Steps that the decay takes.", log(1.0, 5000.0), above=0)
    decay_rate: Number = _of_schedules(
        "decay_rate", 0.5, "How much remains after decay_steps (or how fast 1/t falls).", linear(0.01, 2.0, 0.01)
    )
    staircase: bool = _of_schedules("staircase", False, "Fall in stairs, not smoothly.", SWITCH)
    boundaries: tuple[Count, ...] = _of_schedules(
        "boundaries", (150, 300), "Steps after which the rate changes, with commas between.", NUMBERS
    )
    values: tuple[Number, ...] = _of_schedules(
        "values", (0.1, 0.03, 0.01), "The rates in between, one more than boundaries.", NUMBERS
    )
    end_learning_rate: Number = _of_schedules(
        "end_learning_rate", 1e-4, "Where the polynomial ends.", log(1e-6, 1.0), knob="end rate"
    )
    power: Number = _of_schedules("power", 1.0, "1 is a straight line, 2 a parabola.", linear(0.1, 5.0, 0.1))
    cycle: bool = _of_schedules("cycle", False, "Start again, longer, each time the end is reached.", SWITCH)
    alpha: Number = _of_schedules(
        "alpha", 0.0, "The cosine's floor as a part of the first rate.", linear(0.0, 1.0, 0.01)
    )
    warmup_target: Number | None = _of_schedules(
        "warmup_target",
        None,
        "Rise to this rate first, then decay from it.",
        log(1e-4, 10.0),
        optional=0.1,
        knob="warm-up to",
        words="up to {}",
    )
    warmup_steps: Count = _of_schedules(
        "warmup_steps",
        0,
        "Steps of the rise.",
        whole(0, 1000),
        least=0,
        knob="warm-up steps",
        words="{} steps of warm-up",
    )
    first_decay_steps: Number = _of_schedules(
        "first_decay_steps", 100.0, "Length of the first period.", log(1.0, 2000.0), above=0, knob="first period"
    )
    t_mul: Number = _of_schedules("t_mul", 2.0, "Each period is so many times longer.", linear(0.5, 4.0, 0.1))
    m_mul: Number = _of_schedules("m_mul", 1.0, "Each period begins so many times as high.", linear(0.1, 2.0, 0.05))

    # keras.optimizers.LossScaleOptimizer
    dynamic_loss_scale: bool = setting(
        False,
        "Let Keras find the scale: halve on overflow, double when all is well.",
        "loss_scale",
        SWITCH,
        label="LossScaleOptimizer",
        words="LossScaleOptimizer",
    )
    initial_scale: Number = setting(
        2.0**15,
        "Where that search begins.",
        "loss_scale",
        log(1.0, 2.0**24),
        above=0,
        needs=("dynamic_loss_scale", True),
        words="from {}",
        reference="Where LossScaleOptimizer begins its search for the loss scale.",
        symbol="s_0",
        formula=r"s \leftarrow \tfrac{1}{2}s \quad\text{on an overflow, which skips the step}",
        effect="dynamic_loss_scale",
    )
    dynamic_growth_steps: Count = setting(
        2000,
        "Good steps before the scale doubles.",
        "loss_scale",
        whole(1, 2000),
        needs=("dynamic_loss_scale", True),
        least=1,
        knob="growth steps",
        words="growth every {}",
        reference="How many good steps LossScaleOptimizer waits before it doubles the scale.",
        symbol="n_s",
        formula=r"s \leftarrow 2s \quad\text{after } n_s \text{ good steps in a row}",
        effect="dynamic_loss_scale",
    )

    # beyond Keras's Adamax
    rule: Rule = setting(
        "adamax",
        "Adamax, the same without bias correction, torch's (ε inside the max), Adam, or a p-norm.",
        "beyond",
        choice(
            adamax="Adamax",
            adamax_uncorrected="no bias correction",
            torch_adamax="torch's rule",
            adam="Adam",
            **{"p=4": "p = 4"},
        ),
        label="Update rule",
    )

    @property
    def precision(self) -> Dtype:
        """The type that everything is computed in: Keras's own, where nothing else is said."""
        return "float32"

    def learning_rate_or_schedule(self) -> float | schedules.Schedule:
        """The `learning_rate` argument for Keras and for us."""
        if self.schedule == "none":
            return self.learning_rate
        values = self.model_dump() | {"initial_learning_rate": self.learning_rate}
        names = SCHEDULE_ARGUMENTS[self.schedule]
        return schedules.SCHEDULES[self.schedule](**{name: values[name] for name in names})

    def optimizer(self) -> Optimizer:
        """The optimizer with its rule, wrapped if the loss scale is dynamic.

        Raises:
            ValueError: what Keras refuses, in its words.
        """
        arguments = {name: getattr(self, name) for name in ADAMAX_ARGUMENTS}
        adamax = Adamax(learning_rate=self.learning_rate_or_schedule(), **arguments, dtype=self.precision)
        if self.rule != "adamax":
            adamax = adamax.with_rule(self.rule)
        if not self.dynamic_loss_scale:
            return adamax
        return LossScaleOptimizer(adamax, self.initial_scale, self.dynamic_growth_steps)

    def refusal(self) -> str | None:
        """Why these settings make no run, in the words of the part that refuses; None if they do."""
        try:
            self.check()
        except ValueError as error:
            return str(error)
        return None

    def check(self) -> None:
        """Build what has to be built; each part refuses in words of its own.

        Raises:
            ValueError: a part refuses.
        """
        self.optimizer()

    def run_options(self) -> dict[str, Any]:
        """Keyword arguments for `adamax_viz.core.engine.Runner` beyond problem, optimizer and start."""
        return {"gradient_dtype": None if self.gradient_dtype == "none" else self.gradient_dtype}

    def own_knobs(self) -> list[Knob]:
        """Knobs of what is minimised."""
        return []

    def changed(self, /, **changes: Any) -> Self:
        """These settings with other values.

        Raises:
            ValidationError: a value of the wrong kind.
        """
        return type(self)(**(self.model_dump() | changes))

    def differences(self) -> dict[str, Any]:
        """The settings that are not at their defaults."""
        values = self.model_dump()
        return {n: values[n] for n, own in defaults(type(self)).items() if is_other(values[n], own)}

    def beyond(self) -> list[str]:
        """The names of those settings that Keras's Adamax does not have, and that differ from their defaults."""
        return [entry.name for entry in in_group(type(self), "beyond") if getattr(self, entry.name) != entry.default]


# Those that Adamax's constructor takes beside the learning rate.
ADAMAX_ARGUMENTS = tuple(
    name for name in OptimizerSpec.model_fields if name in signature(Adamax).parameters and name != "learning_rate"
)
# Those of Keras's arguments that are real numbers: runs that differ in no other are computed side by side.
BATCHED = tuple(
    entry.name
    for entry in settings_of(OptimizerSpec).values()
    if entry.name in ("learning_rate", *ADAMAX_ARGUMENTS) and entry.is_number and entry.kind != "whole"
)


def is_other(value: Any, than: Any) -> bool:
    """Whether a value is another one: 1 and true are."""
    return bool(value != than or type(value) is not type(than))


@cache
def defaults(model: type[OptimizerSpec]) -> dict[str, Any]:
    """Each setting's default value; what is minimised comes first, the optimizer after it."""
    table = {name: entry.default for name, entry in settings_of(model).items()}
    return dict(sorted(table.items(), key=lambda item: item[0] in OptimizerSpec.model_fields))
