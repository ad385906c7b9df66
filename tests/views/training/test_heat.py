"""Heat maps: every pixel is the mean it says, in the row of the parameter it says."""

import numpy as np
import pytest

from adamax_viz.core.engine import run
from adamax_viz.core.optimizer import Adamax
from adamax_viz.views.training.heat import BYTES, heat_maps
from tests.core.tiny import Bowl

SIZES = {"kernel": 6, "bias": 2}
STIFFNESS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.5, 0.25)


def trained(steps=12, rule="adamax", **arguments):
    optimizer = Adamax(learning_rate=0.1, **arguments).with_rule(rule)
    return run(Bowl(STIFFNESS, SIZES), optimizer, np.arange(1.0, 9.0), steps)


def decoded(heat):
    """Pixels back as values; NaN where nothing happened."""
    part = (heat.pixels.astype(float) - 1) / BYTES
    value = heat.low * (heat.high / heat.low) ** part if heat.logarithmic else heat.high * part
    return np.where(heat.pixels == 0, np.nan, value)


def test_a_small_training_has_a_pixel_for_each_parameter_and_step():
    one = trained()
    maps = heat_maps(one)
    assert maps.steps.tolist() == list(range(12))
    assert maps.parameters.tolist() == list(range(8))
    expected = {
        "grad": np.abs(one["grad"][0]),
        "m": np.abs(one["m"][0]),
        "u": one["u"][0],
        "ratio": np.abs(one["step"][0]) / one["lr_t"][0][:, None],
    }
    for heat in maps.maps:
        span = 10 ** (np.log10(heat.high / heat.low) / BYTES) - 1 if heat.logarithmic else heat.high / BYTES
        values = expected[heat.quantity].T
        shown = values >= heat.low
        np.testing.assert_allclose(decoded(heat)[shown], values[shown], rtol=span, atol=0 if heat.logarithmic else span)


def test_a_large_one_is_averaged_over_steps_and_parameters_of_one_variable():
    one = trained()
    maps = heat_maps(one, columns=4, rows=4)
    assert maps.steps.tolist() == [0, 3, 6, 9]
    assert [(band.name, band.row, band.rows, band.first, band.size) for band in maps.bands] == [
        ("kernel", 0, 3, 0, 6),
        ("bias", 3, 1, 6, 2),
    ]
    assert maps.parameters.tolist() == [0, 2, 4, 6]
    u = next(heat for heat in maps.maps if heat.quantity == "u")
    assert decoded(u)[1, 2] == pytest.approx(one["u"][0, 6:9, 2:4].mean(), rel=0.05)
    assert decoded(u)[3, 0] == pytest.approx(one["u"][0, 0:3, 6:8].mean(), rel=0.05)


def test_every_variable_keeps_a_row():
    one = run(Bowl(np.ones(100), {"kernel": 99, "bias": 1}), Adamax(learning_rate=0.1), np.ones(100), 3)
    assert [band.rows for band in heat_maps(one, rows=10).bands] == [9, 1]


def test_shares_of_the_gradients_branch():
    one = trained(steps=20, beta_2=0.5)
    maps = heat_maps(one)
    won = one["u_branch"][0]
    assert maps.bands[0].branch == pytest.approx(won[:, :6].mean())
    assert maps.bands[1].branch == pytest.approx(won[:, 6:].mean())


def test_adam_shows_the_root_of_v_and_no_max():
    one = trained(rule="adam")
    maps = heat_maps(one)
    assert [(heat.quantity, heat.symbol) for heat in maps.maps][2] == ("u", "√v")
    np.testing.assert_allclose(decoded(maps.maps[2])[:, -1], np.sqrt(one["v"][0, -1]), rtol=0.05)
    assert [band.branch for band in maps.bands] == [None, None]


def test_steps_without_an_update_are_empty_in_the_ratio():
    one = trained(steps=8, gradient_accumulation_steps=4)
    ratio = next(heat for heat in heat_maps(one).maps if heat.quantity == "ratio")
    assert (ratio.pixels.max(axis=0) > 0).tolist() == one["is_update"].tolist()


def test_before_the_first_update_nothing_has_happened():
    maps = heat_maps(trained(steps=2, gradient_accumulation_steps=4))
    assert {heat.quantity: int(heat.pixels.max()) for heat in maps.maps if heat.quantity != "grad"} == {
        "m": 0,
        "u": 0,
        "ratio": 0,
    }


def test_a_diverged_training_is_shown_up_to_its_stop():
    one = run(Bowl(STIFFNESS, SIZES), Adamax(learning_rate=1e308), np.arange(1.0, 9.0), 50)
    assert one.status[0].kind == "diverged"
    maps = heat_maps(one)
    assert len(maps.steps) == one.rows
    assert all(heat.pixels.shape == (8, one.rows) for heat in maps.maps)


@pytest.mark.parametrize("window", [None, 3, 4])
def test_a_glance_shows_the_means_of_the_steps_it_looks_at(window):
    one = trained(steps=400, gradient_accumulation_steps=window)
    whole, glance = heat_maps(one, columns=20), heat_maps(one, columns=20, most_steps=40)
    assert glance.steps.tolist() == [first + (window or 1) - 1 - first % (window or 1) for first in glance.steps]
    assert np.abs(glance.steps - whole.steps).max() <= 400 / 40 + (window or 1)
    for ours, every in zip(glance.maps, whole.maps, strict=True):
        assert (ours.pixels > 0).sum() == (every.pixels > 0).sum(), ours.quantity  # no column lacks an update
    at = glance.steps[7]
    following = next(step for step in range(at + 1, 400) if step >= 150 and one["is_update"][step])
    u = next(heat for heat in glance.maps if heat.quantity == "u")
    assert decoded(u)[2, 7] == pytest.approx(one["u"][0, [at, following], 2].mean(), rel=0.05)


def test_a_short_training_is_seen_whole_at_a_glance():
    one = trained(steps=30)
    for ours, every in zip(heat_maps(one, most_steps=40).maps, heat_maps(one).maps, strict=True):
        np.testing.assert_array_equal(ours.pixels, every.pixels)
