"""Tests of one folder share a worker, so that surfaces and models are compiled once; browser tests, those of a file."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# NumPy's powers are a few roundings off where it computes them with AVX-512, and Keras on NumPy takes them in float32.
# The tests want the same numbers on every machine, so they do without; NumPy reads this when it is imported.
assert "numpy" not in sys.modules
os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"

# A formula that a busy machine has no time for is refused for now; tests wait instead.
os.environ.setdefault("ADAMAX_FORMULA_SECONDS", "100")

# Whoever draws a surface first compiles it, on a machine that may be busy: no example has a deadline.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        folder, *rest = item.path.relative_to(ROOT).parts
        item.add_marker(pytest.mark.xdist_group(f"{folder}/{rest[0]}" if folder == "browser" else folder))
