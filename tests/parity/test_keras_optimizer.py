"""The comparison with Keras itself: what counts after a stop, floatx, threads, a Keras that is missing."""

import os
import subprocess
import sys
import threading
from typing import Any

import numpy as np
import pytest

from adamax_viz.core.engine import run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.parity.keras_optimizer import KerasRun, compare, run_keras, verify
from adamax_viz.problems.models import backend
from adamax_viz.problems.models.backend import KerasUnavailable, build_keras, slots
from adamax_viz.runs.distance import Difference
from tests.core.tiny import Bowl, Cliff, Tape
from tests.parity.keras_side import constant_rate

THETA = {"theta": slice(0, 2)}


class TestCompare:
    def keras_run(self, trajectory: Any, **changed: Any) -> KerasRun:
        """Our own run in Keras's place."""
        one = {name: trajectory[name][0].copy() for name in ("theta", "lr")}
        one["moments"] = {n: changed.pop(n, trajectory[n][0].copy()) for n in trajectory.moments}
        nothing = {"ema": None, "accumulated": None, "loss_scale": None, "versions": {}}
        return KerasRun(**{**one, **nothing, "finalized": one["theta"][-1], **changed})

    def test_every_quantity_is_compared(self) -> None:
        trajectory = run(Bowl(), Adamax(0.1, use_ema=True), (1.0, 2.0), 5)
        twin = self.keras_run(trajectory, ema=trajectory["ema"][0])
        assert set(compare(trajectory, twin)) == {"theta", "m", "u", "lr", "ema"}
        assert set(compare(trajectory, self.keras_run(trajectory))) == {"theta", "m", "u", "lr"}
        for quantity, name in (("theta", "theta"), ("m", "m"), ("u", "u"), ("lr", "lr"), ("ema", "ema")):
            changed = np.array(trajectory[name][0])
            changed[3] += 0.5
            moments = twin.moments | ({name: changed} if name in "mu" else {})
            other = twin._replace(moments=moments) if name in "mu" else twin._replace(**{name: changed})
            found = compare(trajectory, other)
            assert {n for n, apart in found.items() if apart.largest} == {quantity}
            assert found[quantity].largest == pytest.approx(0.5)
            assert found[quantity].step == (2 if quantity == "theta" else 3)  # weights: those after the step

    def test_after_a_stop_nothing_counts(self) -> None:
        trajectory = run(Tape([[1.0], [1.0], [np.nan], [1.0]]), Adamax(0.1), [0.0], 4)
        theta, m = trajectory["theta"][0].copy(), trajectory["m"][0].copy()
        theta[3:], m[3:] = 7, 7
        found = compare(trajectory, self.keras_run(trajectory, theta=theta, m=m))
        assert all(apart.largest == 0 for apart in found.values())
        assert [len(found[name].per_step) for name in ("theta", "m")] == [2, 3]

    def test_a_run_of_a_batch(self) -> None:
        batch = run(Bowl(), Adamax([0.1, 0.2]), (1.0, 2.0), 5)
        alone = run(Bowl(), Adamax(0.2), (1.0, 2.0), 5)
        assert all(apart.largest == 0 for apart in compare(batch.only(1), self.keras_run(alone)).values())
        assert compare(batch.only(0), self.keras_run(alone))["theta"].largest > 0.05


class TestVerify:
    def test_the_three_of_them(self, on_jax: Any) -> None:
        trajectory, keras_run, found = verify(Bowl(), Adamax(0.1, use_ema=True), (1.0, 2.0), 20)
        assert trajectory["theta"].dtype == keras_run.theta.dtype == np.float64
        assert keras_run.theta.shape == (21, 2)
        assert keras_run.m.shape == keras_run.u.shape == (20, 2)
        assert keras_run.ema is not None
        assert keras_run.ema.shape == (20, 2)
        assert keras_run.lr.shape == (20,)
        assert keras_run.accumulated is None
        assert keras_run.loss_scale is None
        np.testing.assert_array_equal(keras_run.finalized, keras_run.ema[-1])
        assert keras_run.versions["backend"] == "jax"
        assert set(keras_run.versions) == {"keras", "backend", "jax"}
        assert set(found) == {"theta", "m", "u", "ema", "lr"}
        assert all(isinstance(apart, Difference) and apart.relative_to_peak < 1e-12 for apart in found.values())

    def test_a_run_that_stops(self, on_jax: Any) -> None:
        for options in ({}, {"tolerance": 2.0}):
            trajectory, keras_run, found = verify(Cliff(), Adamax(0.5, dtype="float32"), [0.3], 9, **options)
            assert trajectory.status[0].kind == ("converged" if options else "diverged")
            assert len(keras_run.lr) == trajectory.status[0].step + 1
            assert all(apart.largest < 1e-6 for apart in found.values())

    def test_a_dynamic_scale_and_a_callable_rate(self, on_jax: Any) -> None:
        optimizer = LossScaleOptimizer(Adamax(constant_rate, dtype="float32"), dynamic_growth_steps=3)
        _, keras_run, found = verify(Bowl(), optimizer, (1.0, 2.0), 7)
        assert keras_run.loss_scale is not None
        np.testing.assert_array_equal(keras_run.loss_scale, 2.0 ** np.array([15, 15, 15, 16, 16, 16, 17]))
        assert all(apart.relative_to_peak < 1e-6 for apart in found.values())

    def test_batches_are_refused(self) -> None:
        with pytest.raises(ValueError, match=r"one run at a time; this optimizer describes 2 runs"):
            run_keras(Adamax([0.1, 0.2]), np.zeros((3, 2)), np.zeros(2), THETA)
        with pytest.raises(ValueError, match=r"one run at a time. Received: 3 runs"):
            verify(Bowl(), Adamax(), np.ones((3, 2)), 4)


class TestFloatx:
    def test_it_is_put_back(self, on_jax: Any) -> None:
        import jax
        import keras

        before = keras.config.floatx(), jax.config.jax_enable_x64
        for dtype in ("float32", "float64"):
            found = run_keras(Adamax(), np.ones((2, 2)), np.zeros(2), THETA, dtype)
            assert found.theta.dtype == found.m.dtype == dtype
            assert (keras.config.floatx(), jax.config.jax_enable_x64) == before
        with pytest.raises(Exception, match=r".+"):
            run_keras(Adamax(), np.ones((2, 3)), np.zeros(2), {"theta": slice(0, 2), "more": slice(1, 5)}, "float64")
        assert (keras.config.floatx(), jax.config.jax_enable_x64) == before

    def test_threads_do_not_disturb_each_other(self, on_jax: Any) -> None:
        import keras

        found: dict[int, KerasRun] = {}

        def check(number: int) -> None:
            dtype: Any = ("float32", "float64")[number % 2]
            found[number] = run_keras(Adamax(0.1), np.ones((5, 2)), np.zeros(2), THETA, dtype)

        threads = [threading.Thread(target=check, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [found[number].theta.dtype for number in range(4)] == ["float32", "float64"] * 2
        np.testing.assert_array_equal(found[0].theta, found[2].theta)
        np.testing.assert_array_equal(found[1].theta, found[3].theta)
        assert keras.config.floatx() == "float32"


class TestWithoutKeras:
    def test_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "keras", None)  # type: ignore[arg-type]
        with pytest.raises(KerasUnavailable, match=r"^Keras and JAX aren't installed here, .* adds both\."):
            verify(Bowl(), Adamax(), (1.0, 2.0), 3)
        assert issubclass(KerasUnavailable, RuntimeError)

    @pytest.mark.parametrize("chosen", [None, "numpy"])
    def test_jax_unless_another_backend_was_chosen(self, monkeypatch: pytest.MonkeyPatch, chosen: str | None) -> None:
        def no_import(name: str) -> Any:
            raise ImportError(name)

        monkeypatch.delitem(sys.modules, "keras", raising=False)
        monkeypatch.setattr(backend.importlib, "import_module", no_import)
        monkeypatch.setenv("KERAS_BACKEND", "removed below, and put back after the test")
        monkeypatch.delenv("KERAS_BACKEND")
        if chosen:
            monkeypatch.setenv("KERAS_BACKEND", chosen)
        with pytest.raises(KerasUnavailable, match=f"with the {chosen or 'jax'} backend"):
            run_keras(Adamax(), np.zeros((1, 2)), np.zeros(2), THETA)
        assert os.environ["KERAS_BACKEND"] == (chosen or "jax")

    def test_a_backend_that_does_not_exist(self) -> None:
        code = """
from adamax_viz.core.optimizer import Adamax
from adamax_viz.parity.keras_optimizer import run_keras
from adamax_viz.problems.models.backend import KerasUnavailable
try:
    run_keras(Adamax(), [[0.0]], [0.0], {"theta": slice(0, 1)})
except KerasUnavailable as error:
    print(error)
"""
        environment = os.environ | {"KERAS_BACKEND": "abacus"}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.startswith("Keras with the abacus backend can't be imported")

    def test_importing_parity_imports_neither_keras_nor_jax(self) -> None:
        code = (
            "import sys, adamax_viz.parity.keras_optimizer; "
            "print({'keras', 'jax', 'streamlit', 'plotly'} & set(sys.modules))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout == "set()\n"


class TestPrivateNamesOfKeras:
    def test_a_name_that_is_gone_is_said_in_the_log_and_to_the_reader(self, caplog: pytest.LogCaptureFixture) -> None:
        built = build_keras(Adamax(use_ema=True))
        built.build([])
        assert set(slots(built)) == {"m", "u", "ema"}
        del built._u
        with pytest.raises(KerasUnavailable, match=r"has no _u in its Adamax, .* install keras>=3\.15"):
            slots(built)
        assert "has no _u" in caplog.text
