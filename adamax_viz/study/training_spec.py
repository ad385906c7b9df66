"""One frozen description of a training: model, data, batches, and the optimizer's settings shared with surfaces."""

from typing import ClassVar, Literal, Self

import numpy as np

from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.datasets import DATASETS, LEAST_POINTS, Data, check_data, make_data
from adamax_viz.problems.models.networks import Model, architecture, find_model
from adamax_viz.problems.models.points import Points
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.study.fields import Knob, choice, knob_of, linear, setting, settings_of, whole, with_default
from adamax_viz.study.optimizer_spec import Count, Name, Number, OptimizerSpec
from adamax_viz.study.spec import RunSpec

OWN = "own"  # the data set that is the user's own points
MOST_POINTS_SHOWN = 1500  # more of them hide each other on the screen; a link may carry any number


class TrainingSpec(OptimizerSpec):
    """Everything that makes a training what it is, but for a user's own points, which no link can carry.

    Fields that are None stand for the model's or the data set's own value. Everything is computed in float32.
    """

    leads: ClassVar[str] = "model"

    learning_rate: Number = with_default(OptimizerSpec, "learning_rate", 0.02)
    rule: Literal["adamax", "adam"] = setting(
        "adamax",
        "Which of Keras's optimizers trains the model.",
        "beyond",
        choice(adamax="Adamax", adam="Adam"),
        label="Update rule",
    )
    model: Name = setting("mlp", "The model that is trained.")
    dataset: Name | None = setting(None, "What it learns: the model's own data set, or own for your points.")
    points: Count | None = setting(
        None, "A quarter of them is held back.", control=whole(LEAST_POINTS, MOST_POINTS_SHOWN), label="Points"
    )
    data_noise: Number | None = setting(None, "Noise of the data.", control=linear(0.0, 1.0, 0.01), label="Noise")
    data_seed: Count = setting(
        0, "Another seed, other points.", control=whole(0, 999), label="Seed of the data", least=0, most=999
    )
    widths: tuple[Count, ...] | None = setting(None, "Units of each hidden layer (filters, units, code).")
    activation: Literal["tanh", "relu", "sigmoid", "silu"] | None = setting(None, "Of the hidden layers.")
    batch_size: Count | None = setting(
        None, "Points that one gradient sees; 0 takes all of them.", control=whole(0, 256), label="Batch size", least=0
    )
    seed: Count = setting(
        0,
        "Other first weights, other shuffling.",
        control=whole(0, 999),
        label="Seed of weights and batches",
        least=0,
        most=999,
    )
    steps: Count = setting(
        500,
        "How many gradients the run sees.",
        "main",
        whole(1, 2000),
        label="Steps",
        least=1,
        most=LIMITS.training_steps,
    )
    beside: Literal["auto", "alone", "adam"] = setting(
        "auto", "Another rule trained on the same batches; auto is the model's own choice.", label="Beside it trains"
    )

    def check(self) -> None:
        model, name = self.the_model(), self.data_name()
        kind, labels = model.kinds[0], 2 * (model.kinds[0] == "classes")
        if name != OWN:
            check_data(name, self.points, self.data_noise)
            kind, labels = DATASETS[name].kind, len(DATASETS[name].labels)
        architecture(model, kind, labels, self.widths, self.activation)
        super().check()

    def the_model(self) -> Model:
        """The catalogue's entry."""
        return find_model(self.model)

    def data_name(self) -> str:
        """The data set, by its name."""
        return self.the_model().datasets[0] if self.dataset is None else self.dataset

    def data(self, user_points: Points | None = None) -> Data:
        """What the model learns.

        Raises:
            ValueError: the settings are for a user's own points, and there are none.
        """
        if self.data_name() != OWN:
            return make_data(self.data_name(), self.points, self.data_noise, self.data_seed)
        if user_points is None:
            raise ValueError("These settings are for points of your own, which no link carries; open their file again.")
        return user_points.data(self.data_seed)

    def problem(self, user_points: Points | None = None) -> ModelProblem:
        """The model on its data.

        Raises:
            ValueError: own points that are missing, or that the model is not made for.
        """
        return ModelProblem(
            self.model, self.data(user_points), self.widths, self.activation, self.batch_size, self.seed
        )

    def rival(self) -> Self | None:
        """The same with another rule, trained on the same batches; None if there is none."""
        rule = self.the_model().rival if self.beside == "auto" else self.beside
        return None if rule in (None, "alone", self.rule) else self.changed(rule=rule)

    def data_knobs(self) -> list[Knob]:
        """What can be set about the data; of a user's own points only how they are split."""
        seed = self._knob("data_seed", 0)
        if self.data_name() == OWN:
            return [seed._replace(label="Seed of the split", help="Which quarter of your points is held back.")]
        known = DATASETS[self.data_name()]
        noise = self._knob("data_noise", known.noise)
        return [self._knob("points", known.points), noise._replace(high=known.most_noise, help=known.noise_help), seed]

    def model_knobs(self) -> list[Knob]:
        """What can be set about the batches and the first weights."""
        return [self._knob("batch_size", self.the_model().batch_size or 0), self._knob("seed", 0)]

    def _knob(self, name: str, usual: float) -> Knob:
        value = getattr(self, name)
        return knob_of(settings_of(TrainingSpec)[name], usual if value is None else value)


OPTIMIZER_FIELDS = frozenset(OptimizerSpec.model_fields)


def as_surface(settings: TrainingSpec, user_points: Points | None = None) -> RunSpec:
    """Linear regression as a surface for the Playground: its loss over weight x and bias y, and the same optimizer.

    The mean squared error of ``x a + y`` over all training points is a quadratic in x and y. A surface has no batches,
    so the run is the same one if the training takes all points at each step.

    Raises:
        ValueError: another model.
    """
    if settings.model != "linear_regression":
        raise ValueError("Only linear regression has two weights, so that its loss is a surface.")
    problem = settings.problem(user_points)
    a, b = (column[:, 0].astype(np.float64) for column in (problem.data.inputs, problem.data.targets))
    terms: dict[str, float] = {
        "x**2": float(np.mean(a * a)),
        "x*y": 2 * float(np.mean(a)),
        "y**2": 1.0,
        "x": -2 * float(np.mean(a * b)),
        "y": -2 * float(np.mean(b)),
    }
    formula = " ".join(f"{'-' if value < 0 else '+'} {abs(value)!r}*{term}" for term, value in terms.items())
    start = problem.start().astype(np.float64)
    best = np.linalg.lstsq(np.stack([a, np.ones_like(a)], axis=1), b, rcond=None)[0]
    reach = 1.4 * np.maximum(np.abs(start - best), 1.0)
    domain = tuple(float(round(edge, 2)) for i in (0, 1) for edge in (best[i] - reach[i], best[i] + reach[i]))
    shared = {name: getattr(settings, name) for name in OPTIMIZER_FIELDS}
    return RunSpec(
        **shared,
        surface="custom",
        formula=f"{formula.removeprefix('+ ')} + {float(np.mean(b * b))!r}",
        domain=domain,
        start=(float(start[0]), float(start[1])),
        variables="two",
        steps=settings.steps,
        dtype="float32",
    )
