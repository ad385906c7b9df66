"""What is accepted at most, in one table: texts, files, runs and the server's work. docs/limits.md shows it.

Each bound is checked before anything of that size is allocated or computed. Whoever runs a server may set another one:
``ADAMAX_TRAINING_BYTES=500000000``.
"""

import os
import sys
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Most = Annotated[int, Field(ge=1)]
WAITS, REFUSED, ANEW = "waits for its turn", "is told so (503), and asks again", "is made anew when it is asked for"
LETS_GO = "lets the oldest go"


def _most(value: int, what: str, beyond: str = "is refused in a sentence") -> Any:
    """A bound, what is bounded, with its unit, and what happens to more than that."""
    return Field(value, description=what, json_schema_extra={"beyond": beyond})


class Limits(BaseModel):
    """The bounds; a description begins with the unit."""

    model_config = ConfigDict(frozen=True)

    # formulas
    formula_length: Most = _most(300, "characters of a formula")
    formula_nesting: Most = _most(25, "levels inside each other in a formula, brackets too")
    formula_functions: Most = _most(12, "functions inside each other in a formula")
    formula_powers: Most = _most(4, "powers that are no whole numbers inside each other in a formula")
    formula_exponent: Most = _most(
        20, "size of an exponent in a formula, and of those inside each other together (in a product its square)"
    )
    formula_number: Most = _most(10**12, "size of a number of a formula, written or computed")
    formula_text: Most = _most(100_000, "characters of what is computed for a formula")
    formula_cpu_seconds: Most = _most(2, "seconds that a processor works on a new formula")
    formula_seconds: Most = _most(
        3,
        "seconds until who asks for a new formula is answered, whatever else goes on",
        REFUSED,
    )
    formula_patience: Most = _most(
        15, "seconds for which a page or a command asks again while there are too many others", "is told so"
    )
    formula_bytes: Most = _most(300_000_000, "bytes of memory for working out a new formula")
    formulas_at_once: Most = _most(2, "new formulas worked out at the same time", WAITS)
    formulas_waiting: Most = _most(40, "new formulas waiting for their turn", REFUSED)
    formulas_kept: Most = _most(500, "formulas whose functions are kept", ANEW)
    formulas_kept_text: Most = _most(5_000_000, "characters of formulas' functions that are kept", ANEW)

    # links
    link_length: Most = _most(20_000, "characters of a link, names and values together")
    value_length: Most = _most(1000, "characters of one value of a link, of settings, or of what a player asks")
    name_length: Most = _most(60, "characters of the name of a surface, a model, data, a rule, a parameter")
    list_length: Most = _most(100, "entries of a list, or names with values, in one setting")
    settings_bytes: Most = _most(1_000_000, "bytes of settings as JSON")
    complaints: Most = _most(20, "sentences about one link", "is counted in one sentence")
    whole_number: Most = _most(2**31 - 1, "largest whole number of a setting, which Keras's counters hold")
    averaged_by_hand: Most = _most(1000, "gradients of which a step takes the mean by hand")
    training_changes: Most = _most(50, "changes on the way of a training, of which a link tells", "is not in the link")

    # runs
    run_steps: Most = _most(100_000, "steps of a run")
    shown_steps: Most = _most(20_000, "steps of a run on the screen", "is cut, with a sentence; of a file refused")
    compared_steps: Most = _most(5000, "steps of each run where several are shown", "is cut, with a sentence")
    training_steps: Most = _most(50_000, "steps of a training")
    more_steps: Most = _most(20_000, "steps that are asked for at once in a training", "is no choice")
    training_points: Most = _most(4000, "points that are drawn for a training, a quarter of them held back")
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
    files_at_once: Most = _most(2, "files read at the same time", WAITS)
    record_bytes: Most = _most(150_000_000, "bytes of the full record of a training")
    pictures_at_once: Most = _most(4, "archives with pictures that are received and made at once", REFUSED)
    pictures_bytes: Most = _most(20_000_000, "bytes of pictures that a page sends along for an archive")

    # the server's work
    links_at_once: Most = _most(4, "links read side by side", WAITS)
    links_waiting: Most = _most(64, "links that wait to be read", REFUSED)
    formula_links_at_once: Most = _most(64, "links with a formula read side by side; most of them only wait", WAITS)
    formula_links_waiting: Most = _most(64, "links with a formula that wait to be read", REFUSED)
    quick_steps: Most = _most(3000, "steps of a quick answer, one after the other", "goes with the longer runs")
    quick_at_once: Most = _most(2, "such answers under way at once, in their own process or in the server's", WAITS)
    quick_seconds: Most = _most(10, "seconds of such an answer in a process of its own", REFUSED)
    quick_run_bytes: Most = _most(20_000_000, "bytes of the runs that this process keeps", ANEW)
    quick_waiting: Most = _most(64, "such answers that wait", REFUSED)
    long_at_once: Most = _most(1, "longer runs, and files to take home, made side by side", WAITS)
    long_waiting: Most = _most(16, "of these that wait", REFUSED)
    long_pages_at_once: Most = _most(1, "longer runs that pages compute side by side", WAITS)
    stuck_seconds: Most = _most(120, "seconds of one piece of work", "makes /health answer 503")
    health_seconds: Most = _most(3, "seconds that /health waits for a small run", "is busy, or 503")
    ending_seconds: Most = _most(8, "seconds from the signal to the end of the server", "is ended by force")
    trainings_at_once: Most = _most(1, "trainings at work at once", WAITS)
    training_seconds: Most = _most(20, "seconds that a training goes on while nobody looks at it", "is stopped")
    kept_trainings: Most = _most(3, "trainings that a session keeps", LETS_GO)
    kept_training_bytes: Most = _most(200_000_000, "bytes of the records of these trainings", LETS_GO)
    compiled_models: Most = _most(8, "models whose compiled functions are kept, some 20 MB each", ANEW)
    run_bytes: Most = _most(100_000_000, "bytes of the runs that are kept for all", ANEW)
    landscape_bytes: Most = _most(20_000_000, "bytes of the landscapes that are kept for all", ANEW)
    answers_kept: Most = _most(300, "comparisons with Keras that are kept for all, 1 MB each at most", ANEW)
    answers_ahead: Most = _most(8, "comparisons with Keras that one visitor has waiting", WAITS)
    training_bytes: Most = _most(
        500_000_000, "bytes of the records of all trainings", "lets the oldest go, or is recorded coarsely"
    )
    one_training_bytes: Most = _most(160_000_000, "bytes of the record of one training", "is recorded coarsely")
    coarse_bytes: Most = _most(
        10_000_000, "bytes of a record for which others that somebody looks at are let go", "is recorded coarsely"
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


try:
    LIMITS = from_environment(os.environ)
except ValidationError as error:
    wrong = error.errors()[0]
    name = f"{PREFIX}{str(wrong['loc'][0]).upper()}"
    sys.exit(f"{name} must be a whole number above 0. Received: {wrong['input']!r}")


if __name__ == "__main__":
    print(table())
