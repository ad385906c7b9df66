"""A run as files to take home: table, settings, code, and an archive of them all with a description."""

import io
import zipfile
from collections.abc import Mapping

from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.runs.columns import columns_table
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import Run
from adamax_viz.study.link import to_json, to_query
from adamax_viz.study.spec import RunSpec

_WHAT = {
    "run.csv": "every number of every step, exactly; the columns are below",
    "run.json": "the settings that made the run; `python -m adamax_viz run --settings run.json` makes it again",
    "run_keras.py": "the run in Keras alone",
    "run_lab.py": "the run with the adamax_viz package",
    "run.html": "the player with this run: opens in a browser and plays, offline too",
    "run.svg": "the picture at the step where you were, in lines and letters",
    "run.png": "the same in pixels",
    "run.gif": "the run from its start to its end, for slides",
}


def text_files(settings: RunSpec, run: Run) -> dict[str, str]:
    """What Python alone can write of a run, by name."""
    return {
        "run.csv": csv_text(run, run.labels),
        "run.json": to_json(settings),
        "run_keras.py": keras_code(settings),
        "run_lab.py": library_code(settings),
    }


def archive(settings: RunSpec, files: Mapping[str, str | bytes], link: str) -> bytes:
    """A ZIP of files with a README that describes them and the columns of the table."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {"README.md": readme(settings, list(files), link), **files}.items():
            packed.writestr(name, content)
    return target.getvalue()


def readme(settings: RunSpec, names: list[str], link: str) -> str:
    """What the files of an archive are, and what the columns of its table mean."""
    listed = "\n".join(f"- `{name}`: {_WHAT[name]}" for name in names)
    return f"""# {settings.the_surface().title}: a run of Adamax

Made by Adamax Lab, which computes what `keras.optimizers.Adamax` computes.
The settings: `{to_query(settings)}`
Live: {link}

{listed}

To replay it, open this archive, the table or the page under "Open a file" in Adamax Lab.

## Columns of `run.csv`

One row a micro-step, header first, exact floats. An empty cell means: it did not happen in this step.

{columns_table()}
"""
