"""Arguments, defaults, configs and refusals: those of the installed Keras, word for word."""

import inspect
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adamax_viz.core import schedules
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from tests.parity.draws import VALUES, examples
from tests.parity.keras_side import constant_rate, refusal_of

ADAMAX, SCALER = "optimizers.Adamax", "optimizers.LossScaleOptimizer"
CONFIGS: list[dict[str, Any]] = [
    {},
    {"learning_rate": 0.1, "beta_1": 0.5, "beta_2": 1, "epsilon": 0, "name": "mine"},
    {"weight_decay": 0.1, "clipnorm": 1, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 3},
    {"clipvalue": -1.0, "loss_scale_factor": 128, "gradient_accumulation_steps": 4},
    {"global_clipnorm": 0.0, "gradient_accumulation_steps": 0, "ema_momentum": 7, "ema_overwrite_frequency": -1},
    {"learning_rate": schedules.ExponentialDecay(0.1, 10, 0.5, staircase=True)},
    {"learning_rate": schedules.PiecewiseConstantDecay([1, 2], [0.1, 0.2, 0.3])},
    {"learning_rate": schedules.PolynomialDecay(0.1, 10, cycle=True)},
    {"learning_rate": schedules.InverseTimeDecay(1, 10, 0.5)},
    {"learning_rate": schedules.CosineDecay(0.0, 10, warmup_target=0.1, warmup_steps=3)},
    {"learning_rate": schedules.CosineDecayRestarts(0.1, 10, t_mul=1.5, name="again")},
]
REFUSED: list[dict[str, Any]] = [
    {"momentum": 0.9},
    {"lr": 0.1, "decay": 0.1, "amsgrad": True},
    *({"gradient_accumulation_steps": bad} for bad in (1, -1, True, -2, 0.5, 1.5, np.nan, "2")),
    *({"use_ema": True, "ema_momentum": bad} for bad in (-0.1, 1.1, 2, -1, 1 + 1e-9, np.inf, "0.9", None)),
    *({"use_ema": True, "ema_overwrite_frequency": bad} for bad in (-1, 2.5, 3.0, "3", -2, np.int64(2))),
    {"clipnorm": 1, "clipvalue": 2.0},
    {"clipnorm": 0.0, "global_clipnorm": 0.0},
    {"clipvalue": -1, "global_clipnorm": 1e-3},
    {"clipnorm": 1, "clipvalue": 2, "global_clipnorm": 3},
    *({"learning_rate": bad} for bad in (1, 0, None, True, "0.1", np.float32(0.1), np.array(0.1), np.int64(1), (1, 2))),
    # Several at once: the first that Keras looks at is the one that is named.
    {"momentum": 0.9, "gradient_accumulation_steps": 1},
    {"gradient_accumulation_steps": 1, "learning_rate": 1},
    {"gradient_accumulation_steps": 1, "use_ema": True, "ema_momentum": 2},
    {"use_ema": True, "ema_momentum": 2, "ema_overwrite_frequency": -1},
    {"use_ema": True, "ema_overwrite_frequency": -1, "clipnorm": 1, "clipvalue": 1},
    {"clipnorm": 1, "clipvalue": 1, "learning_rate": None},
]
SCALED_REFUSED: list[dict[str, Any]] = [
    {"dynamic": False},
    {"dynamic": False, "clipnorm": 1.0},
    {"weight_decay": 0.0},
    {"clipnorm": 1.0},
    {"global_clipnorm": 1.0, "clipnorm": 1.0},
    {"clipvalue": 0},
    {"use_ema": True},
    {"ema_momentum": 0.9},
    {"ema_overwrite_frequency": 1},
    {"loss_scale_factor": 2.0},
    {"gradient_accumulation_steps": 2},
    {"speed": 1},
    {"speed": 1, "size": 2},
    {"speed": 1, "clipnorm": 1.0},
]


def test_the_arguments_and_their_defaults(either: Any) -> None:
    parameters = list(inspect.signature(Adamax).parameters.values())
    ours = {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}
    assert ours.pop("dtype") == "float64"
    theirs = either.signature(ADAMAX)
    assert list(ours) == list(theirs)
    assert ours == theirs
    assert all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters if p.name in theirs)
    scaler = {p.name: p.default for p in inspect.signature(LossScaleOptimizer).parameters.values()}
    assert {n: v for n, v in scaler.items() if n != "kwargs"} == either.signature(SCALER)


@pytest.mark.parametrize("arguments", REFUSED, ids=str)
def test_what_keras_refuses_is_refused_in_its_words(on_numpy: Any, arguments: dict[str, Any]) -> None:
    theirs = on_numpy.refusal(ADAMAX, **arguments)
    assert theirs is not None
    assert refusal_of(lambda: Adamax(**arguments)) == theirs


@pytest.mark.parametrize("arguments", SCALED_REFUSED, ids=str)
def test_the_same_of_a_loss_scale(on_numpy: Any, arguments: dict[str, Any]) -> None:
    theirs = on_numpy.scaled_refusal(**arguments)
    assert theirs is not None
    assert refusal_of(lambda: LossScaleOptimizer(Adamax(), **arguments)) == theirs


@pytest.mark.parametrize("arguments", [{"ema_momentum": 0.99, "clipnorm": None}, {"use_ema": 0}, {"dynamic": True}])
def test_what_a_loss_scale_lets_through(on_numpy: Any, arguments: dict[str, Any]) -> None:
    assert on_numpy.scaled_refusal(**arguments) is None
    assert refusal_of(lambda: LossScaleOptimizer(Adamax(), **arguments)) is None


POOL = {
    "learning_rate": (0.1, 0.0, -0.1, 1, None, True, constant_rate),
    "clipnorm": (None, 0, 1, 0.5, -1),
    "clipvalue": (None, None, None, 0.0, 2),
    "global_clipnorm": (None, None, None, 0.0, 3),
    "use_ema": (True, False),
    "ema_momentum": (0, 0.5, 1, 1.5, -1),
    "ema_overwrite_frequency": (None, 0, False, True, 1, 2.5, -1),
    "loss_scale_factor": (None, 0.0, 2, -1.0),
    "gradient_accumulation_steps": (None, 0, False, 2, 1, True, -1),
    "weight_decay": (None, 0, 0.1),
    "name": (None, "a name"),
}


@examples(200)
@given(arguments=st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in POOL.items()}))
def test_any_mixture_is_taken_or_refused_as_in_keras(on_numpy: Any, arguments: dict[str, Any]) -> None:
    assert refusal_of(lambda: Adamax(**arguments)) == on_numpy.refusal(ADAMAX, **arguments)


def test_a_fraction_of_a_window_is_refused_in_words_that_keras_has_but_does_not_use(on_numpy: Any) -> None:
    assert on_numpy.refusal(ADAMAX, gradient_accumulation_steps=2.5) is None
    one, fraction = (refusal_of(lambda s=s: Adamax(gradient_accumulation_steps=s)) for s in (1, 2.5))  # type: ignore[misc]
    assert one is not None
    assert fraction == (one[0], one[1].replace("steps=1", "steps=2.5"))


def test_decay_is_ignored(on_numpy: Any) -> None:
    assert on_numpy.refusal(ADAMAX, decay=0.1) is None
    with pytest.warns(UserWarning, match="^Argument `decay` is no longer supported and will be ignored.$"):
        Adamax(decay=0.1)
    Adamax(decay=None)


@pytest.mark.parametrize("arguments", CONFIGS, ids=str)
class TestConfig:
    def ours(self, arguments: dict[str, Any]) -> Adamax:
        return Adamax(**{"name": "adamax"} | arguments, dtype="float32")

    def test_it_is_keras_config(self, on_numpy: Any, arguments: dict[str, Any]) -> None:
        assert self.ours(arguments).get_config() == on_numpy.config(ADAMAX, **{"name": "adamax"} | arguments)

    def test_keras_reads_ours_and_we_read_keras(self, on_numpy: Any, arguments: dict[str, Any]) -> None:
        config = self.ours(arguments).get_config()
        assert on_numpy.from_config(ADAMAX, config) == config
        again = Adamax.from_config(on_numpy.config(ADAMAX, **{"name": "adamax"} | arguments))
        assert again.with_dtype("float32").get_config() == config

    def test_the_same_under_a_loss_scale(self, on_numpy: Any, arguments: dict[str, Any]) -> None:
        scaled = {"initial_scale": 64.0, "dynamic_growth_steps": 7, "name": "scaler"}
        ours = LossScaleOptimizer(self.ours(arguments), **scaled)
        theirs = on_numpy.config(ADAMAX, scaled=scaled, **{"name": "adamax"} | arguments)
        assert ours.get_config() == theirs
        assert on_numpy.from_config(SCALER, ours.get_config()) == theirs
        assert LossScaleOptimizer.from_config(theirs).with_dtype("float32").get_config() == theirs


@pytest.mark.parametrize("name", VALUES)
def test_every_value_of_the_other_tests_is_taken_by_keras(on_numpy: Any, name: str) -> None:
    assert all(on_numpy.refusal(ADAMAX, **{name: value}) is None for value in VALUES[name])
