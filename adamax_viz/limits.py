"""What is accepted at most, in one table: texts, files, runs and the server's work. docs/limits.md shows it.

Each bound is checked before anything of that size is allocated or computed. Whoever runs a server may set another one:
``ADAMAX_TRAINING_BYTES=500000000``.
"""

import os
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Most = Annotated[int, Field(ge=1)]


def _most(value: int, what: str, beyond: str = "is refused in a sentence") -> Any:
    """A bound, what is bounded, with its unit, and what happens to more than that."""
    return Field(value, description=what, json_schema_extra={"beyond": beyond})


class Limits(BaseModel):
    """The bounds; a description begins with the unit."""

    model_config = ConfigDict(frozen=True)

    # formulas
    formula_length: Most = _most(300, "characters of a formula")
    formula_functions: Most = _most(12, "functions inside each other in a formula")
    formula_powers: Most = _most(4, "powers that are no whole numbers inside each other in a formula")
    formula_text: Most = _most(100_000, "characters of what is computed for a formula")
    formula_cpu_seconds: Most = _most(2, "seconds that a processor works on a new formula")
    formula_seconds: Most = _most(3, "seconds until a new formula is answered, whatever else goes on")
    formula_bytes: Most = _most(300_000_000, "bytes of memory for working out a new formula")
    formulas_at_once: Most = _most(2, "new formulas worked out at the same time")
    formulas_waiting: Most = _most(40, "new formulas waiting for their turn")
    formulas_kept: Most = _most(500, "formulas whose functions are kept")
    formulas_kept_text: Most = _most(5_000_000, "characters of formulas' functions that are kept")

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

    # runs
    run_steps: Most = _most(100_000, "steps of a run")
    shown_steps: Most = _most(20_000, "steps of a run on the screen", "is cut, with a sentence; of a file refused")
    compared_steps: Most = _most(5000, "steps of each run where several are shown", "is cut, with a sentence")
    training_steps: Most = _most(50_000, "steps of a training")
    more_steps: Most = _most(20_000, "steps that are asked for at once in a training", "is no choice")
    training_parameters: Most = _most(2000, "parameters of a model")

    # files
    file_bytes: Most = _most(20_000_000, "bytes of a file, also when unpacked")
    file_rows: Most = _most(100_000, "rows of a table, empty ones too")
    file_columns: Most = _most(20_000, "columns of a table, known or not")
    row_bytes: Most = _most(1_000_000, "bytes of one row of a table")
    column_name: Most = _most(200, "characters of a column's name, or of a label of points")
    cell_length: Most = _most(20_000, "characters of one cell")
    file_runs: Most = _most(24, "runs in a file")
    file_formulas: Most = _most(2, "different formulas in the runs of a file")
    archive_members: Most = _most(1000, "files in an archive; one of them is read")
    points_bytes: Most = _most(2_000_000, "bytes of a file of points")
    points_rows: Most = _most(5000, "points of one's own")
    points_labels: Most = _most(6, "different labels of points of one's own")
    opened_files: Most = _most(24, "files that a session keeps open", "closes the oldest, with a sentence")
    opened_bytes: Most = _most(60_000_000, "bytes of the numbers of these files", "closes the oldest, with a sentence")
    files_at_once: Most = _most(2, "files read at the same time", "waits for its turn")
    record_bytes: Most = _most(150_000_000, "bytes of the full record of a training")
    pictures_bytes: Most = _most(20_000_000, "bytes of pictures that a page sends along for an archive")

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
    trainings_at_once: Most = _most(1, "trainings at work at once", "waits for its turn")
    compiled_models: Most = _most(8, "models whose compiled functions are kept, some 20 MB each", "is compiled anew")
    run_bytes: Most = _most(100_000_000, "bytes of the runs that are kept for all", "is computed anew")
    landscape_bytes: Most = _most(20_000_000, "bytes of the landscapes that are kept for all", "is computed anew")
    training_bytes: Most = _most(
        500_000_000, "bytes of the records of all trainings", "lets the oldest go, or is recorded coarsely"
    )


PREFIX = "ADAMAX_"


def from_environment(environment: Mapping[str, str]) -> Limits:
    """The table, with what the environment says otherwise.

    Raises:
        pydantic.ValidationError: a bound that is no whole number above 0.
    """
    given = {name: environment.get(f"{PREFIX}{name.upper()}") for name in Limits.model_fields}
    return Limits.model_validate({name: value for name, value in given.items() if value is not None})


def table() -> str:
    """The bounds as a Markdown table."""
    rows = []
    for name, each in Limits.model_fields.items():
        extra = each.json_schema_extra
        assert isinstance(extra, dict)
        rows.append(f"| `{name}` | {each.default:,} | {each.description} | {extra['beyond']} |")
    return "\n".join(["| name | at most | of what | more than that |", "| --- | ---: | --- | --- |", *rows])


LIMITS = from_environment(os.environ)


if __name__ == "__main__":
    print(table())
