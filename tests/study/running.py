"""Run exported scripts in one process of their own, as a user would: nothing of the tests' Keras is touched."""

import pickle
import subprocess
import sys
import warnings
from typing import Any

import numpy as np


def run_scripts(codes: list[str]) -> list[Any]:
    """The `path` that each script leaves, or the exception that it died of."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.study.running"], input=pickle.dumps(codes), capture_output=True, check=True
    )
    return pickle.loads(done.stdout)


def _path(code: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "script"}
    try:
        exec(compile(code, "script", "exec"), namespace)
        return np.asarray(namespace["path"])
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _serve() -> None:
    codes = pickle.load(sys.stdin.buffer)
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # the scripts print
    warnings.simplefilter("ignore")
    pickle.dump([_path(code) for code in codes], out)


if __name__ == "__main__":
    _serve()
