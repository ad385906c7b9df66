"""The functions of a formula: a built-in surface's from a file, any other's from the worker; kept for who asks next."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces import ahead, worker_client
from adamax_viz.problems.surfaces.compiled import function_of
from adamax_viz.problems.surfaces.derived import Source
from adamax_viz.problems.surfaces.formula_text import FormulaBusy, syntax
from adamax_viz.problems.surfaces.kept import Kept

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
    return _patiently(lambda: _FUNCTIONS.get((formula, parameters), lambda: _compiled(formula, parameters)))


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
        function = _patiently(lambda: _HESSIANS.get((formula, parameters), lambda: _hessian(formula, parameters)))
        return function(*arguments)

    functions = (function_of(derived.value), function_of(derived.value_and_gradient), hessian)
    return Functions(*functions, derived.latex, derived.symbols, derived.height, derived.slopes)


def _hessian(formula: str, parameters: tuple[str, ...]) -> Compiled:
    return function_of(ahead.hessian(formula, parameters) or worker_client.derive_hessian(formula, parameters))


def _length(functions: Functions) -> int:
    return len(str((functions.latex, functions.height, functions.slopes)))


_MOST = LIMITS.formulas_kept, LIMITS.formulas_kept_text
_FUNCTIONS = Kept[Functions](*_MOST, _length)
_HESSIANS = Kept[Compiled](*_MOST, lambda hessian: len(hessian.__code__.co_code))
