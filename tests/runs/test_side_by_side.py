"""Runs of a study computed side by side are, to the last bit, the runs computed alone."""

import random

import numpy as np
import pytest

from adamax_viz.core import engine
from adamax_viz.runs.run import run_of, runs_of
from adamax_viz.study.named.effects import EFFECTS
from adamax_viz.study.optimizer_spec import BATCHED
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import study_of

OTHERS = {
    "learning_rate": [0.01, 0.3, 0.0],
    "beta_1": [0.0, 0.5, 0.99],
    "beta_2": [0.5, 0.9, 1.0],
    "epsilon": [0.0, 1e-3],
    "weight_decay": [None, 0.0, 0.3],
    "clipnorm": [None, 0.5, 3.0],
    "clipvalue": [None, 0.5],
    "global_clipnorm": [None, 2.0],
    "ema_momentum": [0.0, 0.5, 1.0],
    "loss_scale_factor": [None, 8.0],
}
BASES = [
    {},
    {"use_ema": True, "ema_overwrite_frequency": 7, "gradient_accumulation_steps": 3},
    {"dtype": "float32", "noise": "spikes", "variables": "two"},
    {"schedule": "CosineDecay", "decay_steps": 30.0, "average_by_hand": 2},
    {"surface": "cliff", "tolerance": 0.5, "rule": "torch_adamax"},
    {"learning_rate": 1e200, "gradient_dtype": "float16"},
]


def assert_alone(specs):
    for outcome in runs_of(specs):
        if outcome.run is None:
            assert outcome.refusal == outcome.spec.refusal()
            continue
        alone = run_of(outcome.spec)
        assert outcome.run.status == alone.status
        assert outcome.run.labels == alone.labels
        assert set(outcome.run.arrays) == set(alone.arrays)
        for name, array in alone.arrays.items():
            np.testing.assert_array_equal(outcome.run[name], array, err_msg=name)


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_the_variants_of_an_effect(effect):
    assert_alone(study_of(effect).specs())


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("seed", range(24))
def test_settings_drawn_at_random(seed):
    draw = random.Random(seed)
    base = {"surface": "rosenbrock", "steps": 60} | draw.choice(BASES)
    names = draw.sample(BATCHED, 3)
    specs = [RunSpec(**(base | {name: draw.choice(OTHERS[name]) for name in names})) for _ in range(6)]
    assert_alone(specs)


def test_what_may_be_batched_is_computed_once(monkeypatch):
    assert set(OTHERS) == set(BATCHED)
    batches = []
    run = engine.run
    monkeypatch.setattr(engine, "run", lambda *args, **options: batches.append(run(*args, **options)) or batches[-1])
    runs_of([RunSpec(beta_1=0.1 * i, steps=20) for i in range(9)] + [RunSpec(steps=30)])
    assert [batch.runs for batch in batches] == [9, 1]
