"""Why a value is of the wrong kind, in words a person says: by the type of pydantic's error."""

from collections.abc import Mapping
from typing import Any

_WHOLE, _NUMBER = "it is not a whole number", "it is not a number"
# Filled with the error's context.
_REASONS = {
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": "it is not a finite number",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": "it is too large",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "greater_than": "it must be above {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be below {lt}",
    "less_than_equal": "it must be at most {le}",
    "literal_error": "it must be {expected}",
    "missing": "a number is missing",  # of a start, of a domain
    "too_long": "it has more than {max_length} numbers",
    "string_type": "it is not a text",
    "tuple_type": "it is no list of numbers",
}


def reason(problem: Mapping[str, Any]) -> str:
    """Why, for one of `ValidationError.errors()`; what pydantic says where nobody has found better words.

    >>> reason({"type": "less_than_equal", "ctx": {"le": 100000}})
    'it must be at most 100,000'
    """
    if (words := _REASONS.get(problem["type"])) is not None:
        return words.format_map({name: _shown(value) for name, value in problem.get("ctx", {}).items()})
    message = problem["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{message[:1].lower()}{message[1:]}"


def _shown(value: Any) -> str:
    """A bound, or names without Python's quotes."""
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
    return str(value).replace("'", "")
