"""A formula derived: all of it that needs SymPy, in one place. `worker` runs this where it can be stopped."""

import math
from collections.abc import Mapping
from typing import Any

import sympy

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.compiled import function_of
from adamax_viz.problems.surfaces.derived import Derived
from adamax_viz.problems.surfaces.formula import is_real, number_of, parse, to_latex, x, y
from adamax_viz.problems.surfaces.formula_text import FormulaError
from adamax_viz.problems.surfaces.numpy_text import fold, function_text
from adamax_viz.problems.surfaces.source import source_of

SIMPLER = "Please nest fewer functions and powers, or write it shorter."


def derive(formula: str, parameters: tuple[str, ...] = ()) -> Derived:
    """The functions of a formula with these parameters, and how it is shown.

    Raises:
        FormulaError: what the gate refuses.
    """
    f = parse(formula, parameters)
    slopes = _slopes(f)
    if not all(map(is_real, slopes)):
        raise FormulaError("The slope of the formula is nowhere a real number", 0)
    derived = Derived(
        _function([f], parameters),
        _function([f, *slopes], parameters),
        to_latex(f),
        tuple(sorted(symbol.name for symbol in f.free_symbols)),
        source_of([f], share=False),
        source_of(slopes, share=True),
    )
    _refuse_long(str(derived))
    return derived


def derive_hessian(formula: str, parameters: tuple[str, ...] = ()) -> str:
    """The text of the function of the second derivatives: along xx, xy and yy.

    Raises:
        FormulaError: what the gate refuses.
    """
    along_x, along_y = _slopes(parse(formula, parameters))
    try:
        second = [sympy.diff(along_x, x), sympy.diff(along_x, y), sympy.diff(along_y, y)]
    except RecursionError:
        raise _too_much() from None
    return _function(second, parameters)


def _slopes(f: Any) -> list[Any]:
    try:
        return [sympy.diff(f, v) for v in (x, y)]
    except RecursionError:
        raise _too_much() from None


def _function(expressions: list[Any], parameters: tuple[str, ...]) -> str:
    try:
        folded = [fold(each) for each in expressions]
        if not all(map(_is_a_float, {number for each in folded for number in each.atoms(sympy.Number)})):
            raise FormulaError("A number in the formula, multiplied out, is beyond a computer's numbers", 0, SIMPLER)
        text = function_text(folded, parameters)
        _refuse_long(text)
        function_of(text)  # Python takes it
    except (RecursionError, SyntaxError):
        raise _too_much() from None
    return text


def _is_a_float(number: Any) -> bool:
    """Whether it can be computed with: not infinite, and no 0 but 0; fractions are written as two whole numbers."""
    parts = (number.p, number.q) if number.is_Rational else (number,)
    return all(math.isfinite(size := number_of(part)) and (size != 0 or not part) for part in parts)


def _refuse_long(text: str) -> None:
    if len(text) > LIMITS.formula_text:
        raise _too_much()


def _too_much() -> FormulaError:
    return FormulaError("The slopes of the formula are too long to compute", 0, SIMPLER)


def refusal(reason: str, position: int | None = 0, advice: str = SIMPLER) -> dict[str, Any]:
    """The answer of a formula that is refused: the arguments of a `FormulaError`."""
    return {"refusal": [reason, position, advice]}


def answer_to(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a request asks for (`formula`, `parameters`, whether the `hessian` alone), or why it is refused; as JSON."""
    formula, parameters = request["formula"], tuple(request["parameters"])
    try:
        if request["hessian"]:
            return {"hessian": derive_hessian(formula, parameters)}
        return {"derived": derive(formula, parameters)._asdict()}
    except FormulaError as error:
        return refusal(error.reason, error.position, error.advice)
    except MemoryError:
        return refusal("The formula takes too much memory to differentiate")
    except Exception as error:  # one of SymPy's many, for a formula that nobody has thought of
        return refusal(f"The formula can't be differentiated: {type(error).__name__}")
