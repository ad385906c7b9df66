"""What is said of a run: each rule where its trait is and not where it isn't, in whole sentences that agree."""

import re

import pytest

import adamax_viz as av
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.problems.surfaces.noise import Noise
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.words.diagnosis import OBSERVATIONS, diagnosis
from tests.words.remarks import TRAITS, remark, run_with, sentences


def test_every_rule_is_tried():
    assert set(TRAITS) == {rule.__name__ for rule in OBSERVATIONS}


@pytest.mark.parametrize("rule", TRAITS)
def test_a_rule_speaks_of_runs_with_its_trait_and_is_silent_otherwise(rule):
    with_trait, without = (run_with(**changes) for changes in TRAITS[rule])
    assert remark(rule, *with_trait)
    assert remark(rule, *without) is None


ODD = {
    "one step": {"steps": 1},
    "two steps": {"steps": 2, "learning_rate": 5.0},
    "constant gradient": {"surface": "custom", "formula": "2*x - y"},
    "no gradient": {"surface": "custom", "formula": "0*x"},
    "not finite at the start": {"surface": "custom", "formula": "log(x)", "start": (-1.0, 1.0)},
    "infinite slope": {"surface": "custom", "formula": "1/x + y^2", "start": (0.0, 1.0)},
    "diverges at once": {"surface": "custom", "formula": "exp(x^2)", "learning_rate": 1e3},
    "huge rate": {"learning_rate": 1e200},
    "no rate": {"learning_rate": 0.0},
    "negative rate": {"learning_rate": -0.05},
    "beta_1 of one": {"beta_1": 1.0},
    "beta_2 of zero": {"beta_2": 0.0},
    "beta_2 of one": {"beta_2": 1.0},
    "beta_2 above one": {"beta_2": 1.5},
    "far away": {"start": (1e150, -1e150)},
    "tolerance": {"tolerance": 1.0},
    "overflow at every step": {
        "gradient_dtype": "float16",
        "loss_scale_factor": 1e30,
        "surface": "rosenbrock",
    },
    "skips everything": {"gradient_dtype": "float16", "dynamic_loss_scale": True, "initial_scale": 1e38, "steps": 20},
    "unfinished window": {"gradient_accumulation_steps": 50, "steps": 20},
    "float32": {"dtype": "float32", "learning_rate": 1e30, "clipnorm": 1.0, "weight_decay": 0.1, "use_ema": True},
    "spikes": {"noise": "spikes", "noise_scale": 1e6, "noise_probability": 0.2},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_runs_are_spoken_of_in_whole_sentences(name):
    check(sentences(**ODD[name]))


@pytest.mark.parametrize("surface", CATALOGUE)
def test_sentences_of_the_catalogue(surface):
    for rate in (0.01, 0.05, 0.3, 2.0):
        found = sentences(surface=surface, learning_rate=rate)
        check(found)
        assert found
        text = " ".join(found)
        # what would contradict itself
        assert not ("Reached" in text and "Still going down" in text)
        assert not ("Does not settle" in text and "Reached" in text)
        assert not ("rest" in text and ("Still going down" in text or "holds u_" in text))


def check(found):
    assert len(found) <= 2
    assert len(set(found)) == len(found)
    for sentence in found:
        assert sentence[0].isupper()
        assert sentence.endswith((".", "°."))
        assert not re.search(r"\b(nan|inf|none|not finite)\b", sentence.lower().replace("is not finite;", "")), sentence
        assert "-" not in re.sub(r"[a-z]-[a-z]", "", sentence), sentence  # a minus is a minus


def test_a_batch_is_diagnosed_run_by_run():
    problem = SurfaceProblem(CATALOGUE["kink"], noise=Noise("gaussian", 0.1, seed=(1, 2)))
    optimizer = av.Adamax(learning_rate=[0.2, 0.01], clipvalue=[0.5, 3.0])
    batch = av.run(problem, optimizer, start=(0.5, 0.5), steps=200)
    sentences = []
    for r in range(2):
        settings = problem.single(r), optimizer.single(r)
        sentences.append(diagnosis(batch.only(r), *settings))
        assert sentences[r] == diagnosis(av.run(*settings, start=(0.5, 0.5), steps=200), *settings)
    assert sentences[0] != sentences[1]
