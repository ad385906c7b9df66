"""Tests of one folder share a worker, so that servers, browsers and compiled surfaces are made once."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.relative_to(ROOT).parts[0]))
