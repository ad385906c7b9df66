"""The reference: complete, found by words, and true of the installed Keras and optax."""

import inspect
import re
from typing import Any

import numpy as np
import pytest

from adamax_viz.parity.experiments import STEADY
from adamax_viz.parity.facts import FACTS, Fact, holds
from adamax_viz.parity.reference import ARGUMENTS, DEFAULTS, NEIGHBOURS, facts_of, matching, next_door
from adamax_viz.study.named.effects import find_effect
from adamax_viz.views.notation import MACROS, coloured
from tests.runs.accumulated import accumulate

KNOWN = r"alpha|beta|theta|varepsilon|lambda|Delta|mu|nabla|partial|mathit|text|textstyle|quad|frac|tfrac|sqrt|sum|min"
KNOWN += r"|max|bmod|leftarrow|cases|begin|end|bar|hat|lVert|rVert|Bigl|Bigr"


def test_every_fact_belongs_to_an_argument_and_is_told_once() -> None:
    names = {argument.name for argument in ARGUMENTS}
    assert {fact.argument for fact in FACTS} <= names
    assert len({fact.claim for fact in FACTS}) == len(FACTS)
    assert sum(len(facts_of(argument.name)) for argument in ARGUMENTS) == len(FACTS)


def test_every_argument_has_a_sentence_and_its_effect_exists() -> None:
    for argument in ARGUMENTS:
        assert argument.reference.endswith("."), argument.name
        assert not argument.effect or find_effect(argument.effect), argument.name
    assert [argument.name for argument in ARGUMENTS if not argument.effect] == ["name"]


def test_formulas_use_what_is_known() -> None:
    macros = "|".join(MACROS)
    for argument in ARGUMENTS:
        used = re.findall(r"\\([A-Za-z]+)", argument.formula + argument.symbol)
        assert all(re.fullmatch(f"{KNOWN}|{macros}", name) for name in used), (argument.name, used)


def test_defaults_come_from_the_signature() -> None:
    assert (DEFAULTS["learning_rate"], DEFAULTS["beta_2"], DEFAULTS["initial_scale"]) == (0.001, 0.999, 2.0**15)
    assert [argument.name for argument in ARGUMENTS if argument.name not in DEFAULTS] == ["gradients"]


def test_words_find_names_sentences_and_facts() -> None:
    assert {"clipnorm", "clipvalue", "global_clipnorm"} <= {a.name for a in matching("clip")}
    assert "beta_1" in {a.name for a in matching("NaN first step")}
    assert matching("") == ARGUMENTS
    assert matching("banana") == ()


def test_neighbours_colour_their_formulas() -> None:
    for neighbour in NEIGHBOURS:
        assert coloured(neighbour.u, "light") != neighbour.u


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.claim)
def test_the_fact_holds(on_jax: Any, fact: Fact) -> None:
    assert holds(fact) is True


def test_every_argument_of_keras_is_there(on_jax: Any) -> None:
    adamax, scaler = (on_jax.signature(f"optimizers.{name}") for name in ("Adamax", "LossScaleOptimizer"))
    of_scaler = {name: scaler[name] for name in ("initial_scale", "dynamic_growth_steps")}
    assert {a.name: DEFAULTS[a.name] for a in ARGUMENTS if a.name != "gradients"} == adamax | of_scaler


def test_optax_has_epsilon_inside_the_max_and_counts_updates() -> None:
    import jax.numpy as jnp
    import optax

    assert inspect.signature(optax.adamax).parameters["eps"].default == 1e-8
    assert inspect.signature(optax.adamaxw).parameters["weight_decay"].default == 1e-4
    adamax = optax.adamax(0.1, eps=0.5)
    state = adamax.init(jnp.zeros(2))
    _, state = adamax.update(jnp.asarray(STEADY[0], "float32"), state)
    np.testing.assert_allclose(state[0].nu, np.abs(STEADY[0]) + 0.5)
    moved, _ = adamax.update(jnp.zeros(2), adamax.init(jnp.zeros(2)))
    assert not np.any(moved)
    windows = optax.MultiSteps(optax.sgd(lambda count: 1.0 + count), 3)
    state, weights, seen = windows.init(jnp.zeros(1)), jnp.zeros(1), []
    for _ in range(6):
        step, state = windows.update(jnp.ones(1), state, weights)
        seen.append(float(step[0]))
    assert seen == [0, 0, -1, 0, 0, -2]


def test_without_epsilon_a_first_zero_gradient_is_zero_by_zero() -> None:
    assert np.isnan(accumulate([0.0, 1.0], np.inf, epsilon=0.0).step[0])


def test_next_door_is_near_but_not_here() -> None:
    assert 0 < next_door() < 1e-5
