"""The gate for formulas: what it lets in means what Python's own arithmetic says, what it keeps out is pointed at."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adamax_viz.problems.surfaces.compiled import compile_numpy
from adamax_viz.problems.surfaces.formula import (
    ALLOWED,
    FUNCTIONS,
    MAX_LENGTH,
    FormulaError,
    parse,
    to_latex,
    x,
    y,
)
from adamax_viz.problems.surfaces.surface import SurfaceProblem, compile_formula, custom
from tests.problems.probes import difference

QUICK = settings(
    deadline=None, max_examples=150, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


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


NOT_REAL = "no real value"
UNKNOWN = "is unknown"
STRANGE = "is not understood"
MISSING = "is missing"
BAD = [
    # text, what the message says, the 1-based character it points at
    ("", "empty", 1),
    ("  \t\n ", "empty", 1),
    # brackets and operators
    ("(", "missing after '\\('", 1),
    ("(x", "never closed", 1),
    ("x*(y + sin(x)", "never closed", 3),
    ("sin(x, y", "never closed", 4),
    ("x)", "closes nothing", 2),
    ("(x))+(y", "closes nothing", 4),
    ("max(x,y))", "closes nothing", 9),
    ("()", MISSING, 2),
    ("sin()", MISSING, 5),
    ("sin(,x)", MISSING, 5),
    ("max(x,)", MISSING, 7),
    ("x +", "missing after '\\+'", 3),
    ("x^2 - y**  ", "missing after '\\*\\*'", 8),
    ("-", MISSING, 1),
    ("x + * y", "missing before '\\*'", 5),
    ("*x", MISSING, 1),
    ("x //y", "missing before '/'", 4),
    ("x^^2", MISSING, 3),
    ("2x", "operator is missing before 'x'", 2),
    ("x y", "operator is missing before 'y'", 3),
    ("2(x)", "operator is missing before the bracket", 2),
    ("(x)(y)", "operator is missing before the bracket", 4),
    ("1.2.3", "operator is missing", 4),
    ("x, y", "comma", 2),
    ("(x, y)", "not part of a formula", 1),
    # characters and words from elsewhere
    ("x.__class__", STRANGE, 2),
    ("().__class__.__bases__", MISSING, 2),
    ("x.real", STRANGE, 2),
    ("__import__('os')", STRANGE, 12),
    ("__import__(x)", "'__import__' is not a function", 1),
    ("eval(x)", "'eval' is not a function", 1),
    ("x + open(y)", "'open' is not a function", 5),
    ("x(y)", "'x' is not a function", 1),
    ("'x'", STRANGE, 1),
    ('x + "y"', STRANGE, 5),
    ("x[0]", STRANGE, 2),
    ("{x}", STRANGE, 1),
    ("x < y", STRANGE, 3),
    ("x == y", STRANGE, 3),
    ("x = 1", STRANGE, 3),
    ("(x := 1)", STRANGE, 4),
    ("x; y", STRANGE, 2),
    ("x # y", STRANGE, 3),
    ("x \\ y", STRANGE, 3),
    ("x % y", STRANGE, 3),
    ("~x", STRANGE, 1),
    ("x@y", STRANGE, 2),
    ("x\0", STRANGE, 2),
    ("x²", STRANGE, 2),
    ("π*x", STRANGE, 1),
    ("x − y", STRANGE, 3),
    ("ｘ + y", STRANGE, 1),
    ("sin(x=1)", STRANGE, 6),
    ("sin(*x)", MISSING, 5),
    ("lambda x: x", MISSING, 8),
    ("lambda", "can't be read", 6),
    ("x if y else t", MISSING, 3),
    ("x and y", MISSING, 3),
    ("not x", MISSING, 5),
    ("None", "not part of a formula", 1),
    ("x + True", "not part of a formula", 5),
    ("True(x)", "not part of a formula", 1),
    ("x**2 + foo", "'foo' is unknown", 8),
    ("x^2 + foo", "'foo' is unknown", 7),
    ("  z", UNKNOWN, 3),
    ("nan", UNKNOWN, 1),
    ("x*inf", UNKNOWN, 3),
    ("sin", UNKNOWN, 1),
    ("sin(x, y)", "sin takes 1 argument ", 1),
    ("x + max(y)", "max takes 2 arguments ", 5),
    # numbers
    ("x + 1e400", "larger than 1e\\+12", 5),
    ("1" * 250, "larger than 1e\\+12", 1),
    ("1e5*1e5*1e5", "larger than 1e\\+12", 1),
    ("0777", "can't be read", 1),
    ("1_000", MISSING, 2),
    ("0x10", MISSING, 2),
    ("1j", MISSING, 2),
    ("x**21", "exponent is larger than 20", 1),
    ("9**9**9", "exponent is larger than 20", 1),
    ("x + 9^9^9^9^9^9^9^9^9^9", "exponent is larger than 20", 19),
    ("10**13", "power is larger", 1),
    ("((x**10)**10)", "together are larger than 20", 2),
    ("x^x^x^x^x^x", "power inside an exponent", 7),
    ("exp(exp(exp(9)))", "larger than 1e\\+12", 5),
    ("asin(2)", NOT_REAL, 1),
    ("x + acos(-1.5)", NOT_REAL, 5),
    ("1/0", NOT_REAL, 1),
    ("y + x/0", NOT_REAL, 5),
    ("1/(x - x)", NOT_REAL, 1),
    ("x*log(0)", NOT_REAL, 3),
    ("log(-1)", NOT_REAL, 1),
    ("sqrt(-4)", NOT_REAL, 1),
    ("tan(pi/2)", NOT_REAL, 1),
    ("1/exp(-1e12)", "larger than 1e\\+12", 1),
    ("0^-1", "divides by zero", 1),
    ("0^x", "divides by zero", 1),
    ("(-8)^(1/3)", "negative number", 1),
    ("(-1)^x", "negative number", 1),
    ("(-x^2)^(1/3)", NOT_REAL, 1),
    # too much of it
    ("x+" * 5000 + "x", "has 10001 characters", MAX_LENGTH + 1),
    ("(" * 10_000, "has 10000 characters", MAX_LENGTH + 1),
    ("(" * 200, "missing after '\\('", 200),
    ("-" * 299 + "x", "nested too deeply", 27),
    ("sin(" * 50 + "x" + ")" * 50, "nested too deeply", 105),
    ("*".join(f"(x+{i})" for i in range(40)), "nested too deeply", 1),
]


@pytest.mark.parametrize(("text", "message", "character"), BAD, ids=[repr(text)[:30] for text, _, _ in BAD])
def test_what_the_gate_refuses(text: str, message: str, character: int) -> None:
    with pytest.raises(FormulaError, match=message) as caught:
        parse(text)
    assert caught.value.position == character - 1
    assert f"(at character {character})" in str(caught.value)
    assert ALLOWED in str(caught.value)


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


def test_parameters_are_names_of_their_own() -> None:
    (value,) = compile_numpy([parse("a*x + b", ("a", "b"))], ("a", "b"))(2.0, 0.0, 0.0, 3.0, 4.0)
    assert value == 10
    with pytest.raises(FormulaError, match="'a' is unknown"):
        parse("a*x")


def test_latex() -> None:
    assert to_latex(x**2 / y) == r"\frac{x^{2}}{y}"
    assert to_latex(parse("max(x, 1)^2")) == r"{\max\left(x, 1\right)}^{2}"
    assert to_latex(parse("speed*abs(t)", ("speed",))) == r"\mathrm{speed}\, \left|{t}\right|"


# -- texts that nobody thought of ---------------------------------------------------------------------------

WORDS = ["x", "y", "t", "pi", "e", "0", "1", "2", "0.5", "1e9", "3.", " ", *"+-*/^(),._#'[]=<ab", "**", "//"]
CALLS = [f"{name}(" for name in FUNCTIONS]


@QUICK
@given(st.lists(st.sampled_from([*WORDS, *CALLS]), max_size=40).map("".join))
def test_words_in_any_order_give_a_formula_or_an_error(text: str) -> None:
    returns_or_refuses(text)


@QUICK
@given(st.text(alphabet="xyt0123456789.+-*/^() ,esincoqrtabml_", max_size=60))
def test_characters_in_any_order_give_a_formula_or_an_error(text: str) -> None:
    returns_or_refuses(text)


@QUICK
@given(st.text(max_size=30))
def test_any_text_gives_a_formula_or_an_error(text: str) -> None:
    returns_or_refuses(text)


def returns_or_refuses(text: str) -> None:
    try:
        parse(text)
    except FormulaError as error:
        assert error.position is not None  # noqa: PT017
        assert 0 <= error.position <= max(len(text) - 1, 0)  # noqa: PT017


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
