"""How often a page is drawn again, while its training waits and while it runs."""

from types import SimpleNamespace

import pytest

from adamax_viz.limits import LIMITS
from adamax_viz.ui.training.live import EVERY, PART, seconds_to_next
from adamax_viz.ui.training.training_page import TrainingPage


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> TrainingPage:
    """One whose training has a place that a test chooses."""
    place = SimpleNamespace(before=0)
    monkeypatch.setattr(TrainingPage, "training", place)
    return TrainingPage()


def test_who_is_far_behind_looks_seldom_but_often_enough_to_be_seen(page: TrainingPage) -> None:
    waits = []
    for before in (1, 2, 4, 40):
        page.training.before = before  # type: ignore[union-attr, misc]
        waits.append([seconds_to_next(page) for _ in range(30)])
        assert len(set(waits[-1])) > 1  # not all at the same moment
    assert max(waits[0]) < min(waits[1])
    assert max(waits[1]) < min(waits[2])
    assert max(waits[3]) < LIMITS.training_seconds / 1.5


def test_pictures_take_a_part_of_the_time_only(page: TrainingPage) -> None:
    assert seconds_to_next(page) == EVERY
    page.drawing = 2.0
    assert seconds_to_next(page) == 2.0 / PART
