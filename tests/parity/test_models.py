"""Every model trained by Keras itself on the same batches: weights within 1e-5 after 50 steps, in float32."""

from typing import Any

import numpy as np
import pytest

from adamax_viz.core.engine import Runner
from adamax_viz.parity.keras_training import SAME, Proof, prove
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.runs.growing_run import Segment
from adamax_viz.study.training_spec import TrainingSpec

STEPS = 50
WIDTHS = {"mlp": (5,), "mlp_curve": (5,), "cnn": (3,), "gru": (3,), "autoencoder": (2,)}  # little to compile
EVERYTHING = {
    "clipnorm": 0.05,
    "use_ema": True,
    "ema_momentum": 0.9,
    "ema_overwrite_frequency": 5,
    "gradient_accumulation_steps": 3,
    "weight_decay": 0.05,
}


def proof_of(changes: dict[int, dict[str, Any]], steps: int = STEPS, **values: Any) -> Proof:
    """Train with settings that change at some steps, and prove it."""
    name = values.get("model", "mlp")
    settings = TrainingSpec(points=64, batch_size=16, steps=steps, widths=WIDTHS.get(name), **values)
    problem = settings.problem()
    segments = [Segment(0, settings)]
    runner = Runner(problem, settings.optimizer(), problem.start()[None], **settings.run_options())
    runner.reserve(steps)
    for first, change in changes.items():
        runner.advance(first - runner.step)
        segments.append(Segment(first, segments[-1].spec.changed(**change)))
        runner.change(segments[-1].optimizer)
    runner.advance(steps - runner.step)
    return prove(problem, segments, runner.trajectory())


@pytest.mark.usefixtures("on_jax")
class TestEveryModel:
    @pytest.mark.parametrize("settings", [{}, EVERYTHING], ids=["plain", "everything"])
    @pytest.mark.parametrize("name", MODELS)
    def test_weights_after_fifty_steps(self, name: str, settings: dict[str, Any]) -> None:
        found = proof_of({}, model=name, **settings)
        assert found.steps == STEPS
        assert len(found.weights.per_step) == STEPS
        assert found.weights.largest <= SAME, found.sentence()
        assert found.same
        assert f"for {STEPS} steps: no weight is further than" in found.sentence()


@pytest.mark.usefixtures("on_jax")
class TestAdam:
    def test_keras_s_adam_trains_the_same_model(self) -> None:
        proof = proof_of({20: {"learning_rate": 0.05, "gradient_accumulation_steps": 2}}, rule="adam", clipnorm=0.05)
        assert proof.same, proof.sentence()
        assert "trained by keras.optimizers.Adam 3." in proof.sentence()


@pytest.mark.usefixtures("on_jax")
class TestOnTheWay:
    def test_settings_that_change(self) -> None:
        changes = {
            13: {"learning_rate": 0.1, "beta_1": 0.8},
            20: {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3, "clipvalue": 0.02},
            32: {"gradient_accumulation_steps": 4, "clipvalue": None, "weight_decay": 0.1},
        }
        assert proof_of(changes, model="logistic_regression").same

    def test_half_precision_under_a_dynamic_loss_scale(self) -> None:
        scales = {"dynamic_loss_scale": True, "initial_scale": 2.0**19, "dynamic_growth_steps": 4}
        found, exact = (
            proof_of({11: {"learning_rate": 0.1}}, 20, model="linear_regression", **scales, gradient_dtype=half)
            for half in ("float16", "none")
        )
        assert exact.allowed == SAME
        assert exact.same
        assert found.weights.largest > exact.weights.largest
        assert found.same, found.sentence()


@pytest.mark.usefixtures("on_jax")
def test_a_difference_is_found_and_placed() -> None:
    settings = TrainingSpec(model="linear_regression", steps=20)
    problem = settings.problem()
    runner = Runner(problem, settings.optimizer(), problem.start()[None])
    runner.advance(12)
    runner.change(settings.changed(beta_1=0.5).optimizer())  # and nobody is told
    runner.advance(8)
    found = prove(problem, [Segment(0, settings)], runner.trajectory())
    assert not found.same
    assert found.at > 12
    assert (found.weights.per_step[:12] == 0).all()
    assert (found.weights.per_step[13:] > SAME).all()


@pytest.mark.usefixtures("on_jax")
def test_a_thinned_and_a_diverged_training() -> None:
    settings = TrainingSpec(model="linear_regression", steps=30)
    problem = settings.problem()
    thinned = Runner(problem, settings.optimizer(), problem.start()[None], budget=600)
    thinned.advance(30)
    found = prove(problem, [Segment(0, settings)], thinned.trajectory(), steps=20)
    every = thinned.trajectory().every
    assert every > 1
    assert found.same
    assert 0 < len(found.weights.per_step) <= 20 / every + 1
    wild = settings.changed(learning_rate=1e19)
    diverged = Runner(problem, wild.optimizer(), problem.start()[None])
    diverged.advance(30)
    status = diverged.trajectory().status[0]
    assert status.kind == "diverged"
    proof = prove(problem, [Segment(0, wild)], diverged.trajectory())
    assert proof.steps == status.step
    assert proof.weights.relative_to_peak < 1e-5
    assert np.isfinite(proof.weights.largest)
