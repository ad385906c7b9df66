"""The worker as seen from the process that wants formulas.

Where processes can't be forked (Windows), formulas are derived in this process, and a hostile one may hang it.
"""

import os
from typing import Any

from adamax_viz.apart import LOST, Answer, Apart
from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.derived import Derived, derived_of
from adamax_viz.problems.surfaces.formula_text import FormulaBusy, FormulaError

WORKER = Apart(
    "adamax_viz.problems.surfaces.worker",
    at_once=LIMITS.formulas_at_once + LIMITS.formulas_waiting,
    seconds=LIMITS.formula_seconds,
)


def derive(formula: str, parameters: tuple[str, ...] = ()) -> Derived:
    """All that is derived from a formula, but for its second derivatives.

    Raises:
        FormulaError: the formula is refused, or takes too long.
        FormulaBusy: there are too many others.
    """
    return derived_of(_ask(formula, parameters, hessian=False)["derived"])


def derive_hessian(formula: str, parameters: tuple[str, ...] = ()) -> str:
    """The text of a formula's second derivatives.

    Raises:
        FormulaError, FormulaBusy: as `derive`.
    """
    return str(_ask(formula, parameters, hessian=True)["hessian"])


def start() -> None:
    """Start the worker now, so that the first formula need not wait for SymPy."""
    WORKER.start()


def _ask(formula: str, parameters: tuple[str, ...], *, hessian: bool) -> Answer:
    answer = _answer({"formula": formula, "parameters": list(parameters), "hessian": hessian})
    if answer is LOST or "busy" in answer:
        raise FormulaBusy()
    if "refusal" in answer:
        raise FormulaError(*answer["refusal"])
    return answer


def _answer(request: dict[str, Any]) -> Answer:
    if hasattr(os, "fork"):
        return WORKER.ask(request)
    from adamax_viz.problems.surfaces.derivation import answer_to

    return answer_to(request)
