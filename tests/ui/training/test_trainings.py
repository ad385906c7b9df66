"""Which training belongs to a spec, and what the address tells of it."""

import pytest

from adamax_viz.files.point_table import read_points
from adamax_viz.problems.models.points import Points
from adamax_viz.study.training_spec import TrainingSpec
from adamax_viz.ui.training.training_page import TrainingPage, subject_key


def points(first: int) -> Points:
    return read_points(("x,y\n" + "".join(f"{i},{i * i}\n" for i in range(first, first + 12))).encode())


def test_optimizer_and_length_make_no_other_training() -> None:
    spec = TrainingSpec(model="mlp")
    assert subject_key(spec, None) == subject_key(spec.changed(learning_rate=0.5, clipnorm=1.0, steps=7), None)
    assert subject_key(spec, None) != subject_key(spec.changed(seed=1), None)
    assert subject_key(spec, None) != subject_key(spec.changed(rule="adam"), None)


def test_a_users_points_are_told_apart_by_what_they_are() -> None:
    spec = TrainingSpec(model="mlp_curve", dataset="own")
    keys = [subject_key(spec, points(first)) for first in range(20)]  # each file goes before the next comes
    assert len(set(keys)) == 20
    assert subject_key(spec, points(3)) == keys[3]


def test_points_that_are_not_asked_for_make_no_difference() -> None:
    spec = TrainingSpec(model="mlp")
    assert subject_key(spec, points(1)) == subject_key(spec, None)


def page_at(**params: str) -> TrainingPage:
    page = TrainingPage()
    page.open({"model": "linear_regression"} | params)
    return page


def test_what_is_looked_at_is_in_the_address() -> None:
    page = page_at(picked="1,0", plane="random")
    assert (page.columns, page.basis, page.complaints) == ((1, 0), "random", [])
    assert page.params() == {"model": "linear_regression", "picked": "1,0", "plane": "random"}
    assert page_at().params() == {"model": "linear_regression"}


@pytest.mark.parametrize("wrong", [{"picked": "1,2,3"}, {"picked": "²"}, {"plane": "flat"}, {"trained": "many"}])
def test_what_is_no_such_thing_is_said(wrong: dict[str, str]) -> None:
    page = page_at(**wrong)
    assert len(page.complaints) == 1
    assert page.params() == {"model": "linear_regression"}


def test_a_lost_training_is_offered_until_something_else_is_trained() -> None:
    page = page_at(trained="30|10?learning_rate=0.5")
    told = {"model": "linear_regression", "trained": "30|10?learning_rate=0.5"}
    assert page.training is None
    assert page.params() == told
    page.change(seed=1)
    assert page.trained is None
    page.change(seed=0)
    page.run_again()
    assert page.training is not None
    page.training.wait(60)
    assert [(segment.first, segment.spec.learning_rate) for segment in page.training.segments] == [(0, 0.02), (10, 0.5)]
    assert page.training.done == 30
    assert page.params() == told


def test_a_training_whose_record_was_let_go_can_be_run_again() -> None:
    page = page_at(steps="20")
    page.start()
    assert page.training is not None
    page.training.wait(60)
    told = page.params()
    assert told["trained"] == "20"
    assert page.training.let_go()
    assert page.params() == told
    page.run_again()
    page.training.wait(60)
    assert (page.training.state, page.training.done) == ("finished", 20)


def test_a_link_for_points_of_ones_own_waits_for_the_browser() -> None:
    page = page_at(model="mlp_curve", dataset="own", trained="30")
    assert page.awaited is not None
    assert page.complaints == []
    rows = "".join(f"{i},{i * i}\n" for i in range(12))
    page.open_points(f"x,y\n{rows}".encode())
    assert (page.awaited, page.spec.dataset) == (None, "own")
    assert page.params() == {"model": "mlp_curve", "dataset": "own", "trained": "30"}


def test_a_browser_without_them_is_asked_once() -> None:
    link = {"model": "mlp_curve", "dataset": "own"}
    page = page_at(**link)
    page.give_up()
    assert page.spec.dataset is None
    assert "no link carries" in page.complaints[0]
    page.open(link)
    assert page.awaited is None
