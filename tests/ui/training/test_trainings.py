"""Which training belongs to a spec: what is trained decides, not where it lies in memory."""

from adamax_viz.files.point_table import read_points
from adamax_viz.problems.models.points import Points
from adamax_viz.study.training_spec import TrainingSpec
from adamax_viz.ui.training.training_page import subject_key


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
