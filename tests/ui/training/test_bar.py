"""What the bar of a training says."""

from adamax_viz.runs.training import Progress
from adamax_viz.ui.training.bar import _line

PROGRESS = Progress("finished", 60, 60, 1674.0, 0.0, 0.25, 1, 1_230_000, 4_000_000, "Finished after 60 steps.")


def test_parts_of_a_line_end_without_a_full_stop() -> None:
    assert _line(PROGRESS).startswith("Finished after 60 steps · 1,674 steps/s · loss")


def test_who_waits_to_go_on_has_no_speed() -> None:
    waiting = PROGRESS._replace(state="waiting", total=80, sentence="Waiting: 1 training before this one.")
    assert _line(waiting).startswith("Waiting: 1 training before this one · loss")


def test_the_line_says_how_much_may_be_recorded_of_this_training() -> None:
    assert "1.23 of about 4 MB for the record" in _line(PROGRESS)
    assert "for the record" not in _line(PROGRESS._replace(granted_bytes=0))
