"""A training in a link: it comes back to the last change, and what no training was is refused in a sentence."""

import pytest

from adamax_viz.limits import LIMITS
from adamax_viz.runs.growing_run import Segment
from adamax_viz.runs.trained import Trained, read_trained, trained
from adamax_viz.runs.training import Training
from adamax_viz.study.training_spec import TrainingSpec

SPEC = TrainingSpec(model="linear_regression", steps=120, learning_rate=0.05, clipnorm=0.5)


def test_a_training_comes_back_as_it_was() -> None:
    first = SPEC.changed(learning_rate=0.01, clipnorm=None)
    told = Trained(321, (Segment(0, first), Segment(17, SPEC), Segment(200, SPEC.changed(use_ema=True))))
    text = told.text(SPEC)
    assert text == "321|0?learning_rate=0.01&clipnorm=none|17?|200?use_ema=true"
    assert read_trained(text, SPEC) == (told, [])


def test_without_changes_its_length_is_all_there_is_to_tell() -> None:
    assert Trained(120, (Segment(0, SPEC),)).text(SPEC) == "120"
    assert read_trained("120", SPEC) == (Trained(120, (Segment(0, SPEC),)), [])


def test_what_is_at_work_counts_as_a_whole_and_what_rests_as_far_as_it_came() -> None:
    training = Training(SPEC)
    assert trained(training) is None
    training.start()
    training.wait(60)
    training.total = 500  # more are asked for, and not begun
    assert trained(training) == Trained(120, (Segment(0, SPEC),))
    training.state = "running"
    assert trained(training) == Trained(500, (Segment(0, SPEC),))


def test_a_link_tells_of_so_many_changes_at_most() -> None:
    most = LIMITS.training_changes
    segments = [Segment(k, SPEC.changed(learning_rate=1 / (k + 1))) for k in range(most + 1)]
    assert read_trained(Trained(900, tuple(segments[:-1])).text(SPEC), SPEC)[0] is not None
    assert Trained(900, tuple(segments)).text(SPEC) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "²",
        "1e3",
        str(LIMITS.training_steps + 1),
        "9" * 5000,
        "500|",
        "500|x",
        "500|10?|10?",
        "500|20?|10?",
        "500|501?",
        "500|10?learning_rate=fast",
        "500|10?seed=3",
        "500|10?steps=3",
        "500|10?nothing=3",
        "500" + "|10?" * 20_000,
    ],
)
def test_anything_else_is_left_out_with_a_sentence(text: str) -> None:
    found, complaints = read_trained(text, SPEC)
    assert found is None
    (sentence,) = complaints
    assert sentence.startswith("The link tells of a training that can't be read (")
    assert len(sentence) < 400


def test_changes_beyond_a_stop_are_left_out() -> None:
    training = Training(SPEC)
    training.follow([Segment(120, SPEC.changed(learning_rate=0.5))])
    training._enter("paused")
    training.run._reached = 50
    told = trained(training)
    assert told == Trained(50, (Segment(0, SPEC),))
    assert read_trained(told.text(SPEC), SPEC) == (told, [])


def test_a_text_that_would_fill_the_link_is_left_out() -> None:
    changes = [Segment(n, SPEC.changed(boundaries=tuple(range(100)), learning_rate=n + 1.0)) for n in range(50)]
    assert Trained(100, tuple(changes)).text(SPEC) == ""
