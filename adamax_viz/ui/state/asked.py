"""What a player or a link asks, as far as it is of the kind that a page expects: anybody may send anything."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from adamax_viz.limits import LIMITS
from adamax_viz.study.wrong_values import unfit


def request_of(asked: Any) -> Mapping[str, Any] | None:
    """What a component says: ``{"fields": {...}, "final": bool, "sequence": int}``, None if it is something else."""
    request = asked.get("request") if isinstance(asked, Mapping) else None
    if not isinstance(request, Mapping):
        return None
    fields, sequence = request.get("fields"), whole_of(request.get("sequence"), LIMITS.whole_number)
    if not isinstance(fields, Mapping) or sequence is None or not all(isinstance(name, str) for name in fields):
        return None
    return {"fields": fields, "final": bool(request.get("final")), "sequence": sequence}


def whole_of(value: Any, most: int) -> int | None:
    """A whole number from 0 to the most there may be, None if it is no number.

    >>> whole_of(3.0, 9), whole_of(-1, 9), whole_of(10**30, 9), whole_of("3", 9), whole_of(float("nan"), 9)
    (3, 0, 9, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return int(min(max(value, 0), most))


def texts_of(value: Any) -> list[str]:
    """The texts of a list, none if it is no list of a usual length."""
    if not isinstance(value, list | tuple) or unfit(value):
        return []
    return [text for text in value if isinstance(text, str)]


def point_of(value: Any) -> tuple[float, float] | None:
    """Two finite numbers, None if it is anything else."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    x, y = (float(n) if isinstance(n, int | float) and not unfit(n) else float("nan") for n in value)
    return (x, y) if isfinite(x) and isfinite(y) else None


def whole(text: str | None) -> int | None:
    """The whole number of a parameter such as `step` or `scene`: one to six digits, or None for any other text.

    >>> whole("12"), whole("-1"), whole("²"), whole(None)
    (12, None, None, None)
    """
    return int(text) if text and len(text) <= 6 and text.isascii() and text.isdigit() else None
