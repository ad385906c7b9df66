"""The command line does what the app does."""

import json

import numpy as np
import pandas as pd
import pytest

from adamax_viz.cli import main
from adamax_viz.files.table import read_csv
from adamax_viz.study.spec import DEFAULTS


def test_run_writes_every_step(tmp_path, capsys):
    path = tmp_path / "run.csv"
    command = ["run", "--surface", "rosenbrock", "--learning-rate", "0.05", "--steps", "500", "--csv", str(path)]
    assert main(command) == 0
    frame = pd.read_csv(path)
    assert len(frame) == 500
    assert "finished after 500 steps" in capsys.readouterr().out


def test_csv_to_standard_output_is_nothing_but_csv(capsys):
    assert main(["run", "--steps", "3", "--csv", "-"]) == 0
    (read,) = read_csv(capsys.readouterr().out.replace("\r\n", "\n").encode())
    assert read.trajectory.steps == 3


def test_every_setting_is_an_option(capsys):
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    text = capsys.readouterr().out
    for name in DEFAULTS:
        assert f"--{name.replace('_', '-')}" in text


def test_options_win_over_the_link_and_the_link_over_the_file(tmp_path, capsys):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"version": 1, "steps": 5, "beta_1": 0.5, "beta_2": 0.9}))
    command = ["run", "--settings", str(file), "--link", "?steps=6&beta_1=0.6", "--steps", "7", "--start", "-1", "2"]
    assert main(command) == 0
    assert "link        surface=himmelblau&start=-1.0,2.0&steps=7&beta_1=0.6&beta_2=0.9" in capsys.readouterr().out


def test_a_link_wins_also_with_what_is_a_default(tmp_path, capsys):
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"version": 1, "surface": "rosenbrock", "learning_rate": 0.1, "steps": 5}))
    link = "https://lab.example/playground?surface=himmelblau&learning_rate=0.05"
    assert main(["run", "--settings", str(file), "--link", link]) == 0
    assert "link        surface=himmelblau&steps=5\n" in capsys.readouterr().out
    assert main(["run", "--settings", str(file), "--link", link, "--learning-rate", "0.1"]) == 0
    assert "link        surface=himmelblau&steps=5&learning_rate=0.1\n" in capsys.readouterr().out


def test_switches_lists_and_parameters(capsys):
    switches = ["--use-ema", "--schedule", "PiecewiseConstantDecay", "--boundaries", "5", "9"]
    command = ["run", "--steps", "20", *switches, "--values", ".1", ".2", ".3"]
    assert main([*command, "--surface", "ravine", "--parameters", "condition=10"]) == 0
    out = capsys.readouterr().out
    assert "use_ema=true" in out
    assert "boundaries=5,9&values=0.1,0.2,0.3" in out
    assert "parameters.condition=10.0" in out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--steps", "0"], "steps"),
        (["--learning-rate", "fast"], "learning_rate"),
        (["--clipnorm", "1", "--clipvalue", "1"], "Only one of"),
        (["--surface", "rosenbrok"], "rosenbrock"),
        (["--surface", "custom", "--formula", "x +"], "formula"),
        (["--settings", "nowhere.json"], "nowhere.json"),
        (["--parameters", "condition"], "NAME=VALUE"),
        (["--csv", "/nowhere/at/all.csv"], "/nowhere/at/all.csv"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(options, words, capsys):
    assert main(["run", "--steps", "3", *options]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error


def test_a_wrong_link_is_said_and_the_rest_runs(capsys):
    assert main(["run", "--link", "steps=3&beta_1=high"]) == 0
    captured = capsys.readouterr()
    assert "beta_1" in captured.err
    assert "finished after 3 steps" in captured.out


def test_surfaces_lists_the_catalogue(capsys):
    assert main(["surfaces"]) == 0
    out = capsys.readouterr().out
    assert "rosenbrock" in out
    assert "himmelblau" in out


def test_verify_prints_the_largest_difference_of_each_quantity(capsys):
    assert main(["verify", "--steps", "40", "--dtype", "float32", "--clipnorm", "1", "--use-ema"]) == 0
    out = capsys.readouterr().out
    for quantity in ("weights", "m", "u", "ema", "lr"):
        assert quantity in out
    assert "keras 3" in out
    assert "matches Keras to 1e-06" in out


def test_a_diverging_run_says_where(capsys):
    assert main(["run", "--learning-rate", "1e200", "--steps", "50"]) == 0
    assert "diverged at step" in capsys.readouterr().out


def test_the_weights_of_the_csv_are_those_of_keras(tmp_path):
    """Keras is fed the file's gradients; its weights are compared with the file's."""
    from adamax_viz.parity.keras_optimizer import run_keras
    from adamax_viz.study.spec import RunSpec

    path = tmp_path / "run.csv"
    main(["run", "--surface", "rosenbrock", "--learning-rate", "0.05", "--steps", "500", "--csv", str(path)])
    frame = pd.read_csv(path)
    settings = RunSpec(surface="rosenbrock")
    grads = frame[["grad_x", "grad_y"]].to_numpy()
    start = frame.loc[0, ["theta_x", "theta_y"]].to_numpy(float)
    keras_run = run_keras(settings.optimizer(), grads, start, settings.problem().variables, "float32")
    np.testing.assert_allclose(frame[["theta_x", "theta_y"]], keras_run.theta[:-1], rtol=0, atol=1e-5)


def test_a_file_of_any_size_is_read_no_further_than_settings_go(tmp_path, capsys):
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(10**12)  # it takes no place on the disk, but would in memory
    assert main(["run", "--settings", str(path)]) == 2
    assert "more than 1000000 bytes" in capsys.readouterr().err


def test_what_no_terminal_can_print_is_replaced(capsys):
    assert main(["run", "--learning-rate", "\udcff\x1b[31m"]) == 2
    assert "\x1b" not in (said := capsys.readouterr().err)
    assert "learning_rate" in said
    assert main(["run", "--parameters", "\udcff" * 90]) == 2
    assert main(["run", "--link", "\udcff=1&steps=2"]) == 0
