"""The ledger's arithmetic: each row's own numbers give its result, to the last bit, at every step of every run."""

import re
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.run.ledger import ledger, skipped

NAME = re.compile(r"[a-z_A-Z][a-z_A-Z0-9]*")
PLAIN = ("m", "u", "lr_t", "step", "theta")
# Settings, and the rows they switch on.
CASES = {
    "plain": ({}, PLAIN),
    "one_step": ({"steps": 1}, PLAIN),
    "betas_and_epsilon": ({"beta_1": 0.3, "beta_2": 0.7, "epsilon": 0.1}, PLAIN),
    "negative_rate": ({"learning_rate": -0.01}, PLAIN),
    "clipvalue": ({"clipvalue": 0.7}, ("clip", *PLAIN)),
    "clipvalue_two": ({"clipvalue": 0.7, "variables": "two"}, ("clip", *PLAIN)),
    "clipnorm": ({"clipnorm": 0.7}, ("clip", *PLAIN)),
    "clipnorm_two": ({"clipnorm": 0.7, "variables": "two"}, ("clip", *PLAIN)),
    "clipnorm_off": ({"clipnorm": 0.0}, PLAIN),
    "global_clipnorm": ({"global_clipnorm": 0.7}, ("clip", *PLAIN)),
    "global_clipnorm_two": ({"global_clipnorm": 0.7, "variables": "two"}, ("clip", *PLAIN)),
    "clip_without_gradient": ({"surface": "custom", "formula": "0*x", "clipnorm": 1.0}, ("clip", *PLAIN)),
    "accumulation": ({"gradient_accumulation_steps": 3}, ("accumulate", *PLAIN)),
    "accumulation_clipped": (
        {"gradient_accumulation_steps": 3, "clipnorm": 0.5, "variables": "two"},
        ("accumulate", "clip", *PLAIN),
    ),
    "ema": ({"use_ema": True, "ema_momentum": 0.9}, (*PLAIN, "ema")),
    "ema_overwrite": (
        {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 4},
        (*PLAIN, "ema", "overwrite"),
    ),
    "ema_accumulation": (
        {"use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 2, "gradient_accumulation_steps": 3},
        ("accumulate", *PLAIN, "ema", "overwrite"),
    ),
    "overwrite_without_ema": ({"ema_overwrite_frequency": 4}, PLAIN),
    "weight_decay": ({"weight_decay": 0.3}, ("decay", *PLAIN)),
    "weight_decay_accumulation": (
        {"weight_decay": 0.3, "gradient_accumulation_steps": 2},
        ("accumulate", "decay", *PLAIN),
    ),
    "cosine": ({"schedule": "CosineDecay", "decay_steps": 30.0, "warmup_target": 0.2, "warmup_steps": 5}, PLAIN),
    "schedule_decay": ({"schedule": "InverseTimeDecay", "decay_steps": 7.0, "weight_decay": 0.2}, ("decay", *PLAIN)),
    "loss_scale": ({"loss_scale_factor": 3.0}, ("unscale", *PLAIN)),
    "loss_scale_float16": ({"loss_scale_factor": 24.0, "gradient_dtype": "float16"}, ("unscale", *PLAIN)),
    "dynamic": ({"dynamic_loss_scale": True, "gradient_dtype": "float16"}, ("unscale", *PLAIN)),
    "dynamic_growing": (
        {"dynamic_loss_scale": True, "gradient_dtype": "float16", "initial_scale": 64.0, "dynamic_growth_steps": 5},
        ("unscale", *PLAIN),
    ),
    "dynamic_everything": (
        {
            "dynamic_loss_scale": True,
            "gradient_dtype": "float16",
            "dynamic_growth_steps": 4,
            "gradient_accumulation_steps": 3,
            "global_clipnorm": 2.0,
            "weight_decay": 0.1,
            "use_ema": True,
            "ema_momentum": 0.6,
            "ema_overwrite_frequency": 2,
        },
        ("unscale", "accumulate", "clip", "decay", *PLAIN, "ema", "overwrite"),
    ),
    "everything": (
        {
            "loss_scale_factor": 7.0,
            "gradient_accumulation_steps": 3,
            "clipnorm": 0.9,
            "variables": "two",
            "weight_decay": 0.05,
            "use_ema": True,
            "ema_momentum": 0.9,
            "ema_overwrite_frequency": 5,
            "schedule": "ExponentialDecay",
            "noise": "gaussian",
            "noise_scale": 2.0,
            "seed": 4,
        },
        ("unscale", "accumulate", "clip", "decay", *PLAIN, "ema", "overwrite"),
    ),
    "converged": ({"tolerance": 0.5, "surface": "round_bowl", "learning_rate": 0.3, "noise": "none"}, PLAIN),
    "diverged": (
        {
            "surface": "custom",
            "formula": "-exp(x^2)",
            "learning_rate": 2.0,
            "clipvalue": 1.0,
            "weight_decay": 0.01,
            "use_ema": True,
            "noise": "none",
        },
        ("clip", "decay", *PLAIN, "ema"),
    ),
}
DEFAULTS = {"surface": "rosenbrock", "learning_rate": 0.07, "steps": 48, "noise": "spikes", "noise_probability": 0.1}
BOTH = pytest.mark.parametrize("dtype", ["float64", "float32"])
EACH = pytest.mark.parametrize("name", CASES)


@cache
def made(name, dtype="float64"):
    settings = RunSpec(**(DEFAULTS | CASES[name][0] | {"dtype": dtype}))
    run = run_of(settings)
    return settings, run, ledger(run, settings.optimizer())


def applies(row, k, run, settings):
    """Whether a row happens at a micro-step; written from Keras's order of things, not from the ledger."""
    frequency = settings.ema_overwrite_frequency
    ignored = "loss_scale" in run and not np.isfinite(run["grad"][0, k]).all()
    return {
        "always": True,
        "applied": not ignored,
        "update": bool(run["is_update"][k]),
        "overwrite": bool(frequency) and not ignored and (run["update"][k] + 1) % (frequency or 1) == 0,
    }[row.when]


def counted(run):
    """The micro-steps that count: those after a stop are empty, and at a divergence nothing moved."""
    status = run.status[0]
    return status.step + (status.kind == "converged")


@BOTH
@EACH
def test_the_numbers_of_each_row_give_its_result_to_the_last_bit(name, dtype):
    settings, run, book = made(name, dtype)
    checked = dict.fromkeys(CASES[name][1], 0)
    code = {row.key: compile(row.expression, row.key, "eval") for row in book.rows}
    with np.errstate(all="ignore"):
        for k in range(counted(run)):
            numbers = {n: values[k] for n, values in book.per_step.items()} | book.constants | {"np": np}
            for row in book.rows:
                if not applies(row, k, run, settings):
                    continue
                value, expected = np.asarray(eval(code[row.key], {}, numbers)), book.per_step[row.result][k]
                assert value.dtype == expected.dtype == dtype, (row.key, k)
                assert value.shape == expected.shape, (row.key, k)
                assert value.tobytes() == expected.tobytes(), (row.key, k, value, expected)
                checked[row.key] += 1
    assert all(checked.values()), checked


@BOTH
@pytest.mark.parametrize("name", ["converged", "diverged"])
def test_the_cases_that_stop_do(name, dtype):
    _, run, _ = made(name, dtype)
    assert run.status[0].kind == name
    assert 3 < counted(run) < run.steps


@BOTH
@EACH
def test_results_are_those_of_the_run(name, dtype):
    _, run, book = made(name, dtype)
    for array in ("grad", "grad_unscaled", "grad_accumulated", "grad_clipped", "m", "u", "step", "lr", "lr_t", "ema"):
        assert book.per_step[array].tobytes() == np.ascontiguousarray(run[array][0]).tobytes(), array
    theta = run["theta"][0]
    assert book.per_step["theta"].tobytes() == np.ascontiguousarray(theta[:-1]).tobytes()
    assert book.per_step["theta_next"].tobytes() == np.ascontiguousarray(theta[1:]).tobytes()
    assert all(len(values) == run.steps for values in book.per_step.values())
    assert all(values.dtype == dtype for values in book.per_step.values())


@BOTH
@EACH
def test_the_last_row_gives_the_next_weights(name, dtype):
    settings, run, book = made(name, dtype)
    overwrite = next((row for row in book.rows if row.key == "overwrite"), None)
    overwritten = 0
    for k in range(counted(run)):
        over = overwrite is not None and applies(overwrite, k, run, settings)
        weights = book.per_step["ema" if over else "moved"][k]
        assert weights.tobytes() == run["theta"][0, k + 1].tobytes(), k
        overwritten += over
    assert (overwritten > 0) == (overwrite is not None)
    np.testing.assert_array_equal(book.per_step["theta_next"][-1], run["theta"][0, -1])


@EACH
def test_rows_are_those_switched_on(name):
    _, _, book = made(name)
    assert tuple(row.key for row in book.rows) == CASES[name][1]
    assert [row.key for row in book.rows if row.scalar] == ["lr_t"]


@EACH
def test_each_row_hands_on_to_a_later_one(name):
    """Its result is in a later row, or becomes the weights, or waits for the next step; α_t is an aside."""
    _, _, book = made(name)
    for i, row in enumerate(book.rows):
        used = {n for later in book.rows[i + 1 :] for n in NAME.findall(later.expression)}
        ends = {"moved", "theta_next", "ema"}
        assert row.result in used | ends or row.key == "lr_t", row.key
    assert book.rows[-1].result in ("moved", "ema", "theta_next")


@pytest.mark.parametrize(
    ("name", "chain"),
    [
        ("plain", ["grad"]),
        ("clipnorm", ["grad", "grad_clipped"]),
        ("loss_scale", ["grad", "grad_unscaled"]),
        ("accumulation", ["grad", "grad_accumulated"]),
        ("accumulation_clipped", ["grad", "grad_accumulated", "grad_clipped"]),
        ("everything", ["grad", "grad_unscaled", "grad_accumulated", "grad_clipped"]),
    ],
)
def test_the_gradient_passes_every_stage(name, chain):
    _, _, book = made(name)
    rows = {row.key: row for row in book.rows}
    stages = [row for row in book.rows if row.key in ("unscale", "accumulate", "clip")]
    for row, before, after in zip(stages, chain[:-1], chain[1:], strict=True):
        assert row.result == after
        assert before in NAME.findall(row.expression)
    for key in ("m", "u"):
        assert [n for n in NAME.findall(rows[key].expression) if n.startswith("grad")] == [chain[-1]]
    assert {"m", "u"} <= set(NAME.findall(rows["step"].expression))


def test_the_symbols_say_which_gradient_and_weights_enter():
    def text(row):
        return "".join(ElementTree.fromstring(f"<math>{row.formula}</math>").itertext())

    def formula(name, key):
        return text(next(row for row in made(name)[2].rows if row.key == key))

    assert formula("plain", "u") == "max(β2ut−1,|g|)"
    assert formula("accumulation", "u") == "max(β2ut−1,|g¯|)"
    assert formula("clipnorm", "u") == "max(β2ut−1,|g^|)"
    assert formula("accumulation_clipped", "clip") == "g¯·cmax(‖g¯‖,c)"
    assert formula("plain", "theta") == "θt−1+Δ"
    assert formula("weight_decay", "theta") == "θdecayed+Δ"
    assert formula("weight_decay", "decay") == "θt−1−θt−1·λ·α"


@EACH
def test_shown_numbers_and_expression_name_the_same_things(name):
    _, _, book = made(name)
    known = {**book.constants, **book.per_step}
    for row in book.rows:
        holes = [hole.get("data-of") for hole in ElementTree.fromstring(f"<math>{row.numbers}</math>").iter("mn")]
        shown = {hole for hole in holes if hole}
        code = re.sub(r"np\.\w+", "", row.expression)
        assert shown == set(NAME.findall(code)), row.key
        assert shown | {row.result} <= set(known), row.key
        assert all(known[n] is not None for n in shown)


@EACH
def test_mathml_is_well_formed(name):
    _, _, book = made(name)
    for row in book.rows:
        for part in (row.symbol, row.formula, row.numbers):
            math = ElementTree.fromstring(f"<math>{part}</math>")
            assert all(len(node) == 2 for tag in ("mfrac", "msub", "mover") for node in math.iter(tag)), row.key
            assert all(len(node) == 3 for node in math.iter("msubsup"))
            assert {node.get("data-branch") for node in math.iter("mrow")} - {None} <= {"decay", "gradient"}
        assert "".join(ElementTree.fromstring(f"<math>{row.symbol}</math>").itertext())


def test_a_skipped_step_leaves_no_trace():
    """A loss scale that overflows in the middle of a window: the bucket and the average wait as they are."""
    settings = RunSpec(
        surface="round_bowl",
        start=(2.0, 1.0),
        steps=30,
        dynamic_loss_scale=True,
        initial_scale=2.0**14,
        dynamic_growth_steps=4,
        gradient_dtype="float16",
        gradient_accumulation_steps=3,
        use_ema=True,
        ema_momentum=0.5,
    )
    run = run_of(settings)
    book = ledger(run, settings.optimizer())
    out = skipped(run)
    inside = [k for k in range(29) if out[k] and np.any(book.per_step["bucket"][k] != 0)]
    assert len(inside) >= 2
    for k in inside:
        assert np.isinf(run["grad"][0, k]).any()
        for array in ("bucket", "m_before", "u_before", "ema_before", "theta"):
            np.testing.assert_array_equal(book.per_step[array][k + 1], book.per_step[array][k], err_msg=array)
    assert np.isfinite(book.per_step["bucket"]).all()


def test_a_batch_has_a_ledger_for_each_run():
    optimizer = av.Adamax(learning_rate=[0.1, 0.2], beta_2=[0.9, 0.99], clipnorm=[1.0, 2.0])
    run = av.run("ravine", optimizer, steps=9)
    second = ledger(run.only(1), optimizer.single(1))
    alone = av.Adamax(learning_rate=0.2, beta_2=0.99, clipnorm=2.0)
    expected = ledger(av.run("ravine", alone, steps=9), alone)
    assert second.rows == expected.rows
    assert second.constants == expected.constants
    for name, values in expected.per_step.items():
        np.testing.assert_array_equal(second.per_step[name], values, err_msg=name)
