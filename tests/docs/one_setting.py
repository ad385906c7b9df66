"""Where the setting of docs/contributing.md appears once its entry is in the table: run in a tree that has it."""

import io

import pytest
from streamlit.testing.v1 import AppTest

from adamax_viz import cli
from adamax_viz.core import engine
from adamax_viz.runs.run import runs_of
from adamax_viz.study.fields import knobs
from adamax_viz.study.link import from_json, from_query, read_study, to_json, to_query
from adamax_viz.study.sharing import lockable
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study, apply
from adamax_viz.words.labels import labels

NUDGED = RunSpec(nudge=2.0)
TWO = Study(RunSpec(), ({}, {"nudge": 3.0}))


def app(**params: str) -> AppTest:
    opened = AppTest.from_file("pages/navigation.py", default_timeout=60)
    for name, value in params.items():
        opened.query_params[name] = value
    return opened.run()


def test_link_and_json():
    assert to_query(NUDGED) == "surface=himmelblau&nudge=2.0"
    assert from_query(to_query(NUDGED)).settings == NUDGED
    assert from_json(to_json(NUDGED)).settings == NUDGED
    assert read_study({"b.nudge": "3.0"}) == (TWO, [])


def test_the_table_of_a_run():
    text = io.StringIO()
    runs_of([NUDGED.changed(steps=3)])[0].run.to_csv(text)
    assert from_query(text.getvalue().splitlines()[1].split(",")[0]).settings.nudge == 2.0


@pytest.mark.parametrize("value", ["-1", "21", "much"])
def test_a_value_out_of_its_bounds_is_refused_in_a_sentence(value):
    decoded = from_query(f"nudge={value}")
    assert decoded.settings == RunSpec()
    assert [sentence.split(" can't")[0] for sentence in decoded.complaints] == [f"nudge = “{value}”"]


def test_the_command_line(capsys):
    assert cli.main(["run", "--nudge", "2", "--steps", "3"]) == 0
    assert "nudge=2.0" in capsys.readouterr().out
    assert cli.main(["run", "--nudge", "21"]) == cli.USAGE


def test_knob_label_and_lock():
    assert [(knob.label, knob.value, knob.most) for knob in knobs(NUDGED)][-1] == ("Nudge", 2.0, 20)
    assert labels(TWO)[1] == "nudge 3"
    assert "nudge" in lockable(NUDGED)["Beyond Adamax"]
    assert apply(TWO, {"nudge": 4.0})[0].base.nudge == 4.0


def test_it_is_hidden_where_it_does_nothing():
    assert "Nudge" not in [knob.label for knob in knobs(NUDGED.changed(noise="gaussian"))]


def test_the_sidebar():
    opened = app(steps="50")
    switch = opened.sidebar.toggle(key="c_nudge")
    assert switch.label == "Nudge"
    switch.set_value(True).run()
    assert opened.query_params["nudge"] == "0.5"
    assert not opened.exception


def test_runs_that_differ_in_it_are_computed_one_by_one(monkeypatch):
    batches = []
    monkeypatch.setattr(engine, "run", lambda *given, run=engine.run, **more: batches.append(1) or run(*given, **more))
    runs_of([RunSpec(steps=2), RunSpec(steps=2, learning_rate=0.2)])
    assert len(batches) == 1
    runs_of([RunSpec(steps=3), RunSpec(steps=3, nudge=2.0)])
    assert len(batches) == 3
