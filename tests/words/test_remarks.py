"""The numbers in each rule's sentence, recomputed here."""

import math
import re

import numpy as np
import pytest

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.words.numbers import number
from tests.words.remarks import TRAITS, numbers, remark, run_with, sentences


def test_diverged_names_step_and_quantity():
    settings, run = run_with(**TRAITS["diverged"][0])
    status = run.status[0]
    assert 0 < status.step < run.steps
    assert remark("diverged", settings, run).startswith(f"Diverged at step {status.step}: {status.quantity} is not")
    assert np.isfinite(run["theta"][0]).all()
    np.testing.assert_array_equal(run["theta"][0, -1], run["theta"][0, status.step])


def test_unmoved_tells_rounding_from_a_flat_place():
    settings, run = run_with(**TRAITS["unmoved"][0])
    assert "rounds to zero" in remark("unmoved", settings, run)
    lifted, moving = run_with(**TRAITS["unmoved"][0], loss_scale_factor=2.0**20)
    assert np.any(moving["grad"] != 0)
    assert remark("unmoved", lifted, moving) is None
    assert (
        sentences(surface="custom", formula="0*x + 3")[0] == "Every gradient is exactly zero, so Adamax takes no step."
    )


@pytest.mark.parametrize(
    ("rule", "name"),
    [("adam", "Adam"), ("p=4", "the rule p=4"), ("torch_adamax", "the rule torch_adamax"), ("p=inf", "Adamax")],
)
def test_unmoved_names_the_rule_that_ran(rule, name):
    flat, still = run_with(surface="custom", formula="0*x + 3", rule=rule, steps=9)
    assert remark("unmoved", flat, still) == f"Every gradient is exactly zero, so {name} takes no step."
    sentence = remark("unmoved", *run_with(**TRAITS["unmoved"][0], rule=rule))
    assert sentence.startswith(f"Every gradient rounds to zero before {name} sees it, so it takes no step")


@pytest.mark.parametrize(("surface", "start"), [("round_bowl", None), ("booth", None), ("goldstein_price", (0.7, 0.2))])
def test_converged_says_since_when_and_how_near(surface, start):
    settings, run = run_with(surface=surface, start=start, learning_rate=0.3 if surface == "booth" else 0.05)
    sentence = remark("converged", settings, run)
    minima = settings.problem().minima()
    end = run["theta"][0, -1]
    nearest = min(minima, key=lambda m: math.dist(end, (m.x, m.y)))
    assert ("local minimum" in sentence) == (not nearest.is_global)
    *_, step, within = numbers(sentence)
    assert numbers(sentence)[:2] == pytest.approx([nearest.x, nearest.y], rel=1e-3)
    distance = np.array([math.dist(place, (nearest.x, nearest.y)) for place in run["theta"][0]])
    (x0, x1), (y0, y1) = CATALOGUE[surface].domain
    near = math.hypot(x1 - x0, y1 - y0) / 1000
    since = int(step)
    assert distance[since - 1] > near >= distance[since:].max()
    assert distance[since:].max() <= within <= 1.1 * distance[since:].max()


def test_a_start_at_the_minimum_is_said_so():
    assert sentences(surface="round_bowl", start=(0.0, 0.0))[1].startswith(
        "Starts at the minimum at (0, 0) and stays there"
    )


def test_resting_tells_saddles_from_minima():
    assert "(0, 0), a saddle" in sentences(surface="saddle", start=(1.5, 0.0))[0]
    assert sentences(surface="ackley")[0].endswith("a local minimum.")
    assert sentences(surface="drop_wave")[0].endswith("where the ground is level.")
    assert (
        sentences(surface="custom", formula="(x - 1)^2 + y^2", learning_rate=0.3)[0]
        == "Came to rest at (1, 0), a minimum."
    )
    assert "the top of a hill" in sentences(surface="custom", formula="-x^2 - y^2", start=(0.0, 0.0))[1]
    # the gradient vanishes slowly, and nothing is at rest
    assert not any("rest" in s for s in sentences(surface="custom", formula="x^2 + y^2", learning_rate=0.001))


def test_balanced_names_the_place_where_decay_takes_back_each_step():
    settings, run = run_with(**TRAITS["balanced"][0])
    assert "(−2, −2)" in remark("balanced", settings, run)
    theta, lr = run["theta"][0, -51:-1], run["lr"][0, -50:, None]
    pull = theta * settings.weight_decay * lr
    np.testing.assert_allclose(run["step"][0, -50:], pull, rtol=0.01)
    assert np.abs(run["grad"][0, -50:]).min() > 1


@pytest.mark.parametrize("beta_2", [0.999, 0.998])
@pytest.mark.parametrize(("scale", "at"), [(300.0, 15), (80.0, 40)])
def test_frozen_counts_the_updates_until_the_outlier_is_forgotten(beta_2, scale, at):
    noise = {"noise": "outlier", "noise_scale": scale, "noise_step": at}
    settings, run = run_with(
        surface="round_bowl", start=(-2.5, 2.0), learning_rate=0.02, steps=200, beta_2=beta_2, **noise
    )
    sentence = remark("frozen", settings, run)
    d = "xy".index(re.search(r"u_([xy])", sentence).group(1))
    grad = np.abs(run["grad"][0, :, d])
    largest, step, share, shown_beta, updates = numbers(sentence)
    assert step == at
    assert number(largest) == number(grad[at])
    assert shown_beta == beta_2
    # from that gradient on u only fades, and it takes so long until it is as small as the gradients are
    np.testing.assert_allclose(run["u"][0, at:, d], grad[at] * beta_2 ** np.arange(200 - at), rtol=1e-12)
    now = np.median(grad[at + 1 :][(199 - at) // 2 :])
    assert updates == math.ceil(math.log(grad[at] / now) / math.log(1 / beta_2))
    late = np.abs(run["step"][0, -50:, d]) / settings.learning_rate
    assert share == pytest.approx(100 * np.median(late), rel=0.06)
    assert share < 10


@pytest.mark.parametrize(("rule", "norm", "root"), [("adam", "√v_", 2), ("p=4", "u_", 1), ("torch_adamax", "u_", 1)])
def test_frozen_counts_the_updates_that_the_rule_s_own_norm_takes(rule, norm, root):
    noise = {"noise": "outlier", "noise_scale": 3000.0, "noise_step": 15}
    settings, run = run_with(surface="round_bowl", steps=400, beta_2=0.998, rule=rule, **noise)
    sentence = remark("frozen", settings, run)
    assert f"holds {norm}" in sentence
    d = "xy".index(re.search(r"_([xy]) up", sentence)[1])
    updates = numbers(sentence.replace(f"{norm}{'xy'[d]}", ""))[-1]
    held = (np.sqrt(run["v"]) if rule == "adam" else run["u"])[0, :, d]
    now = np.median(np.abs(run["grad"][0, 16:, d])[192:])
    # the other gradients are nothing beside it: so many updates after the outlier it alone would be no larger than they
    assert held[15] * 0.998 ** ((updates - 1) / root) > now >= held[15] * 0.998 ** (updates / root)


def test_frozen_is_not_said_of_an_ordinary_descent():
    for lr in (0.01, 0.05, 0.3):
        for surface in ("round_bowl", "booth", "himmelblau", "matyas", "styblinski_tang"):
            settings, run = run_with(surface=surface, learning_rate=lr)
            assert remark("frozen", settings, run) is None, (surface, lr)


def test_frozen_knows_a_wall():
    settings, run = run_with(surface="cliff")
    sentence = remark("frozen", settings, run)
    peak = int(np.argmax(np.abs(run["grad"][0, :, 0])))
    assert f"at step {peak} still holds u_x up" in sentence
    assert abs(run["step"][0, -1, 0]) < 0.1 * settings.learning_rate


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.5])
def test_circling_gives_centre_and_amplitude(rate):
    settings, run = run_with(surface="kink", learning_rate=rate, steps=400)
    tail = run["theta"][0, -100:]
    amplitude = np.ptp(tail, axis=0).max() / 2
    *centre, shown, times = numbers(remark("circling", settings, run))
    assert centre == pytest.approx(tail.mean(axis=0), abs=0.03 * amplitude)
    assert shown == pytest.approx(amplitude, rel=0.05)
    assert times == pytest.approx(amplitude / rate, rel=0.06)
    assert 0.2 < times < 2
    assert "noise" not in remark("circling", settings, run)


def test_circling_is_silent_about_a_path_set_back():
    settings, run = run_with(
        surface="kink", learning_rate=0.2, use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=10
    )
    assert remark("circling", settings, run) is None


@pytest.mark.parametrize("kind", ["gaussian", "heavy_tailed"])
@pytest.mark.parametrize("seed", [1, 2])
def test_jittering_says_between_which_distances(kind, seed):
    settings, run = run_with(surface="booth", learning_rate=0.3, noise=kind, noise_scale=4.0, seed=seed, steps=600)
    away = np.hypot(*(run["theta"][0, -151:] - [1, 3]).T)
    sentence = remark("jittering", settings, run)
    assert numbers(sentence) == pytest.approx([away.min(), away.max(), 1, 3], rel=0.06)


def test_arriving_late():
    settings, run = run_with(**TRAITS["arriving"][0])
    sentence = remark("arriving", settings, run)
    near = math.hypot(6, 6) / 1000
    step = int(numbers(sentence)[-1])
    distance = np.hypot(*run["theta"][0].T)
    assert distance[step - 1] > near >= distance[step:].max()
    assert step > 0.75 * run.steps
    cosine = {"schedule": "CosineDecay", "decay_steps": 200.0, "learning_rate": 0.2, "steps": 200}
    assert remark("arriving", *run_with(surface="kink", **cosine)).endswith("while the learning rate faded.")


def test_following_averages_the_distance_from_the_moving_minimum():
    settings, run = run_with(surface="drifting_bowl", steps=200)
    places = [(1.5 * math.cos(0.01 * t), 1.5 * math.sin(0.01 * t)) for t in range(150, 201)]
    away = np.mean([math.dist(a, b) for a, b in zip(run["theta"][0, 150:], places, strict=True)])
    assert numbers(remark("following", settings, run))[-1] == pytest.approx(away, rel=0.06)


def test_skipping_counts_overflows():
    settings, run = run_with(**TRAITS["skipping"][0])
    overflown = int(np.isinf(run["grad"][0]).any(axis=1).sum())
    assert numbers(remark("skipping", settings, run)) == [overflown, 300]
    assert overflown > 1
    scale = run["loss_scale"][0]
    assert scale[overflown] == scale[0] / 2**overflown
    one = {"surface": "round_bowl", "start": (3.0, 0.5), "dynamic_loss_scale": True, "gradient_dtype": "float16"}
    assert "On 1 of 300 steps the scaled gradient overflowed: this step was" in remark("skipping", *run_with(**one))


@pytest.mark.parametrize("accumulation", [None, 2])
def test_overwriting_counts_jumps_and_their_length(accumulation):
    settings, run = run_with(
        surface="booth",
        use_ema=True,
        ema_momentum=0.8,
        ema_overwrite_frequency=15,
        weight_decay=0.2,
        gradient_accumulation_steps=accumulation,
        steps=180,
    )
    jumps = []
    for k in np.flatnonzero((run["update"] + 1) % 15 == 0):
        theta = run["theta"][0, k]
        moved = theta + run["step"][0, k] - (theta * 0.2 * 0.05 if run["is_update"][k] else 0)
        jumps.append(math.dist(moved, run["theta"][0, k + 1]))
    assert len(jumps) == 12
    count, length = numbers(remark("overwriting", settings, run))
    assert count == 12
    assert length == pytest.approx(np.mean(jumps), rel=0.06)


@pytest.mark.parametrize("accumulation", [None, 4])
@pytest.mark.parametrize("clip", ["clipvalue", "clipnorm", "global_clipnorm"])
def test_clipping_share_and_bend(clip, accumulation):
    settings, run = run_with(surface="ravine", steps=160, gradient_accumulation_steps=accumulation, **{clip: 1.0})
    updates = run["is_update"]
    before, after = run["grad_accumulated"][0, updates], run["grad_clipped"][0, updates]
    cut = (np.abs(before).max(axis=1) if clip == "clipvalue" else np.hypot(*before.T)) > 1.0
    sentence = remark("clipping", settings, run)
    count, of, share = numbers(sentence)[:3]
    assert (count, of) == (cut.sum(), updates.sum())
    assert 0 < share == pytest.approx(100 * cut.mean(), abs=0.06)
    cosine = (before * after).sum(axis=1) / np.hypot(*before.T) / np.hypot(*after.T)
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1))).max()
    if clip == "clipvalue":
        assert numbers(sentence)[3] == pytest.approx(angle, abs=0.06)
        assert angle > 10
    else:
        assert angle < 0.01
        assert sentence.endswith("it shortened the gradient and kept its direction.")


def test_clipnorm_of_two_variables_bends_the_direction():
    settings, run = run_with(surface="ravine", clipnorm=1.0, variables="two")
    assert "turned the gradient by up to" in remark("clipping", settings, run)


@pytest.mark.parametrize("limit", [0.49 * 2**20, 1e6 / 3])
def test_a_clip_that_never_cuts_is_said_to_do_nothing(limit):
    settings, run = run_with(surface="round_bowl", global_clipnorm=limit)
    assert remark("clipping", settings, run) == "Clipping changed nothing: every gradient was within its limit."


def test_slow_tells_a_short_run_from_a_faded_rate():
    assert remark("slow", *run_with(**TRAITS["slow"][0])).startswith("Still going down when the steps ran out")
    faded = {"schedule": "CosineDecay", "decay_steps": 300.0}
    assert "the learning rate had faded" in remark("slow", *run_with(surface="booth", **faded))
    assert remark("slow", *run_with(surface="kink", learning_rate=0.2)) is None


def test_a_run_thrown_far_above_its_start_is_not_told_to_go_faster():
    settings, run = run_with(surface="rosenbrock", learning_rate=1e30, steps=50)
    assert run["loss"][0, -1] > run["loss"][0, 0]
    assert remark("slow", settings, run).endswith("try a smaller learning rate.")


@pytest.mark.parametrize("beta_1", [0.5, 0.9, 0.95])
@pytest.mark.parametrize("accumulation", [1, 3])
def test_correcting_until_a_hundredth_is_left(beta_1, accumulation):
    windows = {"gradient_accumulation_steps": accumulation} if accumulation > 1 else {}
    settings, run = run_with(surface="round_bowl", beta_1=beta_1, steps=400, **windows)
    last_update = max(t for t in range(1, 400) if 1 / (1 - beta_1**t) > 1.01)
    expected = last_update * accumulation - 1
    assert (
        remark("correcting", settings, run) == f"Bias correction lifts the rate by more than 1 % until step {expected}."
    )
    settings, run = run_with(surface="round_bowl", beta_1=beta_1, steps=accumulation * last_update, **windows)
    assert remark("correcting", settings, run).endswith("at the end of the run.")


@pytest.mark.parametrize("rule", ["adam", "p=4", "adamax_uncorrected"])
def test_correcting_is_silent_of_rules_that_correct_their_norm_too_or_nothing(rule):
    settings, run = run_with(surface="round_bowl", rule=rule)
    first = np.abs(run["step"][0, 0]).max() / settings.learning_rate
    assert first <= 1 + 1e-6  # the first step is no longer than the rate, however much of it is said to be lifted
    assert remark("correcting", settings, run) is None


def test_correcting_is_true_of_torch_s_rule():
    sentence = remark("correcting", *run_with(surface="round_bowl", rule="torch_adamax"))
    assert sentence == "Bias correction lifts the rate by more than 1 % until step 42."
