"""Formulas written to hang, fill or confuse give a function or one sentence each; what students type is taken."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.derivation import derive, derive_hessian
from adamax_viz.problems.surfaces.formula_text import FormulaBusy, FormulaError
from adamax_viz.problems.surfaces.functions import Functions, compile_formula
from adamax_viz.study.link import from_query, to_query
from adamax_viz.study.spec import RunSpec

HOSTILE = json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8"))
HANG = 120.0  # seconds: no formula takes that long, whatever else the machine does

SLOW = "tanh(((x^x + t^(2/7))/x)^20)"  # SymPy divides polynomials in vain
# Whose exact constants are zeros in disguise, or lead into factors, roots and numbers without end.
ENDLESS = [
    "x*abs(sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11)-sqrt(28+2*(sqrt(6)+sqrt(10)+sqrt(14)+sqrt(22)+sqrt(15)+sqrt(21)"
    "+sqrt(33)+sqrt(35)+sqrt(55)+sqrt(77))))",
    "atan(acos(cos(sinh(tan(asin(sin(cos(tanh(exp(log(atan(acos(cos(sinh(tan(asin(sin(cos(tanh(exp(log(x)))))))))))))"
    ")))))))))",
    "(((((0.1*5)*max(6,2))*((5)**(2/7))**19))**(1/3))**(-3/2)*x",
    "((y+y)^x-x)^(1/3)",
    "((((y+y)^x-x)^(1/3)+y)^x-x)^(1/3)",
    "x+max((tanh(13)*exp(7)),(min(cosh(3),sign(e))-tanh((1/3)**-20)))",
]
ORDINARY = [
    "-(sin(x)*sin(x^2/pi)^20)^2 - sin(y)*sin(2*y^2/pi)^20",
    "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2 + 0.001*x*y",
    "-20*exp(-0.2*sqrt(0.5*(x^2 + y^2))) - exp(0.5*(cos(2*pi*x) + cos(2*pi*y))) + e + 20 + 0.01*x",
    "sin(3*pi*x)^2 + (x - 1)^2*(1 + sin(3*pi*y)^2) + (y - 1)^2*(1 + sin(2*pi*y)^2)",
    "0.5 + (cos(sin(abs(x^2 - y^2)))^2 - 0.5)/(1 + 0.001*(x^2 + y^2))^2",
    "-(y + 47)*sin(sqrt(abs(x/2 + y + 47))) - x*sin(sqrt(abs(x - y - 47)))",
    "-0.0001*(abs(sin(x)*sin(y)*exp(abs(100 - sqrt(x^2 + y^2)/pi))) + 1)^0.1",
    "3*(1 - x)^2*exp(-x^2 - (y + 1)^2) - 10*(x/5 - x^3 - y^5)*exp(-x^2 - y^2) - 1/3*exp(-(x + 1)^2 - y^2)",
    "sin(x)*exp((1 - cos(y))^2) + cos(y)*exp((1 - sin(x))^2) + (x - y)^2",
    "(cos(2*x + 1) + 2*cos(3*x + 2) + 3*cos(4*x + 3) + 4*cos(5*x + 4) + 5*cos(6*x + 5))*(cos(2*y + 1) + 2*cos(3*y + 2)"
    " + 3*cos(4*y + 3) + 4*cos(5*y + 4) + 5*cos(6*y + 5))",
    "log(1 + exp(-(x + 2*y - 1))) + log(1 + exp(2*x - y + 0.5)) + log(1 + exp(-(x - y))) + log(1 + exp(x + y - 3))",
    "(tanh(y*tanh(x + 0.3) - 0.2) - 0.7)^2 + (tanh(y*tanh(x*2 + 0.3) - 0.2) - 0.9)^2 + (tanh(y*tanh(x*-1 + 0.3) - 0.2)"
    " + 0.6)^2 + (tanh(y*tanh(x*-2 + 0.3) - 0.2) + 0.95)^2",
    "-1/((x - 4)^2 + (y - 4)^2 + 0.1) - 1/((x - 1)^2 + (y - 1)^2 + 0.2) - 1/((x + 3)^2 + (y - 2)^2 + 0.2)"
    " - 1/((x - 2)^2 + (y + 3)^2 + 0.4) - 1/((x + 2)^2 + (y + 2)^2 + 0.4)",
    "max(abs(x - sin(t/50)), abs(y - cos(t/50))) + 0.1*sqrt((x - sin(t/50))^2 + (y - cos(t/50))^2 + 0.001)",
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2 + 0.1*((x - 3)^2 + (y - 2)^2) + 10*max(0, 1 - x^2 - y^2)^2",
    "x^2*(4 - 2.1*x^2 + x^4/3) + x*y + y^2*(-4 + 4*y^2) + 0.3*sin(5*x)*sin(5*y) + 0.2*sin(7*x + 3*y)",
    "(x^2 + y^2)^0.25*(sin(50*(x^2 + y^2)^0.1)^2 + 1)",
    "sqrt(2)*x^2 + sqrt(3)*y^2 + sin(pi/5)*x*y + log(2)*x + exp(0.5)*y",
    "1/(1 + exp(-(0.5*x + 0.3*y))) + 1/(1 + exp(-(1.5*x - 0.3*y))) + 1/(1 + exp(-(-0.7*x + 0.9*y))) + (x^2 + y^2)/50",
    "log(((x-3)^2 + (y-2)^2 + 0.01)*((x+2.8)^2 + (y-3.1)^2 + 0.01)*((x+3.8)^2 + (y+3.3)^2 + 0.01))",
    "*".join(f"((x - {i})^2 + (y - {i % 3})^2 + 0.{i + 1})" for i in range(8)),
]


def asked(formula: str) -> tuple[threading.Thread, list[Any]]:
    """A thread that waits for a formula, and where its outcome will be."""
    said: list[Any] = []

    def ask() -> None:
        try:
            said.append(compile_formula(formula))
        except (FormulaError, FormulaBusy) as error:
            said.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread, said


def outcome(formula: str) -> Functions | FormulaError | FormulaBusy:
    """What becomes of a formula; a failure if nothing does."""
    thread, said = asked(formula)
    thread.join(HANG)
    assert said, "no answer, or another error than a formula's"
    return said[0]


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 200


@pytest.mark.parametrize("formula", [*ENDLESS, *HOSTILE], ids=lambda formula: repr(formula)[:40])
def test_a_hostile_formula_gives_a_function_or_a_sentence(formula: str) -> None:
    found = outcome(formula)
    assert not isinstance(found, FormulaBusy)
    if isinstance(found, FormulaError):
        assert found.reason
        assert "\n" not in str(found)
        assert found.position is None or 0 <= found.position <= max(len(formula), LIMITS.formula_length)
        assert len(str(found)) < len(formula) + 500


@pytest.mark.parametrize("formula", ORDINARY)
def test_what_students_type_is_taken(formula: str) -> None:
    assert isinstance(outcome(formula), Functions)


def test_a_constant_that_is_as_good_as_nothing_is_nothing_everywhere() -> None:
    assert derive("x^2 + exp(-1000)*y^2").value == derive("x^2").value
    assert derive_hessian("x^2 + exp(-1000)*y^2")


def test_one_that_takes_too_long_is_refused_for_good() -> None:
    found = outcome(SLOW)
    assert isinstance(found, FormulaError)
    assert str(found).startswith("The formula takes too long to differentiate (at character 1). Please ")
    assert str(outcome(SLOW)) == str(found)


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        (SLOW, "The formula takes too long to differentiate (at character 1). Please nest fewer functions and powers"),
        (ENDLESS[1], "More than 12 functions stand inside each other (at character 42). Allowed: "),
        ("x + foo", "'foo' is unknown (at character 5). Allowed: "),
    ],
)
def test_a_link_says_it_in_one_sentence_and_shows_the_default(formula: str, sentence: str) -> None:
    settings, complaints = from_query(to_query(RunSpec(surface="custom", formula=formula)))
    assert settings.formula == RunSpec().formula
    (complaint,) = complaints
    assert complaint.startswith(sentence)
    assert complaint.endswith("The defaults were kept for: formula.")


@pytest.mark.parametrize(
    "formula",
    [
        *("((((y+y)**(10))**(-2))**(20))**(-20)", "(((x*y)**20)**20)**20", "(((pi*y)**20)**20)**2"),
        "((2*x*y)**(-20))**20*x**2 + (((x*y)**20)**19)**2",
    ],
)
def test_powers_inside_powers_of_products_are_bounded_together(formula: str) -> None:
    with pytest.raises(FormulaError, match="exponents together are larger than 400"):
        compile_formula(formula)


BEYOND = [
    "((100*y)**(20))**(19)+y-y",
    "((x/100)**20)**19",
    "((0.01*x)**20)**19",
    "(pi^15*x)^20*(pi^15*y)^20*(pi^15*x)^5",
]


@pytest.mark.parametrize("formula", [*BEYOND, "(1e12*x)^10*(1e12*y)^20", "(x/1e12)^20*(y/1e12)^20"])
def test_products_beyond_a_computers_numbers_are_refused(formula: str) -> None:
    with pytest.raises(FormulaError, match="multiplied out, is beyond a computer's numbers"):
        compile_formula(formula)
