"""The gate for formulas: what it keeps out is pointed at, and no text brings it down."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.formula import FUNCTIONS, parse, to_latex, x, y
from adamax_viz.problems.surfaces.formula_text import ALLOWED, FormulaError
from tests.problems.surfaces.test_compiled import QUICK, compile_numpy

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
    # constants are numbers, and what is 0 in disguise is 0
    ("x/(sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6)))", NOT_REAL, 1),
    ("x/(sin(1)^2 + cos(1)^2 - 1)", NOT_REAL, 1),
    ("x/((pi + 1)^2 - pi^2 - 2*pi - 1)", NOT_REAL, 1),
    ("log(sin(pi))", NOT_REAL, 1),
    ("y/cos(pi/2)", NOT_REAL, 1),
    ("(sqrt(2) - 2)^0.5", "negative number", 1),
    # too much of it
    ("sin(" * 13 + "x" + ")" * 13, "More than 12 functions stand inside each other", 1),
    ("(((((x^0.5 + 1)^0.5 + 1)^0.5 + 1)^0.5 + 1)^0.5)", "More than 4 powers", 2),
    ("x^y^t", "power inside an exponent", 1),
    ("x+" * 5000 + "x", "has 10001 characters", LIMITS.formula_length + 1),
    ("(" * 10_000, "has 10000 characters", LIMITS.formula_length + 1),
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


def test_parameters_are_names_of_their_own() -> None:
    (value,) = compile_numpy([parse("a*x + b", ("a", "b"))], ("a", "b"))(2.0, 0.0, 0.0, 3.0, 4.0)
    assert value == 10
    with pytest.raises(FormulaError, match="'a' is unknown"):
        parse("a*x")


def test_latex() -> None:
    assert to_latex(x**2 / y) == r"\frac{x^{2}}{y}"
    assert to_latex(parse("max(x, 1)^2")) == r"{\max\left(x, 1\right)}^{2}"
    assert to_latex(parse("speed*abs(t)", ("speed",))) == r"\mathrm{speed}\, \left|{t}\right|"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("sqrt(2)*x + pi*y", r"\sqrt{2} x + \pi y"),
        ("x*sin(pi/4)", r"\sin{\left(\frac{\pi}{4} \right)} x"),
        ("x/(1 + sqrt(2))", r"\frac{x}{\sqrt{2} + 1}"),
        ("-sqrt(2)*x*(2 - sqrt(5))^2", r"- \sqrt{2} \left(2 - \sqrt{5}\right)^{2} x"),
        ("x - sqrt(2)", r"x - \sqrt{2}"),
        ("x^(-sqrt(2))", r"x^{- \sqrt{2}}"),
    ],
)
def test_pages_show_constants_as_they_were_written(text: str, latex: str) -> None:
    assert to_latex(parse(text)) == latex


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x*(sqrt(2)*sqrt(8) - 3)", "x"),
        ("x*27^(1/3)", "3*x"),
        ("sqrt(2)*x - sqrt(2)*x + y", "y"),
        ("x*(sqrt(2) + sqrt(3) - sqrt(5 + 2*sqrt(6))) + y", "y"),
        ("cos(pi)*x", "-x"),
        ("x^(sqrt(9))", "x^3"),
        ("log(e)*x*max(1, 2)", "2*x"),
        ("(sqrt(0.01) - 0.1)*x + y", "y"),
    ],
)
def test_constants_that_are_whole_are_whole(text: str, plain: str) -> None:
    assert parse(text) - parse(plain) in (0, 0.0)


def test_constants_are_as_exact_as_a_double() -> None:
    formulas = {
        "sqrt(2)*x": math.sqrt(2),
        "2^(1/3)*x": 2 ** (1 / 3),
        "x*sin(1)": math.sin(1),
        "x*e*pi": math.e * math.pi,
    }
    for text, expected in formulas.items():
        (value,) = compile_numpy([parse(text)])(1.0, 0.0, 0.0)
        assert value == pytest.approx(expected, rel=2.3e-16), text


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
