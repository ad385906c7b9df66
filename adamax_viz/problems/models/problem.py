"""A tiny Keras model and its data as a problem: loss and gradient of each micro-step's batch, through JAX.

Weights are flat, ``(R, D)`` float32, in the order of Keras's ``trainable_variables``. Everything is seeded: initial
weights by Keras's own initializers, batches by NumPy, both the same at every call. Keras and JAX are imported when a
number is asked for; what JAX compiles serves every seed and all data of one size, and is kept for some models.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.backend import floatx, import_keras_on_jax
from adamax_viz.problems.models.datasets import Array, Data
from adamax_viz.problems.models.layers import Architecture, DenseLayer, Layer, network, slices
from adamax_viz.problems.models.networks import SEEDS_APART, Model, architecture, find_model

Part = Literal["train", "validation"]
CHUNK = 16  # sets of weights that are measured at once


class Measured(NamedTuple):
    """Loss and accuracy at N sets of weights, ``(N,)`` each; accuracy is NaN where there are no labels."""

    loss: Array
    accuracy: Array


class ModelProblem:
    """A model on its data, for `adamax_viz.core.engine.run`.

    Args:
        model: of the catalogue, or its name.
        data: what it learns.
        widths, activation: see `adamax_viz.problems.models.networks.architecture`.
        batch_size: points a micro-step; the model's own if None; 0, or all and more, takes every point at each step.
        seed: of initial weights and shuffling.

    Raises:
        ValueError: what `architecture` refuses, or a batch size or seed below 0.
    """

    runs = None

    def __init__(
        self,
        model: str | Model,
        data: Data,
        widths: tuple[int, ...] | None = None,
        activation: str | None = None,
        batch_size: int | None = None,
        seed: int = 0,
    ) -> None:
        self.model = find_model(model) if isinstance(model, str) else model
        self.data, self.seed = data, seed
        self.architecture = architecture(self.model, data.kind, len(data.labels), widths, activation)
        wanted = (self.model.batch_size or 0) if batch_size is None else batch_size
        if wanted < 0 or seed < 0:
            raise ValueError(f"`batch_size` and `seed` must not be negative. Received: {wanted} and {seed}")
        self.batch_size = min(wanted, data.points) or data.points
        self.name = f"{self.model.name} on {data.name}"

    # -- names ---------------------------------------------------------------------------------------------

    @cached_property
    def variables(self) -> dict[str, slice]:
        """Columns of theta by variable: Keras's paths without the model's name, such as ``hidden_1/kernel``."""
        return slices(self.architecture)

    @cached_property
    def coordinates(self) -> tuple[str, ...]:
        """A readable name for each weight, such as ``hidden_1/kernel[0,3]``."""
        return tuple(
            f"{name}[{','.join(map(str, place))}]"
            for name, shape in self.architecture.shapes().items()
            for place in np.ndindex(shape)
        )

    @property
    def network(self) -> tuple[DenseLayer, ...]:
        """What the picture of the network needs; empty if the model has others than dense layers."""
        return network(self.architecture)

    def single(self, run: int) -> "ModelProblem":
        """Itself: every run sees the same batches."""
        return self

    # -- training ------------------------------------------------------------------------------------------

    def batch(self, micro_step: int) -> NDArray[np.int32]:
        """Which training points a micro-step sees, ``(batch_size,)``.

        Each epoch is a new permutation, drawn from the seed and the epoch's number; points that fill no batch sit the
        epoch out. Ordered data come in their order, again and again.
        """
        size, points = self.batch_size, self.data.points
        if self.data.ordered or size == points:
            return (np.arange(micro_step * size, (micro_step + 1) * size) % points).astype(np.int32)
        epoch, place = divmod(micro_step, points // size)
        return _shuffled(points, self.seed, epoch)[place * size : (place + 1) * size]

    def evaluate(self, theta: Array, micro_step: int) -> tuple[Array, Array]:
        """Loss ``(R,)`` and gradient ``(R, D)`` of this micro-step's batch; computed in float32."""
        weights = np.asarray(theta, np.float32)
        loss, grad = self._compiled.value_and_grad(weights, *self._device[0], self.batch(micro_step))
        return np.asarray(loss, theta.dtype), np.asarray(grad, theta.dtype)

    @cached_property
    def _compiled(self) -> "Compiled":
        sizes = self.batch_size, self.data.points, len(self.data.validation_inputs)
        return compiled(self.architecture, sizes)

    @cached_property
    def _device(self) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """Both parts where JAX computes."""
        import jax

        d = self.data
        parts = (d.inputs, d.targets), (d.validation_inputs, d.validation_targets)
        return jax.device_put(parts)  # type: ignore[no-any-return]

    def start(self) -> Array:
        """The initial weights, ``(D,)``: what Keras's initializers make of the seed."""
        return flat_weights(self.keras_model())

    def keras_model(self, theta: ArrayLike | None = None) -> Any:
        """A new ``keras.Model``, with the initial weights or with these, ``(D,)``."""
        model = build(self.architecture, self.seed)
        if theta is not None:
            model.set_weights(_unflattener(model)(np.asarray(theta, np.float32)))
        return model

    # -- looking -------------------------------------------------------------------------------------------

    def measure(self, thetas: Array, part: Part = "train") -> Measured:
        """Loss and accuracy over a whole part of the data at each of N sets of weights, ``(N, D)``."""
        return Measured(*_by_chunks(self._compiled.measure, thetas, *self._device[part == "validation"]))

    def predict(self, theta: ArrayLike, inputs: ArrayLike) -> Array:
        """What the model says of inputs at weights ``(D,)``, ``(N, outputs)``, or at ``(M, D)``, ``(M, N, outputs)``.

        With labels these are their probabilities, one column a label (also where there are only two).
        """
        (outputs,) = _by_chunks(self._compiled.outputs, np.atleast_2d(theta), np.asarray(inputs, np.float32))
        return outputs if np.ndim(theta) == 2 else outputs[0]


@lru_cache(maxsize=64)
def _shuffled(points: int, seed: int, epoch: int) -> NDArray[np.int32]:
    """An epoch's order of the points; kept, as each of its micro-steps asks for a part of it."""
    rows = np.random.default_rng([seed, epoch]).permutation(points).astype(np.int32)
    rows.flags.writeable = False
    return rows


def _by_chunks(function: Callable[..., tuple[Any, ...]], thetas: Array, *data: Any) -> list[Array]:
    """Its results for all weights, in blocks of one size: one compilation serves them all; the last is filled up."""
    weights, count = np.asarray(thetas, np.float32), len(thetas)
    if count > 1:
        weights = np.pad(weights, ((0, -count % CHUNK), (0, 0)), mode="edge")
    chunks = [function(chunk, *data) for chunk in np.split(weights, max(1, len(weights) // CHUNK))]
    return [np.concatenate(results)[:count] for results in zip(*chunks, strict=True)]


# -- Keras and JAX -----------------------------------------------------------------------------------------------


def build(architecture: Architecture, seed: int) -> Any:
    """The ``keras.Sequential`` of an architecture; a seed gives the same weights at every call.

    Raises:
        KerasUnavailable: Keras on JAX can't be had.
    """
    keras = import_keras_on_jax()
    with floatx(keras, "float32"):
        seeds = iter(range(SEEDS_APART * seed, SEEDS_APART * (seed + 1)))
        layers = [_layer(keras, layer, seeds) for layer in architecture.layers]
        return keras.Sequential([keras.Input(architecture.input_shape), *layers], name=architecture.name)


def _layer(keras: Any, layer: Layer, seeds: Iterator[int]) -> Any:
    initializers = {
        argument: getattr(keras.initializers, kind)(**dict(more), seed=next(seeds))
        for argument, kind, more in layer.initializers
    }
    return getattr(keras.layers, layer.kind)(**dict(layer.arguments), **initializers, name=layer.name)


def keras_loss(architecture: Architecture) -> Any:
    """The ``keras.losses`` object that an architecture is trained with."""
    losses = import_keras_on_jax().losses
    return getattr(losses, architecture.loss)(**({"from_logits": True} if architecture.logits else {}))


def flat_weights(model: Any) -> Array:
    """A Keras model's trainable weights side by side, ``(D,)`` float32."""
    return np.concatenate([np.asarray(v.value, np.float32).ravel() for v in model.trainable_variables])


def _unflattener(model: Any) -> Callable[[Any], list[Any]]:
    """The way back from flat weights to those of a Keras model."""
    from jax.flatten_util import ravel_pytree

    return ravel_pytree([v.value for v in model.trainable_variables])[1]  # type: ignore[no-any-return]


class Compiled(NamedTuple):
    """Jitted functions of flat weights ``(R, D)``."""

    value_and_grad: Callable[..., tuple[Any, Any]]  # (weights, inputs, targets, rows) -> (R,), (R, D)
    measure: Callable[..., tuple[Any, Any]]  # (weights, inputs, targets) -> (R,), (R,)
    outputs: Callable[..., tuple[Any]]  # (weights, inputs) -> (R, N, outputs), alone in a tuple


_COMPILED: dict[tuple[Architecture, tuple[int, ...]], Compiled] = {}
_COMPILING = threading.Lock()


def compiled(architecture: Architecture, sizes: tuple[int, ...]) -> Compiled:
    """The functions of an architecture for data of these sizes, compiled when they are first called."""
    key = architecture, sizes
    with _COMPILING:
        if key not in _COMPILED and len(_COMPILED) >= LIMITS.compiled_models:
            _forget()
        if key not in _COMPILED:
            _COMPILED[key] = _functions(architecture)
        return _COMPILED[key]


def compiled_models() -> int:
    """How many models have functions that are kept."""
    return len(_COMPILED)


def forget_compiled() -> None:
    """Drop what was compiled, 20 MB a model; who still needs some of it compiles it again."""
    with _COMPILING:
        _forget()


def _forget() -> None:
    _COMPILED.clear()
    if "jax" in sys.modules:
        sys.modules["jax"].clear_caches()  # what was compiled for single operations on arrays of these shapes, too


def _functions(architecture: Architecture) -> Compiled:
    """The functions of an architecture."""
    import jax
    from jax import numpy as jnp

    keras = import_keras_on_jax()
    model = build(architecture, 0)
    with floatx(keras, "float32"):
        loss = keras_loss(architecture)
    unflatten = _unflattener(model)
    rest = [v.value for v in model.non_trainable_variables]

    def forward(weights: Any, inputs: Any) -> Any:
        return model.stateless_call(unflatten(weights), rest, inputs)[0]

    def loss_of(weights: Any, inputs: Any, targets: Any) -> Any:
        return loss(targets, forward(weights, inputs))

    def measure_one(weights: Any, inputs: Any, targets: Any) -> tuple[Any, Any]:
        outputs = forward(weights, inputs)
        if not architecture.logits:
            return loss(targets, outputs), jnp.nan
        guess = outputs > 0 if outputs.shape[-1] == 1 else jnp.argmax(outputs, axis=-1, keepdims=True)
        return loss(targets, outputs), jnp.mean(guess == targets)

    def probabilities(outputs: Any) -> Any:
        if outputs.shape[-1] > 1:
            return jax.nn.softmax(outputs)
        return jnp.concatenate([jax.nn.sigmoid(-outputs), jax.nn.sigmoid(outputs)], axis=-1)

    def outputs_one(weights: Any, inputs: Any) -> tuple[Any]:
        outputs = forward(weights, inputs)
        return (probabilities(outputs) if architecture.logits else outputs,)

    def each(function: Callable[..., Any]) -> Callable[..., Any]:
        """Over rows of weights; a single row spares XLA the batch axis."""

        def over_rows(weights: Any, *others: Any) -> Any:
            if weights.shape[0] > 1:
                return jax.vmap(function, (0, *(None for _ in others)))(weights, *others)
            return jax.tree.map(lambda value: jnp.asarray(value)[None], function(weights[0], *others))

        return over_rows

    differentiated = each(jax.value_and_grad(loss_of))

    def value_and_grad(weights: Any, inputs: Any, targets: Any, rows: Any) -> Any:
        return differentiated(weights, inputs[rows], targets[rows])

    return Compiled(jax.jit(value_and_grad), jax.jit(each(measure_one)), jax.jit(each(outputs_one)))
