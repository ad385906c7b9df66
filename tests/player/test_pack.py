"""The bytes that the player gets: read back here by a small decoder that knows the documented layout alone."""

import json

import numpy as np
import pytest

from adamax_viz.player.pack import pack

TYPES = {"f8": "<f8", "f4": "<f4", "u1": "u1"}


def decode(data):
    """Header and arrays, as the player reads them."""
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length].decode("utf-8"), parse_constant=pytest.fail)
    start = -(-(4 + length) // 8) * 8
    assert not any(data[4 + length : start])
    arrays, end = {}, start
    for name, entry in header["arrays"].items():
        at = start + entry["offset"]
        assert entry["offset"] % 8 == at % 8 == 0
        assert at == end
        values = np.frombuffer(data, TYPES[entry["type"]], entry["count"], at)
        padding = -values.nbytes % 8
        end = at + values.nbytes + padding
        assert not any(data[end - padding : end])
        arrays[name] = values.reshape(-1, entry["columns"]) if entry["columns"] > 1 else values
    assert end == len(data)
    return header, arrays


def test_numbers_that_are_not_finite_become_null_in_the_header():
    header, _ = decode(pack({"a": np.inf, "b": [float("nan"), 1.5], "c": {"d": (-np.inf,)}, "e": "NaN"}, {}))
    assert header == {"a": None, "b": [None, 1.5], "c": {"d": [None]}, "e": "NaN", "arrays": {}}
