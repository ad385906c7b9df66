"""The catalogue of models: names and shapes without Keras, what is refused, and the network's picture."""

import subprocess
import sys

import numpy as np
import pytest

from adamax_viz.limits import LIMITS
from adamax_viz.problems.models.layers import network, slices
from adamax_viz.problems.models.networks import MODELS, architecture, find_model


@pytest.mark.parametrize("name", MODELS)
def test_each_model_has_its_form(name: str) -> None:
    model = MODELS[name]
    assert model.name == name
    for kind in model.kinds:
        made = architecture(model, kind, 3 if kind == "pictures" else 2 * (kind == "classes"))
        assert 2 <= made.parameters() <= LIMITS.training_parameters
        columns = slices(made)
        assert list(columns) == list(made.shapes())
        assert next(iter(columns.values())).start == 0
        assert list(columns.values())[-1].stop == made.parameters()
        assert bool(network(made)) == (name not in ("cnn", "gru"))


def test_the_default_classifier_is_2_16_16_1() -> None:
    layers = network(architecture(MODELS["mlp"], "classes", 2))
    assert [layer.shape for layer in layers] == [(2, 16), (16, 16), (16, 1)]
    assert [layer.name for layer in layers] == ["hidden_1", "hidden_2", "output"]
    assert layers[1].kernel == slice(48, 48 + 256)
    assert layers[1].bias == slice(304, 320)
    autoencoder = network(architecture(MODELS["autoencoder"], "codes"))
    assert [layer.bias for layer in autoencoder] == [None, None]


def test_more_than_two_labels_have_an_output_each() -> None:
    two, four = (architecture(MODELS["mlp"], "classes", labels) for labels in (2, 4))
    assert two.shapes()["output/kernel"] == (16, 1)
    assert four.shapes()["output/kernel"] == (16, 4)
    assert (two.loss, four.loss) == ("BinaryCrossentropy", "SparseCategoricalCrossentropy")
    assert architecture(MODELS["mlp_curve"], "plane").shapes()["hidden_1/kernel"] == (2, 16)


@pytest.mark.parametrize(
    ("name", "kind", "arguments", "words"),
    [
        ("mlp", "curve", {}, "not made for data of the kind 'curve', but for classes"),
        ("mlp", "classes", {"widths": (64, 64)}, "4,417 parameters; at most 2,000"),
        ("mlp", "classes", {"widths": (2,) * 6}, "takes 1 to 5 widths. Received: 6"),
        ("mlp", "classes", {"widths": (65,)}, "between 1 and 64. Received: 65"),
        ("mlp", "classes", {"activation": "softmax"}, "`activation` must be one of tanh"),
        ("gru", "signal", {"widths": (4, 4)}, "takes 1 widths. Received: 2"),
        ("logistic_regression", "classes", {"widths": (4,)}, "has no widths to set"),
    ],
)
def test_refusals(name: str, kind: str, arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        architecture(MODELS[name], kind, 2, **arguments)  # type: ignore[arg-type]


def test_an_unknown_model() -> None:
    with pytest.raises(ValueError, match="There is no model “resnet”"):
        find_model("resnet")


def test_the_catalogue_needs_neither_keras_nor_jax() -> None:
    code = (
        "import sys; import adamax_viz.runs.training, adamax_viz.files.code.training_code; "
        "import adamax_viz.files.training_tables, "
        "adamax_viz.views.training.plane; from adamax_viz.study.training_spec import TrainingSpec; "
        "p = TrainingSpec(model='cnn').problem(); p.coordinates, p.variables, p.batch(3); "
        "assert not {'keras', 'jax', 'streamlit'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_coordinates_are_rows_of_the_variables() -> None:
    from adamax_viz.problems.models.datasets import make_data
    from adamax_viz.problems.models.problem import ModelProblem

    problem = ModelProblem("mlp", make_data("moons"), widths=(3,))
    assert problem.coordinates[:4] == (
        "hidden_1/kernel[0,0]", "hidden_1/kernel[0,1]", "hidden_1/kernel[0,2]", "hidden_1/kernel[1,0]",
    )  # fmt: skip
    assert problem.coordinates[-1] == "output/bias[0]"
    assert len(set(problem.coordinates)) == len(problem.coordinates) == 13
    assert np.arange(13)[problem.variables["hidden_1/bias"]].tolist() == [6, 7, 8]
