"""Keras twice: on JAX in this process, on NumPy (which compiles nothing) in a process of its own."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.parity import keras_side

ROOT = Path(__file__).parents[2]


class KerasWorker:
    """The functions of `keras_side`, called in a worker process."""

    def __init__(self, backend: str) -> None:
        path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.parity.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": path},
        )

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **keywords: Any) -> Any:
            assert self.process.stdin is not None
            assert self.process.stdout is not None
            pickle.dump((name, arguments, keywords), self.process.stdin)
            self.process.stdin.flush()
            fine, answer = pickle.load(self.process.stdout)
            if not fine:
                raise RuntimeError(f"In the worker: {answer}")
            return answer

        return call

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def on_numpy() -> Iterator[Any]:
    """Keras on NumPy."""
    worker = KerasWorker("numpy")
    yield worker
    worker.close()


@pytest.fixture(scope="session")
def on_jax() -> Any:
    """Keras on JAX, in this process."""
    if "keras" not in sys.modules:
        os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    if keras.backend.backend() != "jax":
        pytest.skip(f"Keras runs on {keras.backend.backend()} here")
    return keras_side


@pytest.fixture(params=["on_numpy", "on_jax"])
def either(request: pytest.FixtureRequest) -> Any:
    """Keras on NumPy, then on JAX."""
    return request.getfixturevalue(request.param)
