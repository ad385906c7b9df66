"""Settings of a training: what they refuse, their links, and linear regression as a surface."""

import re

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.files.point_table import read_points
from adamax_viz.problems.models.datasets import DATASETS
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import read_params, to_params, to_query
from adamax_viz.study.optimizer_spec import defaults
from adamax_viz.study.training_spec import TrainingSpec, as_surface
from adamax_viz.study.wrong_values import repaired
from tests.study.strategies import refusal

OTHERS = [
    {},
    {"model": "cnn", "widths": (6, 8), "activation": "tanh", "points": 96, "data_noise": 0.05, "data_seed": 3},
    {"model": "gru", "beside": "alone", "batch_size": 0, "seed": 7, "clipnorm": 1.0, "use_ema": True},
    {"model": "mlp_curve", "dataset": "own", "learning_rate": 0.5, "schedule": "CosineDecay", "steps": 9000},
]


@pytest.mark.parametrize("values", OTHERS, ids=str)
def test_links_come_back_the_same(values):
    settings = TrainingSpec(**values)
    assert read_params(TrainingSpec, to_params(settings)) == (settings, [])


def test_a_link_names_the_model_first():
    assert to_query(TrainingSpec()) == "model=mlp"
    assert to_query(TrainingSpec(beta_1=0.5, widths=(4, 4))) == "model=mlp&widths=4,4&beta_1=0.5"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"model": "transformer"}, "There is no model “transformer”"),
        ({"dataset": "mnist"}, "There is no data set “mnist”"),
        ({"dataset": "line"}, "MLP classifier is not made for data of the kind 'curve'"),
        ({"model": "gru", "dataset": "own"}, None),
        ({"widths": (64, 64)}, "at most 2,000 are trained here"),
        ({"widths": ()}, "takes 1 to 5 widths"),
        ({"widths": (0,)}, "must be between 1 and 64"),
        ({"model": "linear_regression", "widths": (3,)}, "has no widths to set"),
        ({"points": 3}, "`points` must be between"),
        ({"points": 10**6}, "`points` must be between"),
        ({"data_noise": 9.0}, "The noise must be between"),
        ({"clipnorm": 1.0, "clipvalue": 1.0}, "Only one of `clipnorm`"),
        ({"steps": 0}, "greater than or equal to 1"),
        ({"batch_size": -1}, "greater than or equal to 0"),
        ({"surface": "booth"}, "Extra inputs"),
    ],
    ids=str,
)
def test_what_cannot_be_trained_is_refused_in_words(values, words):
    if words is None:
        assert TrainingSpec(**values).data_name() == "own"
        return
    assert re.search(re.escape(words), refusal(TrainingSpec, values))
    own = {name: value for name, value in values.items() if name != "surface"}
    spec, complaints = repaired(TrainingSpec, {"beta_1": 0.5} | own, defaults(TrainingSpec))
    assert spec.beta_1 == 0.5
    assert len(complaints) == bool(own)


def test_every_model_is_made_for_its_data_sets():
    for model in MODELS.values():
        for name in model.datasets:
            assert DATASETS[name].kind in model.kinds
            assert TrainingSpec(model=model.name, dataset=name).problem().data.name == name
    assert {name for model in MODELS.values() for name in model.datasets} == set(DATASETS)


def test_the_rival_is_the_models_own_unless_chosen():
    assert TrainingSpec().rival() is None
    assert TrainingSpec(model="gru").rival() == TrainingSpec(model="gru", rule="adam")
    assert TrainingSpec(model="gru", beside="alone").rival() is None
    assert TrainingSpec(beside="adam", clipnorm=1.0).rival() == TrainingSpec(beside="adam", clipnorm=1.0, rule="adam")
    assert TrainingSpec(model="gru", rule="adam").rival() is None  # nothing else is left to compare with


def test_a_model_is_trained_by_an_optimizer_of_keras():
    assert TrainingSpec(rule="adam").optimizer().rule.name == "adam"
    decoded = read_params(TrainingSpec, {"model": "gru", "rule": "torch_adamax"})
    assert decoded.settings == TrainingSpec(model="gru")
    assert "rule = “torch_adamax” can't be used" in decoded.complaints[0]


def test_own_points_are_asked_for():
    settings = TrainingSpec(dataset="own")
    with pytest.raises(ValueError, match="open their file again"):
        settings.data()
    rows = "\n".join(f"{i / 20},{-i / 20},{'ab'[i % 2]}" for i in range(20))
    data = settings.data(read_points(f"x,y,label\n{rows}\n".encode()))
    assert (data.kind, data.labels, data.points) == ("classes", ("a", "b"), 15)


def test_linear_regression_is_a_surface():
    settings = TrainingSpec(model="linear_regression", batch_size=0, steps=120, clipnorm=0.5, use_ema=True)
    surface = as_surface(settings)
    problem = settings.problem()
    trained = av.run(problem, settings.optimizer(), problem.start(), settings.steps)
    on_surface = run_of(surface)
    np.testing.assert_allclose(on_surface["theta"], trained["theta"], atol=2e-5)
    np.testing.assert_allclose(on_surface["loss"], trained["loss"], atol=2e-5)
    x0, x1, y0, y1 = surface.domain
    path = on_surface["theta"][0]
    assert ((path > (x0, y0)) & (path < (x1, y1))).all()
    with pytest.raises(ValueError, match="Only linear regression"):
        as_surface(TrainingSpec())
