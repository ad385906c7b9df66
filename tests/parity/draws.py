"""What hypothesis draws: optimizers, shapes, gradients and lengths; and the comparison with what Keras made of them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from adamax_viz.core import schedules
from adamax_viz.core.engine import Optimizer, run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.parity.keras_optimizer import KerasRun, compare
from adamax_viz.runs.distance import difference
from tests.core.tiny import Rosenbrock, Tape, Tiny
from tests.parity.keras_side import constant_rate


def examples(number: int) -> settings:
    """So many examples, the same ones every time."""
    return settings(
        max_examples=number,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


ROUGH_SCHEDULES = (
    schedules.ExponentialDecay(0.1, 20, 0.5),
    schedules.PiecewiseConstantDecay([10, 30], [0.1, 0.02, 0.2]),
    schedules.PolynomialDecay(0.1, 40, 0.01, 2.0),
    schedules.InverseTimeDecay(0.1, 10, 0.5, staircase=True),
)
# Keras takes the cosine in float32 whatever the floatx, so these are left out where float64 counts.
COSINES = (
    schedules.CosineDecay(0.01, 40, 0.1, warmup_target=0.2, warmup_steps=15),
    schedules.CosineDecayRestarts(0.1, 10, t_mul=1.5, m_mul=0.8),
)
VALUES: dict[str, tuple[Any, ...]] = {
    "learning_rate": (0.0, 1e-4, 0.01, 0.1, 1.0, constant_rate, *ROUGH_SCHEDULES, *COSINES),
    "beta_1": (0.0, 0.5, 0.9, 0.99, 1 - 1e-4),
    "beta_2": (0.0, 0.5, 0.9, 0.999, 1.0),
    "epsilon": (0.0, 1e-7, 1e-3),
    "weight_decay": (0.0, 0.01, 0.3, -0.1),
    "clipnorm": (0.0, -1.0, 1e-3, 0.5, 10.0),
    "clipvalue": (0.0, -1.0, 1e-3, 0.5, 10.0),
    "global_clipnorm": (0.0, -1.0, 1e-3, 0.5, 10.0),
    "ema_momentum": (0.0, 0.5, 0.9, 0.99, 1.0),
    "ema_overwrite_frequency": (None, 1, 2, 3, 7),
    "loss_scale_factor": (0.5, 3.0, 1024.0),
    "gradient_accumulation_steps": (None, 0, 2, 3, 5),
}
CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
SHAPES: tuple[Mapping[str, int], ...] = (
    {"theta": 2},
    {"x": 1, "y": 1},
    {"kernel": 6, "bias": 2},
    {"dense/kernel": 12, "dense/bias": 3, "scale": 1},
    {"theta": 11},
)
GRADIENTS = ("normal", "surface", "zeros", "huge", "spikes", "tiny", "shrinking")
KINDS = st.sampled_from(GRADIENTS)


class Case(NamedTuple):
    """One run, ready for both sides."""

    optimizer: Optimizer
    problem: Tiny
    start: NDArray[Any]
    steps: int


def gradients(kind: str, rng: np.random.Generator, steps: int, size: int) -> NDArray[Any]:
    """``(steps, size)`` gradients of one kind."""
    grads = rng.normal(size=(steps, size))
    if kind == "zeros":
        return np.where(rng.random(grads.shape) < 0.7, 0.0, grads)
    if kind == "huge":
        return grads * 10.0 ** rng.uniform(20, 37)
    if kind == "spikes":
        return np.where(rng.random(grads.shape) < 0.03, 1e4 * grads, 0.0)
    if kind == "tiny":
        return grads * 1e-30
    if kind == "shrinking":
        return np.abs(grads) * 0.99 ** np.arange(steps)[:, None]
    return grads


@st.composite
def cases(
    draw: st.DrawFn,
    arguments: st.SearchStrategy[dict[str, Any]],
    dtype: Any = "float32",
    kinds: st.SearchStrategy[str] = KINDS,
    most: int = 90,
) -> Case:
    """A run with drawn arguments, variables, gradients and length."""
    optimizer = Adamax(**draw(arguments), dtype=dtype)
    if draw(st.booleans()):
        optimizer.exclude_from_weight_decay(var_names=["bias"])
    sizes, kind = draw(st.sampled_from(SHAPES)), draw(kinds)
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    steps = draw(st.integers(30, most))
    size = sum(sizes.values())
    problem = Rosenbrock(sizes) if kind == "surface" else Tape(gradients(kind, rng, steps, size), sizes)
    return Case(optimizer, problem, rng.normal(size=size), steps)


def sampled(**values: tuple[Any, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Constructor arguments, each one of its values."""
    return st.fixed_dictionaries({name: st.sampled_from(choices) for name, choices in values.items()})


def pairs(table: Mapping[str, tuple[Any, ...]] = VALUES) -> st.SearchStrategy[dict[str, Any]]:
    """Two arguments away from their defaults."""

    def both(names: tuple[str, str]) -> st.SearchStrategy[dict[str, Any]]:
        if set(names) <= set(CLIPS):
            names = (names[0], "beta_1")
        fixed = {"learning_rate": (0.05,)} if "learning_rate" not in names else {}
        if any(name.startswith("ema") for name in names):
            fixed["use_ema"] = (True,)
        return sampled(**fixed, **{name: table[name] for name in names})

    return st.tuples(st.sampled_from(sorted(table)), st.sampled_from(sorted(table))).flatmap(both)


def nasty(table: Mapping[str, tuple[Any, ...]] = VALUES) -> st.SearchStrategy[dict[str, Any]]:
    """Everything at once: a clip, the average with its overwrite, accumulation, decay, scale."""

    def with_clip(clip: str | None) -> st.SearchStrategy[dict[str, Any]]:
        chosen = {name: values for name, values in table.items() if name not in CLIPS or name == clip}
        return sampled(use_ema=(True, True, False), **chosen)

    return st.sampled_from((None, *CLIPS)).flatmap(with_clip)


def scaled(case: Case, initial_scale: float, growth: int) -> Case:
    """The same run under a dynamic loss scale."""
    assert isinstance(case.optimizer, Adamax)
    return case._replace(optimizer=LossScaleOptimizer(case.optimizer, initial_scale, growth))


def both_sides(case: Case, keras: Any, dtype: Any = "float32") -> tuple[Trajectory, KerasRun]:
    """Our run, and Keras's on the same gradients."""
    trajectory = run(case.problem, case.optimizer, case.start, case.steps)
    status = trajectory.status[0]
    rows = min(case.steps, status.step + 1)
    grads, start = trajectory["grad"][0, :rows], trajectory["theta"][0, 0]
    return trajectory, keras.run_keras(case.optimizer, grads, start, trajectory.variables, dtype)


def assert_same(
    trajectory: Trajectory, keras_run: KerasRun, weights: float = 1e-6, moments: float = 1e-5, rate: float = 1e-6
) -> None:
    """Weights and average to an absolute tolerance (relative to their peak if they grow), the rest to its peak."""
    found = compare(trajectory, keras_run)
    finite = np.abs(keras_run.theta[np.isfinite(keras_run.theta)])
    peak = max(1.0, float(finite.max(initial=0.0)))
    for name, apart in found.items():
        value, allowed = {
            "theta": (apart.largest, weights * peak),
            "ema": (apart.largest, weights * peak),
            "m": (apart.relative_to_peak, moments),
            "u": (apart.relative_to_peak, moments),
            "lr": (apart.relative_to_peak, rate),
        }[name]
        assert value <= allowed, f"{name} is {value:.3g} apart at micro-step {apart.step}, {allowed:.3g} is allowed"
    _assert_accumulated(trajectory, keras_run, moments)
    if trajectory.status[0].kind == "finished":
        final = trajectory["theta"][0, -1] if keras_run.ema is None else trajectory["ema"][0, -1]
        assert difference(final[None], keras_run.finalized[None]).largest <= weights * peak


def _assert_accumulated(trajectory: Trajectory, keras_run: KerasRun, moments: float) -> None:
    """Keras's accumulator is the sum of the window so far, and zero after an update."""
    if keras_run.accumulated is None:
        return
    rows = len(keras_run.accumulated)
    updates, first = trajectory["is_update"][:rows], np.flatnonzero(trajectory["is_update"])
    assert not keras_run.accumulated[updates].any()
    if first.size and "loss_scale" not in trajectory:
        window = int(first[0]) + 1
        ours = trajectory["grad_accumulated"][0, :rows][~updates] * window
        assert difference(ours, keras_run.accumulated[~updates]).relative_to_peak <= moments
