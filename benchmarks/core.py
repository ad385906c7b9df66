"""One recorded run, and a sweep, beside a bare NumPy loop, Keras, torch and optax in the same process."""

import contextlib
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import adamax_viz as av
from adamax_viz.core.types import Dtype
from benchmarks.measure import once, seconds, table

START = (-1.5, 2.0)
STEPS = 1000
SWEEP_RUNS, SWEEP_STEPS = 4096, 300


def main() -> None:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    one_run()
    sweep()


def gradient(theta: np.ndarray) -> np.ndarray:
    """Rosenbrock's gradient as one would write it by hand."""
    x, y = theta[:, 0], theta[:, 1]
    r = y - x**2
    return np.stack([2 * (x - 1) - 400 * x * r, 200 * r], axis=1)


def bare_loop() -> np.ndarray:
    """The surface's gradient and the four Adamax lines; nothing recorded."""
    theta = np.array([START])
    m, u = np.zeros_like(theta), np.zeros_like(theta)
    for k in range(STEPS):
        g = gradient(theta)
        m = 0.9 * m + (1 - 0.9) * g
        u = np.maximum(0.999 * u, np.abs(g))
        lr_t = 0.05 / (1 - 0.9 ** (k + 1))
        theta = theta - lr_t * m / (u + 1e-7)
    return theta


def recorded_run() -> av.Run:
    return av.run("rosenbrock", av.Adamax(0.05), START, STEPS)


def keras_run(steps: int, **options: object) -> None:
    import keras

    theta = keras.Variable(np.array(START, "float32"))
    optimizer = keras.optimizers.Adamax(0.05, **options)
    for _ in range(steps):
        g = gradient(np.asarray(theta.value)[None])[0].astype("float32")
        optimizer.apply([keras.ops.convert_to_tensor(g)], [theta])


def torch_run() -> None:
    import torch

    theta = torch.tensor(START, requires_grad=True)
    optimizer = torch.optim.Adamax([theta], lr=0.05)
    for _ in range(STEPS):
        theta.grad = torch.from_numpy(gradient(theta.detach().numpy()[None])[0])
        optimizer.step()


def one_run() -> None:
    """DESIGN's first row: R = 1, T = 1000, everything recorded, microseconds a step."""
    ours = seconds(recorded_run) / STEPS
    others = {"bare NumPy loop": seconds(bare_loop) / STEPS}
    others["keras.optimizers.Adamax.apply (JAX, eager)"] = seconds(lambda: keras_run(200), 3) / 200
    accumulating = seconds(lambda: keras_run(6, gradient_accumulation_steps=2), 1) / 6
    others["the same, gradient_accumulation_steps=2"] = accumulating
    with contextlib.suppress(ImportError):
        others["torch.optim.Adamax"] = seconds(torch_run, 3) / STEPS
    rows = [["adamax_viz.run, everything recorded", f"{ours * 1e6:.1f}", "1"]]
    rows += [[name, f"{value * 1e6:.1f}", f"{value / ours:.2f}"] for name, value in others.items()]
    table(f"One run, {STEPS} steps on Rosenbrock", ["what", "µs a step", "times ours"], rows)


def our_sweep(dtype: Dtype) -> np.ndarray:
    rates = np.logspace(-4, -1, SWEEP_RUNS)
    return av.run("rosenbrock", av.Adamax(rates, dtype=dtype), START, SWEEP_STEPS, keep="final")["loss"]


def optax_sweep(dtype: Dtype) -> Callable[[], Any]:
    """A new jitted sweep with optax.adamax: jit(vmap(scan))."""
    import jax
    import jax.numpy as jnp
    import optax

    def loss(p: Any) -> Any:
        return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2

    def final_loss(rate: Any) -> Any:
        optimizer = optax.adamax(rate)
        p = jnp.array(START, dtype)

        def step(carry: Any, _: None) -> Any:
            p, state = carry
            updates, state = optimizer.update(jax.grad(loss)(p), state, p)
            return (optax.apply_updates(p, updates), state), None

        (p, _), _ = jax.lax.scan(step, (p, optimizer.init(p)), None, length=SWEEP_STEPS)
        return loss(p)

    rates = jnp.asarray(np.logspace(-4, -1, SWEEP_RUNS), dtype)
    compiled = jax.jit(jax.vmap(final_loss))
    return lambda: compiled(rates).block_until_ready()


def sweep() -> None:
    """DESIGN's second row: 4096 learning rates, final losses kept."""
    import jax

    rows = []
    dtypes: tuple[Dtype, ...] = ("float64", "float32")
    for dtype in dtypes:
        with jax.enable_x64(dtype == "float64"):
            theirs = optax_sweep(dtype)
            cold = once(theirs)
            warm = seconds(theirs)
        ours = seconds(partial(our_sweep, dtype))
        rows.append([f"adamax_viz.run, {dtype}", f"{ours * 1e3:.1f}", "1"])
        rows.append([f"optax, {dtype}, after compilation", f"{warm * 1e3:.1f}", f"{warm / ours:.2f}"])
        rows.append([f"optax, {dtype}, with compilation", f"{cold * 1e3:.1f}", f"{cold / ours:.2f}"])
    table(
        f"Sweep, {SWEEP_RUNS} learning rates × {SWEEP_STEPS} steps, final losses kept",
        ["what", "ms", "times ours"],
        rows,
    )
