"""The functions of a formula: a built-in surface's from a file, any other's from the worker; kept for who asks next."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces import ahead, worker_client
from adamax_viz.problems.surfaces.compiled import function_of
from adamax_viz.problems.surfaces.derived import Source
from adamax_viz.problems.surfaces.formula_text import FormulaBusy, FormulaError, syntax
from adamax_viz.shelf import Shelf

Compiled = Callable[..., tuple[Any, ...]]
Result = TypeVar("Result")

AGAIN = 0.3  # seconds until who found the worker busy asks again
# For so long; 0 for whoever can say that it was busy, and be asked again.
PATIENCE: ContextVar[float] = ContextVar("patience", default=float(LIMITS.formula_patience))


class Functions(NamedTuple):
    """Compiled functions of (x, y, t, *parameters), and the formula for a page and for a file."""

    value: Compiled
    value_and_gradient: Compiled
    hessian: Compiled  # worked out on demand, and then perhaps refused
    latex: str
    symbols: tuple[str, ...]  # what it depends on
    height: Source
    slopes: Source

    @property
    def moves(self) -> bool:
        """Whether it depends on t."""
        return "t" in self.symbols


def compile_formula(formula: str, parameters: tuple[str, ...] = ()) -> Functions:
    """Everything that is computed from a formula with these parameters.

    Raises:
        FormulaError: it is refused.
        FormulaBusy: there was no time for it.
    """
    return _kept(_FUNCTIONS, _compiled, formula, parameters)


def _kept(
    shelf: Shelf[Result | FormulaError],
    make: Callable[[str, tuple[str, ...]], Result],
    formula: str,
    parameters: tuple[str, ...],
) -> Result:
    """What is made of a formula, on the shelf from then on; so is its refusal."""

    def outcome() -> Result | FormulaError:
        try:
            return make(formula, parameters)
        except FormulaError as error:
            return error.again()

    found = _patiently(lambda: shelf.get((formula, parameters), outcome))
    if isinstance(found, FormulaError):
        raise found.again()
    return found


def _patiently(attempt: Callable[[], Result]) -> Result:
    until = time.monotonic() + PATIENCE.get()
    while True:
        try:
            return attempt()
        except FormulaBusy:
            if time.monotonic() >= until:
                raise
        time.sleep(AGAIN)


def _compiled(formula: str, parameters: tuple[str, ...]) -> Functions:
    derived = ahead.derived(formula, parameters)
    if derived is None:
        syntax(formula, parameters)  # most refusals need no worker
        derived = worker_client.derive(formula, parameters)

    def hessian(*arguments: Any) -> tuple[Any, ...]:
        return _kept(_HESSIANS, _hessian, formula, parameters)(*arguments)

    functions = (function_of(derived.value), function_of(derived.value_and_gradient), hessian)
    return Functions(*functions, derived.latex, derived.symbols, derived.height, derived.slopes)


def _hessian(formula: str, parameters: tuple[str, ...]) -> Compiled:
    return function_of(ahead.hessian(formula, parameters) or worker_client.derive_hessian(formula, parameters))


def _length(functions: Functions) -> int:
    return len(str((functions.latex, functions.height, functions.slopes)))


def _shelf(length: Callable[[Result], int]) -> Shelf[Result | FormulaError]:
    """Of so much text; who waits for a formula for which there is no time is told so at once."""

    def size(outcome: Result | FormulaError) -> int:
        return len(str(outcome)) if isinstance(outcome, FormulaError) else length(outcome)

    return Shelf(LIMITS.formulas_kept_text, size, count=LIMITS.formulas_kept, shared=(FormulaBusy,))


_FUNCTIONS = _shelf(_length)
_HESSIANS: Shelf[Compiled | FormulaError] = _shelf(lambda hessian: len(hessian.__code__.co_code))
