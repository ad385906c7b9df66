"""A training as Python text in Keras alone: data, model, batches, optimizer, and its changes on the way.

Tests run the text and compare the weights it ends with.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from textwrap import dedent, indent
from types import FunctionType
from typing import Any

import numpy as np

from adamax_viz.files.code.optimizer_code import call, docstring, keras_name, optimizer_code, text
from adamax_viz.problems.models import datasets
from adamax_viz.problems.models.backend import carry_on, in_half_precision
from adamax_viz.problems.models.datasets import Data, check_data
from adamax_viz.problems.models.layers import Layer
from adamax_viz.problems.models.networks import SEEDS_APART
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.growing_run import Segment
from adamax_viz.study.training_spec import OWN, TrainingSpec

_ENDS = """\
print("training loss", model.evaluate(x, y, verbose=0))
print("validation loss", model.evaluate(x_validation, y_validation, verbose=0))
weights = np.concatenate([np.asarray(v.value).ravel() for v in model.trainable_variables])"""


def training_code(problem: ModelProblem, segments: Sequence[Segment], steps: int) -> str:
    """The training as a script that needs Keras, JAX and NumPy; it prints both losses and leaves `model` and `weights`.

    Args:
        problem: the model on its data.
        segments: the settings, each from its first micro-step on.
        steps: micro-steps altogether.
    """
    used = [segment for segment in segments if segment.first < steps]
    spec = used[0].spec
    half = any(segment.spec.gradient_dtype == "float16" for segment in used)
    helpers = [carry_on] * (len(used) > 1) + [in_half_precision] * half
    words = f"{problem.model.title}: {steps} steps of keras.optimizers.{keras_name(spec)}, as Adamax Lab trains it."
    parts = [
        docstring(spec, words),
        "from __future__ import annotations\n\nimport itertools\nimport os\n\n"
        'os.environ["KERAS_BACKEND"] = "jax"\n\nimport keras\nimport numpy as np',
        *_data(spec, problem.data),
        _model(problem),
        _batches(problem),
        *(_source(helper) for helper in helpers),
        *_training(used, steps, half),
        _ENDS,
    ]
    return re.sub(r"(?<!\n)\n\n(?=def )", "\n\n\n", "\n\n".join(parts)) + "\n"


# -- data --------------------------------------------------------------------------------------------------------


def _data(spec: TrainingSpec, data: Data) -> list[str]:
    if spec.data_name() == OWN:
        names = ("x", "y", "x_validation", "y_validation")
        arrays = (data.inputs, data.targets, data.validation_inputs, data.validation_targets)
        written = (f'{name} = np.array({_rows(array)}, "float32")' for name, array in zip(names, arrays, strict=True))
        return ["\n".join(written)]
    known, points, noise = check_data(spec.data_name(), spec.points, spec.data_noise)
    draw = _plain(known.draw.__name__)
    held_back = len(data.validation_inputs)
    lines = [f"rng = np.random.default_rng([{spec.data_seed}, {points}])"]
    if data.ordered:
        lines += [
            f"inputs, targets = {draw}({points - held_back}, {noise!r}, rng)",
            f"again = {draw}({points - held_back}, {noise!r}, rng)  # other noise, for validation",
            f"back = np.linspace(0, {points - held_back - 1}, {held_back}).astype(int)",
            'x, y = inputs.astype("float32"), targets.astype("float32")',
            'x_validation, y_validation = (part[back].astype("float32") for part in again)',
        ]
    else:
        lines += [
            f"inputs, targets = {draw}({points}, {noise!r}, rng)",
            f"order = np.random.default_rng([{spec.data_seed}, 1]).permutation({points})",
            f"back, kept = order[:{held_back}], order[{held_back}:]  # a quarter is held back for validation",
            'x, y = inputs[kept].astype("float32"), targets[kept].astype("float32")',
            'x_validation, y_validation = inputs[back].astype("float32"), targets[back].astype("float32")',
        ]
    return [*_with_helpers(known.draw).values(), "\n".join(lines)]


def _rows(values: np.ndarray[Any, Any]) -> str:
    return "[" + ", ".join("[" + ", ".join(str(v) for v in row) + "]" for row in values) + "]"


def _with_helpers(function: Callable[..., Any]) -> dict[str, str]:
    """The source of a function of `datasets`, after that of all it calls and the constants it uses, by name."""
    sources: dict[str, str] = {}
    for name in function.__code__.co_names:
        used = vars(datasets).get(name)
        if isinstance(used, FunctionType) and used.__module__ == function.__module__:
            sources |= _with_helpers(used)
        elif isinstance(used, int):
            sources[name] = f"{name} = {used!r}"
    return sources | {function.__name__: _source(function)}


def _source(function: Callable[..., Any]) -> str:
    """A function's text, without its own types and the underscores that only this package needs."""
    lines = _plain(dedent(inspect.getsource(function)))
    head, body = lines.split(":\n", 1)
    names = ", ".join(inspect.signature(function).parameters)
    return f"{head[: head.index('(')]}({names}):\n{body}".rstrip() + "\n"


def _plain(source: str) -> str:
    return re.sub(r"(?<![\w.])_(?=[a-z])", "", source)


# -- model and batches -----------------------------------------------------------------------------------------


def _model(problem: ModelProblem) -> str:
    architecture = problem.architecture
    seed = iter(range(SEEDS_APART * problem.seed, SEEDS_APART * (problem.seed + 1)))
    layers = [f"keras.Input({architecture.input_shape!r})", *(_layer(layer, seed) for layer in architecture.layers)]
    body = indent("".join(f"{layer},\n" for layer in layers), " " * 8)
    loss = f"keras.losses.{architecture.loss}({'from_logits=True' if architecture.logits else ''})"
    return f"model = keras.Sequential(\n    [\n{body}    ],\n    name={text(architecture.name)},\n)\nloss = {loss}"


def _layer(layer: Layer, seed: Any) -> str:
    keywords = {name: text(value) for name, value in layer.arguments}
    for argument, kind, more in layer.initializers:
        options = {name: repr(value) for name, value in more} | {"seed": str(next(seed))}
        keywords[argument] = call(f"keras.initializers.{kind}", [], options)
    return call(f"keras.layers.{layer.kind}", [], keywords | {"name": text(layer.name)})


def _batches(problem: ModelProblem) -> str:
    size = problem.batch_size
    if size == problem.data.points:
        return f"batches = itertools.repeat(np.arange({size}))  # all points at every step"
    if problem.data.ordered:
        steps = f"np.arange({size} * k, {size} * (k + 1)) % len(x) for k in itertools.count()"
        return f"batches = ({steps})  # in the order of time"
    return (
        "def batches_of(size):\n"
        '    """Each epoch is a new permutation; points that fill no batch sit it out."""\n'
        "    for epoch in itertools.count():\n"
        f"        order = np.random.default_rng([{problem.seed}, epoch]).permutation(len(x))\n"
        "        for first in range(0, len(x) - size + 1, size):\n"
        f"            yield order[first : first + size]\n\n\nbatches = batches_of({size})"
    )


# -- training --------------------------------------------------------------------------------------------------


def _training(segments: Sequence[Segment], steps: int, half: bool) -> list[str]:
    parts = []
    ends = [*(segment.first for segment in segments[1:]), steps]
    for segment, end in zip(segments, ends, strict=True):
        optimizer = optimizer_code(segment.spec, "keras.optimizers")
        lines = [f"optimizer = {optimizer}"]
        if half:
            lines.append("optimizer = in_half_precision(optimizer)")
        if segment.first:
            lines = [f"# from step {segment.first} on", *lines, "carry_on(model, optimizer, loss)"]
        else:
            lines.append("model.compile(optimizer=optimizer, loss=loss)")
        lines += [
            f"for rows in itertools.islice(batches, {end - segment.first}):",
            "    model.train_on_batch(x[rows], y[rows])",
        ]
        parts.append("\n".join(lines))
    return parts
