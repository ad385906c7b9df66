"""Runs to speak of, and what is said of them."""

import re

import numpy as np

from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.words import diagnosis as module
from adamax_viz.words.diagnosis import diagnosis
from adamax_viz.words.symptoms import Case

# For each rule: settings of a run that has the trait, and of one that is close to it but has not.
TRAITS = {
    "diverged": ({"surface": "custom", "formula": "-exp(x^2)", "learning_rate": 3.0}, {"surface": "round_bowl"}),
    "unmoved": (
        {"surface": "scaled_bowl", "parameters": {"scale": 1e-9}, "gradient_dtype": "float16"},
        {"surface": "scaled_bowl", "parameters": {"scale": 1e-9}},
    ),
    "converged": ({"surface": "round_bowl"}, {"surface": "round_bowl", "learning_rate": 0.01}),
    "resting": ({"surface": "saddle", "start": (1.5, 0.0)}, {"surface": "saddle"}),
    "balanced": (
        {"surface": "himmelblau", "weight_decay": 0.5, "steps": 400},
        {"surface": "booth", "weight_decay": 0.5},
    ),
    "frozen": (
        {"surface": "round_bowl", "noise": "outlier", "noise_scale": 300.0, "noise_step": 15, "steps": 400},
        {
            "surface": "round_bowl",
            "noise": "outlier",
            "noise_scale": 300.0,
            "noise_step": 15,
            "steps": 400,
            "beta_2": 0.9,
        },
    ),
    "circling": (
        {"surface": "kink", "learning_rate": 0.2, "steps": 200},
        {"surface": "kink", "learning_rate": 0.2, "steps": 200, "schedule": "CosineDecay", "decay_steps": 200.0},
    ),
    "jittering": (
        {"surface": "round_bowl", "noise": "gaussian"},
        {"surface": "round_bowl", "noise": "outlier", "noise_scale": 100.0},
    ),
    "arriving": ({"surface": "round_bowl", "steps": 230}, {"surface": "round_bowl", "steps": 300}),
    "following": ({"surface": "drifting_bowl"}, {"surface": "rare_feature"}),
    "skipping": (
        {"surface": "rosenbrock", "gradient_dtype": "float16", "dynamic_loss_scale": True},
        {"surface": "rosenbrock", "gradient_dtype": "float16", "dynamic_loss_scale": True, "initial_scale": 16.0},
    ),
    "overwriting": (
        {"use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 20},
        {"use_ema": True, "ema_momentum": 0.9},
    ),
    "clipping": ({"surface": "ravine", "clipvalue": 1.0}, {"surface": "ravine"}),
    "slow": ({"surface": "round_bowl", "learning_rate": 0.01}, {"surface": "round_bowl"}),
    "correcting": ({"surface": "round_bowl"}, {"surface": "round_bowl", "beta_1": 0.0}),
}


def run_with(**changes):
    """The spec with these settings, and its run."""
    settings = RunSpec(**changes)
    return settings, run_of(settings)


def remark(rule, settings, run):
    """What one rule alone says about a run."""
    optimizer = settings.optimizer()
    with np.errstate(all="ignore"):
        return getattr(module, rule)(Case(run, settings.problem(), optimizer.adamax))


def sentences(**changes):
    """The whole diagnosis of a run with these settings."""
    settings, run = run_with(**changes)
    return diagnosis(run, settings.problem(), settings.optimizer())


def numbers(sentence):
    """All numbers of a sentence, in order."""
    text = sentence.replace("−", "-").replace("β₂", "").replace("u_x", "").replace("u_y", "")
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]
