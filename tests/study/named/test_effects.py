"""The effects: complete, and each of their claims holds in its runs."""

from functools import cache

import numpy as np
import pytest

from adamax_viz.runs.run import runs_of
from adamax_viz.study.named.effects import EFFECTS, FAMILIES, find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import keras_cases, study_of


@cache
def outcomes(name):
    return runs_of(study_of(find_effect(name)).specs())


def runs(name):
    return [outcome.run for outcome in outcomes(name)]


def apart(one, other):
    """The largest distance between two paths."""
    return float(np.hypot(*(one["theta"][0] - other["theta"][0]).T).max())


def turns(run):
    """Degrees between each update's gradient before and after its clip."""
    before, after = run["grad_accumulated"][0], run["grad_clipped"][0]
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return np.degrees(np.abs(np.arctan2(cross, (before * after).sum(axis=1))))


def end(run):
    return run["theta"][0, -1]


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_every_effect_can_be_shown(effect):
    assert 2 <= len(effect.variants) <= 4
    assert effect.question.endswith("?")
    assert effect.line.endswith(".")
    assert set(effect.base) <= set(RunSpec.model_fields)
    assert all(outcome.refusal is None for outcome in outcomes(effect.name))
    paths = [run["theta"].tobytes() + run["ema"].tobytes() for run in runs(effect.name)]
    assert len(set(paths)) > 1 or effect.name == "accumulation_by_hand"


def test_names_are_unique_and_the_nine_families_are_there():
    assert len({effect.name for effect in EFFECTS}) == len(EFFECTS)
    assert (
        *("Clipping", "EMA", "Accumulation", "Weight decay", "Schedules", "Bias correction", "β₁, β₂, ε"),
        *("Loss scale", "Noise"),
    ) == FAMILIES


def test_keras_can_run_all_but_the_other_rules_and_the_batches_by_hand():
    names = [name for name, _ in keras_cases()]
    every = [f"{e.name} {letter}" for e in EFFECTS for letter, _ in zip("ABCD", e.variants, strict=False)]
    assert set(every) - set(names) == {
        "accumulation_by_hand C",
        "accumulation_schedule B",
        "accumulation_schedule C",
        "weight_decay D",
        "bias_correction B",
    }


# -- clipping --------------------------------------------------------------------------------------------------


def test_clipnorm_keeps_the_direction_and_clipvalue_does_not():
    _, by_value, by_norm, _ = runs("clipping_one")
    assert turns(by_norm).max() < 1e-12
    assert turns(by_value).max() > 10


def test_for_one_variable_clipnorm_is_the_global_clip():
    _, _, by_norm, by_global = runs("clipping_one")
    for name in ("theta", "grad_clipped", "m", "u"):
        np.testing.assert_allclose(by_norm[name], by_global[name], rtol=0, atol=1e-12)


def test_for_two_variables_of_one_entry_clipnorm_is_clipvalue_and_the_global_clip_is_another():
    _, by_value, by_norm, by_global = runs("clipping")
    np.testing.assert_allclose(by_value["theta"], by_norm["theta"], rtol=0, atol=1e-12)
    assert apart(by_norm, by_global) > 0.1
    assert turns(by_norm).max() > 10
    assert turns(by_global).max() < 1e-12


def test_a_constant_rescaling_hardly_moves_adamax_while_a_selective_clip_does():
    plain, rescaled, clipped = runs("rescaling")
    assert apart(plain, rescaled) < 1e-5
    assert apart(plain, clipped) > 1


# -- EMA -------------------------------------------------------------------------------------------------------


def test_an_average_does_not_touch_the_path():
    off, *averaged = runs("ema")
    for run in averaged:
        np.testing.assert_array_equal(run["theta"], off["theta"])


def test_a_middling_momentum_is_nearer_to_the_minimum_than_a_slow_one():
    _, quick, _, slow = runs("ema")
    distance = [np.hypot(*(run["ema"][0, -1] - [1, 3])) for run in (quick, slow)]
    assert distance[0] < distance[1]


def test_an_overwrite_puts_the_average_into_the_weights():
    _, every_5, every_20, _ = runs("ema_overwrite")
    for run, every in ((every_5, 5), (every_20, 20)):
        np.testing.assert_array_equal(run["theta"][0, every::every], run["ema"][0, every - 1 :: every])


def test_the_average_copies_the_weights_in_the_first_window():
    for run, window in zip(runs("ema_window"), (1, 4, 16), strict=True):
        np.testing.assert_array_equal(run["ema"][0, :window], run["theta"][0, 1 : window + 1])
        after = slice(window, 3 * window)
        assert not np.array_equal(run["ema"][0, after], run["theta"][0, 1:][after])


# -- accumulation ----------------------------------------------------------------------------------------------


def test_accumulation_is_the_averaged_batch():
    _, accumulated, by_hand = runs("accumulation_by_hand")
    for name in ("theta", "m", "u"):
        np.testing.assert_allclose(accumulated[name], by_hand[name], rtol=0, atol=1e-12)


def test_a_larger_window_makes_fewer_and_calmer_steps():
    updates = [int(run["is_update"].sum()) for run in runs("accumulation")]
    assert updates == [320, 160, 80, 40]
    spread = [np.nanstd(run["grad_clipped"][0, :, 0] - run["theta"][0, :-1, 0]) for run in runs("accumulation")]
    assert spread == sorted(spread, reverse=True)


def test_a_schedule_sees_calls_not_updates():
    accumulated, by_hand, shortened = runs("accumulation_schedule")
    assert apart(accumulated, by_hand) > 10 * apart(accumulated, shortened)
    assert accumulated["lr"][0, -1] < 0.01 * by_hand["lr"][0, -1]


# -- weight decay ----------------------------------------------------------------------------------------------


def test_l2_moves_the_fixed_point_and_decoupled_decay_lets_go_of_it():
    settings = study_of(find_effect("weight_decay")).specs()
    long = [runs_of([s.changed(steps=5_000)])[0].run for s in settings]
    none, decoupled, in_loss, in_gradient = (end(run) for run in long)
    hessian = settings[0].problem().hessian(1, 3)
    shrunk = np.linalg.solve(hessian + 0.2 * np.eye(2), hessian @ [1, 3])  # of f + 0.1 |theta|^2, f quadratic
    np.testing.assert_allclose(none, [1, 3], atol=1e-3)
    np.testing.assert_allclose(in_loss, shrunk, atol=2e-3)
    np.testing.assert_allclose(in_gradient, shrunk, atol=2e-3)
    np.testing.assert_allclose(decoupled, [1, 3], atol=0.01)  # once u has forgotten the large gradients, soon here
    assert np.hypot(*(long[1]["theta"][0, 100] - [1, 3])) > 1  # but long before that it is held far away


def test_torchs_l2_shows_in_the_gradient_but_not_in_the_loss():
    _, _, in_loss, in_gradient = runs("weight_decay")
    assert apart(in_loss, in_gradient) < 1e-5
    penalty = 0.1 * (in_loss["theta"][0] ** 2).sum(axis=1)
    np.testing.assert_allclose(in_loss["loss"][0] - in_gradient["loss"][0], penalty, atol=1e-3)


# -- schedules, bias correction, betas, epsilon ------------------------------------------------------------------


def test_all_six_schedules_and_a_warm_up_are_there():
    settings = [s for name in ("schedules", "schedules_shaped") for s in study_of(find_effect(name)).specs()]
    assert len({s.schedule for s in settings}) == 7  # none, and Keras's six
    assert any(s.warmup_target is not None for s in settings)


def test_a_path_circles_as_wide_as_its_rate():
    constant, *_, polynomial = runs("schedules")
    wide, narrow = (np.abs(run["theta"][0, -20:]).max() for run in (constant, polynomial))
    assert narrow < 0.3 * wide


def test_without_bias_correction_the_first_step_is_a_tenth():
    corrected, uncorrected = runs("bias_correction")
    np.testing.assert_allclose(uncorrected["step"][0, 0], (1 - 0.9) * corrected["step"][0, 0], rtol=1e-12)
    np.testing.assert_allclose(np.abs(corrected["step"][0, 0]), 0.1, rtol=1e-6)
    np.testing.assert_array_equal(uncorrected["u"][0, 0], np.abs(uncorrected["grad"][0, 0]))  # u needs none


def test_a_high_beta_1_swings_back_and_forth():
    crossings = [int((np.diff(np.sign(run["theta"][0, :, 1])) != 0).sum()) for run in runs("beta_1")[1:]]
    swings = [np.abs(run["theta"][0, -100:, 1]).max() for run in runs("beta_1")]
    assert crossings[-1] >= 2
    assert swings == sorted(swings)


def test_u_forgets_an_outlier_by_beta_2():
    for run, beta_2 in zip(runs("beta_2"), (0.9, 0.99, 0.999), strict=True):
        u = run["u"][0, :, 0]
        np.testing.assert_allclose(u[25] / u[15], beta_2**10, rtol=1e-12)
    distance = [np.hypot(*end(run)) for run in runs("beta_2")]
    assert distance == sorted(distance)


def test_epsilon_shortens_the_steps_where_gradients_are_as_small():
    distance = [np.hypot(*end(run)) for run in runs("epsilon")]
    assert distance == sorted(distance)
    assert distance[-1] > 100 * distance[0]


# -- loss scale, noise -----------------------------------------------------------------------------------------


def test_half_precision_loses_small_gradients_and_large_ones():
    none, right, large, too_large = runs("loss_scale")
    assert (none["grad"][0, :, 0] == 0).all()
    assert end(none)[0] == -2.5
    for run in (right, large):
        assert abs(end(run)[0]) < 0.1
    assert too_large.status[0].kind == "diverged"
    assert np.isinf(too_large["grad"][0, 0, 1])


def test_a_dynamic_scale_halves_on_an_overflow_and_doubles_after_good_steps():
    _, slow, quick, from_one = runs("dynamic_loss_scale")
    assert (~slow["is_update"]).sum() == 1
    assert (~quick["is_update"]).sum() > 2
    for run in (slow, quick, from_one):
        scale, ratios = run["loss_scale"][0], run["loss_scale"][0, 1:] / run["loss_scale"][0, :-1]
        assert set(ratios) <= {0.5, 1.0, 2.0}
        np.testing.assert_array_equal(ratios == 0.5, ~run["is_update"][:-1])
        skipped = ~run["is_update"]
        np.testing.assert_array_equal(run["theta"][0, 1:][skipped], run["theta"][0, :-1][skipped])
        assert scale.min() >= 1


def test_rare_large_values_hurt_more_than_noise_of_one_size():
    none, gaussian, heavy_tailed, spikes = (np.hypot(*end(run)) for run in runs("noise"))
    assert none < gaussian < 0.1
    assert min(heavy_tailed, spikes) > 0.5


def test_a_clip_or_a_lower_beta_2_helps_against_an_outlier():
    calm, hurt, clipped, forgetting = (np.hypot(*end(run)) for run in runs("outlier"))
    assert hurt > 1
    assert max(calm, clipped, forgetting) < 0.01
