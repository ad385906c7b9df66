"""What is accepted at most, in one table: texts, files, runs and the server's work. docs/limits.md shows it.

Each bound is checked before anything of that size is allocated or computed. Whoever runs a server may set another one:
``ADAMAX_TRAINING_BYTES=500000000``.
"""

import os
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Most = Annotated[int, Field(ge=1)]


def _most(value: int, what: str) -> Any:
    """A bound, and what is bounded, with its unit."""
    return Field(value, description=what)


class Limits(BaseModel):
    """The bounds; a description begins with the unit."""

    model_config = ConfigDict(frozen=True)

    # formulas
    formula_length: Most = _most(300, "characters of a formula")

    # links

    # files

    # the server's work


PREFIX = "ADAMAX_"


def from_environment(environment: Mapping[str, str]) -> Limits:
    """The table, with what the environment says otherwise.

    Raises:
        pydantic.ValidationError: a bound that is no whole number above 0.
    """
    given = {name: environment.get(f"{PREFIX}{name.upper()}") for name in Limits.model_fields}
    return Limits.model_validate({name: value for name, value in given.items() if value is not None})


LIMITS = from_environment(os.environ)
