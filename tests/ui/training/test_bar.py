"""What the line of a training says."""

from adamax_viz.runs.training import Progress
from adamax_viz.ui.training.bar import _line


def test_the_line_says_how_much_may_be_recorded_of_this_training() -> None:
    progress = Progress("running", 50, 100, 20.0, 2.5, 0.5, 1, 1_230_000, 4_000_000, "Training: 50 of 100 steps.")
    assert "1.23 of about 4 MB for the record" in _line(progress)
    assert "recorded" not in _line(progress._replace(granted_bytes=0))
