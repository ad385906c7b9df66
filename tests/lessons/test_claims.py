"""The small language about a run: what it computes, and what it refuses."""

import numpy as np
import pytest

from adamax_viz.lessons.claims import Scope, check, compute, filled
from adamax_viz.problems.expressions import Refusal
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query


def scope_of(query: str, **others: Scope) -> Scope:
    settings = from_query(query).settings
    return Scope(settings, run_of(settings), others)


@pytest.fixture(scope="module")
def scope() -> Scope:
    short = scope_of("surface=round_bowl&steps=5")
    return scope_of("surface=round_bowl&start=-2.5,1.0&steps=60&learning_rate=0.1&clipnorm=1.0", short=short)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("learning_rate", 0.1),
        ("start.x", -2.5),
        ("theta.y[0]", 1.0),
        ("norm(grad_clipped[0])", 1.0),
        ("len(loss)", 61),
        ("len(step[10:20:2])", 5),
        ("count(is_update)", 60),
        ("first(below(1, theta.y))", -1),
        ("short.steps + len(short.loss)", 11),
        ("angle(grad[0], grad_clipped[0])", 0.0),
        ("-(2 ** 3) / 4", -2.0),
        ("distance[0]", np.hypot(2.5, 1.0)),
    ],
)
def test_names_coordinates_and_functions(scope, text, value):
    assert compute(text, scope) == pytest.approx(value, abs=1e-9)


def test_distance_follows_a_minimum_that_moves():
    scope = scope_of("surface=drifting_bowl&start=1.5,0.0&parameters.speed=0.05&steps=40")
    t = np.arange(41)
    star = 1.5 * np.stack([np.cos(0.05 * t), np.sin(0.05 * t)], axis=1)
    np.testing.assert_allclose(compute("distance", scope), np.hypot(*(scope.run["theta"][0] - star).T), atol=1e-12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("__import__('os')", "not a function"),
        ("theta.__class__", "no coordinate"),
        ("(lambda: 1)()", "not part of this language"),
        ("loss[0] if loss[1] else 2", "not part of this language"),
        ("'text'", "not part of this language"),
        ("losss[0]", "neither an array"),
        ("formula", "neither an array"),
        ("loss[", "not an expression"),
        ("loss[9999]", "can't be computed"),
        ("norm(loss, loss)", "takes 1 argument"),
        ("1" * 300, "characters"),
    ],
)
def test_everything_else_is_refused(scope, text, words):
    with pytest.raises(Refusal, match=words.replace("(", r"\(")):
        compute(text, scope)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("loss[-1] < loss[0]", True),
        ("loss[0] < loss[-1]", False),
        ("abs(step) ≤ 1.01 * learning_rate", True),
        ("abs(step) < abs(step)", False),
        ("0 < learning_rate < 1", True),
        ("0 < learning_rate < 0.05", False),
        ("steps = 60", True),
        ("steps ≠ 60", False),
        ("learning_rate ≈ 0.101 ± 1%", True),
        ("learning_rate ≈ 0.102 ± 1%", False),
        ("learning_rate ≈ 0.2 ± learning_rate", True),
        ("theta.x ≈ start.x ± 0.001", False),  # every entry counts
    ],
)
def test_checks_hold_or_not(scope, text, holds):
    assert check(text).holds(scope) is holds


@pytest.mark.parametrize("text", ["loss[0]", "a ≈ b", "a < b ± 1", "< b", "a ≈ b ± lots%", "a ≈ b ≈ c ± 1", "a[ < 2"])
def test_what_is_no_check_is_refused(text):
    with pytest.raises(Refusal):
        check(text)


def test_a_nan_never_holds(scope):
    assert check("log(0 - 1) < 5").holds(scope) is False


def test_numbers_fill_the_holes(scope):
    text = "rate {{learning_rate}}, {{loss[0]:.3g}}, {{count(is_update):d}}, {{0 - 0.00001234:.2g}}, "
    text += "{{0.5:.0%}}, $\\frac{1}{2}$"
    assert filled(text, scope) == "rate 0.1, 3.62, 60, −1.2e−5, 50%, $\\frac{1}{2}$"
    with pytest.raises(Refusal, match="122 numbers"):
        filled("{{theta}}", scope)
    with pytest.raises(Refusal, match="no format"):
        filled("{{loss[0]:>10}}", scope)
