"""A formula is worked out once, and refused once; only what had no time is tried anew."""

from collections.abc import Callable

import pytest

from adamax_viz.problems.surfaces import functions, worker_client
from adamax_viz.problems.surfaces.derived import Derived
from adamax_viz.problems.surfaces.formula_text import FormulaBusy, FormulaError

FORMULA = "x**2 + 3*y**2"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], list[str]]:
    """The formulas that a worker is asked for, which always fails in this way; nothing is known before."""

    def failing(error: Exception) -> list[str]:
        formulas: list[str] = []

        def derive(formula: str, parameters: tuple[str, ...]) -> Derived:
            formulas.append(formula)
            raise error

        monkeypatch.setattr(worker_client, "derive", derive)
        return formulas

    monkeypatch.setattr(functions, "_FUNCTIONS", functions._shelf(functions._length))
    return failing


def test_a_refusal_is_kept_and_raised_anew(asked: Callable[[Exception], list[str]]) -> None:
    formulas, errors = asked(FormulaError("Wrong", 3, "Right it.")), []
    for _ in range(3):
        with pytest.raises(FormulaError) as caught:
            functions.compile_formula(FORMULA)
        errors.append(caught.value)
    assert formulas == [FORMULA]
    assert {str(error) for error in errors} == {"Wrong (at character 4). Right it."}
    assert {error.position for error in errors} == {3}
    assert len({id(error) for error in errors}) == 3
    assert functions._FUNCTIONS.taken == len(str(errors[0]))


@pytest.mark.parametrize("error", [FormulaBusy(), RuntimeError("a fault")])
def test_what_may_go_well_next_time_is_not_kept(asked: Callable[[Exception], list[str]], error: Exception) -> None:
    formulas, patience = asked(error), functions.PATIENCE.set(0)
    for _ in range(2):
        with pytest.raises(type(error)):
            functions.compile_formula(FORMULA)
    functions.PATIENCE.reset(patience)
    assert formulas == [FORMULA] * 2
