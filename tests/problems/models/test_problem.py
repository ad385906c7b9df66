"""A Keras model as a problem: Keras's names, exact gradients, seeded batches and weights, measures and predictions."""

import gc
import io
import threading
import weakref
from typing import Any

import numpy as np
import pytest

import adamax_viz as av
from adamax_viz.files.point_table import read_points
from adamax_viz.limits import LIMITS
from adamax_viz.problems.models import backend
from adamax_viz.problems.models import problem as problem_module
from adamax_viz.problems.models.backend import KerasUnavailable
from adamax_viz.problems.models.datasets import make_data
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.problems.models.problem import CHUNK, ModelProblem, build, flat_weights

# Small ones, so that little is compiled.
WIDTHS = {"mlp": (3,), "mlp_curve": (3,), "cnn": (2, 3), "gru": (2,), "autoencoder": (2,)}


def small(name: str, points: int = 40, **options: Any) -> ModelProblem:
    return ModelProblem(name, make_data(MODELS[name].datasets[0], points), WIDTHS.get(name), **options)


@pytest.fixture(scope="module")
def mlp() -> ModelProblem:
    return small("mlp", batch_size=8)


@pytest.mark.parametrize("name", MODELS)
class TestEveryModel:
    def test_names_and_shapes_are_keras(self, name: str) -> None:
        problem = small(name)
        keras_variables = problem.keras_model().trainable_variables
        assert [v.path.partition("/")[2] for v in keras_variables] == list(problem.variables)
        assert [tuple(v.shape) for v in keras_variables] == list(problem.architecture.shapes().values())
        assert problem.start().shape == (len(problem.coordinates),)

    def test_gradient_is_the_slope_of_the_loss(self, name: str) -> None:
        problem = small(name, batch_size=8)
        theta = problem.start()[None] + 0.1
        _, grad = problem.evaluate(theta, 1)
        direction = np.random.default_rng(0).normal(size=theta.shape[1]) / np.sqrt(theta.shape[1])
        h = 1e-2
        ends = [float(problem.evaluate((theta + s * h * direction).astype(np.float32), 1)[0][0]) for s in (-1, 1)]
        slope = (ends[1] - ends[0]) / (2 * h)
        assert slope == pytest.approx(float(grad[0] @ direction), rel=0.02, abs=2e-3)


class TestRepeatable:
    def test_weights_hang_on_the_seed_alone(self, mlp: ModelProblem) -> None:
        before = mlp.start()
        keras = backend.import_keras()
        keras.utils.set_random_seed(77)
        keras.layers.Dense(3)(np.ones((1, 2)))
        np.testing.assert_array_equal(before, mlp.start())
        assert not np.array_equal(before, small("mlp", seed=1).start())

    def test_layers_of_one_form_begin_differently(self) -> None:
        problem = ModelProblem("mlp", make_data("moons", 40), (4, 4, 4))
        theta = problem.start()
        second, third = (theta[problem.variables[f"hidden_{i}/kernel"]] for i in (2, 3))
        assert not np.array_equal(second, third)

    def test_batches_are_permutations(self, mlp: ModelProblem) -> None:
        assert mlp.data.points == 30
        epochs = [[mlp.batch(3 * e + k) for k in range(3)] for e in range(3)]
        for epoch in epochs:
            seen = np.concatenate(epoch)
            assert len(set(seen)) == len(seen) == 24
        assert not np.array_equal(epochs[0], epochs[1])
        again = small("mlp", batch_size=8)
        for k in (8, 0, 5, 8):  # in any order
            np.testing.assert_array_equal(again.batch(k), epochs[k // 3][k % 3])
        assert not np.array_equal(small("mlp", batch_size=8, seed=1).batch(0), mlp.batch(0))

    @pytest.mark.parametrize("size", [0, 30, 1000])
    def test_all_points_at_every_step(self, size: int) -> None:
        problem = small("mlp", batch_size=size)
        np.testing.assert_array_equal(problem.batch(7), np.arange(30))

    def test_a_signal_is_seen_in_the_order_of_time(self) -> None:
        problem = small("gru", batch_size=8)
        seen = np.concatenate([problem.batch(k) for k in range(5)])
        np.testing.assert_array_equal(seen, np.arange(40) % 30)

    def test_runs_are_the_same_to_the_last_bit(self, mlp: ModelProblem) -> None:
        optimizer = av.Adamax(0.05, dtype="float32")
        one, two = (av.run(p, optimizer, p.start(), 10) for p in (mlp, small("mlp", batch_size=8)))
        np.testing.assert_array_equal(one["theta"], two["theta"])
        np.testing.assert_array_equal(one["u"], two["u"])


class TestValues:
    def test_nobody_can_change_the_batches_of_others(self, mlp: ModelProblem) -> None:
        with pytest.raises(ValueError, match="read-only"):
            mlp.batch(0)[:] = 0

    def test_a_batch_of_runs_is_its_runs(self, mlp: ModelProblem) -> None:
        thetas = mlp.start() + np.random.default_rng(0).normal(size=(3, len(mlp.coordinates))).astype(np.float32)
        loss, grad = mlp.evaluate(thetas, 2)
        assert (loss.shape, grad.shape, loss.dtype, grad.dtype) == ((3,), thetas.shape, np.float32, np.float32)
        for r in range(3):
            one_loss, one_grad = mlp.evaluate(thetas[r : r + 1], 2)
            np.testing.assert_allclose(loss[r], one_loss[0], rtol=1e-5)
            np.testing.assert_allclose(grad[r], one_grad[0], rtol=1e-4, atol=1e-6)
        assert mlp.single(1) is mlp
        assert mlp.evaluate(thetas.astype(np.float64), 2)[1].dtype == np.float64

    def test_full_measures_are_keras_evaluate(self, mlp: ModelProblem) -> None:
        thetas = mlp.start() + 0.3 * np.random.default_rng(1).normal(size=(CHUNK + 2, len(mlp.coordinates)))
        data, model = mlp.data, mlp.keras_model(thetas[-1])
        keras = backend.import_keras()
        model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True))
        for part, inputs, targets in (
            ("train", data.inputs, data.targets),
            ("validation", data.validation_inputs, data.validation_targets),
        ):
            found = mlp.measure(thetas, part)  # type: ignore[arg-type]
            assert found.loss.shape == found.accuracy.shape == (CHUNK + 2,)
            assert found.loss[-1] == pytest.approx(model.evaluate(inputs, targets, verbose=0), rel=1e-5)
            said = mlp.predict(thetas[-1], inputs)
            np.testing.assert_allclose(said.sum(axis=1), 1, rtol=1e-5)
            np.testing.assert_allclose(said[:, 1], 1 / (1 + np.exp(-model.predict(inputs, verbose=0)[:, 0])), rtol=1e-4)
            assert found.accuracy[-1] == pytest.approx(np.mean(said.argmax(axis=1) == targets[:, 0]))

    def test_one_and_many_sets_of_weights(self, mlp: ModelProblem) -> None:
        thetas = np.stack([mlp.start(), mlp.start() + 1])
        points = mlp.data.validation_inputs
        many = mlp.predict(thetas, points)
        assert many.shape == (2, len(points), 2)
        np.testing.assert_allclose(many[1], mlp.predict(thetas[1], points), rtol=1e-5)
        np.testing.assert_allclose(mlp.measure(thetas[1:]).loss, mlp.measure(thetas).loss[1:], rtol=1e-5)

    def test_regression_has_no_accuracy(self) -> None:
        problem = small("linear_regression")
        found = problem.measure(np.array([[1.5, -0.5]]))
        residual = 1.5 * problem.data.inputs - 0.5 - problem.data.targets
        assert found.loss[0] == pytest.approx(np.mean(residual**2), rel=1e-5)
        assert np.isnan(found.accuracy).all()
        np.testing.assert_allclose(problem.predict([2.0, 1.0], [[3.0]]), [[7.0]])

    def test_three_labels_and_values_over_a_plane(self) -> None:
        rows = "\n".join(f"{i / 9},{i / 7},{i % 3}" for i in range(24))
        labelled = ModelProblem("mlp", read_points(f"x,y,label\n{rows}".encode()).data(), (2,))
        said = labelled.predict(labelled.start(), labelled.data.inputs)
        assert said.shape == (18, 3)
        accuracy = labelled.measure(labelled.start()[None]).accuracy[0]
        assert accuracy == pytest.approx(np.mean(said.argmax(axis=1) == labelled.data.targets[:, 0]))
        valued = ModelProblem("mlp_curve", read_points(f"x,y,value\n{rows}".encode()).data(), (2,))
        assert np.isfinite(valued.evaluate(valued.start()[None], 0)[1]).all()

    def test_weights_that_are_not_finite_have_no_finite_loss(self, mlp: ModelProblem) -> None:
        assert not np.isfinite(mlp.measure(np.full((1, len(mlp.coordinates)), np.nan)).loss[0])


def test_a_keras_model_takes_and_gives_flat_weights(mlp: ModelProblem) -> None:
    theta = np.arange(len(mlp.coordinates), dtype=np.float32)
    np.testing.assert_array_equal(flat_weights(mlp.keras_model(theta)), theta)
    text = io.StringIO()
    build(mlp.architecture, 0).summary(print_fn=lambda line: text.write(line))
    assert "hidden_1" in text.getvalue()


def test_refusals() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        small("mlp", seed=-1)
    with pytest.raises(ValueError, match="not made for data of the kind 'curve'"):
        ModelProblem("mlp", make_data("line"))


def test_another_backend_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    keras = backend.import_keras()
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(KerasUnavailable, match=r"Keras runs on torch in this process; the models need JAX"):
        backend.import_keras_on_jax()


def test_threads_can_compile_side_by_side() -> None:
    problem = ModelProblem("mlp", make_data("moons", 40), (2,), batch_size=4)
    expected = problem.evaluate(problem.start()[None], 0)[1]
    found: list[Any] = []

    def work() -> None:
        own = ModelProblem("mlp", make_data("moons", 40), (2,), batch_size=4)
        found.append(own.evaluate(own.start()[None], 0)[1])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for grad in found:
        np.testing.assert_array_equal(grad, expected)


class TestCompiled:
    def test_seeds_share_what_is_compiled_and_there_is_a_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        problem_module.forget_compiled()
        one, other = small("linear_regression"), small("linear_regression", seed=3)
        assert one._compiled is other._compiled
        for points in range(40, 40 + 3 * LIMITS.compiled_models):
            small("linear_regression", points)._compiled  # noqa: B018
            assert problem_module.compiled_models() <= LIMITS.compiled_models

    def test_what_is_forgotten_is_collected_and_compiled_again_by_who_needs_it(self) -> None:
        problem = small("linear_regression")
        theta = problem.start()[None]
        before = problem.evaluate(theta, 0)
        functions = weakref.ref(problem._compiled.value_and_grad)
        problem_module.forget_compiled()
        for ours, theirs in zip(problem.evaluate(theta, 0), before, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        del problem
        problem_module.forget_compiled()
        gc.collect()
        assert functions() is None
