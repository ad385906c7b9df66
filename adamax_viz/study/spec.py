"""One frozen description of a run on a surface: what is minimised, by which optimizer, from where, how long."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from adamax_viz.core.engine import Problem
from adamax_viz.core.types import Dtype
from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces import noise as noise_module
from adamax_viz.problems.surfaces.catalogue import find
from adamax_viz.problems.surfaces.noise import Noise
from adamax_viz.problems.surfaces.surface import Parameter, Surface, SurfaceProblem, custom
from adamax_viz.problems.surfaces.wrappers import Averaged, Penalised
from adamax_viz.study.fields import TEXT, Kind, Knob, choice, linear, log, setting, whole
from adamax_viz.study.optimizer_spec import Count, Name, Number, OptimizerSpec, Seed, defaults

ParameterName = Annotated[Name, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]

VERSION = 1


class RunSpec(OptimizerSpec):
    """Everything that makes a run on a surface what it is."""

    leads: ClassVar[str] = "surface"

    # what is minimised
    surface: Name = setting("himmelblau", "What is minimised; custom takes the formula.", label="Surface")
    formula: str = setting(
        "x**2 + 3*y**2",
        "Of the surface custom, for example (1-x)**2 + 100*(y-x**2)**2; t is the step.",
        label="f(x, y, t) =",
    )
    domain: tuple[Number, Number, Number, Number] = setting(
        (-3.0, 3.0, -3.0, 3.0), "The window of the surface custom.", label="x from, x to, y from, y to"
    )
    parameters: dict[ParameterName, Number] = setting({}, "Values of the surface's own parameters.")
    variables: Literal["one", "two"] = setting(
        "one",
        "One Keras variable or two: clipnorm takes the norm of each.",
        "clipping",
        choice(one="one variable", two="two variables"),
        label="x and y are",
    )
    start: tuple[Number, Number] | None = setting(None, "Where the run starts; the surface's own start if none.")
    steps: Count = setting(
        300, "How many gradients the run sees.", "main", whole(1, 2000), label="Steps", least=1, most=LIMITS.run_steps
    )
    dtype: Literal["float64", "float32"] = setting(
        "float64",
        "Keras computes in float32; float64 is finer.",
        "precision",
        choice(float64="dtype float64", float32="dtype float32"),
        label="Precision",
    )
    tolerance: Number | None = setting(
        None,
        "Stop once every gradient entry is this small.",
        "precision",
        log(1e-12, 1.0),
        label="Tolerance",
        optional=1e-6,
        above=0,
    )

    # gradient noise
    noise: noise_module.Kind = setting(
        "none",
        "What disturbs the gradient.",
        "noise",
        choice(
            none="no noise",
            gaussian="Gaussian noise",
            heavy_tailed="heavy-tailed noise",
            spikes="spikes",
            outlier="an outlier",
        ),
        label="Noise",
    )
    noise_scale: Number = setting(
        1.0,
        "How strong it is, in units of the gradient.",
        "noise",
        log(1e-3, 1000.0),
        label="Amplitude",
        needs=("noise", ("gaussian", "heavy_tailed", "spikes", "outlier")),
        words="amplitude {}",
    )
    noise_probability: Number = setting(
        0.02,
        "How often a step has a spike.",
        "noise",
        linear(0.0, 1.0, 0.005),
        label="Chance of a spike",
        needs=("noise", "spikes"),
        least=0,
        most=1,
        knob="spike chance",
    )
    noise_step: Count = setting(
        20,
        "Which step it hits.",
        "noise",
        whole(0, 2000),
        label="Outlier at step",
        needs=("noise", "outlier"),
        least=0,
        knob="outlier at",
    )
    noise_envelope: str = setting(
        "1",
        "A formula in t that multiplies the amplitude, such as exp(-t/100).",
        "noise",
        TEXT,
        label="Amplitude over time",
        needs=("noise", ("gaussian", "heavy_tailed", "spikes")),
    )
    seed: Seed = setting(
        0,
        "Another seed, another noise.",
        "noise",
        whole(0, 999),
        label="Seed",
        needs=("noise", ("gaussian", "heavy_tailed", "spikes")),
        least=0,
        most=2**32 - 1,
    )

    # what other libraries do, or people by hand
    l2_in_loss: Number | None = setting(
        None,
        "Adds λ/2 |θ|² to the loss, hence λθ to the gradient.",
        "beyond",
        log(1e-5, 2.0),
        label="L2 in the loss",
        optional=0.1,
        words="L2 in the loss {}",
    )
    l2_in_gradient: Number | None = setting(
        None,
        "What torch calls weight_decay: λθ joins the gradient, the loss does not show it.",
        "beyond",
        log(1e-5, 2.0),
        label="L2 in the gradient",
        optional=0.1,
        words="L2 in the gradient {}",
    )
    average_by_hand: Count | None = setting(
        None,
        "One step for the mean of so many gradients: a bigger batch.",
        "beyond",
        whole(2, 64),
        label="Average by hand",
        optional=4,
        least=2,
        most=LIMITS.averaged_by_hand,
        words="{} by hand",
    )

    @property
    def precision(self) -> Dtype:
        return self.dtype

    def the_surface(self) -> Surface:
        """The catalogue's surface, or the user's own.

        Raises:
            ValueError: an unknown name, or a formula that can't be used.
        """
        if self.surface == "custom":
            x0, x1, y0, y1 = self.domain
            return custom(self.formula, ((x0, x1), (y0, y1)))
        return find(self.surface)

    def problem(self) -> SurfaceProblem:
        """The surface with its noise.

        Raises:
            ValueError: as `the_surface`, or parameters and noise that don't fit.
        """
        noise = Noise(
            self.noise, self.noise_scale, self.noise_probability, self.noise_step, self.noise_envelope, self.seed
        )
        return SurfaceProblem(self.the_surface(), self.parameters, self.variables, noise)

    def task(self) -> Problem:
        """What the optimizer is given: the problem, penalised and averaged as asked."""
        task: Problem = self.problem()
        if self.l2_in_loss is not None:
            task = Penalised(task, self.l2_in_loss)
        if self.l2_in_gradient is not None:
            task = Penalised(task, self.l2_in_gradient, in_loss=False)
        return task if self.average_by_hand is None else Averaged(task, self.average_by_hand)

    def check(self) -> None:
        self.task()
        super().check()

    def start_point(self) -> tuple[float, float]:
        """Where the run starts."""
        return self.the_surface().starts[0] if self.start is None else self.start

    def run_options(self) -> dict[str, Any]:
        return {"tolerance": self.tolerance} | super().run_options()

    def own_knobs(self) -> list[Knob]:
        return [
            _parameter_knob(name, parameter, self.parameters.get(name, parameter.default))
            for name, parameter in self.the_surface().parameters.items()
        ]

    def for_keras(self) -> Self | None:
        """The same run as one of Keras's Adamax alone; None if there is none.

        An L2 penalty inside the loss is one: it goes into the formula.
        """
        beyond = self.beyond()
        if beyond not in ([], ["l2_in_loss"]) or self.refusal():
            return None
        if not beyond:
            return self
        problem = self.problem()
        formula = problem.surface.formula
        for name, value in problem.parameters.items():
            formula = re.sub(rf"\b{name}\b", f"({value!r})", formula)
        (x0, x1), (y0, y1) = problem.surface.domain
        penalised = self.changed(
            surface="custom",
            formula=f"{formula} + {self.l2_in_loss!r}*(x^2 + y^2)/2",
            parameters={},
            domain=(x0, x1, y0, y1),
            start=self.start_point(),
            l2_in_loss=None,
        )
        return None if penalised.refusal() else penalised  # the formula may be more than the gate lets through


def _parameter_knob(name: str, parameter: Parameter, value: float) -> Knob:
    low, high = parameter.low, parameter.high
    kind: Kind = "log" if low > 0 and high / low >= 50 else "linear"  # ranges over decades move logarithmically
    label, step = name.replace("_", " "), (high - low) / 200
    return Knob(f"parameters.{name}", label, parameter.help, kind, low, high, step, value, parameter.default)


DEFAULTS = defaults(RunSpec)
