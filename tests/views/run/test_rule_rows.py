"""Other rules have rows of their own: their arithmetic to the last bit, their symbols, their numbers."""

import re
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.core.rules import find_rule
from adamax_viz.views.run.ledger import ledger
from tests.views.run.test_ledger import BOTH, NAME, PLAIN

ADAM = ("m", "v", "lr_t", "step", "theta")
P_NORM = ("m", "larger", "u", "lr_t", "step", "theta")
RULES = {
    "adamax": PLAIN,
    "adamax_uncorrected": ("m", "u", "step", "theta"),
    "torch_adamax": PLAIN,
    "adam": ADAM,
    "p=1": P_NORM,
    "p=2": P_NORM,
    "p=7.5": P_NORM,
    "p=inf": PLAIN,
}
SWITCHES = {
    "plain": ({}, ()),
    "windows": ({"gradient_accumulation_steps": 3}, ("accumulate",)),
    "clipped": ({"clipnorm": 0.5, "weight_decay": 0.1}, ("clip", "decay")),
    "average": ({"use_ema": True, "ema_momentum": 0.9}, ()),
}


@cache
def under(rule, switches="plain", dtype="float64"):
    optimizer = av.Adamax(0.07, epsilon=1e-3, dtype=dtype, **SWITCHES[switches][0]).with_rule(rule)
    run = av.run("rosenbrock", optimizer, steps=30)
    return run, ledger(run, optimizer)


@BOTH
@pytest.mark.parametrize("switches", SWITCHES)
@pytest.mark.parametrize("rule", RULES)
def test_other_rules_have_rows_of_their_own(rule, switches, dtype):
    run, book = under(rule, switches, dtype)
    average = ("ema",) if switches == "average" else ()
    assert tuple(row.key for row in book.rows) == (*SWITCHES[switches][1], *RULES[rule], *average)
    for k in range(run.steps):
        numbers = {n: values[k] for n, values in book.per_step.items()} | book.constants | {"np": np}
        for row in book.rows:
            if row.when == "update" and not run["is_update"][k]:
                continue
            value = np.asarray(eval(row.expression, {}, numbers))
            assert value.dtype == dtype, (row.key, k)
            assert value.tobytes() == book.per_step[row.result][k].tobytes(), (row.key, k)


@pytest.mark.parametrize("rule", RULES)
def test_rows_of_other_rules_show_the_numbers_that_they_compute_with(rule):
    _, book = under(rule)
    known = {**book.constants, **book.per_step}
    for row in book.rows:
        parts = [ElementTree.fromstring(f"<math>{part}</math>") for part in (row.symbol, row.formula, row.numbers)]
        shown = {hole.get("data-of") for hole in parts[2].iter("mn")} - {None}
        assert shown == set(NAME.findall(re.sub(r"np\.\w+", "", row.expression))), row.key
        assert shown | {row.result} <= set(known)
        for math in parts:
            assert all(len(node) == 2 for tag in ("mfrac", "msub", "msup", "mover") for node in math.iter(tag))
            assert all(len(node) == 3 for node in math.iter("msubsup"))
            branches = {node.get("data-branch") for node in math.iter("mrow")} - {None}
            assert not branches or rule in ("adamax", "adamax_uncorrected", "torch_adamax", "p=inf")


def test_where_nothing_has_a_size_the_p_norm_divides_by_one():
    optimizer = av.Adamax(0.1).with_rule("p=3")
    run = av.run("round_bowl", optimizer, start=(0.0, 0.0), steps=3)
    book = ledger(run, optimizer)
    assert (book.per_step["larger"] == 1).all()
    assert not run["u"].any()


def test_a_rule_that_is_not_known_here_has_no_rows():
    rule = find_rule("adamax")._replace(name="mine")
    optimizer = av.Adamax(0.1).with_rule(rule)
    assert [row.key for row in ledger(av.run("ravine", optimizer, steps=3), optimizer).rows] == ["theta"]
