"""Pictures of what a model says: where it is asked, what comes back, and how much of it a byte keeps."""

import numpy as np
import pytest

from adamax_viz.problems.models.datasets import DATASETS, Data, make_data
from adamax_viz.views.training.frames import BYTES, GRID, frames

OUTPUTS = {"pictures": 3, "codes": 6}


def said(theta, inputs):
    """A stand-in for a model: probabilities or values that depend on weights and place, ``(K, N, outputs)``."""
    place = inputs.reshape(len(inputs), -1)
    return np.tanh(theta[:, :1, None] * place.sum(axis=1)[None, :, None])


def values(shown):
    return shown.backdrop.low + (shown.backdrop.high - shown.backdrop.low) * shown.frames / BYTES


def test_a_boundary_is_the_second_label_s_probability_over_the_data():
    data = make_data("moons", 80)

    def probability(theta, inputs):
        p = 1 / (1 + np.exp(-theta[:, :1] * inputs[None, :, 0]))
        return np.stack([1 - p, p], axis=-1)

    theta = np.linspace(0, 5, 11)[:, None]
    shown = frames(data, probability, theta, 4)
    assert shown.steps.tolist() == [0, 3, 7, 10]
    assert shown.frames.shape == (4, GRID * GRID, 1)
    x, _ = np.meshgrid(*shown.backdrop.at)
    expected = 1 / (1 + np.exp(-5 * x.ravel().astype(np.float32)))
    np.testing.assert_allclose(values(shown)[-1, :, 0], expected, atol=0.003)
    assert shown.backdrop.points.shape == (60, 3)
    assert shown.backdrop.at[0, 0] < data.inputs[:, 0].min()


def test_the_step_one_looks_at_is_among_them():
    theta = np.linspace(0, 1, 101)[:, None]
    ask = lambda also: frames(make_data("curve", 40), said, theta, 5, also).steps.tolist()  # noqa: E731
    assert ask(None) == ask(25) == [0, 25, 50, 75, 100]
    assert ask(60) == [0, 33, 60, 67, 100]


def test_of_several_labels_the_best_and_its_probability():
    points = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
    target = (np.arange(30) % 3).astype(np.float32)[:, None]
    data = Data("own", "classes", points, target, points, target, ("a", "b", "c"))
    always_c = lambda theta, inputs: np.tile([0.1, 0.2, 0.7], (len(theta), len(inputs), 1))  # noqa: E731
    shown = frames(data, always_c, np.zeros((2, 1)), 5)
    assert (shown.frames[..., 0] == 2).all()
    assert (shown.frames[..., 1] == round(0.7 * BYTES)).all()


@pytest.mark.parametrize("name", [n for n, d in DATASETS.items() if d.kind in ("curve", "signal", "codes")])
def test_values_keep_their_size_within_what_is_shown(name):
    data = make_data(name, 60)
    outputs = OUTPUTS.get(data.kind, 1)
    answer = lambda theta, inputs: np.repeat(0.1 * said(theta, inputs), outputs, axis=2)  # noqa: E731
    shown = frames(data, answer, np.linspace(0, 1, 5)[:, None], 9)
    assert shown.steps.tolist() == [0, 1, 2, 3, 4]
    assert len(shown.frames[0]) == len(np.atleast_1d(shown.backdrop.at).ravel())
    if data.kind == "codes":
        assert shown.frames.shape[2] == 2
        assert shown.backdrop.points.shape[1] == 2
    else:
        inputs = shown.backdrop.at[:, None] if data.kind == "curve" else data.inputs
        expected = answer(np.ones((1, 1)), inputs.astype(np.float32))[0]
        np.testing.assert_allclose(values(shown)[-1], expected, atol=(shown.backdrop.high - shown.backdrop.low) / BYTES)


def test_codes_are_drawn_where_the_data_are_spread_most():
    data = make_data("low_rank", 200, noise=0.0)
    shown = frames(data, lambda theta, inputs: np.repeat(inputs[None], len(theta), 0), np.zeros((1, 1)), 1)
    assert shown.backdrop.points[:, 0].std() > shown.backdrop.points[:, 1].std() > 0.5
    np.testing.assert_allclose(
        values(shown)[0], shown.backdrop.points, atol=(shown.backdrop.high - shown.backdrop.low) / BYTES
    )


def test_pictures_show_the_probability_of_each_label():
    data = make_data("pictures", 64)
    shown = frames(
        data, lambda theta, inputs: np.tile([0.0, 1.0, 0.0], (len(theta), len(inputs), 1)), np.zeros((1, 1)), 1
    )
    assert shown.frames.shape == (1, 16, 3)
    assert shown.frames[0, 0].tolist() == [0, BYTES, 0]
    assert shown.backdrop.validation.shape == (16, 65)


def test_a_model_that_says_nonsense_is_drawn_in_the_middle():
    shown = frames(
        make_data("curve", 40), lambda theta, inputs: np.full((len(theta), len(inputs), 1), np.nan), np.zeros((1, 1)), 1
    )
    assert (shown.frames == round(BYTES / 2)).all()
