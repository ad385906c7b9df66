"""One frozen description of a run: what is minimised, by which optimizer, from where, how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from adamax_viz.core import schedules
from adamax_viz.core.engine import Optimizer
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.types import Dtype
from adamax_viz.problems.surfaces import noise as noise_module
from adamax_viz.problems.surfaces.catalogue import find
from adamax_viz.problems.surfaces.noise import Noise
from adamax_viz.problems.surfaces.surface import Surface, SurfaceProblem, custom

VERSION = 1
MAX_STEPS = 100_000

ScheduleName = Literal[
    "none",
    "ExponentialDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "InverseTimeDecay",
    "CosineDecay",
    "CosineDecayRestarts",
]


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_no_bool)]
Positive = Annotated[Number, Field(gt=0)]


class OptimizerSpec(BaseModel):
    """How a run is optimized, whatever it minimises. Field names are Keras's argument names where Keras has one.

    Fields that do not apply (the parameters of another schedule, say) rest at their values and do no harm.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)
    leads: ClassVar[str]  # the field that every link names first: what the run is about

    # keras.optimizers.Adamax
    learning_rate: Number = Field(0.05, description="step size alpha; a schedule's initial_learning_rate")
    beta_1: Number = Field(0.9, description="decay rate of the first moment m")
    beta_2: Number = Field(0.999, description="decay rate of the infinity norm u")
    epsilon: Number = Field(1e-7, description="added to u before dividing")
    weight_decay: Number | None = Field(None, description="decoupled weight decay")
    clipnorm: Number | None = Field(None, description="largest norm of each variable's gradient")
    clipvalue: Number | None = Field(None, description="largest entry of the gradient, both signs")
    global_clipnorm: Number | None = Field(None, description="largest norm of all gradients together")
    use_ema: bool = Field(False, description="keep a moving average of the weights")
    ema_momentum: Number = Field(0.99, description="momentum of that average")
    ema_overwrite_frequency: Count | None = Field(None, description="overwrite the weights every so many updates")
    loss_scale_factor: Number | None = Field(None, description="fixed factor on the loss, divided out again")
    gradient_accumulation_steps: Count | None = Field(None, description="micro-steps for one update")

    # keras.optimizers.schedules
    schedule: ScheduleName = Field("none", description="learning-rate schedule")
    decay_steps: Positive = Field(500.0, description="steps of the schedule's decay")
    decay_rate: Number = Field(0.5, description="rate of ExponentialDecay and InverseTimeDecay")
    staircase: bool = Field(False, description="decay in stairs")
    boundaries: tuple[Count, ...] = Field((150, 300), description="steps at which PiecewiseConstantDecay changes")
    values: tuple[Number, ...] = Field((0.1, 0.03, 0.01), description="its learning rates, one more than boundaries")
    end_learning_rate: Number = Field(1e-4, description="end of PolynomialDecay")
    power: Number = Field(1.0, description="power of PolynomialDecay")
    cycle: bool = Field(False, description="PolynomialDecay starts again when done")
    alpha: Number = Field(0.0, description="floor of the cosine schedules, a fraction of the initial rate")
    warmup_target: Number | None = Field(None, description="rate at the end of CosineDecay's warm-up")
    warmup_steps: Annotated[Count, Field(ge=0)] = Field(0, description="steps of that warm-up")
    first_decay_steps: Positive = Field(100.0, description="first period of CosineDecayRestarts")
    t_mul: Number = Field(2.0, description="each period is so many times longer")
    m_mul: Number = Field(1.0, description="each period starts so many times as high")

    # keras.optimizers.LossScaleOptimizer, and half precision
    dynamic_loss_scale: bool = Field(False, description="wrap the optimizer in LossScaleOptimizer")
    initial_scale: Positive = Field(2.0**15, description="its first loss scale")
    dynamic_growth_steps: Annotated[Count, Field(ge=1)] = Field(2000, description="good steps before it doubles")
    gradient_dtype: Literal["none", "float16"] = Field("none", description="send gradients through half precision")

    @property
    def precision(self) -> Dtype:
        """The type that everything is computed in."""
        raise NotImplementedError

    def learning_rate_or_schedule(self) -> float | schedules.Schedule:
        """The `learning_rate` argument for Keras and for us."""
        if self.schedule == "none":
            return self.learning_rate
        cls = schedules.SCHEDULES[self.schedule]
        return cls(**{name: self._schedule_argument(name) for name in SCHEDULE_ARGUMENTS[self.schedule]})

    def _schedule_argument(self, name: str) -> Any:
        return self.learning_rate if name == "initial_learning_rate" else getattr(self, name)

    def optimizer(self) -> Optimizer:
        """The optimizer, wrapped if the loss scale is dynamic."""
        arguments = {name: getattr(self, name) for name in ADAMAX_ARGUMENTS}
        adamax = Adamax(learning_rate=self.learning_rate_or_schedule(), **arguments, dtype=self.precision)
        if not self.dynamic_loss_scale:
            return adamax
        return LossScaleOptimizer(adamax, self.initial_scale, self.dynamic_growth_steps)

    def changed(self, **changes: Any) -> Self:
        """These settings with other values, validated."""
        return type(self)(**(self.model_dump() | changes))

    def differences(self) -> dict[str, Any]:
        """The fields that are not at their defaults."""
        values = self.model_dump()
        own = defaults(type(self))
        return {n: values[n] for n in own if values[n] != own[n] or type(values[n]) is not type(own[n])}


class RunSpec(OptimizerSpec):
    """Everything that makes a run on a surface what it is."""

    leads: ClassVar[str] = "surface"

    # what is minimised
    surface: str = Field("himmelblau", description="surface to minimise; 'custom' takes `formula`")
    formula: str = Field("x**2 + 3*y**2", description="formula in x, y and t, for surface 'custom'")
    domain: tuple[Number, Number, Number, Number] = Field(
        (-3.0, 3.0, -3.0, 3.0), description="x from, x to, y from, y to, for surface 'custom'"
    )
    parameters: dict[str, Number] = Field(default_factory=dict, description="values of the surface's own parameters")
    variables: Literal["one", "two"] = Field("one", description="x and y as one Keras variable or two")
    start: tuple[Number, Number] | None = Field(None, description="start point; the surface's first start if unset")
    steps: Annotated[Count, Field(ge=1, le=MAX_STEPS)] = Field(300, description="micro-steps")
    dtype: Literal["float64", "float32"] = Field("float64", description="precision; Keras's own is float32")
    tolerance: Positive | None = Field(None, description="stop when every gradient entry is within it")

    # gradient noise
    noise: noise_module.Kind = Field("none", description="what disturbs the gradient")
    noise_scale: Number = Field(1.0, description="its amplitude")
    noise_probability: Annotated[Number, Field(ge=0, le=1)] = Field(0.02, description="chance of a spike at a step")
    noise_step: Annotated[Count, Field(ge=0)] = Field(20, description="step of the outlier")
    noise_envelope: str = Field("1", description="formula in t that multiplies the amplitude")
    seed: Annotated[Count, Field(ge=0, le=2**32 - 1)] = Field(0, description="seed of the noise")

    @model_validator(mode="after")
    def _buildable(self) -> Self:
        """Surface, formula, noise and optimizer must accept their parts; their own messages are the best."""
        self.problem()
        self.optimizer()
        return self

    def the_surface(self) -> Surface:
        """The catalogue's surface, or the user's own."""
        if self.surface == "custom":
            x0, x1, y0, y1 = self.domain
            return custom(self.formula, ((x0, x1), (y0, y1)))
        return find(self.surface)

    def problem(self) -> SurfaceProblem:
        """What is minimised."""
        noise = Noise(
            self.noise, self.noise_scale, self.noise_probability, self.noise_step, self.noise_envelope, self.seed
        )
        return SurfaceProblem(self.the_surface(), self.parameters, self.variables, noise)

    def start_point(self) -> tuple[float, float]:
        """Where the run starts."""
        return self.the_surface().starts[0] if self.start is None else self.start

    @property
    def precision(self) -> Dtype:
        """The type that everything is computed in."""
        return self.dtype

    def run_options(self) -> dict[str, Any]:
        """Keyword arguments for `adamax_viz.core.engine.run` beyond problem, optimizer, start and steps."""
        half = None if self.gradient_dtype == "none" else self.gradient_dtype
        return {"tolerance": self.tolerance, "gradient_dtype": half}


ADAMAX_ARGUMENTS = (
    "beta_1",
    "beta_2",
    "epsilon",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
)
SCHEDULE_ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    name: tuple(f.name for f in fields(cls) if f.name != "name") for name, cls in schedules.SCHEDULES.items()
}


@cache
def defaults(model: type[OptimizerSpec]) -> dict[str, Any]:
    """Each field's default value; what is minimised comes first, the optimizer after it."""
    found = {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}
    return dict(sorted(found.items(), key=lambda item: item[0] in OptimizerSpec.model_fields))


DEFAULTS = defaults(RunSpec)
