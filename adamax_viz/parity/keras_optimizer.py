"""Parity with the installed Keras: the same gradients through ``keras.optimizers.Adamax``, and how far apart we end.

Keras and its backend are imported inside the functions, so that a page without parity starts fast.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core.engine import Optimizer, Problem, run
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.core.types import Array, Dtype
from adamax_viz.problems.models.backend import build_keras, floatx, import_keras, slots, versions
from adamax_viz.runs.distance import Difference, difference


class KerasRun(NamedTuple):
    """What Keras made of T gradients over D parameters; the arrays are shaped as one run of a `Trajectory`."""

    theta: Array  # (T + 1, D), before each micro-step and after the last
    moments: dict[str, Array]  # (T, D), after each micro-step, like all that follow: m and u, or m and v of Adam
    ema: Array | None
    accumulated: Array | None  # Keras's accumulator: a sum, zero after an update
    lr: Array  # (T,), scheduled
    loss_scale: Array | None  # (T,), before each micro-step; only under a `LossScaleOptimizer`
    finalized: Array  # (D,), the weights after `finalize_variable_values`
    versions: dict[str, str]  # of keras and its backend; "backend" names the latter

    @property
    def m(self) -> Array:
        """The first moment."""
        return self.moments["m"]

    @property
    def u(self) -> Array:
        """The infinity norm; Adam has none."""
        return self.moments["u"]


def run_keras(
    optimizer: Optimizer,
    grads: ArrayLike,
    start: ArrayLike,
    variables: Mapping[str, slice],
    dtype: Dtype = "float32",
) -> KerasRun:
    """Feed gradients to the installed Keras's optimizer, built from ours, and record it.

    On JAX all steps are one compiled scan over ``stateless_apply``; elsewhere a loop over ``apply``.

    Args:
        optimizer: ours, for a single run.
        grads: ``(T, D)``, exactly as handed to Keras's ``apply``: already multiplied by a loss scale.
        start: ``(D,)``.
        variables: columns by name; each is one Keras variable, and a name's part after the last "/" is its name there.
        dtype: "float32" is Keras's own; "float64" sets floatx for the time of the run. Only Keras on JAX, TensorFlow
            and torch then computes in float64: on NumPy its arithmetic goes through float32 all the same.

    Raises:
        KerasUnavailable: Keras or its backend can't be imported.
        ValueError: a batch of optimizers.
    """
    if optimizer.runs is not None:
        raise ValueError(f"Parity is checked one run at a time; this optimizer describes {optimizer.runs} runs.")
    keras = import_keras()
    rows, first = np.asarray(grads, dtype), np.asarray(start, dtype)
    with floatx(keras, dtype), np.errstate(all="ignore"):
        twin = _Twin(keras, optimizer, first, variables)
        tracks = twin.scan(rows) if keras.backend.backend() == "jax" else twin.loop(rows)
        twin.optimizer.finalize_variable_values(twin.variables)
        finalized = np.array(keras.ops.convert_to_numpy(twin.after()["theta"]))
    return KerasRun(
        theta=np.concatenate([first[None], tracks["theta"]]),
        moments={name: tracks[name] for name in optimizer.adamax.rule.moments},
        ema=tracks.get("ema"),
        accumulated=tracks.get("accumulated"),
        lr=tracks["lr"],
        loss_scale=tracks.get("loss_scale"),
        finalized=finalized,
        versions=versions(keras),
    )


def compare(trajectory: Trajectory, keras_run: KerasRun) -> dict[str, Difference]:
    """How far a recorded single run is from Keras's, for the weights, the moments, lr and, if it is on, the average.

    Only micro-steps that count are compared: a run that diverged rests in ours, while Keras goes on. The weights of a
    micro-step are those after it.
    """
    status = trajectory.status[0]
    steps = min(len(keras_run.lr), trajectory.rows)
    # The step at which a run diverged has every quantity but no weights after it.
    moved = min(len(keras_run.lr), status.step + (status.kind == "converged"))
    pairs: dict[str, tuple[Array, Array]] = {
        "theta": (trajectory["theta"][0, 1 : moved + 1], keras_run.theta[1 : moved + 1]),
        **{name: (trajectory[name][0, :steps], moment[:steps]) for name, moment in keras_run.moments.items()},
        "lr": (trajectory["lr"][0, :steps, None], keras_run.lr[:steps, None]),
    }
    if keras_run.ema is not None:
        pairs["ema"] = trajectory["ema"][0, :steps], keras_run.ema[:steps]
    return {name: difference(ours, theirs) for name, (ours, theirs) in pairs.items()}


def verify(
    problem: Problem, optimizer: Optimizer, start: ArrayLike, steps: int, **options: Any
) -> tuple[Trajectory, KerasRun, dict[str, Difference]]:
    """Run ours, feed the gradients it met to the installed Keras, and compare.

    Args:
        problem, optimizer, start, steps, options: as for `adamax_viz.run`, for a single run.

    Raises:
        KerasUnavailable: Keras or its backend can't be imported.
        ValueError: what `run` refuses, or a batch of runs.
    """
    trajectory = run(problem, optimizer, start, steps, **{**options, "keep": "all"})
    if trajectory.runs != 1:
        raise ValueError(f"Parity is checked one run at a time. Received: {trajectory.runs} runs")
    grads, start = trajectory["grad"][0, : trajectory.rows], trajectory["theta"][0, 0]
    keras_run = run_keras(optimizer, grads, start, trajectory.variables, optimizer.adamax.dtype)
    return trajectory, keras_run, compare(trajectory, keras_run)


class _Twin:
    """One Keras optimizer with its variables, and what is recorded of them."""

    def __init__(self, keras: Any, optimizer: Optimizer, start: Array, variables: Mapping[str, slice]) -> None:
        self.keras, self.dtype = keras, str(start.dtype)
        self.slices = list(variables.values())
        self.variables = [
            keras.Variable(start[columns], dtype=self.dtype, name=name.rpartition("/")[2])
            for name, columns in variables.items()
        ]
        self.optimizer = build_keras(optimizer)
        self.optimizer.build(self.variables)
        self.inner = getattr(self.optimizer, "inner_optimizer", self.optimizer)
        self.quantities = {"theta": self.variables} | slots(self.inner)

    def before(self) -> dict[str, Any]:
        """What the step to come is made with."""
        seen = {"lr": self.keras.ops.convert_to_tensor(self.inner.learning_rate, self.dtype)}
        if self.inner is not self.optimizer:
            seen["loss_scale"] = self.optimizer.dynamic_scale.value
        return seen

    def after(self) -> dict[str, Any]:
        """What a step has made, each ``(D,)``."""
        concatenate = self.keras.ops.concatenate
        return {name: concatenate([v.value for v in variables]) for name, variables in self.quantities.items()}

    def loop(self, grads: Array) -> dict[str, Array]:
        """Every step through ``apply``."""
        to_tensor, to_numpy = self.keras.ops.convert_to_tensor, self.keras.ops.convert_to_numpy
        first = self.before() | self.after()
        tracks = {name: np.repeat(to_numpy(value)[None], len(grads), axis=0) for name, value in first.items()}

        def record(k: int, seen: dict[str, Any]) -> None:
            for name, value in seen.items():
                tracks[name][k] = to_numpy(value)

        for k, grad in enumerate(grads):
            record(k, self.before())
            self.optimizer.apply([to_tensor(grad[columns]) for columns in self.slices], self.variables)
            record(k, self.after())
        return tracks

    def scan(self, grads: Array) -> dict[str, Array]:
        """All steps as one compiled scan over ``stateless_apply``."""
        import jax

        optimizer = self.optimizer
        variables = [*self.variables, *optimizer.variables]

        def holding(weights: list[Any], state: list[Any]) -> Any:
            """Where the variables have these values."""
            return self.keras.StatelessScope(state_mapping=list(zip(variables, [*weights, *state], strict=True)))

        def step(carry: tuple[list[Any], list[Any]], grad: Any) -> tuple[Any, dict[str, Any]]:
            weights, state = carry
            with holding(weights, state):
                seen = self.before()
            weights, state = optimizer.stateless_apply(state, [grad[columns] for columns in self.slices], weights)
            with holding(weights, state):
                return (weights, state), seen | self.after()

        start = [v.value for v in self.variables], [v.value for v in optimizer.variables]
        (weights, state), tracks = jax.jit(lambda carry, rows: jax.lax.scan(step, carry, rows))(start, grads)
        for variable, value in zip(variables, [*weights, *state], strict=True):
            variable.assign(value)
        return {name: np.array(track) for name, track in tracks.items()}
