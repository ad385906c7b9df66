"""The plane through a path: what it shows, how far the path is from it, and what the losses on it are."""

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.problems.models.datasets import make_data
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.views.training.plane import Plane, plane
from adamax_viz.words.learning import about_plane


@pytest.fixture(scope="module")
def small():
    problem = ModelProblem("mlp", make_data("moons", 64), widths=(3,))
    return problem, av.run(problem, av.Adamax(0.05, dtype="float32"), problem.start(), 40)


def assert_is_what_it_says(found: Plane, problem: ModelProblem, weights: np.ndarray) -> None:
    """The nearest points are nearest, the distances and losses those of the points."""
    nearest = found.origin + found.path @ found.directions
    np.testing.assert_allclose((weights - nearest) @ found.directions.T, 0, atol=1e-5)
    np.testing.assert_allclose(found.distance, np.linalg.norm(weights - nearest, axis=1), rtol=1e-6)
    np.testing.assert_allclose(found.path_loss, problem.measure(weights).loss, rtol=1e-6)
    at = found.origin + found.a[3] * found.directions[0] + found.b[5] * found.directions[1]
    np.testing.assert_allclose(found.loss[5, 3], problem.measure(at[None]).loss[0], rtol=1e-5)
    assert (found.path[:, 0] > found.a[0]).all()
    assert (found.path[:, 0] < found.a[-1]).all()


def test_principal_plane(small):
    problem, run = small
    weights = run["theta"][0].astype(np.float64)
    found = plane(problem, run, resolution=9)
    assert_is_what_it_says(found, problem, weights)
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(2), atol=1e-10)
    values = np.linalg.svd(weights - weights.mean(axis=0), compute_uv=False) ** 2
    np.testing.assert_allclose(found.explained, values[:2].sum() / values.sum())
    assert found.loss.shape == (9, 9)
    assert found.steps.tolist() == list(range(41))
    assert "% of the path's variance" in about_plane(found)
    far = int(found.distance.argmax())
    assert f"(at step {found.steps[far]})" in about_plane(found)


def test_random_plane_is_seeded_and_filter_normalised(small):
    problem, run = small
    weights = run["theta"][0].astype(np.float64)
    found, again, other = (plane(problem, run, "random", seed, 7) for seed in (1, 1, 2))
    assert_is_what_it_says(found, problem, weights)
    np.testing.assert_array_equal(found.loss, again.loss)
    assert not np.array_equal(found.loss, other.loss)
    np.testing.assert_array_equal(found.origin, weights[-1])
    kernel = problem.variables["hidden_1/kernel"]
    lengths = [np.linalg.norm(v[kernel].reshape(2, 3), axis=0) for v in (found.directions[0], weights[-1])]
    np.testing.assert_allclose(*lengths)
    np.testing.assert_array_equal(found.directions[:, problem.variables["hidden_1/bias"]], 0)


@pytest.mark.parametrize("how", ["pca", "random"])
def test_two_weights_are_a_plane(how):
    problem = ModelProblem("linear_regression", make_data("line", 40))
    run = av.run(problem, av.Adamax(0.05, dtype="float32"), problem.start(), 20)
    found = plane(problem, run, how, resolution=5)
    assert found.explained == pytest.approx(1)
    assert about_plane(found).startswith("The whole path lies in this plane")


def test_a_path_that_rests(small):
    problem, _ = small
    run = av.run(problem, av.Adamax(0.0, dtype="float32"), problem.start(), 3)
    found = plane(problem, run, resolution=5)
    assert found.explained == 1
    assert np.isfinite(found.loss).all()
    assert (np.diff(found.a) > 0).all()


def test_what_diverged_is_shown_up_to_there():
    problem = ModelProblem("linear_regression", make_data("line", 40))
    run = av.run(problem, av.Adamax(1e19, dtype="float32"), problem.start(), 40)
    assert run.status[0].kind == "diverged"
    found = plane(problem, run, resolution=5)
    assert np.isfinite(found.path).all()
    assert len(found.steps) == run.happened()["theta"].shape[1]
