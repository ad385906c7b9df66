"""The Adamax rule against four lines of scalar arithmetic."""

import math
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.core import rules


class Setting(NamedTuple):
    lr: float = 0.1
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7


SETTINGS = [
    Setting(),
    Setting(beta_1=0.0),
    Setting(0.002, 0.5, 0.9, 0.0),
    Setting(beta_2=0.0),
    Setting(1.0, 0.99, 1.0, 1e-3),
]


def rates(s: Setting, t: int) -> rules.Rates:
    return rules.Rates(
        lr=s.lr,
        bias_correction=1 - s.beta_1**t,
        one_minus_beta_1=1 - s.beta_1,
        beta_2=s.beta_2,
        one_minus_beta_2=1 - s.beta_2,
        epsilon=s.epsilon,
        t=t,
    )


def by_hand(s: Setting, gradients: list[float]) -> list[tuple[float, float, float]]:
    """(m, u, step) after every gradient of one coordinate."""
    m = u = 0.0
    found = []
    for t, g in enumerate(gradients, 1):
        m = s.beta_1 * m + (1 - s.beta_1) * g
        u = max(s.beta_2 * u, abs(g))
        step = -s.lr / (1 - s.beta_1**t) * m / (u + s.epsilon)
        found.append((m, u, step))
    return found


def begin(rule: rules.Rule, zeros: np.ndarray) -> Any:
    return rule.state(*(zeros for _ in rule.moments))


def by_rule(s: Setting, grads: np.ndarray, rule: rules.Rule = rules.RULES["adamax"]) -> list[Any]:
    """Moments and step after every gradient."""
    state = begin(rule, np.zeros(grads.shape[1:]))
    seen = []
    for t, g in enumerate(grads, 1):
        state, step = rule.update(g, state, rates(s, t))
        seen.append(SimpleNamespace(**state._asdict(), step=step))
    return seen


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_rule_is_the_four_lines_of_the_paper(setting: Setting) -> None:
    grads = np.random.default_rng(1).normal(size=(40, 3, 2))  # 40 steps of 3 runs with 2 coordinates
    infos = by_rule(setting, grads)
    for run in range(3):
        for column in range(2):
            expected = by_hand(setting, grads[:, run, column].tolist())
            got = [(i.m[run, column], i.u[run, column], i.step[run, column]) for i in infos]
            np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-15)


def test_nothing_is_changed_in_place() -> None:
    before = rules.AdamaxState(np.array([[0.5, -0.25]]), np.array([[1.0, 0.125]]))
    g = np.array([[0.5, -2.0]])
    copies = [np.array(a) for a in (*before, g)]
    rules.adamax(g, before, rates(Setting(), 3))
    for array, copy in zip((*before, g), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_the_first_step_is_the_learning_rate_against_the_sign_of_the_gradient() -> None:
    g = np.array([[3.0, -1e-3, 40.0]])
    _, step = rules.adamax(g, rules.AdamaxState(0 * g, 0 * g), rates(Setting(epsilon=0.0), 1))
    np.testing.assert_allclose(step, -0.1 * np.sign(g), rtol=1e-15)


def test_u_keeps_the_larger_of_decayed_norm_and_gradient() -> None:
    state = rules.AdamaxState(np.zeros((1, 2)), np.array([[1.0, 1.0]]))
    state, _ = rules.adamax(np.array([[0.5, -3.0]]), state, rates(Setting(beta_2=0.9), 2))
    np.testing.assert_array_equal(state.u, [[0.9, 3.0]])


def test_epsilon_stands_outside_the_max() -> None:
    g = np.array([[2.0]])
    state, step = rules.adamax(g, rules.AdamaxState(0 * g, 0 * g), rates(Setting(lr=1.0, epsilon=2.0), 1))
    assert state.u.item() == 2.0
    assert step.item() == pytest.approx(-0.5)


def test_a_zero_gradient_moves_nothing_unless_epsilon_is_zero_too() -> None:
    g = np.zeros((1, 1))
    state = rules.AdamaxState(g, g)
    assert rules.adamax(g, state, rates(Setting(), 1))[1].item() == 0
    with np.errstate(invalid="ignore"):
        assert math.isnan(rules.adamax(g, state, rates(Setting(epsilon=0.0), 1))[1].item())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_bad_gradient_poisons_m_and_u_for_good(bad: float) -> None:
    with np.errstate(invalid="ignore"):
        infos = by_rule(Setting(), np.array([[[1.0]], [[bad]], [[1.0]], [[1.0]]]))
    assert all(not np.isfinite(i.m).any() and not np.isfinite(i.u).any() for i in infos[1:])
    assert np.isfinite(infos[0].step).all()


@pytest.mark.parametrize(("beta_1", "beta_2"), [(0.9, 0.999), (0.9, 0.95), (0.5, 0.9), (0.0, 0.999)])
def test_the_bound_of_a_step(beta_1: float, beta_2: float) -> None:
    """With epsilon = 0, |step| <= lr (1 - b1) / (1 - b1^t) sum_{k<t} (b1 / b2)^k; shrinking gradients meet it."""
    setting = Setting(lr=1.0, beta_1=beta_1, beta_2=beta_2, epsilon=0.0)
    t = np.arange(1, 101)
    bound = (1 - beta_1) / (1 - beta_1**t) * np.cumsum((beta_1 / beta_2) ** (t - 1.0))

    random = np.random.default_rng(2).normal(size=(100, 50, 1)) * np.geomspace(1, 1e-3, 50)[:, None]
    sizes = np.array([np.abs(i.step).max() for i in by_rule(setting, random)])
    assert (sizes <= bound * (1 + 1e-12)).all()

    shrinking = by_rule(setting, (beta_2 ** t.astype(float))[:, None, None])
    np.testing.assert_allclose([-i.step.item() for i in shrinking], bound, rtol=1e-12)
    if beta_1:
        assert bound[-1] > 1  # so that "a step is never longer than lr" is not quite true


def test_every_run_has_rates_of_its_own() -> None:
    grads = np.random.default_rng(3).normal(size=(5, len(SETTINGS), 2))
    zeros = np.zeros(grads.shape[1:])
    state = rules.AdamaxState(zeros, zeros)
    for t, g in enumerate(grads, 1):
        each = [rates(s, t)._asdict() for s in SETTINGS]
        columns = {name: np.array([one[name] for one in each])[:, None] for name in each[0]}
        state, step = rules.adamax(g, state, rules.Rates(**columns))
    for run, setting in enumerate(SETTINGS):
        alone = by_rule(setting, grads[:, run : run + 1])[-1]
        for ours, single in zip((*state, step), (alone.m, alone.u, alone.step), strict=True):
            np.testing.assert_array_equal(ours[run : run + 1], single)


@pytest.mark.parametrize("name", [*rules.RULES, "p=4", "p=2.5", "p=1"])
def test_a_rule_is_found_by_its_name_and_knows_what_it_keeps(name: str) -> None:
    rule = rules.find_rule(name)
    assert rule.name == name
    assert rules.find_rule(name) is rule
    state = begin(rule, np.zeros((1, 2)))
    after, step = rule.update(np.ones((1, 2)), state, rates(Setting(), 1))
    assert type(after) is type(state)
    assert step.shape == (1, 2)
    assert rule.moments == after._fields == (("m", "v") if name == "adam" else ("m", "u"))


def test_a_rule_of_ones_own_runs_and_records_what_it_keeps() -> None:
    class Momentum(NamedTuple):
        velocity: Any

    def heavy_ball(g: Any, state: Momentum, rates: rules.Rates) -> tuple[Momentum, Any]:
        velocity = 0.9 * state.velocity + g
        return Momentum(velocity), -rates.lr * velocity

    run = av.run("ravine", av.Adamax(0.01).with_rule(rules.Rule("heavy_ball", heavy_ball, Momentum)), steps=9)
    assert run.moments == ("velocity",)
    np.testing.assert_array_equal(run["step"], -0.01 * run["velocity"])
    assert run.running_norm is None


@pytest.mark.parametrize("rule", [*rules.RULES, "p=4"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_no_rule_leaves_the_precision_of_its_gradients(rule: str, dtype: Any) -> None:
    g = np.ones((2, 3), dtype)
    found = rules.find_rule(rule)
    state, step = found.update(g, begin(found, np.zeros_like(g)), rates(Setting(), 1))
    assert {array.dtype for array in (*state, step)} == {np.dtype(dtype)}


@pytest.mark.parametrize("rule", ["adam", "p=4", "p=300.5"])
def test_a_beta_2_above_one_is_no_crash(rule: str) -> None:
    run = av.run("ravine", av.Adamax(0.01, beta_2=2.0).with_rule(rule), steps=1200)
    assert run.status[0].kind in ("diverged", "finished")


# -- the rules next door -------------------------------------------------------------------------------------


def path_under(rule: str | rules.Rule, grads: np.ndarray, **arguments: float) -> list[Any]:
    return by_rule(Setting(**arguments), grads, rules.find_rule(rule) if isinstance(rule, str) else rule)


GRADS = np.random.default_rng(2).normal(size=(60, 2, 3))


def test_adam_is_algorithm_1() -> None:
    s = Setting()
    m = v = np.zeros((2, 3))
    for t, (g, info) in enumerate(zip(GRADS, path_under("adam", GRADS), strict=True), 1):
        m = s.beta_1 * m + (1 - s.beta_1) * g
        v = s.beta_2 * v + (1 - s.beta_2) * g**2
        root = np.sqrt(1 - s.beta_2**t)
        step = -s.lr * (m / (1 - s.beta_1**t)) / (np.sqrt(v) / root + s.epsilon / root)
        np.testing.assert_allclose(info.v, v, rtol=1e-13)
        np.testing.assert_allclose(info.step, step, rtol=1e-12)


def test_torch_puts_epsilon_inside_the_max() -> None:
    infos = path_under("torch_adamax", np.array([[[2.0]], [[0.0]]]), beta_2=0.9, epsilon=0.5)
    assert infos[0].u == 2.5
    assert infos[1].u == 2.5 * 0.9


def test_without_bias_correction_the_first_step_is_a_tenth() -> None:
    optimizer = av.Adamax(0.1, epsilon=0.0).with_rule("adamax_uncorrected")
    run = av.run("round_bowl", optimizer, start=(1.0, 1.0), steps=5)
    np.testing.assert_allclose(run["step"][0, 0], [-0.01, -0.01], rtol=1e-12)
    np.testing.assert_array_equal(run["lr_t"], run["lr"])


def test_the_2_norm_is_adam_with_beta_2_squared() -> None:
    two = path_under(rules.p_norm(2), GRADS, beta_2=0.95, epsilon=0.0)
    adam = path_under("adam", GRADS, beta_2=0.95**2, epsilon=0.0)
    for ours, theirs in zip(two, adam, strict=True):
        np.testing.assert_allclose(ours.u, np.sqrt(theirs.v), rtol=1e-12)
        np.testing.assert_allclose(ours.step, theirs.step, rtol=1e-12)


def test_the_p_norm_goes_to_the_max() -> None:
    adamax = path_under("adamax", GRADS)
    distance = []
    for p in (2, 8, 64, 1e4, 1e6):
        found = path_under(rules.p_norm(p), GRADS)
        distance.append(max(np.abs(a.u / b.u - 1).max() for a, b in zip(found, adamax, strict=True)))
    assert distance == sorted(distance, reverse=True)
    assert distance[-1] < 1e-5
    assert rules.p_norm(np.inf) is rules.RULES["adamax"]


@pytest.mark.parametrize("p", [2, 100, 1e6])
def test_no_power_overflows(p: float) -> None:
    grads = np.array([1e-300, 0.0, 1e150, -1e300, 0.0])[:, None, None]
    infos = path_under(rules.p_norm(p), grads)
    assert all(np.isfinite(info.u).all() and np.isfinite(info.step).all() for info in infos)
    assert path_under(rules.p_norm(p), np.zeros((2, 1, 1)))[1].u == 0


@pytest.mark.parametrize("p", [0.5, float("nan")])
def test_a_norm_below_one_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        rules.p_norm(p)


def test_an_unknown_rule_is_refused_and_a_known_one_survives_copies() -> None:
    with pytest.raises(ValueError, match="no rule 'sgd'"):
        av.Adamax().with_rule("sgd")
    with pytest.raises(ValueError, match=r"no rule 'p=0[.]5': p is a number from 1"):
        rules.find_rule("p=0.5")
    for name in ("p=", "p=four", "p=nan"):
        with pytest.raises(ValueError, match="p is a number"):
            rules.find_rule(name)
    adam = av.Adamax([0.1, 0.2]).with_rule("adam")
    assert {adam.single(0).rule.name, adam.with_dtype("float32").rule.name} == {"adam"}


def test_under_accumulation_moments_rest_between_updates_whatever_the_rule() -> None:
    run = av.run("ravine", av.Adamax(gradient_accumulation_steps=3).with_rule("adam"), steps=9)
    v = run["v"][0]
    np.testing.assert_array_equal(v[2:5], np.broadcast_to(v[2], (3, 2)))
