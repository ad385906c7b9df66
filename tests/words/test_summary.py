"""The run in a sentence."""

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.words.numbers import number, point
from adamax_viz.words.summary import summary


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1, "1"),
        (-2.5, "−2.5"),
        (0.1 + 0.2, "0.3"),
        (123456, "1.235e5"),
        (1e6, "1e6"),
        (1e10, "1e10"),
        (-1.5e-7, "−1.5e−7"),
        (2e-100, "2e−100"),
        (3.14159, "3.142"),
        (np.float32(0.1), "0.1"),
        (np.nan, "not finite"),
        (np.inf, "not finite"),
    ],
)
def test_numbers_as_people_write_them(value, text):
    assert number(value) == text


def test_points():
    assert point(np.array([-1.0, 1e-9])) == "(−1, 1e−9)"


def said(keep="all", **changes):
    settings = RunSpec(**changes)
    run = run_of(settings, keep=keep)
    return summary(run, settings.problem()), run


def test_finished():
    text, run = said(surface="custom", formula="3*x + y", start=(1.0, 2.0), learning_rate=0.5, steps=2)
    np.testing.assert_allclose(run["theta"][0, -1], [0, 1], atol=1e-6)
    assert text.startswith("The run finished after 2 steps. From (1, 2) to (")
    assert text.endswith("the loss went from 5 to 1.")  # no minimum is known, none is named


def test_one_step_is_one_step():
    assert said(steps=1)[0].startswith("The run finished after 1 step. ")


@pytest.mark.parametrize("keep", ["all", "path"])
def test_the_nearest_minimum_is_named_with_its_kind(keep):
    text, run = said(keep, surface="goldstein_price", start=(-0.6, -0.5), learning_rate=0.001, steps=10)
    end = run["theta"][0, -1]
    away = np.hypot(end[0] + 0.6, end[1] + 0.4)
    assert text.endswith(f"The end is {number(away)} away from the local minimum at (−0.6, −0.4).")
    assert "global minimum at (3, 2)" in said(keep, surface="himmelblau", start=(3.0, 2.1))[0]


def test_converged():
    text, run = said(surface="round_bowl", tolerance=0.1, steps=300)
    status = run.status[0]
    assert status.kind == "converged"
    assert text.startswith(f"The run converged after {status.step + 1} steps. From (−2.5, 1) to (")
    assert f"to {number(run['loss'][0, -1])}. The end is" in text


def test_diverged():
    text, run = said(surface="custom", formula="-exp(x^2)", learning_rate=3.0)
    status = run.status[0]
    assert text.startswith(
        f"The run diverged at step {status.step}: {status.quantity} is not finite. It rests where it was."
    )
    assert "minimum" not in text
    assert "nan" not in text


def test_a_start_without_a_value():
    sentence = said(surface="custom", formula="log(x)", start=(-1.0, 0.0))[0]
    assert sentence.endswith("The loss is not finite at the start, (−1, 0).")
    assert "went from" not in sentence


@pytest.mark.parametrize("tolerance", [None, 0.8])
def test_a_moving_minimum_is_taken_where_it_was_at_the_end_of_the_run(tolerance):
    settings = {"surface": "drifting_bowl", "parameters": {"speed": 0.05}, "steps": 90, "tolerance": tolerance}
    text, run = said(**settings, learning_rate=0.2)
    status = run.status[0]
    t = status.step + (status.kind == "converged")
    assert t == 90 if tolerance is None else t < 80
    place = np.array([1.5 * np.cos(0.05 * t), 1.5 * np.sin(0.05 * t)])
    away = np.hypot(*(run["theta"][0, -1] - place))
    assert text.endswith(f"The end is {number(away)} away from the global minimum at {point(place)}.")


def test_each_run_of_a_batch_has_its_own():
    problem = SurfaceProblem(CATALOGUE["booth"])
    batch = av.run(problem, av.Adamax(learning_rate=[0.1, 0.2]), start=(6, 8), steps=30)
    for r, rate in enumerate((0.1, 0.2)):
        assert summary(batch.only(r), problem) == said(surface="booth", learning_rate=rate, steps=30)[0]
