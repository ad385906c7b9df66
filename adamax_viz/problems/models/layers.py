"""Layers as Keras names them, and the shapes, columns and numbers of weights that follow from them, without Keras."""

from collections.abc import Callable
from math import prod
from typing import Any, NamedTuple

from adamax_viz.core.pipeline import side_by_side

# Keras's own initializer of a kernel.
GLOROT = ("kernel_initializer", "GlorotUniform", ())


class Layer(NamedTuple):
    """One layer: its class in ``keras.layers``, its name and arguments, and its random initializers.

    An initializer is an argument with a class of ``keras.initializers`` and that class's arguments besides the seed.
    """

    kind: str
    name: str
    arguments: tuple[tuple[str, Any], ...] = ()
    initializers: tuple[tuple[str, str, tuple[tuple[str, Any], ...]], ...] = ()

    def argument(self, name: str) -> Any:
        """One of the arguments, None if it is not given."""
        return dict(self.arguments).get(name)


class Architecture(NamedTuple):
    """What is compiled once and serves every data set, seed and batch of this form."""

    name: str
    input_shape: tuple[int, ...]
    layers: tuple[Layer, ...]
    loss: str  # class in keras.losses
    logits: bool  # whether the loss takes from_logits=True: the targets are labels

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each trainable variable, by its path in Keras without the model's name, in Keras's order."""
        shapes: dict[str, tuple[int, ...]] = {}
        shape = self.input_shape
        for layer in self.layers:
            weights, shape = _SHAPES[layer.kind](layer, shape)
            shapes |= {f"{layer.name}/{name}": size for name, size in weights.items()}
        return shapes

    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum(prod(shape) for shape in self.shapes().values())


Shaped = tuple[dict[str, tuple[int, ...]], tuple[int, ...]]


def _dense(layer: Layer, shape: tuple[int, ...]) -> Shaped:
    units = layer.argument("units")
    weights: dict[str, tuple[int, ...]] = {"kernel": (shape[-1], units)}
    if layer.argument("use_bias") is not False:
        weights["bias"] = (units,)
    return weights, (*shape[:-1], units)


def _convolution(layer: Layer, shape: tuple[int, ...]) -> Shaped:
    size, filters = layer.argument("kernel_size"), layer.argument("filters")
    rows, columns, channels = shape
    after = (rows - size + 1, columns - size + 1, filters)
    return {"kernel": (size, size, channels, filters), "bias": (filters,)}, after


def _gru(layer: Layer, shape: tuple[int, ...]) -> Shaped:
    units = layer.argument("units")
    cell = {"kernel": (shape[-1], 3 * units), "recurrent_kernel": (units, 3 * units), "bias": (2, 3 * units)}
    return {f"gru_cell/{name}": size for name, size in cell.items()}, (units,)


_SHAPES: dict[str, Callable[[Layer, tuple[int, ...]], Shaped]] = {
    "Dense": _dense,
    "Conv2D": _convolution,
    "GRU": _gru,
    "MaxPooling2D": lambda layer, shape: ({}, (shape[0] // 2, shape[1] // 2, shape[2])),
    "Flatten": lambda layer, shape: ({}, (prod(shape),)),
}


def dense(name: str, units: int, activation: str | None = None, **more: Any) -> Layer:
    """A dense layer with Keras's own initializer."""
    arguments = {"units": units, **({"activation": activation} if activation else {}), **more}
    return Layer("Dense", name, tuple(arguments.items()), (GLOROT,))


def hidden(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    """Dense layers ``hidden_1``, ``hidden_2``, ..."""
    return tuple(dense(f"hidden_{i}", units, activation) for i, units in enumerate(widths, 1))


class DenseLayer(NamedTuple):
    """One layer of the network's picture: `kernel` and `bias` are columns of theta, `shape` is (inputs, units).

    The weight from input i to unit j is column ``kernel.start + i * units + j``.
    """

    name: str
    shape: tuple[int, ...]
    kernel: slice
    bias: slice | None


def network(architecture: Architecture) -> tuple[DenseLayer, ...]:
    """The layers of a model that can be drawn unit by unit; none if it has others than dense ones."""
    if any(layer.kind != "Dense" for layer in architecture.layers):
        return ()
    shapes, columns = architecture.shapes(), slices(architecture)
    names = [(layer.name, f"{layer.name}/kernel", f"{layer.name}/bias") for layer in architecture.layers]
    return tuple(DenseLayer(name, shapes[kernel], columns[kernel], columns.get(bias)) for name, kernel, bias in names)


def slices(architecture: Architecture) -> dict[str, slice]:
    """Columns of the flat weights by variable name."""
    shapes = architecture.shapes()
    return dict(zip(shapes, side_by_side(map(prod, shapes.values())), strict=True))
