"""What a screen shows of a link's study."""

from adamax_viz.limits import LIMITS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.state.shown import known_charts, on_screen


def test_more_steps_than_a_screen_shows_are_cut_with_a_sentence():
    alone, (complaint,) = on_screen(Study(RunSpec(steps=50_000)))
    assert alone.base.steps == LIMITS.shown_steps
    assert "50000 steps" in complaint
    several, complaints = on_screen(Study(RunSpec(), ({}, {"steps": 50_000})))
    assert several.specs()[1].steps == LIMITS.compared_steps
    assert [complaint.split(":")[0] for complaint in complaints] == ["B"]


def test_unknown_charts_of_a_link_are_left_out():
    assert known_charts("u,nothing", Study(RunSpec())) == ("u",)
    assert known_charts(None, Study(RunSpec())) is None
