"""A formula means what Python's own arithmetic says, and its slopes are right."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adamax_viz.problems.surfaces.compiled import function_of
from adamax_viz.problems.surfaces.formula import parse
from adamax_viz.problems.surfaces.formula_text import FormulaError
from adamax_viz.problems.surfaces.functions import compile_formula
from adamax_viz.problems.surfaces.numpy_text import fold, function_text
from adamax_viz.problems.surfaces.surface import SurfaceProblem, custom
from tests.problems.probes import difference

QUICK = settings(
    deadline=None, max_examples=150, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def compile_numpy(expressions, parameters=()):
    return function_of(function_text([*map(fold, expressions)], parameters))


def sign(z: float) -> float:
    return (z > 0) - (z < 0)


GOOD: dict[str, Callable[[float, float, float], float]] = {
    "x": lambda x, y, t: x,
    "7": lambda x, y, t: 7,
    "  x + y ": lambda x, y, t: x + y,
    "x\n +\xa0y": lambda x, y, t: x + y,
    "-x - -y": lambda x, y, t: -x + y,
    "+x": lambda x, y, t: x,
    "-x^2": lambda x, y, t: -(x**2),
    "2^-2*x": lambda x, y, t: x / 4,
    "x^2 + y**2": lambda x, y, t: x**2 + y**2,
    "x^2^2": lambda x, y, t: x**4,
    "x - y - t": lambda x, y, t: x - y - t,
    "x/y/2": lambda x, y, t: x / y / 2,
    "0.30000000000000004*x": lambda x, y, t: 0.30000000000000004 * x,
    "1e-3*x + .5*y + 3.": lambda x, y, t: 1e-3 * x + 0.5 * y + 3,
    "pi*x + e": lambda x, y, t: math.pi * x + math.e,
    "e^(-x^2 - y^2)": lambda x, y, t: math.exp(-(x**2) - y**2),
    "2^x": lambda x, y, t: 2**x,
    "x^y": lambda x, y, t: x**y,
    "x^1.5": lambda x, y, t: x**1.5,
    "x^-3": lambda x, y, t: x**-3,
    "x^20 - x^7": lambda x, y, t: x**20 - x**7,
    "(x^2)^0.25": lambda x, y, t: math.sqrt(abs(x)),
    "sqrt(2)*x + sqrt(y)": lambda x, y, t: math.sqrt(2) * x + math.sqrt(y),
    "sin(x)*cos(y)*tan(t)": lambda x, y, t: math.sin(x) * math.cos(y) * math.tan(t),
    "asin(x/9) + acos(y/9) + atan(t)": lambda x, y, t: math.asin(x / 9) + math.acos(y / 9) + math.atan(t),
    "sinh(x) + cosh(y) + tanh(t)": lambda x, y, t: math.sinh(x) + math.cosh(y) + math.tanh(t),
    "exp(-x) + log(y)": lambda x, y, t: math.exp(-x) + math.log(y),
    "abs(x - 5) + abs(-3)": lambda x, y, t: abs(x - 5) + 3,
    "sign(x - 5)*y + sign(-2)": lambda x, y, t: sign(x - 5) * y - 1,
    "max(x, y) - min(x, 2*y)": lambda x, y, t: max(x, y) - min(x, 2 * y),
    "max(1, 2)*x + min(1, 2)": lambda x, y, t: 2 * x + 1,
    "max(0, cos(t))^20": lambda x, y, t: max(0.0, math.cos(t)) ** 20,
    "1/3 - 1": lambda x, y, t: 1 / 3 - 1,
    "+".join(["x*y"] * 60): lambda x, y, t: 60 * x * y,
    "(" * 100 + "x" + ")" * 100: lambda x, y, t: x,
}


@pytest.mark.parametrize("text", GOOD)
def test_a_formula_means_what_it_says(text: str) -> None:
    functions = compile_formula(text)
    for at in [(1.3, 0.7, 0.4), (0.2, 1.9, 3.0), (1.0, 2.5, 0.0)]:
        (value,) = functions.value(*map(np.float64, at))
        assert value == pytest.approx(GOOD[text](*at), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("text", GOOD)
def test_its_slopes_are_right(text: str) -> None:
    problem = SurfaceProblem(custom(text))
    points = np.array([[1.3, 0.7], [0.2, 1.9], [1.0, 2.5]])
    _, gradient = problem.evaluate(points, 3)
    expected = np.column_stack(difference(lambda x, y: problem.value(x, y, 3), *points.T))
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("text", GOOD)
def test_float32_stays_float32(text: str) -> None:
    at = (np.array([1.3, 0.2], np.float32), np.array([0.7, 1.9], np.float32), np.float32(3))
    functions = compile_formula(text)
    for part in (*functions.value_and_gradient(*at), *functions.hessian(*at)):
        assert isinstance(part, int | float) or part.dtype == np.float32


def test_a_formula_whose_slope_is_not_real_is_refused() -> None:
    with pytest.raises(FormulaError):
        compile_formula("(x - x^2 - 1)^0.5*log(x - x)")
    functions = compile_formula("(-exp(x))^y")  # nowhere real, but computable: it is NaN
    with np.errstate(all="ignore"):
        assert np.isnan(functions.value(np.float64(1), np.float64(0.5), np.float64(0))[0])


def test_the_tip_of_a_cone_has_no_slope() -> None:
    problem = SurfaceProblem(custom("sqrt(x^2 + y^2) + abs(x) + max(y, -y) - min(x, -x)"))
    loss, gradient = problem.evaluate(np.zeros((1, 2)), 0)
    assert loss.tolist() == [0]
    assert gradient.tolist() == [[0, 0]]
    assert np.all(problem.hessian(0, 0) == 0)


def test_kinks_have_no_infinite_curvature() -> None:
    problem = SurfaceProblem(custom("abs(x) + max(x, y)^2 + sign(y) + (x^2)^1.5"))
    assert problem.hessian(2, 1).tolist() == [[2 + 12, 0], [0, 0]]


def test_constants_are_exact() -> None:
    (value,) = compile_numpy([parse("0.1 + 0.2 + 0*x")])(0.0, 0.0, 0.0)
    assert value == 0.1 + 0.2
    (value,) = compile_numpy([parse("0.1234567890123456789*x")])(1.0, 0.0, 0.0)
    assert value == 0.1234567890123456789


ATOMS = st.sampled_from(["x", "y", "t", "2", "0.5", "3", "pi"])
FORMULAS = st.recursive(
    ATOMS,
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from([" + ", " - ", "*", "/"]), part).map(lambda p: f"({p[0]}{p[1]}{p[2]})"),
        st.tuples(part, st.sampled_from(["2", "3", "0.5", "x", "-1"])).map(lambda p: f"({p[0]})^({p[1]})"),
        st.tuples(st.sampled_from(["sin", "cos", "exp", "log", "abs", "sqrt", "tanh", "asin", "sign"]), part).map(
            lambda p: f"{p[0]}({p[1]})"
        ),
        st.tuples(st.sampled_from(["max", "min"]), part, part).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        part.map(lambda p: f"-{p}"),
    ),
    max_leaves=8,
)
PYTHON = {name: getattr(math, name) for name in ("sin", "cos", "exp", "log", "sqrt", "tanh", "asin", "pi")}
PYTHON |= {"abs": abs, "sign": sign, "max": max, "min": min}


@QUICK
@given(FORMULAS)
def test_well_formed_texts_agree_with_python(text: str) -> None:
    at = {"x": 1.25, "y": 0.375, "t": 2.0}
    try:
        functions = compile_formula(text)
    except FormulaError:
        return
    try:
        expected = eval(text.replace("^", "**"), {"__builtins__": {}}, PYTHON | at)
    except (ArithmeticError, ValueError, TypeError):
        return  # Python refuses, or goes complex, where NumPy says inf or nan
    with np.errstate(all="ignore"):
        value, *slopes = functions.value_and_gradient(*map(np.float64, at.values()))
    assert all(np.isrealobj(slope) for slope in slopes)
    if not isinstance(expected, complex) and abs(expected) < 1e6:
        assert value == pytest.approx(expected, rel=1e-6, abs=1e-6)
