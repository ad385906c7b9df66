"""A model of three weights in NumPy, so that the views of a training are tested without Keras."""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from adamax_viz.core.engine import Runner
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.datasets import make_data
from adamax_viz.problems.models.layers import DenseLayer
from adamax_viz.problems.models.problem import Measured

START = np.array([0.3, -0.2, 0.1])


class Part(NamedTuple):
    """An optimizer from a step on, as a training's segment."""

    first: int
    optimizer: Adamax


class Logistic:
    """Logistic regression on moons: two weights and a bias."""

    runs = None
    variables = {"output/kernel": slice(0, 2), "output/bias": slice(2, 3)}  # noqa: RUF012
    coordinates = ("output/kernel[0,0]", "output/kernel[1,0]", "output/bias[0]")
    architecture = SimpleNamespace(shapes=lambda: {"output/kernel": (2, 1), "output/bias": (1,)})
    network = (DenseLayer("output", (2, 1), slice(0, 2), slice(2, 3)),)
    model = SimpleNamespace(name="logistic_regression")

    def __init__(self) -> None:
        self.data = make_data("moons", 80)

    def single(self, run: int) -> Any:
        return self

    def _said(self, theta: Any, inputs: Any) -> Any:
        logit = np.asarray(theta, np.float64)[:, :2] @ inputs.T + np.asarray(theta, np.float64)[:, 2:]
        return 1 / (1 + np.exp(-logit))

    def evaluate(self, theta: Any, micro_step: int) -> Any:
        rows = np.random.default_rng(micro_step).choice(60, 16)
        inputs, targets = self.data.inputs[rows], self.data.targets[rows, 0]
        error = self._said(theta, inputs) - targets
        grad = np.concatenate([error @ inputs, error.sum(axis=1, keepdims=True)], axis=1) / len(rows)
        loss = self._loss(self._said(theta, inputs), targets)
        return loss.astype(theta.dtype), grad.astype(theta.dtype)

    def _loss(self, said: Any, targets: Any) -> Any:
        return -np.log(np.where(targets == 1, said, 1 - said)).mean(axis=1)

    def predict(self, theta: Any, inputs: Any) -> Any:
        said = self._said(theta, inputs)
        return np.stack([1 - said, said], axis=-1)

    def measure(self, thetas: Any, part: str = "train") -> Measured:
        held_back = part == "validation"
        inputs = self.data.validation_inputs if held_back else self.data.inputs
        targets = (self.data.validation_targets if held_back else self.data.targets)[:, 0]
        said = self._said(thetas, inputs)
        return Measured(self._loss(said, targets), ((said > 0.5) == targets).mean(axis=1))


def trained(
    *parts: tuple[int, dict[str, Any]], steps: int = 40, budget: int | None = None, rule: str = "adamax"
) -> tuple[Trajectory, list[Part]]:
    """A training in float32 with the arguments of each part from its first step on."""
    segments = [
        Part(first, Adamax(**({"learning_rate": 0.05} | arguments), dtype="float32").with_rule(rule))
        for first, arguments in parts
    ]
    runner = Runner(Logistic(), segments[0].optimizer, START[None], budget=budget)
    runner.reserve(steps)
    for part, after in zip(segments, [*(s.first for s in segments[1:]), steps], strict=True):
        if part.first:
            runner.change(part.optimizer)
        runner.advance(after - part.first)
    return runner.trajectory(), segments
