"""What the component of From Adam to Adamax receives."""

import json
from math import inf

import numpy as np

from adamax_viz.player.norms import build_norms
from adamax_viz.player.pack import pack
from adamax_viz.runs import norms
from adamax_viz.study.link import from_query
from adamax_viz.views.run.landscape import landscape


def test_the_paths_are_those_of_the_stops_and_the_whole_is_json():
    settings = norms.START.changed(steps=20)
    header, arrays = build_norms(settings, landscape(settings.problem()), 4.0)
    runs = norms.on_surface(settings, norms.stops())
    assert arrays["paths"].shape == (norms.INTERVALS + 1, 2 * 21)
    np.testing.assert_allclose(arrays["paths"][-1].reshape(21, 2), runs["theta"][-1], rtol=1e-6)
    assert norms.stops()[header["stop"]] == 4
    packed = pack(header, arrays)
    length = int.from_bytes(packed[:4], "little")
    travelled = json.loads(packed[4 : 4 + length])
    assert travelled["stops"][-1] is None  # infinity
    assert header["stops"][-1] == inf
    assert {"learning_rate", "beta_1", "beta_2", "epsilon", "steps"} <= {knob["name"] for knob in header["knobs"]}
    assert len(packed) < 250_000


def test_a_run_that_leaves_the_world_can_still_be_shown():
    settings = from_query("surface=custom&formula=-exp(x**2)&learning_rate=3.0&steps=30").settings
    header, arrays = build_norms(settings, landscape(settings.problem()), inf)
    assert pack(header, arrays)
    assert header["stop"] == norms.INTERVALS
