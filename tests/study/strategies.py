"""Specs as hypothesis draws them, and what is said of those that make no run."""

from hypothesis import strategies as st
from pydantic import ValidationError

from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.study.spec import RunSpec

finite = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(min_value=1e-300, max_value=1e300)
point = st.tuples(finite, finite)
SURFACES = ("round_bowl", "rosenbrock", "ravine")


def optional(values):
    return st.none() | values


def fields():
    """Any values that a run can be built of; clips exclude each other, so at most one is drawn."""
    clip = st.sampled_from(["clipnorm", "clipvalue", "global_clipnorm"]).flatmap(
        lambda name: st.fixed_dictionaries({name: optional(finite)})
    )
    schedule = st.sampled_from(
        [
            {},
            {"schedule": "CosineDecay", "warmup_target": 0.3, "warmup_steps": 7},
            {"schedule": "PiecewiseConstantDecay", "boundaries": (5, 9), "values": (0.1, 0.2, 1e-17)},
            {"schedule": "CosineDecayRestarts", "t_mul": 0.5},
        ]
    )
    plain = st.fixed_dictionaries(
        {},
        optional={
            "start": optional(point),
            "steps": st.integers(1, 100_000),
            "dtype": st.sampled_from(["float64", "float32"]),
            "variables": st.sampled_from(["one", "two"]),
            "learning_rate": finite,
            "beta_1": finite,
            "beta_2": finite,
            "epsilon": finite,
            "weight_decay": optional(finite),
            "use_ema": st.booleans(),
            "ema_momentum": st.floats(0, 1),
            "ema_overwrite_frequency": optional(st.integers(1, 1000)),
            "loss_scale_factor": optional(positive),
            "gradient_accumulation_steps": optional(st.integers(2, 1000)),
            "tolerance": optional(positive),
            "noise": st.sampled_from(["none", "gaussian", "heavy_tailed", "spikes", "outlier"]),
            "noise_scale": finite,
            "noise_probability": st.floats(0, 1),
            "noise_envelope": st.sampled_from(["1", "exp(-t/100)", "1 + t"]),
            "seed": st.integers(0, 2**32 - 1),
            "gradient_dtype": st.sampled_from(["none", "float16"]),
            "dynamic_loss_scale": st.booleans(),
        },
    )
    where = st.sampled_from(SURFACES).map(lambda name: {"surface": name}) | st.sampled_from(
        [
            {"surface": "custom", "formula": "x**2 + 3*y**2 + sin(x*y)"},
            {"surface": "custom", "formula": "abs(x) + 1e-3*t*y", "domain": (-1.0, 2.5, -1e-3, 4.0)},
            {"surface": "ravine", "parameters": _other_parameters("ravine")},
        ]
    )
    return st.tuples(plain, clip, schedule, where).map(lambda parts: parts[0] | parts[1] | parts[2] | parts[3])


def _other_parameters(name):
    return {key: parameter.high for key, parameter in CATALOGUE[name].parameters.items()}


def settings():
    return fields().map(lambda values: RunSpec(**values))


def refusal(kind, values):
    """What is said of values: of the wrong kind, or such that no run could be made of them."""
    try:
        return kind(**values).refusal()
    except ValidationError as error:
        return str(error)
