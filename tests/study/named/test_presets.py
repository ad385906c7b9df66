"""Each example shows what its line says; the claims are checked on the very run that its link makes."""

from functools import cache

import numpy as np
import pytest

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query, to_query
from adamax_viz.study.named.presets import PRESETS, preset_settings

QUERIES = {preset.name: preset.query for preset in PRESETS}
NAMES = list(QUERIES)


@cache
def settings_of(name):
    return preset_settings(QUERIES[name])


@cache
def run_preset(name):
    return run_of(settings_of(name))


def changed(name, **changes):
    return run_of(settings_of(name).changed(**changes))


def array(name, field):
    return run_preset(name)[field][0]


def steps(name):
    return np.abs(array(name, "step"))


def distance(theta, place=(0.0, 0.0)):
    return np.hypot(*(theta - np.array(place)).T)


def angles(name):
    """Degrees between the gradient before and after the clip."""
    a, b = array(name, "grad"), array(name, "grad_clipped")
    return np.degrees(np.abs(np.arctan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1))))


def amplitude(run, last=50):
    return np.ptp(run["theta"][0, -last:], axis=0).max() / 2


# -- what each line claims -----------------------------------------------------------------------------------------


def bias_correction():
    rate = settings_of("bias_correction").learning_rate
    np.testing.assert_allclose(array("bias_correction", "m")[0], array("bias_correction", "grad")[0] / 10)
    np.testing.assert_allclose(steps("bias_correction")[0], rate, rtol=1e-6)
    assert array("bias_correction", "lr_t")[0] == pytest.approx(10 * rate)


def ravine():
    rate = settings_of("ravine").learning_rate
    along_x, along_y = np.abs(array("ravine", "grad")[:10]).T
    assert np.all(along_y > 8 * along_x)
    assert np.all(array("ravine", "u")[:10, 1] > 8 * array("ravine", "u")[:10, 0])
    np.testing.assert_allclose(steps("ravine")[:3], rate, rtol=0.15)
    assert np.all(steps("ravine")[:10] > 0.5 * rate)


def outlier():
    at = settings_of("outlier").noise_step
    assert at == 15
    u = array("outlier", "u")
    assert np.all(u[at] > 100 * u[at - 1])
    assert np.all(u[-1] > 0.5 * u[at])  # for hundreds of steps
    assert len(u) - at > 300
    before = steps("outlier")[at - 5 : at].mean(axis=0)
    assert np.all(steps("outlier")[at + 10 :] < before / 10)
    assert distance(array("outlier", "theta"))[-1] > 1.5  # it does not arrive


def forgetting():
    outlier, run = settings_of("outlier"), settings_of("forgetting")
    assert run == outlier.changed(beta_2=0.9)
    u = array("forgetting", "u")
    assert np.all(u[15] > 100 * u[14])
    assert np.all(u[65] < u[15] / 100)
    away = distance(array("forgetting", "theta"))
    assert away[15] > 1.5
    assert np.all(away[-100:] < 0.02)


def clipvalue():
    assert angles("clipvalue")[:8].min() > 30
    assert np.median(angles("clipvalue")[:20]) > 30
    largest = np.abs(array("clipvalue", "grad_clipped")).max()
    assert largest == settings_of("clipvalue").clipvalue


def clipnorm():
    assert settings_of("clipnorm") == settings_of("clipvalue").changed(clipvalue=None, clipnorm=1.0)
    assert angles("clipnorm").max() < 1e-6
    before, after = (np.hypot(*array("clipnorm", field).T) for field in ("grad", "grad_clipped"))
    assert np.all(after[:8] < before[:8] / 10)
    assert np.all(after <= before)


def ema():
    away = distance(array("ema", "theta"))[-150:]
    average = distance(array("ema", "ema"))[-150:]
    assert average.mean() < away.mean() / 3
    assert average[-1] < away.mean() / 3
    # for ever: ten times as many steps don't bring the path nearer
    longer = changed("ema", steps=3000)
    assert distance(longer["theta"][0, -150:]).mean() > 0.5 * away.mean()


def accumulation():
    run = run_preset("accumulation")
    updates = run["is_update"]
    assert updates.sum() == run.steps / 8
    moves = np.abs(np.diff(run["theta"][0], axis=0)).max(axis=1) > 0
    np.testing.assert_array_equal(moves, updates)
    bucket = run["grad_accumulated"][0] * 8
    np.testing.assert_allclose(np.diff(bucket, axis=0)[~updates[:-1]], run["grad"][0, 1:][~updates[:-1]])
    noise = run["grad"][0] - run["theta"][0, :-1]  # the bowl's own gradient is θ
    assert noise.std() > 3.5
    assert (run["grad_clipped"][0] - run["theta"][0, :-1])[updates].std() < noise.std() / 2
    # so that the path comes to lie closer than one that steps on every gradient
    alone = changed("accumulation", gradient_accumulation_steps=None)
    assert distance(run["theta"][0, -160:]).mean() < 0.5 * distance(alone["theta"][0, -160:]).mean()


def kink():
    np.testing.assert_array_equal(np.abs(array("kink", "grad")), 1)
    rate = settings_of("kink").learning_rate
    assert 0.2 * rate < amplitude(run_preset("kink")) < rate
    assert amplitude(changed("kink", steps=2000)) > 0.2 * rate


def cosine():
    assert settings_of("cosine") == settings_of("kink").changed(schedule="CosineDecay", decay_steps=200.0)
    assert amplitude(run_preset("cosine")) < amplitude(run_preset("kink")) / 5
    late = [amplitude(run_preset("cosine"), last) for last in (80, 40, 20)]
    assert late[0] > 2 * late[1] > 4 * late[2]  # they shrink with the rate


def saddle():
    rate, grad = settings_of("saddle").learning_rate, array("saddle", "grad")
    assert abs(grad[0, 1]) <= 0.001 < 0.001 * abs(grad[0, 0]) + 0.001
    assert steps("saddle")[0, 1] == pytest.approx(rate, rel=1e-3)
    np.testing.assert_allclose(array("saddle", "theta")[-1], [0, 1], atol=0.01)


def cliff():
    rate, grad, u = settings_of("cliff").learning_rate, np.abs(array("cliff", "grad")[:, 0]), array("cliff", "u")[:, 0]
    wall = int(np.argmax(grad))
    assert grad[wall] > 20 * grad[0]
    assert steps("cliff").max() <= rate * (1 + 1e-6)
    assert np.all(u[wall:] > grad[wall] / 2)
    assert len(u) - wall > 200
    assert steps("cliff")[-1, 0] < rate / 20


def moving_bowl():
    def lag(**changes):
        run = changed("moving_bowl", **changes)
        t = 0.01 * np.arange(run.steps + 1)
        return distance(run["theta"][0, 200:] - 1.5 * np.stack([np.cos(t), np.sin(t)], axis=1)[200:]).mean()

    assert settings_of("moving_bowl").steps == 400
    assert CATALOGUE["drifting_bowl"].parameters["speed"].default == 0.01
    assert lag() < 0.35
    assert lag(learning_rate=0.02) > 2.5 * lag() > 5 * lag(learning_rate=0.3)
    assert lag(beta_1=0.99) > 1.5 * lag()


def weight_decay():
    theta = array("weight_decay", "theta")
    np.testing.assert_allclose(theta[-50:], -2, atol=0.005)
    minimum = np.array([-3.779310253377747, -3.2831859912861696])
    assert np.all((minimum < theta[-1]) & (theta[-1] < 0))
    without = changed("weight_decay", weight_decay=None)
    np.testing.assert_allclose(without["theta"][0, -1], minimum, atol=1e-3)
    settings = settings_of("weight_decay")
    np.testing.assert_allclose(steps("weight_decay")[-50:], settings.learning_rate, rtol=0.01)
    np.testing.assert_allclose(settings.weight_decay * np.abs(theta[-50:]), 1, rtol=0.01)


def underflow():
    theta = array("underflow", "theta")
    np.testing.assert_array_equal(array("underflow", "grad"), 0)
    np.testing.assert_array_equal(theta, np.broadcast_to(theta[0], theta.shape))
    assert np.all(settings_of("underflow").problem().evaluate(theta[:1], 0)[1] != 0)
    for scale in ({"loss_scale_factor": 1024.0}, {"dynamic_loss_scale": True}):
        scaled = changed("underflow", **scale)
        assert distance(scaled["theta"][0, -1]) < 0.1 < distance(theta[0])


def himmelblau():
    reached = set()
    minima = CATALOGUE["himmelblau"].minima
    for x in (-4, -2, 0, 2, 4):
        for y in (-4, -2, 0, 2, 4):
            end = changed("himmelblau", start=(float(x), float(y)))["theta"][0, -1]
            away = [np.hypot(end[0] - m.x, end[1] - m.y) for m in minima]
            assert min(away) < 0.1
            reached.add(int(np.argmin(away)))
    assert reached == {0, 1, 2, 3}


CLAIMS = {
    check.__name__: check
    for check in (
        bias_correction,
        ravine,
        outlier,
        forgetting,
        clipvalue,
        clipnorm,
        ema,
        accumulation,
        kink,
        cosine,
        saddle,
        cliff,
        moving_bowl,
        weight_decay,
        underflow,
        himmelblau,
    )
}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_shows_what_it_says(name):
    CLAIMS[name]()


def test_each_claim_belongs_to_an_example():
    assert set(CLAIMS) == set(NAMES)


def test_names_titles_and_links_are_unique():
    assert len(PRESETS) >= 12
    for field in ("name", "title", "query", "look"):
        assert len({getattr(preset, field) for preset in PRESETS}) == len(PRESETS)


@pytest.mark.parametrize("preset", PRESETS, ids=NAMES)
def test_links_are_understood_and_say_no_more_than_they_need(preset):
    decoded = from_query(preset.query)
    assert decoded.complaints == []
    assert to_query(preset_settings(preset.query)) == to_query(decoded.settings)
    assert set(preset.query.split("&")) >= set(to_query(decoded.settings).split("&"))
    assert preset.look.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_runs_are_computed_to_their_end(name):
    run = run_preset(name)
    assert run.status[0].kind == "finished"
    assert run.steps == settings_of(name).steps
    assert np.isfinite(run["theta"]).all()
