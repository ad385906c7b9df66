"""`Adamax`: arguments, config, and the runs of a batch."""

import json
from typing import Any

import numpy as np
import pytest

from adamax_viz.core import schedules
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax

EVERYTHING: dict[str, Any] = {
    "learning_rate": 0.1,
    "weight_decay": 0.01,
    "clipnorm": 1.0,
    "use_ema": True,
    "ema_momentum": 0.9,
    "ema_overwrite_frequency": 3,
    "loss_scale_factor": 4.0,
    "gradient_accumulation_steps": 2,
}


class TestArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"momentum": 0.9}, "Argument(s) not recognized: {'momentum': 0.9}"),
            ({"gradient_accumulation_steps": 1}, "must be an integer >= 2. Received: gradient_accumulation_steps=1"),
            ({"gradient_accumulation_steps": True}, "Received: gradient_accumulation_steps=True"),
            ({"gradient_accumulation_steps": [2, -2]}, "Received: gradient_accumulation_steps=-2"),
            ({"use_ema": True, "ema_momentum": 2}, "must be in the range [0, 1]. Received: ema_momentum=2"),
            ({"use_ema": True, "ema_momentum": [0.5, -1]}, "Received: ema_momentum=-1"),
            ({"use_ema": True, "ema_overwrite_frequency": 2.5}, "Received: ema_overwrite_frequency=2.5"),
            ({"clipnorm": 1, "clipvalue": 0.0}, "Received: clipnorm=1, clipvalue=0.0, global_clipnorm=None"),
            ({"learning_rate": 1}, "Received instead: learning_rate=1"),
            ({"learning_rate": None}, "Received instead: learning_rate=None"),
            ({"learning_rate": [1, 2]}, "Received instead: learning_rate=[1, 2]"),
            ({"beta_1": "high"}, "`beta_1` must be a number or a 1-D array of numbers"),
            ({"epsilon": [[1.0]]}, "`epsilon` must be a number"),
            ({"clipnorm": []}, "`clipnorm` must be a number"),
            ({"dtype": "float16"}, "`dtype` must be 'float32' or 'float64'. Received: dtype='float16'"),
            ({"beta_1": [0.5, 0.9], "beta_2": [0.5, 0.9, 0.99]}, "Received: {'beta_1': 2, 'beta_2': 3}"),
        ],
        ids=str,
    )
    def test_refused(self, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError) as caught:  # noqa: PT011
            Adamax(**arguments)
        assert message in str(caught.value)

    def test_decay_is_ignored_with_a_warning(self) -> None:
        with pytest.warns(UserWarning, match="`decay` is no longer supported and will be ignored"):
            assert Adamax(decay=0.1).get_config() == Adamax().get_config()

    def test_a_config_is_json_and_comes_back(self) -> None:
        for rate in (0.05, schedules.CosineDecay(0.1, 50), [0.1, 0.2]):
            config = Adamax(**EVERYTHING | {"learning_rate": rate, "name": "mine"}).get_config()
            assert Adamax.from_config(json.loads(json.dumps(config))).get_config() == config

    def test_a_float32_config_has_the_rate_that_is_used(self) -> None:
        assert Adamax(0.001).get_config()["learning_rate"] == 0.001
        assert Adamax(0.001, dtype="float32").get_config()["learning_rate"] == float(np.float32(0.001))

    def test_a_callable_has_no_config(self) -> None:
        with pytest.raises(ValueError, match="callable `learning_rate` can't be written into a config"):
            Adamax(lambda: 0.1).get_config()

    def test_other_precision_same_optimizer(self) -> None:
        optimizer = Adamax(**EVERYTHING)
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        other = optimizer.with_dtype("float32")
        assert other.dtype == "float32"
        assert other.arguments() == optimizer.arguments()
        assert other.excluded_names is optimizer.excluded_names


class TestBatchOfOptimizers:
    def test_runs_and_single(self) -> None:
        batch = Adamax(learning_rate=[0.1, 0.2, 0.3], beta_1=np.array([0.5, 0.7, 0.9]), clipnorm=1.0)
        assert batch.runs == 3
        assert Adamax().runs is None
        one = batch.single(1)
        assert one.runs is None
        assert (one.learning_rate, one.beta_1, one.clipnorm) == (0.2, 0.7, 1.0)

    def test_an_array_of_one_holds_for_every_run(self) -> None:
        batch = Adamax(gradient_accumulation_steps=[3])
        assert [batch.single(r).gradient_accumulation_steps for r in range(3)] == [3, 3, 3]

    def test_none_in_a_batch_of_frequencies(self) -> None:
        batch = Adamax(use_ema=True, ema_overwrite_frequency=[None, 3])
        assert [batch.single(r).ema_overwrite_frequency for r in range(2)] == [None, 3]

    def test_side_by_side_only_through_the_same_stages(self) -> None:
        assert Adamax(learning_rate=[0.1, 0.2]).is_uniform
        assert Adamax(clipnorm=[0.1, 0.2]).is_uniform
        assert not Adamax(clipnorm=[0.0, 0.2]).is_uniform
        assert not Adamax(gradient_accumulation_steps=[2, 3]).is_uniform
        assert not LossScaleOptimizer(Adamax()).is_uniform

    def test_a_momentum_that_is_not_used_counts_as_a_batch_all_the_same(self) -> None:
        assert Adamax(ema_momentum=[0.5, 0.9]).runs == 2
        assert Adamax(ema_momentum=np.array([0.5, 0.9])).runs == 2
