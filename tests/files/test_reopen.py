"""Every kind of file comes back as the run it was; a table of one's own loop replays; a bad file is one sentence."""

import io
import json
import zipfile

import numpy as np
import pytest

from adamax_viz.files.archive import archive, text_files
from adamax_viz.files.refusal import TableError
from adamax_viz.files.reopen import open_file
from adamax_viz.limits import LIMITS
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec

SETTINGS = RunSpec(surface="booth", steps=30, clipnorm=2.0)


@pytest.fixture(scope="module")
def run():
    return run_of(SETTINGS)


def own(run, *columns, rename=()):
    frame = run.to_frame()[list(columns)].rename(columns=dict(rename))
    return frame.to_csv(index=False).encode()


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return target.getvalue()


def test_a_table_and_an_archive_replay_their_own_numbers(run):
    table = csv_text(run, run.labels)
    for data in (table.encode(), archive(SETTINGS, text_files(SETTINGS, run), "https://lab.example/")):
        (opened,) = open_file("a", data)
        assert opened.settings == SETTINGS
        assert opened.known
        assert opened.complaints == []
        for name, array in run.arrays.items():
            np.testing.assert_array_equal(opened.trajectory[name], array, err_msg=name)


def test_numbers_are_replayed_not_recomputed(run):
    theta = repr(float(run["theta"][0, 7, 0]))
    (opened,) = open_file("a.csv", csv_text(run, run.labels).replace(theta, "0.125", 1).encode())
    assert opened.trajectory["theta"][0, 7, 0] == 0.125


def test_settings_alone_are_computed_and_that_is_said(run):
    (opened,) = open_file("a.json", text_files(SETTINGS, run)["run.json"].encode())
    assert opened.settings == SETTINGS
    assert "computed" in opened.complaints[0]
    np.testing.assert_array_equal(opened.trajectory["theta"], run["theta"])
    (opened,) = open_file("a.json", json.dumps({"version": 9, "steps": 90_000, "warp": 1}).encode())
    assert opened.trajectory.steps == LIMITS.shown_steps
    assert len(opened.complaints) == 4  # computed, another version, warp, too many steps


def test_two_columns_are_enough(run):
    (opened,) = open_file("mine.csv", own(run, "theta_x", "theta_y"))
    np.testing.assert_array_equal(opened.trajectory["theta"][0], run["theta"][0, :30])
    np.testing.assert_array_equal(opened.trajectory["step"][0], np.diff(run["theta"][0, :30], axis=0))
    assert not opened.known
    assert np.isnan(opened.trajectory["m"]).all()
    assert any("grad, m, u, loss, lr" in words for words in opened.complaints)
    assert any("no surface" in words or "none is drawn" in words for words in opened.complaints)


def test_the_surface_is_known_by_its_losses_or_by_a_link(run):
    (opened,) = open_file("mine.csv", own(run, "theta_x", "theta_y", "loss", "step_x", "step_y"))
    assert opened.settings.surface == "booth"
    assert not opened.known  # its hyperparameters are not
    assert opened.trajectory.steps == 30
    assert opened.trajectory["loss"][0, 30] == pytest.approx(run["loss"][0, 30])
    (opened,) = open_file("mine.csv", own(run, "run", "theta_x", "theta_y", "grad_x", "grad_y"))
    assert opened.settings == SETTINGS
    assert opened.known
    np.testing.assert_array_equal(opened.trajectory["grad"][0], run["grad"][0, :29])


def test_weights_have_any_names_and_the_first_two_are_shown(run):
    names = {"theta_x": "theta_w", "theta_y": "theta_b", "loss": "theta_third"}
    (opened,) = open_file("mine.csv", own(run, *names, rename=names))
    assert opened.trajectory.coordinates == ("w", "b")
    assert "3 weights; w and b are shown" in opened.complaints[0]


def test_what_is_not_finite_or_not_known_is_left_out_and_said(run):
    rows = b"theta_x,theta_y,run\n1,2,surface=hill&v=1\n1.5,2,surface=hill&v=1\ninf,2,surface=hill&v=1\n"
    (opened,) = open_file("mine.csv", rows)
    assert opened.trajectory["theta"][0].tolist() == [[1, 2], [1.5, 2]]
    assert not opened.known
    assert opened.settings.surface == "custom"
    assert any("From step 2 on the weights are not finite" in words for words in opened.complaints)


def test_a_models_table_shows_two_of_its_weights(run):
    frame = run.to_frame()[["run", "loss", "theta_x", "theta_y"]].rename(columns={"theta_x": "theta_w[0]"})
    frame["run"] = ["model=line&learning_rate=0.1"] * 10 + ["model=line&learning_rate=0.01"] * 20  # changed on the way
    frame["loss"] *= 2
    (opened,) = open_file("model.csv", frame.to_csv(index=False).encode())
    assert opened.trajectory.coordinates == ("w[0]", "y")
    assert opened.trajectory.steps == 29
    assert not opened.known
    assert "a model's training" in opened.complaints[-1]


def test_a_spreadsheets_semicolons_and_decimal_commas_are_read_and_said():
    (opened,) = open_file("mine.csv", b"theta_x;theta_y\n1,0;2,0\n1,5;2,25\n")
    assert opened.trajectory["theta"][0].tolist() == [[1.0, 2.0], [1.5, 2.25]]
    assert opened.complaints[:2] == [
        "Read with semicolons between the columns.",
        "Commas in numbers were read as decimal points.",
    ]


def damaged(text):
    return lambda run: text(csv_text(run, run.labels)).encode()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda run: b"", "The file is empty"),
        (lambda run: b"a,b\n1,2\n", "column 'theta_x' is missing"),
        (lambda run: b"theta_x\n1\n", "column 'theta_y' is missing"),
        (lambda run: b"theta_a\n1\n", "column of a second theta_<name> is missing"),
        (lambda run: b"theta_x,theta_y\n1,2\n", "needs two rows"),
        (lambda run: b"theta_x,theta_y\nnan,2\n1,2\n", "needs two rows"),
        (lambda run: b"theta_x,theta_y\n1,2\n3,much\n", "Row 3, column 'theta_y': 'much' is not a number"),
        (lambda run: b"\xff\xfe\x00\x01", "UTF-8"),
        (lambda run: b"<!doctype html><p>hello</p>", "holds no run"),
        (lambda run: b"{", "JSON"),
        (lambda run: b"PK\x03\x04 and then nothing", "damaged"),
        (lambda run: zipped({"notes.txt": "hello"}), "no table"),
        (lambda run: zipped({f"{i}.txt": "" for i in range(1001)}), "1001 files"),
        (lambda run: zipped({"run.csv": zipped({"run.csv": "a"})}), "no table"),
        (lambda run: zipped({"bomb.csv": b"0" * (LIMITS.file_bytes + 1)}), "unpacks to more than 20 MB"),
        (lambda run: b"0" * (LIMITS.file_bytes + 1), "20 MB"),
        (lambda run: b"theta_x,theta_y\n" + b"1,2\n" * (LIMITS.shown_steps + 3), "the screen shows 20000"),
        (damaged(lambda t: t.replace(",0.05,", ",much,", 1)), "Row 2, column 'lr': 'much' is not a number"),
        (damaged(lambda t: "\r\n".join(line for i, line in enumerate(t.split("\r\n")) if i != 3)), "rows are missing"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(run, make, words):
    with pytest.raises(TableError, match=words) as refused:
        open_file("mine", make(run))
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.zip", b"no archive", "called .zip and is no archive"),
        ("x.zip", b"", "called .zip and is no archive"),
        ("a_b_c.json", b'{"steps": 1 2}', "can't be read from line 1, character 13 on"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b'{"a": "\xff"}', "no text in UTF-8"),
        ("a.json", b'{"a": 1' + b"0" * 5000 + b"}", "a number in them is too long"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(name, data, words):
    with pytest.raises(TableError, match=words):
        open_file(name, data)


def test_a_json_of_something_else_is_told_so():
    with pytest.raises(TableError, match="must be a JSON object"):
        open_file("list.json", b"[1, 2]")


def test_a_name_that_is_no_text_is_written_all_the_same(run):
    opened = open_file("\ud800.csv", csv_text(run, run.labels).encode())[0]
    assert "?.csv" in opened.name
    opened.name.encode()
