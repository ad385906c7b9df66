"""The tiny models, as data: their layers, the data sets they are made for, and why to try them.

Nothing here imports Keras (tests compare with what it builds); `adamax_viz.problems.models.problem` builds and
differentiates them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.datasets import WINDOW, Kind
from adamax_viz.problems.models.layers import GLOROT, Architecture, Layer, dense, hidden
from adamax_viz.problems.names import unknown

ACTIVATIONS = ("tanh", "relu", "sigmoid", "silu")
SEEDS_APART = 1000  # the seed of a weight matrix is so many times the model's seed, plus its number


class Widths(NamedTuple):
    """What is adjustable about the size of a model: one number a layer."""

    label: str
    default: tuple[int, ...]
    most: int  # the widest layer
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


def _convolutional(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    arguments = (("filters", widths[0]), ("kernel_size", 3), ("activation", activation))
    convolution = Layer("Conv2D", "convolution", arguments, (GLOROT,))
    return convolution, Layer("MaxPooling2D", "pooling"), Layer("Flatten", "flatten"), *hidden(widths[1:], activation)


def _recurrent(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    return (Layer("GRU", "gru", (("units", widths[0]),), (GLOROT, ("recurrent_initializer", "Orthogonal", ()))),)


# Small weights: the origin, where all of them are zero, is a saddle.
_SMALL = (("kernel_initializer", "RandomNormal", (("stddev", 0.05),)),)


def _linear(name: str, units: int) -> Layer:
    return Layer("Dense", name, (("units", units), ("use_bias", False)), _SMALL)


def _encoder(widths: tuple[int, ...], activation: str) -> tuple[Layer, ...]:
    return (_linear("encoder", widths[0]),)


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
            body=hidden,
            output="line",
        ),
        Model(
            name="logistic_regression",
            title="Logistic regression",
            kinds=("classes",),
            datasets=("blobs", "moons", "xor"),
            teaches="A straight boundary between two clouds. Where a line separates them, the loss falls only by "
            "making the weights larger, and the gradients fade: watch what u keeps.",
            body=hidden,
        ),
        Model(
            name="mlp",
            title="MLP classifier",
            kinds=("classes",),
            datasets=("moons", "circles", "xor", "spirals"),
            teaches="Hundreds of weights, each with an m and a u of its own: the same learning rate becomes another "
            "step for each of them.",
            body=hidden,
            widths=Widths("Hidden layers", (16, 16), 64, 5),
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
            widths=Widths("Hidden layers", (16, 16), 64, 5),
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
            widths=Widths("Filters, then hidden layers", (4,), 16, 3),
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
        raise ValueError(unknown("model", name, MODELS))
    return MODELS[name]


def architecture(
    model: Model, kind: Kind, labels: int = 0, widths: tuple[int, ...] | None = None, activation: str | None = None
) -> Architecture:
    """The layers for data of a kind, with so many labels.

    Args:
        widths: units of each hidden layer (filters, units, code); the model's own if None.
        activation: of `ACTIVATIONS`; the model's own if None.

    Raises:
        ValueError: data the model is not made for, widths or an activation it can't have, or too many parameters.
    """
    if kind not in model.kinds:
        raise ValueError(f"{model.title} is not made for data of the kind {kind!r}, but for {', '.join(model.kinds)}.")
    chosen = _widths(model, widths)
    if activation is not None and activation not in ACTIVATIONS:
        raise ValueError(f"`activation` must be one of {', '.join(ACTIVATIONS)}. Received: {activation!r}")
    input_shape = {"curve": (1,), "pictures": (8, 8, 1), "signal": (WINDOW, 1), "codes": (6,)}.get(kind, (2,))
    body = model.body(chosen, activation or model.activation or "tanh")
    outputs = input_shape[-1] if kind == "codes" else labels if labels > 2 else 1
    last = (_linear if model.body is _encoder else dense)(model.output, outputs)
    loss = {0: "MeanSquaredError", 2: "BinaryCrossentropy"}.get(labels, "SparseCategoricalCrossentropy")
    built = Architecture(model.name, input_shape, (*body, last), loss, logits=bool(labels))
    if built.parameters() > LIMITS.training_parameters:
        raise ValueError(
            f"Widths {', '.join(map(str, chosen))} give {built.parameters():,} parameters; at most "
            f"{LIMITS.training_parameters:,} are trained here, so that each of them can be looked at. Make the layers "
            "fewer or narrower."
        )
    return built


def _widths(model: Model, widths: tuple[int, ...] | None) -> tuple[int, ...]:
    allowed = model.widths
    if allowed is None:
        if widths:
            raise ValueError(f"{model.title} has no widths to set. Received: widths={widths}")
        return ()
    chosen = allowed.default if widths is None else tuple(widths)
    if not 1 <= len(chosen) <= allowed.most_layers:
        most = f" to {allowed.most_layers}" if allowed.most_layers > 1 else ""
        raise ValueError(f"{model.title} takes 1{most} widths. Received: {len(chosen)}")
    if not all(1 <= width <= allowed.most for width in chosen):
        raise ValueError(
            f"The widths of {model.title} must be between 1 and {allowed.most}. Received: {', '.join(map(str, chosen))}"
        )
    return chosen
