"""Penalties and batches made by hand, against their definitions."""

import numpy as np
import pytest

from adamax_viz.problems.surfaces.catalogue import find
from adamax_viz.problems.surfaces.noise import Noise
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.problems.surfaces.wrappers import Averaged, Penalised

THETA = np.array([[1.5, -2.0], [0.25, 3.0]])


@pytest.fixture
def noisy():
    return SurfaceProblem(find("booth"), noise=Noise("gaussian", 2.0, seed=5))


@pytest.mark.parametrize("in_loss", [True, False])
def test_a_penalty_adds_its_gradient_and_perhaps_itself(noisy, in_loss):
    loss, grad = noisy.evaluate(THETA, 3)
    penalised = Penalised(noisy, 0.3, in_loss)
    with_loss, with_grad = penalised.evaluate(THETA, 3)
    np.testing.assert_allclose(with_grad, grad + 0.3 * THETA, rtol=1e-15)
    penalty = 0.15 * (THETA**2).sum(axis=1)
    np.testing.assert_allclose(with_loss, loss + penalty * in_loss, rtol=1e-15)
    assert (penalised.variables, penalised.coordinates, penalised.runs) == (noisy.variables, ("x", "y"), None)


def test_the_gradient_of_a_penalised_loss_is_its_slope():
    problem, h = Penalised(SurfaceProblem(find("rosenbrock")), 0.7), 1e-6
    at = np.array([[0.4, -0.3]])
    slope = [
        float(problem.evaluate(at + h * side, 0)[0][0] - problem.evaluate(at - h * side, 0)[0][0]) / (2 * h)
        for side in np.eye(2)
    ]
    np.testing.assert_allclose(problem.evaluate(at, 0)[1][0], slope, rtol=1e-6)


def test_float32_stays_float32(noisy):
    for problem in (Penalised(noisy, 0.3), Averaged(noisy, 3)):
        loss, grad = problem.evaluate(THETA.astype(np.float32), 0)
        assert (loss.dtype, grad.dtype) == (np.float32, np.float32)


def test_a_batch_is_the_mean_of_its_gradients_at_the_same_weights(noisy):
    parts = [noisy.evaluate(THETA, k) for k in (8, 9, 10, 11)]
    loss, grad = Averaged(noisy, 4).evaluate(THETA, 2)
    np.testing.assert_allclose(grad, sum(g for _, g in parts) / 4, rtol=1e-14)
    np.testing.assert_allclose(loss, parts[0][0], rtol=1e-14)  # noise disturbs the gradient alone


def test_each_run_has_its_own_seed():
    problem = Averaged(Penalised(SurfaceProblem(find("booth"), noise=Noise("gaussian", seed=(1, 2))), 0.1), 2)
    both = problem.evaluate(THETA[[0, 0]], 0)[1]
    assert problem.runs == 2
    for run in (0, 1):
        np.testing.assert_allclose(problem.single(run).evaluate(THETA[:1], 0)[1][0], both[run], rtol=1e-15)


def test_what_makes_no_sense_is_refused():
    problem = SurfaceProblem(find("booth"))
    with pytest.raises(ValueError, match="must be finite"):
        Penalised(problem, np.inf)
    with pytest.raises(ValueError, match="at least one gradient"):
        Averaged(problem, 0)
