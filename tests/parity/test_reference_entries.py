"""The reference as data: complete, found by words, and linked to effects that exist."""

from __future__ import annotations

import re

from adamax_viz.parity.facts import FACTS
from adamax_viz.parity.reference import ARGUMENTS, DEFAULTS, NEIGHBOURS, facts_of, matching
from adamax_viz.study.named.effects import find_effect
from adamax_viz.views.notation import MACROS, coloured

KNOWN = r"alpha|beta|theta|varepsilon|lambda|Delta|mu|nabla|partial|mathit|text|textstyle|quad|frac|tfrac|sqrt|sum|min"
KNOWN += r"|max|bmod|leftarrow|cases|begin|end|bar|hat|lVert|rVert|Bigl|Bigr"


def test_every_fact_belongs_to_an_argument_and_is_told_once():
    names = {argument.name for argument in ARGUMENTS}
    assert {fact.argument for fact in FACTS} <= names
    assert len({fact.key for fact in FACTS}) == len(FACTS)
    assert sum(len(facts_of(argument.name)) for argument in ARGUMENTS) == len(FACTS)


def test_every_argument_has_a_sentence_and_its_effect_exists():
    for argument in ARGUMENTS:
        assert argument.reference.endswith("."), argument.name
        assert not argument.effect or find_effect(argument.effect), argument.name
    assert [argument.name for argument in ARGUMENTS if not argument.effect] == ["name"]


def test_formulas_use_what_is_known():
    macros = "|".join(MACROS)
    for argument in ARGUMENTS:
        used = re.findall(r"\\([A-Za-z]+)", argument.formula + argument.symbol)
        assert all(re.fullmatch(f"{KNOWN}|{macros}", name) for name in used), (argument.name, used)


def test_defaults_come_from_the_signature():
    assert (DEFAULTS["learning_rate"], DEFAULTS["beta_2"], DEFAULTS["initial_scale"]) == (0.001, 0.999, 2.0**15)
    assert [argument.name for argument in ARGUMENTS if argument.name not in DEFAULTS] == ["gradients"]


def test_words_find_names_sentences_and_facts():
    assert {"clipnorm", "clipvalue", "global_clipnorm"} <= {a.name for a in matching("clip")}
    assert "beta_1" in {a.name for a in matching("NaN first step")}
    assert matching("") == ARGUMENTS
    assert matching("banana") == ()


def test_neighbours_colour_their_formulas():
    for neighbour in NEIGHBOURS:
        assert coloured(neighbour.u, "light") != neighbour.u
