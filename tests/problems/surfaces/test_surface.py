"""A surface as a problem: variables, parameters, noise, moving minima, and a user's own formula."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.formula_text import FormulaError
from adamax_viz.problems.surfaces.functions import compile_formula
from adamax_viz.problems.surfaces.noise import Noise
from adamax_viz.problems.surfaces.surface import Parameter, SurfaceProblem, custom

POINTS = np.array([[1.0, 2.0], [-0.5, 0.25], [3.0, -1.0]])
RAVINE, DRIFT = CATALOGUE["ravine"], CATALOGUE["drifting_bowl"]


def test_one_variable_or_two() -> None:
    one, two = (SurfaceProblem(RAVINE, split=split) for split in ("one", "two"))  # type: ignore[arg-type]
    assert one.variables == {"theta": slice(0, 2)}
    assert two.variables == {"x": slice(0, 1), "y": slice(1, 2)}
    assert one.coordinates == two.coordinates == ("x", "y")
    assert np.array_equal(one.evaluate(POINTS, 0)[1], two.evaluate(POINTS, 0)[1])


def test_parameters() -> None:
    loss, gradient = SurfaceProblem(RAVINE, {"condition": 10}).evaluate(POINTS, 0)
    assert loss.tolist() == [20.5, 0.4375, 9.5]
    assert gradient.tolist() == [[1, 20], [-0.5, 2.5], [3, -10]]
    assert SurfaceProblem(RAVINE).parameters == {"condition": 50}


def test_another_value_of_a_parameter_compiles_nothing_anew() -> None:
    assert SurfaceProblem(RAVINE, {"condition": 10}).functions is SurfaceProblem(RAVINE).functions


def test_several_parameters_keep_their_order() -> None:
    names = {"b": Parameter(3, 0, 9, "B."), "a": Parameter(2, 0, 9, "A.")}
    problem = SurfaceProblem(replace(RAVINE, formula="a*x + b*y", parameters=names), {"a": 5})
    assert problem.evaluate(POINTS[:1], 0)[1].tolist() == [[5, 3]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"parameters": {"depth": 1}}, "Ravine along an axis has no parameter 'depth'"),
        ({"parameters": {"condition": 0.5}}, "'condition' must be between 1 and 1000. Received: 0.5"),
        ({"parameters": {"condition": float("nan")}}, "must be between"),
        ({"split": "three"}, "`split` must be 'one' or 'two'. Received: split='three'"),
        ({"noise": Noise("gaussian", envelope="x")}, "depend on t alone"),
    ],
)
def test_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SurfaceProblem(RAVINE, **arguments)


def test_noise_goes_into_the_gradient_not_into_the_loss() -> None:
    noise = Noise("gaussian", scale=0.5, seed=(1, 2, 3))
    plain, noisy = SurfaceProblem(RAVINE), SurfaceProblem(RAVINE, noise=noise)
    loss, gradient = noisy.evaluate(POINTS, 4)
    assert np.array_equal(loss, plain.evaluate(POINTS, 4)[0])
    assert np.array_equal(gradient, plain.evaluate(POINTS, 4)[1] + noise.table(5, 2)[4])


def test_a_batch_of_seeds_is_its_singles() -> None:
    problem = SurfaceProblem(RAVINE, {"condition": 7}, "two", Noise("gaussian", seed=(1, 2, 3)))
    assert problem.runs == 3
    _, gradient = problem.evaluate(POINTS, 9)
    for run in range(3):
        single = problem.single(run)
        assert single.runs is None
        assert single.parameters == problem.parameters
        assert single.split == "two"
        assert np.array_equal(single.evaluate(POINTS[run : run + 1], 9)[1][0], gradient[run])


def test_without_seeds_of_their_own_runs_share_the_problem() -> None:
    problem = SurfaceProblem(RAVINE, noise=Noise("gaussian", seed=3))
    assert problem.runs is None
    assert problem.single(1) is problem


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_evaluate_leaves_its_argument_alone(dtype: str) -> None:
    theta = POINTS.astype(dtype)
    loss, gradient = SurfaceProblem(custom("x + y"), noise=Noise("gaussian")).evaluate(theta, 0)
    assert loss.dtype == gradient.dtype == dtype
    assert np.array_equal(theta, POINTS.astype(dtype))


def test_minima_move_with_t_and_the_parameters() -> None:
    problem = SurfaceProblem(DRIFT, {"speed": 0.1})
    for t in (0, 10, 31.5):
        (minimum,) = problem.minima(t)
        assert minimum.x == pytest.approx(1.5 * np.cos(0.1 * t), abs=1e-15)
        assert minimum.y == pytest.approx(1.5 * np.sin(0.1 * t), abs=1e-15)
        assert minimum[2:] == (0, True)
    saddle = SurfaceProblem(CATALOGUE["saddle"], {"steepness": 4}).minima()
    assert [tuple(m) for m in saddle] == [(0, 2, -4, True), (0, -2, -4, True)]


def test_value_broadcasts_and_is_float64() -> None:
    problem = SurfaceProblem(RAVINE)
    height = problem.value(np.arange(3, dtype=np.float32)[:, None], [1, 2])
    assert height.shape == (3, 2)
    assert height.dtype == np.float64
    assert height[2, 1] == 2 + 25 * 4
    assert SurfaceProblem(custom("7")).value([1, 2], 3).tolist() == [7, 7]


def test_hessian() -> None:
    assert SurfaceProblem(RAVINE).hessian(1, 1).tolist() == [[1, 0], [0, 50]]
    assert SurfaceProblem(custom("x^2*y + 3*y^2")).hessian(2, 5).tolist() == [[10, 4], [4, 6]]


def test_division_by_the_step_is_infinite_at_step_0() -> None:
    problem = SurfaceProblem(custom("x/t + y"))
    with np.errstate(all="ignore"):
        loss, gradient = problem.evaluate(POINTS, 0)
    assert np.isinf(loss).all()
    assert np.isinf(gradient[:, 0]).all()
    assert problem.evaluate(POINTS, 2)[1].tolist() == [[0.5, 1]] * 3


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_huge_power_of_the_step_is_infinite_in_float32(dtype: str) -> None:
    with np.errstate(all="ignore"):
        loss, _ = SurfaceProblem(custom("x*t^20")).evaluate(POINTS[:1].astype(dtype), 10_000)
    assert loss[0] == pytest.approx(np.inf if dtype == "float32" else 1e80)


def test_custom() -> None:
    surface = custom("x^2 + y^2 + sin(t)", ((-1, 3), (0, 8)))
    assert surface.starts == ((0, 2),)
    assert SurfaceProblem(surface).functions.moves
    assert SurfaceProblem(surface).minima() == []
    assert not compile_formula("x").moves


@pytest.mark.parametrize("domain", [((1, 1), (0, 1)), ((0, 1), (2, 1)), ((0, np.inf), (0, 1)), ((np.nan, 1), (0, 1))])
def test_custom_refuses_an_empty_domain(domain: Any) -> None:
    with pytest.raises(ValueError, match="The domain must go from a smaller to a larger number"):
        custom("x", domain)


def test_custom_refuses_what_the_gate_refuses() -> None:
    with pytest.raises(FormulaError) as caught:
        custom("x + foo")
    assert caught.value.position == 4


def test_surfaces_can_be_keys() -> None:
    assert len({RAVINE: 1, DRIFT: 2, custom("x"): 3}) == 3
