"""The proof for a training: the same model trained by Keras itself, on the same batches, and how far apart we end.

Keras computes everything here: its model, its loss, its gradients, ``keras.optimizers``, its ``train_on_batch``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.core.types import Array
from adamax_viz.problems.models.backend import (
    build_keras,
    carry_on,
    floatx,
    import_keras_on_jax,
    in_half_precision,
    versions,
)
from adamax_viz.problems.models.problem import ModelProblem, flat_weights, keras_loss
from adamax_viz.runs.distance import Difference, difference
from adamax_viz.runs.growing_run import Segment
from adamax_viz.views.training.sampling import theta_steps
from adamax_viz.words.numbers import counted, number

STEPS = 200  # that a page checks
SAME, SAME_IN_HALF_PRECISION = 1e-5, 1e-3


class Proof(NamedTuple):
    """How far our weights are from Keras's after each of `steps` micro-steps."""

    optimizer: str  # of keras.optimizers
    steps: int
    weights: Difference
    at: int  # the step after which they are furthest apart
    allowed: float  # what rounding explains in a short training
    versions: dict[str, str]

    @property
    def same(self) -> bool:
        """Whether they agree as far as a short training must."""
        return self.weights.largest <= self.allowed

    def sentence(self) -> str:
        """What was compared, and what came out."""
        backend = self.versions["backend"]
        against = f"keras.optimizers.{self.optimizer} {self.versions['keras']} on {backend} {self.versions[backend]}"
        return (
            f"The same model trained by {against} on the same batches for {counted(self.steps, 'step')}: no weight is "
            f"further than {number(self.weights.largest)} away (after step {self.at})."
        )


def prove(problem: ModelProblem, segments: Sequence[Segment], run: Trajectory, steps: int = STEPS) -> Proof:
    """Train again with Keras and compare the weights after each step, as far as `steps` and the run go.

    Rounding differs from the first step on, and training magnifies it: over some hundred steps float32 alone drives two
    honest trainings apart.

    Args:
        problem: the model on its data.
        segments: the settings of the training, each from its first micro-step on.
        run: ours; where only some micro-steps are recorded, the weights before those are compared.

    Raises:
        KerasUnavailable: Keras on JAX can't be had.
    """
    run = run.happened()
    end = run.status[0].step  # a training that diverged rests there
    reach = min(steps, end)
    recorded = np.minimum(theta_steps(run), end)
    rows = np.flatnonzero((recorded > 0) & (recorded <= reach))
    half = any(segment.spec.gradient_dtype != "none" for segment in segments)
    path = _train_with_keras(problem, segments, reach, half=half)
    apart = difference(run["theta"][0, rows], path[recorded[rows]])
    at = int(recorded[rows[apart.step]]) if rows.size else 0
    allowed = SAME_IN_HALF_PRECISION if half else SAME  # a last bit may decide how float16 rounds
    name = segments[0].optimizer.adamax.rule.keras or ""
    return Proof(name, reach, apart, at, allowed, versions(import_keras_on_jax()))


def _train_with_keras(problem: ModelProblem, segments: Sequence[Segment], steps: int, *, half: bool) -> Array:
    """The weights ``(steps + 1, D)`` that Keras's own training goes through."""
    keras = import_keras_on_jax()
    data, model = problem.data, problem.keras_model()
    path = [flat_weights(model)]
    with floatx(keras, "float32"):
        loss = keras_loss(problem.architecture)
        starts = {segment.first: segment.optimizer for segment in segments}
        for k in range(steps):
            if k in starts:
                optimizer = build_keras(starts[k])
                optimizer = in_half_precision(optimizer) if half else optimizer
                if k == 0:
                    model.compile(optimizer=optimizer, loss=loss)
                else:
                    carry_on(model, optimizer, loss)
            rows = problem.batch(k)
            model.train_on_batch(data.inputs[rows], data.targets[rows])
            path.append(flat_weights(model))
    return np.stack(path)
