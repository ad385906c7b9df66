"""The public `run`: surfaces by name, labels that make the run again, frames."""

import subprocess
import sys

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.problems.surfaces.noise import Noise
from adamax_viz.problems.surfaces.surface import SurfaceProblem, custom
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query

OPTIMIZERS = {
    "plain": av.Adamax(0.05),
    "clip": av.Adamax(0.05, clipnorm=0.5),
    "ema": av.Adamax(0.05, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3),
    "schedule": av.Adamax(av.schedules.CosineDecay(0.1, 40, warmup_target=0.2, warmup_steps=5)),
    "stairs": av.Adamax(av.schedules.PiecewiseConstantDecay([3, 9], [0.1, 0.01, 0.001])),
    "float32": av.Adamax(0.05, dtype="float32", weight_decay=0.01),
    "scaled": av.LossScaleOptimizer(av.Adamax(0.05), dynamic_growth_steps=4),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_label_makes_the_same_run_again(name):
    original = av.run("rosenbrock", OPTIMIZERS[name], start=(-1.5, 2.0), steps=30)
    decoded = from_query(original.labels[0])
    assert decoded.complaints == []
    again = run_of(decoded.settings)
    assert again.labels == original.labels
    for array in original.arrays:
        np.testing.assert_array_equal(again[array], original[array])


def test_a_list_of_one_optimizer_runs_from_several_starts():
    starts = [(1.0, 2.0), (2.0, -1.0), (0.5, 0.5)]
    several = av.run("round_bowl", [av.Adamax(0.1)], starts, steps=4)
    assert [from_query(label).settings.start for label in several.labels] == starts
    assert several.to_frame()["run"].nunique() == 3
    single = av.run("round_bowl", av.Adamax(0.1), starts, steps=4)
    assert several.labels == single.labels
    np.testing.assert_array_equal(several["theta"], single["theta"])
    batch = av.run("round_bowl", [av.Adamax(0.1, beta_1=[0.5, 0.9])], steps=4)
    assert [from_query(label).settings.beta_1 for label in batch.labels] == [0.5, 0.9]


def test_several_optimizers_make_one_run_each():
    batches = [av.Adamax([0.1, 0.2]), av.Adamax([0.2, 0.3])]
    with pytest.raises(ValueError, match="Of several optimizers each makes one run"):
        av.run("round_bowl", batches, steps=3)
    with pytest.raises(ValueError, match="same number of runs"):
        av.run("round_bowl", batches[:1], [(1.0, 2.0), (2.0, -1.0), (0.5, 0.5)], steps=3)
    both = av.run("round_bowl", batches[:1], [(1.0, 2.0), (2.0, -1.0)], steps=3)
    assert [from_query(label).settings.learning_rate for label in both.labels] == [0.1, 0.2]


def test_labels_of_a_batch_name_each_run():
    batch = av.run("round_bowl", av.Adamax(learning_rate=[0.1, 0.2]), steps=5)
    assert [from_query(label).settings.learning_rate for label in batch.labels] == [0.1, 0.2]
    assert list(batch.to_frame()["run"].unique()) == list(batch.labels)
    one = batch.only(1)
    assert one.labels == (batch.labels[1],)
    np.testing.assert_array_equal(one["theta"][0], batch["theta"][1])


def test_noise_and_formula_are_in_the_label():
    problem = SurfaceProblem(custom("x**2 + y**4"), split="two", noise=Noise("gaussian", 0.3, seed=5))
    original = av.run(problem, av.Adamax(0.05), start=(1.0, 1.0), steps=20)
    again = run_of(from_query(original.labels[0]).settings)
    np.testing.assert_array_equal(again["grad"], original["grad"])


def test_what_settings_cannot_say_is_named_plainly():
    assert av.run("round_bowl", av.Adamax(lambda: 0.1), steps=3).labels == ("SurfaceProblem",)
    excluding = av.Adamax(0.1, weight_decay=0.1)
    excluding.exclude_from_weight_decay(var_names=["theta"])
    assert av.run("round_bowl", excluding, steps=3).labels == ("SurfaceProblem",)


def test_dtype_and_defaults():
    run = av.run("himmelblau", av.Adamax(0.05), steps=3, dtype="float32")
    assert run["theta"].dtype == np.float32
    assert run["theta"].shape == (1, 4, 2)


def test_one_sentence_for_what_does_not_fit():
    with pytest.raises(ValueError, match="rosenbrock"):
        av.run("rosenbrok", av.Adamax(0.05))
    with pytest.raises(ValueError, match="needs 2 numbers"):
        av.run("rosenbrock", av.Adamax(0.05), start=(1.0, 2.0, 3.0))


def test_import_is_light():
    heavy = ["streamlit", "plotly", "keras", "jax", "sympy", "pandas", "pydantic"]
    code = f"import adamax_viz, sys; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
