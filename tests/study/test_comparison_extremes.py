"""Whatever a link says, the page has something to show: no setting, however odd, breaks a comparison."""

import random

import pytest

from adamax_viz.player.pack import pack
from adamax_viz.player.scene import build_runs
from adamax_viz.runs.run import runs_of
from adamax_viz.study.knobs import study_knobs
from adamax_viz.study.link import read_study, to_params
from adamax_viz.study.named.effects import EFFECTS
from adamax_viz.study.study import move_level
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.panels import KEYS
from adamax_viz.words.findings.registry import sentences
from adamax_viz.words.labels import label

ODD = {
    "surface": ["booth", "custom", "drifting_bowl", "nowhere"],
    "formula": ["-exp(x^2)", "0*x", "1/x", "banana"],
    "learning_rate": ["1e300", "-0.5", "0", "nan"],
    "beta_1": ["0", "1", "-1"],
    "beta_2": ["0", "1"],
    "epsilon": ["0", "1"],
    "steps": ["1", "2", "30", "0"],
    "dtype": ["float32"],
    "tolerance": ["1e-3", "1"],
    "clipnorm": ["1.0", "0", "1e-9"],
    "clipvalue": ["1.0", "none"],
    "use_ema": ["true"],
    "ema_momentum": ["0.5", "2"],
    "ema_overwrite_frequency": ["1", "5"],
    "gradient_accumulation_steps": ["1", "2", "64"],
    "average_by_hand": ["2", "64", "1"],
    "schedule": ["CosineDecayRestarts", "PiecewiseConstantDecay"],
    "boundaries": ["3"],
    "dynamic_loss_scale": ["true"],
    "dynamic_growth_steps": ["1"],
    "initial_scale": ["1e30"],
    "loss_scale_factor": ["0", "1e-30"],
    "gradient_dtype": ["float16"],
    "noise": ["spikes", "heavy_tailed"],
    "noise_scale": ["1e308", "0"],
    "weight_decay": ["-1", "50"],
    "l2_in_loss": ["0.1", "1e308"],
    "rule": ["torch_adamax", "adamax_uncorrected", "adam"],
    "variables": ["two"],
    "start": ["1e300,0", "x", "0,0"],
    "parameters.scale": ["1e-9"],
}


def drawn(choice):
    """An effect with some odd settings, for all variants and for some of them."""

    def some(prefix=""):
        return {prefix + name: choice.choice(ODD[name]) for name in choice.sample(list(ODD), choice.randint(0, 4))}

    params = {"effect": choice.choice(EFFECTS).name} | some()
    for letter in "abcd"[: choice.randint(0, 4)]:
        params |= some(f"{letter}.") or {letter: "base"}
    return params


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's word for a run that has no finite value
@pytest.mark.parametrize("seed", range(60))
def test_any_link_gives_a_comparison_that_can_be_shown(seed):
    params = drawn(random.Random(seed))
    shown, complaints = read_study(params)
    assert all(complaint.endswith(".") for complaint in complaints), complaints
    assert read_study(to_params(shown)) == (shown, [])
    for i, settings in enumerate(shown.specs()):
        assert label(shown, i)
        assert study_knobs(shown, i)
        settings.for_keras()
    move_level(shown, 3.0)
    outcomes = runs_of(shown.specs())
    everything = tuple(dict.fromkeys(name for effect in EFFECTS for name in effect.says))
    words = sentences(everything, outcomes)
    assert not any(" nan" in sentence for sentence in words)
    if any(outcome.run is not None for outcome in outcomes):
        header, arrays = build_runs(shown, outcomes, landscape(shown.base.problem()), chosen=KEYS)
        assert pack(header, arrays)
