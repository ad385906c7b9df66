"""The files of a run, and the archive that describes them."""

import io
import zipfile

from adamax_viz.files.archive import archive, readme, text_files
from adamax_viz.runs.columns import COLUMNS
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_json
from adamax_viz.study.spec import RunSpec

SETTINGS = RunSpec(surface="booth", steps=8, variables="two", clipnorm=1.0, dynamic_loss_scale=True, use_ema=True)


def test_the_archive_holds_the_files_and_says_what_they_are():
    run = run_of(SETTINGS)
    files = text_files(SETTINGS, run) | {"run.png": b"\x89PNG", "run.html": "<p>"}
    with zipfile.ZipFile(io.BytesIO(archive(SETTINGS, files, "https://lab.example/?surface=booth"))) as packed:
        assert packed.testzip() is None
        assert set(packed.namelist()) == {"README.md", *files}
        assert packed.read("run.png") == b"\x89PNG"
        assert from_json(packed.read("run.json")) == (SETTINGS, [])
        readme = packed.read("README.md").decode()
    assert "https://lab.example/?surface=booth" in readme
    for name in files:
        assert f"- `{name}`: " in readme


def test_every_column_of_the_table_is_described():
    described = {name for names in COLUMNS for name in names.split(", ")}
    for column in run_of(SETTINGS).to_frame().columns:
        parts = {column, column.removesuffix("_x").removesuffix("_y"), column[:-1] + "c"}
        assert parts & described, column


def test_what_a_readme_quotes_is_no_markdown():
    text = readme(
        RunSpec(surface="custom", formula="x**2 + 3*abs(y)", noise_envelope="exp(-t/10)*1"), [], "https://lab"
    )
    settings = next(line for line in text.splitlines() if line.startswith("The settings: "))
    assert settings.count("`") == 2
    assert not set("<>[]!") & set(settings)
