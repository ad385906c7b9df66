"""The bytes of a training: what is drawn keeps its shape, what is picked its last bit, and all of it stays small."""

import numpy as np
import pytest

from adamax_viz.player.pack import pack
from adamax_viz.player.training.header import build
from adamax_viz.views.training.scores import scores
from tests.player.payload import decode
from tests.views.tiny_model import Logistic, trained

MODEL = Logistic()


def sent(*parts, picked=(0,), **options):
    one, segments = trained(*parts, **options)
    header, arrays = decode(pack(*build(MODEL, one, segments, picked=picked)))
    return one, segments, header, arrays


def test_before_training_there_is_the_data_alone():
    header, arrays = decode(pack(*build(MODEL)))
    assert header["steps"] == 0
    assert header["picture"]["title"] == "Data"
    np.testing.assert_array_equal(arrays["picture.points"][:, :2], MODEL.data.inputs)
    assert "picture.frames" not in arrays
    assert header["network"]["nodes"] == [2, 1]


def test_the_picked_parameters_are_the_training_s_own_numbers():
    one, _, header, arrays = sent((0, {"clipnorm": 0.05, "use_ema": True}), picked=(2, 1))
    for name in ("theta", "grad", "grad_clipped", "m", "u", "step", "ema"):
        np.testing.assert_array_equal(arrays[f"pick.{name}"], one[name][0][:, [2, 1]], err_msg=name)
    norm = np.linalg.norm(one["grad"][0][:, :2], axis=1)
    np.testing.assert_allclose(arrays["pick.norm"][:, 1], norm, rtol=1e-6)
    assert header["pick"]["coordinates"] == ["a", "b"]
    assert header["pick"]["segments"][0]["ledger"][0]["key"] == "clip"
    shown = {line["array"] for chart in header["pick"]["panels"] for line in chart["lines"]}
    assert shown >= {"theta", "grad_unscaled", "grad_clipped", "m", "u", "step"}


def test_each_stretch_has_its_own_constants_and_bias_correction():
    one, segments, header, arrays = sent((0, {"beta_1": 0.9}), (15, {"beta_1": 0.5, "learning_rate": 0.1}))
    first, second = header["pick"]["segments"]
    assert (first["first"], second["first"]) == (0, 15)
    assert second["constants"]["one_minus_beta_1"] == pytest.approx(0.5)
    np.testing.assert_allclose(arrays["pick.lr"] / arrays["pick.bias_correction"], one["lr_t"][0], rtol=1e-6)
    before = segments[0].optimizer.bias_corrections(np.arange(15))
    np.testing.assert_array_equal(arrays["pick.bias_correction"][:15], before.ravel())


def test_pictures_and_weights_are_those_of_their_steps():
    one, _, _, arrays = sent((0, {}))
    steps = arrays["frames.steps"].astype(int)
    assert steps[[0, -1]].tolist() == [0, 40]
    scale = np.repeat(arrays["weights.scale"], [2, 1])
    coded = (arrays["weights"].astype(float) - 128) / 127 * scale
    np.testing.assert_allclose(coded, one["theta"][0][steps], atol=scale.max() / 127)
    assert arrays["picture.frames"].shape == (len(steps), 1600)


def test_charts_carry_what_was_measured():
    one, _, header, arrays = sent((0, {}))
    (line, _) = header["charts"][0]["lines"]
    measured = scores(MODEL, one, 128)
    np.testing.assert_array_equal(arrays[line["at"]], measured.steps)
    np.testing.assert_allclose(arrays[line["array"]], measured.raw["train"].loss, rtol=1e-6)
    assert {chart["key"] for chart in header["charts"]} == {"loss", "accuracy", "ratio", "branch", "rate"}


def test_a_thinned_training_is_told_in_true_steps():
    one, _, header, arrays = sent((0, {}), steps=60, budget=1200)
    assert one.every > 1
    assert header["steps"] == 60
    assert not header["pick"]["exact"]
    assert f"One step in {one.every} was kept" in header["pick"]["note"]
    np.testing.assert_array_equal(arrays["pick.micro_step"], one["micro_step"])
    assert arrays["frames.steps"][-1] == 60
    assert all(arrays[line["at"]][-1] > 40 for chart in header["charts"] for line in chart["lines"])


def test_what_travels_grows_with_the_picked_alone():
    small = len(pack(*build(MODEL, *trained((0, {}), steps=500))))
    large = len(pack(*build(MODEL, *trained((0, {}), steps=2000))))
    assert large - small < 1500 * 40  # ten numbers of four bytes a step
    assert large < 250_000


def test_the_averaged_weights_and_the_rival_have_boundaries_of_their_own():
    one, segments = trained((0, {"use_ema": True, "ema_momentum": 0.9}), steps=40)
    other, _ = trained((0, {"learning_rate": 0.3}), steps=40)
    header, arrays = decode(pack(*build(MODEL, one, segments, rival=other)))
    assert [kind["key"] for kind in header["picture"]["others"]] == ["ema", "rival"]
    assert {"averaged weights", "Adam, same batches"} <= {sign["text"] for sign in header["picture"]["legend"]}
    last = {"frames": one["theta"][0][-1], "ema": one["ema"][0][-1], "rival": other["theta"][0][-1]}
    for name, theta in last.items():
        x, y = np.meshgrid(*arrays["picture.at"])
        right = MODEL.predict(theta[None], np.stack([x.ravel(), y.ravel()], axis=1))[0, :, 1]
        np.testing.assert_allclose(arrays[f"picture.{name}"][-1] / 255, right, atol=0.003, err_msg=name)


def test_a_training_with_adam_has_v_and_no_max():
    one, _, header, arrays = sent((0, {}), (15, {"beta_2": 0.9}), picked=(2, 1), rule="adam")
    assert header["pick"]["moments"] == ["m", "v"]
    np.testing.assert_array_equal(arrays["pick.v"], one["v"][0][:, [2, 1]])
    assert [heat["symbol"] for heat in header["heat"]["maps"]] == ["|g|", "|m|", "√v", "|Δ| / α_t"]
    assert {band["branch"] for band in header["heat"]["bands"]} == {None}
    assert "branch" not in {chart["key"] for chart in header["charts"]}
    # Each stretch's own rates: the second moment's correction is that of its own β₂.
    before = 1 - 0.999 ** np.arange(1, 16)
    after = 1 - 0.9 ** np.arange(16, 41)
    np.testing.assert_allclose(arrays["pick.bias_correction_2"].ravel(), [*before, *after], rtol=1e-3)
