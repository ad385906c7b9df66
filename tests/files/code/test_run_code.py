"""Exported code is run, in a process of its own, and must go where the screen's run goes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis

from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query
from adamax_viz.study.named.presets import PRESETS
from tests.study import strategies
from tests.study.running import run_scripts

SHORT = 80
FEATURES = {
    "defaults": "surface=himmelblau&steps=40",
    "float32": "surface=booth&steps=40&dtype=float32",
    "moves": "surface=drifting_bowl&steps=40&learning_rate=0.1",
    "formula": "surface=custom&formula=sqrt(x**2 %2B y**2) %2B max(x, y)/3 %2B abs(x-y)/5&start=1.1,0.3&steps=40",
    "formula_of_t": "surface=custom&formula=x**2*(1%2Bt/9) %2B exp(y)&start=1.1,0.3&steps=40",
    "parameters": "surface=scaled_bowl&parameters.scale=0.01&steps=40",
    "two_variables": "surface=ravine&variables=two&clipnorm=0.5&steps=40",
    "one_variable": "surface=ravine&clipnorm=0.5&steps=40",
    "global_clipnorm": "surface=ravine&variables=two&global_clipnorm=0.5&steps=40",
    "clipvalue": "surface=ravine&clipvalue=0.5&steps=40",
    "ema": "surface=kink&use_ema=true&ema_momentum=0.9&steps=40",
    "ema_overwrite": "surface=himmelblau&use_ema=true&ema_momentum=0.9&ema_overwrite_frequency=7&steps=40",
    "accumulation": "surface=round_bowl&gradient_accumulation_steps=3&noise=gaussian&seed=5&steps=40",
    "decay": "surface=himmelblau&weight_decay=0.2&epsilon=0.001&beta_1=0.5&beta_2=0.9&steps=40",
    "heavy_tailed": "surface=round_bowl&noise=heavy_tailed&seed=7&noise_scale=0.3&steps=40",
    "spikes": "surface=round_bowl&noise=spikes&noise_probability=0.2&noise_scale=9&noise_envelope=exp(-t/20)&steps=40",
    "outlier": "surface=round_bowl&noise=outlier&noise_step=5&noise_scale=50&steps=40",
    "half": "surface=scaled_bowl&gradient_dtype=float16&loss_scale_factor=1024&steps=40",
    "dynamic": "surface=scaled_bowl&gradient_dtype=float16&dynamic_loss_scale=true&dynamic_growth_steps=4&steps=40",
    "tolerance": "surface=round_bowl&learning_rate=0.3&start=0.5,0.1&tolerance=0.3&steps=40",
    "ExponentialDecay": "schedule=ExponentialDecay&decay_steps=20&staircase=true&steps=40",
    "PiecewiseConstantDecay": "schedule=PiecewiseConstantDecay&boundaries=10,20&values=0.1,0.05,0.01&steps=40",
    "PolynomialDecay": "schedule=PolynomialDecay&decay_steps=15&power=2&cycle=true&steps=40",
    "InverseTimeDecay": "schedule=InverseTimeDecay&decay_steps=10&steps=40",
    "CosineDecay": "schedule=CosineDecay&decay_steps=30&warmup_target=0.2&warmup_steps=10&steps=40",
    "CosineDecayRestarts": "schedule=CosineDecayRestarts&first_decay_steps=10&m_mul=0.8&steps=40",
    "default_rate": "surface=booth&learning_rate=0.001&steps=5",
    "adam": "surface=booth&rule=adam&clipnorm=1&steps=40",
    "adam_scaled": "surface=booth&rule=adam&dynamic_loss_scale=true&dynamic_growth_steps=4&l2_in_loss=0.1&steps=40",
    "l2_in_loss": "surface=booth&l2_in_loss=0.1&steps=40",
}
ONLY_OURS = {
    "uncorrected": "rule=adamax_uncorrected&schedule=CosineDecay&steps=40",
    "torch": "rule=torch_adamax&epsilon=0.1&l2_in_gradient=0.1&steps=40",
    "norm": "rule=p=4&dynamic_loss_scale=true&steps=40",
    "l2_in_gradient": "l2_in_gradient=0.1&steps=40",
    "averaged": "surface=round_bowl&noise=gaussian&average_by_hand=4&steps=40&rule=adam",
}
ALL = FEATURES | {f"preset_{p.name}": p.query for p in PRESETS}


def settings_of(name):
    decoded = from_query((ALL | ONLY_OURS)[name])
    assert not decoded.complaints
    settings = decoded.settings
    return settings.changed(steps=min(settings.steps, SHORT))


@pytest.fixture(scope="module")
def paths():
    """By name: the Keras script's path and the library script's."""
    codes = [code(settings_of(name)) for code in (keras_code, library_code) for name in ALL]
    found = run_scripts(codes)
    return {name: (found[i], found[i + len(ALL)]) for i, name in enumerate(ALL)}


@pytest.mark.parametrize("name", ALL)
def test_the_code_goes_where_the_screen_goes(paths, name):
    settings = settings_of(name)
    run = run_of(settings)
    path = run.happened()["theta"][0]
    in_keras, in_library = paths[name]
    assert not isinstance(in_library, str), in_library
    np.testing.assert_array_equal(in_library, run["theta"][0])
    assert not isinstance(in_keras, str), in_keras
    # A run that met its tolerance rests in ours; the script stops before that step.
    rows = len(path) - (run.status[0].kind == "converged")
    assert len(in_keras) == rows
    # Keras's cosines are float32 even in double precision; a path on a kink may turn a step later.
    exact = settings.dtype == "float64" and not settings.schedule.startswith("Cosine")
    assert np.abs(in_keras - path[:rows]).max() <= (1e-9 if exact else 2e-6)


def test_code_of_what_keras_has_not_says_so_and_goes_there_in_our_package():
    in_library = run_scripts([library_code(settings_of(name)) for name in ONLY_OURS])
    for name, path in zip(ONLY_OURS, in_library, strict=True):
        settings = settings_of(name)
        np.testing.assert_array_equal(path, run_of(settings)["theta"][0], err_msg=name)
        code = keras_code(settings)
        assert "keras." not in code
        missing = [setting for setting in settings.beyond() if getattr(settings, setting) != "adam"]
        assert all(f"{setting}={getattr(settings, setting)}" in code.splitlines()[0] for setting in missing)
        assert "adam," not in code.splitlines()[0]


def test_the_code_names_the_optimizer_that_keras_has_for_the_rule():
    code = keras_code(settings_of("adam"))
    assert "40 steps of keras.optimizers.Adam," in code
    assert "keras.optimizers.Adam(" in code


def test_only_what_differs_from_keras_is_written():
    code = keras_code(settings_of("default_rate"))
    assert "keras.optimizers.Adamax()" in code
    idle = from_query("learning_rate=0.05&ema_momentum=0.5&noise_scale=3&decay_steps=7").settings
    assert "keras.optimizers.Adamax(learning_rate=0.05)" in keras_code(idle)
    assert "noise" not in keras_code(idle).split('"""')[2]


def test_the_keras_script_needs_nothing_of_ours():
    for name in ALL:
        assert "adamax_viz" not in keras_code(settings_of(name))


@settings_of_hypothesis(max_examples=40)
@given(drawn=strategies.settings())
def test_any_settings_make_code(drawn):
    drawn = drawn.changed(steps=3)
    compile(keras_code(drawn), "script", "exec")
    namespace = {}
    with np.errstate(all="ignore"):
        exec(library_code(drawn), namespace)
        expected = run_of(drawn)["theta"][0]
    np.testing.assert_array_equal(namespace["path"], expected)
