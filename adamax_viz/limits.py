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
    link_length: Most = _most(20_000, "characters of a link, names and values together")
    value_length: Most = _most(1000, "characters of one value of a link, of settings, or of what a player asks")
    name_length: Most = _most(60, "characters of the name of a surface, a model, data, a rule, a parameter")
    list_length: Most = _most(100, "entries of a list, or names with values, in one setting")
    settings_bytes: Most = _most(1_000_000, "bytes of settings as JSON")
    complaints: Most = _most(20, "sentences about one link; what more is wrong with it is counted")
    whole_number: Most = _most(2**31 - 1, "largest whole number of a setting, which Keras's counters hold")
    averaged_by_hand: Most = _most(1000, "gradients of which a step takes the mean by hand")
    training_changes: Most = _most(50, "changes on the way of a training, of which a link tells")

    # files

    # the server's work
    links_at_once: Most = _most(4, "links read side by side")
    links_waiting: Most = _most(64, "links that wait to be read")
    formula_links_at_once: Most = _most(64, "links with a formula read side by side; most of them only wait")
    formula_links_waiting: Most = _most(64, "links with a formula that wait to be read")
    quick_steps: Most = _most(3000, "steps one after the other that a moving hand is answered with")
    quick_at_once: Most = _most(2, "such answers computed side by side")
    quick_waiting: Most = _most(64, "such answers that wait")
    long_at_once: Most = _most(1, "longer runs, and files to take home, made side by side")
    long_waiting: Most = _most(16, "of these that wait")
    stuck_seconds: Most = _most(120, "seconds of one piece of work, after which the server counts as ill")
    health_seconds: Most = _most(3, "seconds that the health check waits for a small run")
    ending_seconds: Most = _most(8, "seconds from the signal until the server ends whatever is under way")


PREFIX = "ADAMAX_"


def from_environment(environment: Mapping[str, str]) -> Limits:
    """The table, with what the environment says otherwise.

    Raises:
        pydantic.ValidationError: a bound that is no whole number above 0.
    """
    given = {name: environment.get(f"{PREFIX}{name.upper()}") for name in Limits.model_fields}
    return Limits.model_validate({name: value for name, value in given.items() if value is not None})


LIMITS = from_environment(os.environ)
