"""What is derived from the built-in surfaces' formulas, ahead of time: they need neither SymPy nor a worker.

``python -m adamax_viz.problems.surfaces.ahead`` makes the file anew, after a formula or what is derived from it has
changed. A formula that it does not have goes to the worker.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from adamax_viz.problems.surfaces.derived import Derived, derived_of

FILE = Path(__file__).with_name("ahead.json")
Key = tuple[str, tuple[str, ...]]


def derived(formula: str, parameters: tuple[str, ...]) -> Derived | None:
    """What the file has of a formula with these parameters."""
    entry = _entries().get((formula, parameters))
    return None if entry is None else derived_of(entry["derived"])


def hessian(formula: str, parameters: tuple[str, ...]) -> str | None:
    """The text of its second derivatives."""
    entry = _entries().get((formula, parameters))
    return None if entry is None else str(entry["hessian"])


@cache
def _entries() -> dict[Key, dict[str, Any]]:
    if not FILE.exists():
        return {}
    entries = json.loads(FILE.read_text(encoding="utf-8"))
    return {(entry["formula"], tuple(entry["parameters"])): entry for entry in entries}


def formulas() -> list[Key]:
    """The formulas of the built-in surfaces and of their minima."""
    from adamax_viz.problems.surfaces.catalogue import SURFACES

    keys = [
        (formula, tuple(surface.parameters))
        for surface in SURFACES
        for formula in (surface.formula, *(part for minimum in surface.minima for part in minimum[:3]))
        if isinstance(formula, str)
    ]
    return list(dict.fromkeys(keys))


def made() -> str:
    """The file's text, one formula a line."""
    from adamax_viz.problems.surfaces.derivation import derive, derive_hessian

    entries = [
        {
            "formula": formula,
            "parameters": parameters,
            "derived": derive(formula, parameters)._asdict(),
            "hessian": derive_hessian(formula, parameters),
        }
        for formula, parameters in formulas()
    ]
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(made(), encoding="utf-8")
