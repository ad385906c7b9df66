"""The tiny models, as data: layers as Keras names them, data sets they are made for, and why to try them.

Nothing here imports Keras: names, shapes and numbers of weights follow from the layers (and tests compare them with
what Keras builds). `adamax_viz.problems.models.problem` builds and differentiates them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any, NamedTuple

from adamax_viz.problems.models.datasets import WINDOW, Kind

MAX_PARAMETERS = 2000
ACTIVATIONS = ("tanh", "relu", "sigmoid", "silu")
SEEDS_APART = 1000  # the seed of a weight matrix is so many times the model's seed, plus its number


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
        found: dict[str, tuple[int, ...]] = {}
        shape = self.input_shape
        for layer in self.layers:
            weights, shape = _SHAPES[layer.kind](layer, shape)
            found |= {f"{layer.name}/{name}": size for name, size in weights.items()}
        return found

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
    return Layer("Dense", name, tuple(arguments.items()), (("kernel_initializer", "GlorotUniform", ()),))


def hidden(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    """Dense layers ``hidden_1``, ``hidden_2``, ..."""
    return tuple(dense(f"hidden_{i}", units, activation) for i, units in enumerate(widths, 1))


# -- the catalogue ---------------------------------------------------------------------------------------------


class Widths(NamedTuple):
    """What is adjustable about the size of a model: one number a layer."""

    label: str
    default: tuple[int, ...]
    most: int  # the widest layer
    least_layers: int = 1
    most_layers: int = 1


@dataclass(frozen=True)
class Model:
    """One model of the catalogue. `body` makes its layers before the output from widths and activation."""

    name: str
    title: str
    kinds: tuple[Kind, ...]  # of data it can be trained on
    datasets: tuple[str, ...]  # its own first
    teaches: str
    body: Callable[[tuple[int, ...], str], tuple[Layer, ...]]
    widths: Widths | None = None
    activation: str | None = None  # the default; None: it has none to choose
    batch_size: int | None = 32  # None: all points at every step
    output: str = "output"  # name of the last layer
    rival: str | None = None  # another rule to train beside on the same batches


def _no_layers(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    return ()


def _convolutional(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    arguments = (("filters", widths[0]), ("kernel_size", 3), ("activation", activation))
    convolution = Layer("Conv2D", "convolution", arguments, (("kernel_initializer", "GlorotUniform", ()),))
    return convolution, Layer("MaxPooling2D", "pooling"), Layer("Flatten", "flatten"), *hidden(widths[1:], activation)


def _recurrent(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    initializers = (("kernel_initializer", "GlorotUniform", ()), ("recurrent_initializer", "Orthogonal", ()))
    return (Layer("GRU", "gru", (("units", widths[0]),), initializers),)


# Small weights: the origin, where all of them are zero, is a saddle.
_SMALL = (("kernel_initializer", "RandomNormal", (("stddev", 0.05),)),)


def _encoder(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    return (Layer("Dense", "encoder", (("units", widths[0]), ("use_bias", False)), _SMALL),)


MODELS: dict[str, Model] = {
    m.name: m
    for m in (
        Model(
            name="linear_regression",
            title="Linear regression",
            kinds=("curve",),
            datasets=("line",),
            teaches="One weight and one bias: the loss is a surface over two numbers, a bowl, so everything the "
            "Playground shows holds here without change.",
            body=_no_layers,
            output="line",
        ),
        Model(
            name="logistic_regression",
            title="Logistic regression",
            kinds=("classes",),
            datasets=("blobs", "moons", "xor"),
            teaches="A straight boundary between two clouds. Where a line separates them, the loss falls only by "
            "making the weights larger, and the gradients fade: watch what u keeps.",
            body=_no_layers,
        ),
        Model(
            name="mlp",
            title="MLP classifier",
            kinds=("classes",),
            datasets=("moons", "circles", "xor", "spirals"),
            teaches="Hundreds of weights, each with an m and a u of its own: the same learning rate becomes another "
            "step for each of them.",
            body=hidden,
            widths=Widths("Hidden layers", (16, 16), 64, 1, 5),
            activation="tanh",
        ),
        Model(
            name="mlp_curve",
            title="MLP on a curve",
            kinds=("curve", "plane"),
            datasets=("curve", "line"),
            teaches="A regression: errors are squared, so gradients shrink as the fit improves. Whether the steps "
            "shrink with them hangs on how soon u forgets.",
            body=hidden,
            widths=Widths("Hidden layers", (16, 16), 64, 1, 5),
            activation="tanh",
        ),
        Model(
            name="cnn",
            title="Tiny CNN",
            kinds=("pictures",),
            datasets=("pictures",),
            teaches="A few filters slide over the picture, so the gradient of each of their weights is a sum over "
            "many places: compare their u with the output layer's.",
            body=_convolutional,
            widths=Widths("Filters, then hidden layers", (4,), 16, 1, 3),
            activation="relu",
        ),
        Model(
            name="gru",
            title="GRU on a changing signal",
            kinds=("signal",),
            datasets=("signal",),
            teaches="A process whose frequency and noise change with time, which the Keras documentation says Adamax "
            "suits: Adam trains beside it on the same batches, and the numbers say which one does better here.",
            body=_recurrent,
            widths=Widths("Units", (8,), 20),
            rival="adam",
        ),
        Model(
            name="autoencoder",
            title="Linear autoencoder",
            kinds=("codes",),
            datasets=("low_rank",),
            teaches="Two linear layers learn the plane that the data lie near. Their loss has saddles: one where all "
            "weights are zero, near which training begins, and one for each direction still missing.",
            body=_encoder,
            widths=Widths("Code", (2,), 6),
            output="decoder",
        ),
    )
}


def find_model(name: str) -> Model:
    """The model of this name.

    Raises:
        ValueError: there is none.
    """
    if name not in MODELS:
        raise ValueError(f"There is no model {name!r}; there are {', '.join(MODELS)}.")
    return MODELS[name]


def architecture(
    model: Model, kind: Kind, labels: int = 0, widths: tuple[int, ...] | None = None, activation: str | None = None
) -> Architecture:
    """The layers for data of a kind, with so many labels.

    Args:
        widths: units of each hidden layer (filters, units, code); the model's own if None.
        activation: of `ACTIVATIONS`; the model's own if None.

    Raises:
        ValueError: data the model is not made for, widths or an activation it can't have, or over 2000 parameters.
    """
    if kind not in model.kinds:
        raise ValueError(f"{model.title} is not made for data of the kind {kind!r}, but for {', '.join(model.kinds)}.")
    chosen = _widths(model, widths)
    if activation is not None and activation not in ACTIVATIONS:
        raise ValueError(f"`activation` must be one of {', '.join(ACTIVATIONS)}. Received: {activation!r}")
    input_shape = {"curve": (1,), "pictures": (8, 8, 1), "signal": (WINDOW, 1), "codes": (6,)}.get(kind, (2,))
    body = model.body(chosen, activation or model.activation or "tanh")
    outputs = input_shape[-1] if kind == "codes" else labels if labels > 2 else 1
    last = dense(model.output, outputs)
    if model.body is _encoder:
        last = Layer("Dense", model.output, (("units", outputs), ("use_bias", False)), _SMALL)
    loss = "MeanSquaredError"
    if labels:
        loss = "BinaryCrossentropy" if labels == 2 else "SparseCategoricalCrossentropy"
    made = Architecture(model.name, input_shape, (*body, last), loss, logits=bool(labels))
    if made.parameters() > MAX_PARAMETERS:
        raise ValueError(
            f"Widths {', '.join(map(str, chosen))} give {made.parameters():,} parameters; at most {MAX_PARAMETERS:,} "
            "are trained here, so that each of them can be looked at. Make the layers fewer or narrower."
        )
    return made


def _widths(model: Model, widths: tuple[int, ...] | None) -> tuple[int, ...]:
    allowed = model.widths
    if allowed is None:
        if widths:
            raise ValueError(f"{model.title} has no widths to set. Received: widths={widths}")
        return ()
    chosen = allowed.default if widths is None else tuple(widths)
    if not allowed.least_layers <= len(chosen) <= allowed.most_layers:
        most = f" to {allowed.most_layers}" if allowed.most_layers > 1 else ""
        raise ValueError(f"{model.title} takes {allowed.least_layers}{most} widths. Received: {len(chosen)}")
    if not all(1 <= width <= allowed.most for width in chosen):
        raise ValueError(
            f"The widths of {model.title} must be between 1 and {allowed.most}. Received: {', '.join(map(str, chosen))}"
        )
    return chosen


class DenseLayer(NamedTuple):
    """One layer of the network's picture: `kernel` and `bias` are columns of theta, `shape` is (inputs, units).

    The weight from input i to unit j is column ``kernel.start + i * units + j``.
    """

    name: str
    shape: tuple[int, int]
    kernel: slice
    bias: slice | None


def network(made: Architecture) -> tuple[DenseLayer, ...]:
    """The layers of a model that can be drawn unit by unit; none if it has others than dense ones."""
    if any(layer.kind != "Dense" for layer in made.layers):
        return ()
    columns = slices(made)
    return tuple(
        DenseLayer(
            layer.name,
            (made.shapes()[f"{layer.name}/kernel"][0], layer.argument("units")),
            columns[f"{layer.name}/kernel"],
            columns.get(f"{layer.name}/bias"),
        )
        for layer in made.layers
    )


def slices(made: Architecture) -> dict[str, slice]:
    """Columns of the flat weights by variable name."""
    sizes = {name: prod(shape) for name, shape in made.shapes().items()}
    ends = [0]
    for size in sizes.values():
        ends.append(ends[-1] + size)
    return {name: slice(*edge) for name, edge in zip(sizes, pairwise(ends), strict=True)}
