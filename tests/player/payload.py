"""Payloads of runs of every kind, and a decoder that knows the documented layout of their bytes alone."""

import json

import numpy as np
import pytest

from adamax_viz.player.scene import alone, build_runs
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.views.run.landscape import landscape

TYPES = {"f8": "<f8", "f4": "<f4", "u1": "u1"}
EVERYTHING = {
    "surface": "cliff",
    "variables": "two",
    "clipnorm": 0.5,
    "use_ema": True,
    "ema_overwrite_frequency": 50,
    "gradient_accumulation_steps": 4,
    "weight_decay": 0.1,
    "schedule": "CosineDecay",
    "warmup_target": 0.2,
    "warmup_steps": 10,
    "noise": "spikes",
    "noise_envelope": "exp(-t/300)",
    "dynamic_loss_scale": True,
    "gradient_dtype": "float16",
}
RUNS = {
    "plain": {"steps": 50},
    "one step": {"steps": 1},
    "float32": {"steps": 50, "dtype": "float32", "clipvalue": 3.0, "use_ema": True},
    "clipped": {"steps": 50, "clipnorm": 1.0, "surface": "ravine"},
    "fixed scale": {"steps": 50, "loss_scale_factor": 3.0},
    "accumulation": {"steps": 50, "gradient_accumulation_steps": 4},
    "accumulation, nothing clipped": {"steps": 50, "gradient_accumulation_steps": 4, "clipvalue": 1e9},
    "dynamic": {"steps": 50, "surface": "rosenbrock", "dynamic_loss_scale": True, "gradient_dtype": "float16"},
    "everything": EVERYTHING | {"steps": 50},
    "diverged": {"surface": "custom", "formula": "-exp(x^2)", "learning_rate": 3.0, "use_ema": True},
    "diverged at once": {"surface": "custom", "formula": "log(x)", "start": (-1.0, 1.0)},
    "converged": {"surface": "round_bowl", "tolerance": 0.1},
    "far away": {"start": (1e150, 1e150), "steps": 5},
    "tall": {"surface": "custom", "formula": "x*exp(50*x^2)", "steps": 5},
    "long": {"steps": 5000},
}
EACH = pytest.mark.parametrize("name", RUNS)


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


def payload_of(changes, **options):
    """Spec, run and landscape of these settings, and what the player gets of them."""
    settings = RunSpec(**changes)
    run = run_of(settings)
    view = landscape(settings.problem())
    header, arrays = build_runs(Study(settings), alone(settings, run), view, **options)
    return settings, run, view, header, arrays
