"""Verdicts in words, and how they are found in the background."""

import threading

import numpy as np
import pytest

from adamax_viz.parity import behaviour
from adamax_viz.parity import keras_optimizer as parity
from adamax_viz.parity import verdicts as verify
from adamax_viz.parity.answers import Answers
from adamax_viz.parity.verdicts import Failure, Verdict
from adamax_viz.problems.models.backend import KerasUnavailable
from adamax_viz.runs.distance import Difference, difference
from adamax_viz.study.spec import RunSpec

VERSIONS = {"keras": "3.15.1", "backend": "jax", "jax": "0.10"}


def verdict(versions=VERSIONS, **apart):
    """A verdict whose quantities, of peak 1, are so far apart at step 1."""
    ones = np.ones((3, 2))
    found = {name: difference(ones + np.array([[0], [value], [0]]), ones) for name, value in apart.items()}
    return Verdict(found, versions, 3, "finished after 3 steps", "float32", 0.1)


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (0.0, "equals Keras 3.15.1 to the last digit"),
        (3e-7, "matches Keras 3.15.1 to 1e-6"),
        (1e-3, "differs from Keras 3.15.1 by 0.001 in its infinity norm"),
        (np.inf, "differs from Keras 3.15.1 by ∞ in its infinity norm"),
    ],
)
def test_the_badge_says_what_was_measured(apart, words):
    assert verify.in_words(verdict(theta=0.0, u=apart)) == words


def test_large_quantities_are_compared_relative_to_their_peak():
    far = difference(np.array([[1000.0], [1000.0005]]), np.full((2, 1), 1000.0))
    assert verify.distance(far) == pytest.approx(5e-7, rel=1e-6)
    np.testing.assert_allclose(verify.distances(far), [0, 5e-7], rtol=1e-6)
    nowhere = difference(np.array([[np.nan]]), np.ones((1, 1)))
    assert verify.distance(nowhere) == np.inf


def test_numbers_are_short():
    assert [verify.short(x) for x in (3.04e-7, 0.25, 0.0, np.inf, 1e-6)] == ["3e-7", "0.25", "0", "∞", "1e-6"]
    assert [verify.power_of_ten(x) for x in (0.0, 1e-7, 1.1e-7, np.inf)] == ["0", "1e-7", "1e-6", "∞"]


def test_another_keras_is_named():
    assert verify.about_version(VERSIONS) is None
    assert "Keras 3.6.0 on jax is installed" in str(verify.about_version(VERSIONS | {"keras": "3.6.0"}))
    assert "on torch" in str(verify.about_version(VERSIONS | {"backend": "torch"}))


def test_without_keras_there_is_a_sentence(monkeypatch):
    def missing():
        raise KerasUnavailable("Keras with the jax backend can't be imported.")

    monkeypatch.setattr(parity, "import_keras", missing)
    found = verify.judge(RunSpec(steps=3))
    assert found == Failure("Keras with the jax backend can't be imported.")
    assert verify.in_words(found) == found.words
    assert behaviour.show(behaviour.BEHAVIOURS[0]) == found


def test_a_keras_that_fails_is_a_sentence_too(monkeypatch):
    def refuse(*_):
        raise TypeError("apply() got an unexpected argument\nand a long trace")

    monkeypatch.setattr(parity, "run_keras", refuse)
    words = "Keras could not make this run (TypeError: apply() got an unexpected argument)."
    assert verify.judge(RunSpec(steps=3)) == Failure(words)


def test_a_desk_answers_in_the_background_once():
    started, go = threading.Event(), threading.Event()
    asked = []

    def answer(question):
        asked.append(question)
        started.set()
        assert go.wait(10)
        return question * 2

    answers = Answers(answer, str)
    assert not answers.asked(21)
    assert answers.answer(21) is None
    answers.ask(21)
    assert started.wait(10)
    assert answers.asked(21)
    assert answers.answer(21) is None  # at once, though the answer is on its way
    answers.ask(21)
    go.set()
    assert answers.answer(21, None) == 42
    assert asked == [21]
    answers.forget(21)
    answers.forget(22)  # that nobody asked
    assert not answers.asked(21)


def test_the_oldest_answers_are_forgotten():
    answers = Answers(str.upper, str, most=2)
    for key in "abcd":
        answers.ask(key)
        answers.answer(key, None)
    assert [answers.asked(key) for key in "abcd"] == [False, False, True, True]


def test_everything_is_every_preset_and_every_effect_in_float32():
    cases = verify.everything()
    assert {case.group for case in cases} == {"Example", "Effect"}
    assert all(case.settings.dtype == "float32" for case in cases)
    assert len({case.title for case in cases}) == len(cases)


@pytest.mark.parametrize(
    ("changes", "dtype", "allowed"),
    [
        ({"dtype": "float32"}, "float32", 1e-6),
        ({"dtype": "float64"}, "float64", 1e-12),
        # Keras takes the cosine in float32 whatever the floatx.
        ({"dtype": "float64", "schedule": "CosineDecay"}, "float32", 1e-6),
        ({"dtype": "float64", "schedule": "ExponentialDecay"}, "float64", 1e-12),
    ],
)
def test_what_is_allowed_is_that_of_the_precision_in_which_keras_computes(changes, dtype, allowed):
    verdict = verify.judge(RunSpec(surface="booth", steps=30, **changes))
    assert isinstance(verdict, Verdict)
    assert (verdict.dtype, verdict.allowed) == (dtype, allowed)
    assert verdict.matches
    assert not verdict._replace(differences={"m": Difference(2 * allowed, 0, 2 * allowed, np.ones(1))}).matches
