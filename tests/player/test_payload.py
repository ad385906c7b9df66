"""The bytes that the player gets: read back here by a small decoder that knows the documented layout alone."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from adamax_viz.player.payload import DRAWN, build, pack, surface_key
from adamax_viz.runs.run import run_of
from adamax_viz.study.fields import knobs
from adamax_viz.study.link import from_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.palette import QUANTITIES
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.ledger import ledger
from adamax_viz.views.run.panels import DEFAULT_PANELS, extra_arrays, panels
from adamax_viz.words.diagnosis import diagnosis
from adamax_viz.words.summary import summary

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


def made(changes, **options):
    settings = RunSpec(**changes)
    run = run_of(settings)
    view = landscape(settings.problem())
    header, arrays = build(settings, run, view, **options)
    return settings, run, view, header, arrays


@EACH
def test_every_array_comes_back_bit_for_bit(name):
    *_, header, arrays = made(RUNS[name])
    data = pack(header, arrays)
    _, decoded = decode(data)
    assert list(decoded) == list(arrays)
    for key, values in arrays.items():
        got = decoded[key]
        if key in DRAWN:
            largest = np.finfo(np.float32).max
            expected = np.clip(values, -largest, largest).astype(np.float32).reshape(got.shape)
            np.testing.assert_array_equal(got, expected, err_msg=key)
        else:
            sent, original = got.astype(np.float64), values.astype(np.float64).reshape(got.shape)
            np.testing.assert_array_equal(sent, original, err_msg=key)
            np.testing.assert_array_equal(np.signbit(sent), np.signbit(original), err_msg=key)


@EACH
def test_the_header_comes_back_as_it_was(name):
    *_, header, arrays = made(RUNS[name])
    decoded, _ = decode(pack(header, arrays))
    del decoded["arrays"]
    assert decoded == json.loads(json.dumps(header), parse_constant=lambda _: None)


@EACH
def test_what_is_not_sent_follows_by_one_operation(name):
    """The player computes the rest as here; with what is sent that is the run itself."""
    settings, run, *_, header, arrays = made(RUNS[name])
    _, got = decode(pack(header, arrays))
    happened = run.happened()
    book = ledger(happened, settings.optimizer())
    steps = happened.steps
    assert header["steps"] == steps
    dtype = np.dtype(settings.dtype).type

    def column(name):
        return got[name].astype(dtype)

    with np.errstate(all="ignore"):
        scale = column("scale")[:, None] if "scale" in got else dtype(header["scale"] or 1)
        unscaled = column("grad") / scale if header["scaled"] else column("grad")
        mean = column("grad_accumulated") if "grad_accumulated" in got else unscaled
        clipped = column("grad_clipped") if "grad_clipped" in got else mean
        rate = column("lr") / column("bias_correction")
    computed = {"grad_unscaled": unscaled, "grad_accumulated": mean, "grad_clipped": clipped, "lr_t": rate}
    for key, values in computed.items():
        np.testing.assert_array_equal(values, book.per_step[key], err_msg=key)
    for key in ("grad", "m", "u", "step", "lr", "bias_correction"):
        np.testing.assert_array_equal(got[key], book.per_step[key], err_msg=key)
    np.testing.assert_array_equal(got["theta"], run["theta"][0, : steps + 1])
    np.testing.assert_array_equal(got["loss"], run["loss"][0, : steps + 1])
    updates = got["is_update"].astype(bool) if "is_update" in got else np.ones(steps, bool)
    np.testing.assert_array_equal(updates, happened["is_update"])
    counter = got.get("update", np.arange(steps) // header["windows"])
    np.testing.assert_array_equal(counter, happened["update"])
    if "bucket" in got:
        np.testing.assert_array_equal(got["bucket"], book.per_step["bucket"])
    assert ("ema" in got) == settings.use_ema


@EACH
def test_charts_find_their_values(name):
    """Each line's array is sent, or is one that the player computes."""
    *_, header, arrays = made(RUNS[name], chosen=(*DEFAULT_PANELS, "ratio"))
    for panel in header["panels"]:
        for line in panel["lines"]:
            assert line["quantity"] in QUANTITIES
            assert line["array"] in {*arrays, "grad_unscaled", "grad_accumulated", "grad_clipped", "lr_t"}


def test_the_header_tells_the_run():
    settings, run, view, header, _ = made(RUNS["everything"])
    assert from_query(header["query"]).settings == settings
    assert header["windows"] == 4
    assert header["start"] == list(settings.start_point())
    assert header["clipped"]
    assert header["scaled"]
    assert header["norm"] == "each"
    optimizer = settings.optimizer()
    assert header["diagnosis"] == diagnosis(run, settings.problem(), optimizer)
    assert header["summary"] == summary(run, settings.problem())
    assert [row["key"] for row in header["ledger"]] == [row.key for row in ledger(run, optimizer).rows]
    assert header["constants"] == ledger(run, optimizer).constants
    for row in header["ledger"]:
        ElementTree.fromstring(f"<math>{row['numbers']}</math>")
    lengths = np.hypot(*np.concatenate([run["grad_unscaled"][0], run["m"][0]]).T)
    assert header["largest"] == lengths[np.isfinite(lengths)].max()
    assert header["surface"]["levels"] == view.levels
    assert header["surface"]["size"] == len(view.x)
    assert [m["x"] for m in header["surface"]["minima"]] == [m.x for m in view.minima]
    for theme in ("light", "dark"):
        assert set(header["tokens"][theme]["quantities"]) == set(QUANTITIES)


@pytest.mark.parametrize(
    ("changes", "norm"),
    [
        ({}, "all"),
        ({"variables": "two"}, "each"),
        ({"variables": "two", "clipnorm": 1.0}, "each"),
        ({"variables": "two", "global_clipnorm": 1.0}, "all"),
        ({"global_clipnorm": 1.0}, "all"),
    ],
)
def test_which_norm_the_clip_compares(changes, norm):
    settings, run, _, header, _ = made({"steps": 6} | changes)
    assert header["norm"] == norm
    mean = run["grad_accumulated"][0]
    expected = np.abs(mean) if norm == "each" else np.repeat(np.hypot(*mean.T)[:, None], 2, axis=1)
    np.testing.assert_allclose(ledger(run, settings.optimizer()).per_step["norm"], expected)


def test_only_the_charts_asked_for_are_sent():
    settings, run, view, header, arrays = made(RUNS["everything"])
    keys = [chart.key for chart in panels(run)]
    assert [panel["key"] for panel in header["panels"]] == [key for key in keys if key in DEFAULT_PANELS]
    assert [choice["key"] for choice in header["choices"]] == keys
    assert "ratio" not in arrays
    header, arrays = build(settings, run, view, chosen=("ratio", "u"))
    assert [panel["key"] for panel in header["panels"]] == ["u", "ratio"]
    assert [choice["key"] for choice in header["choices"]] == keys
    assert "ema_distance" not in arrays
    np.testing.assert_array_equal(arrays["ratio"], extra_arrays(run)["ratio"])
    header, arrays = build(settings, run, view, chosen=())
    assert header["panels"] == []
    assert "theta" in arrays


def test_the_surface_stays_at_home_when_the_player_has_it():
    settings, run, view, header, arrays = made(RUNS["plain"])
    bare_header, bare = build(settings, run, view, with_surface=False)
    assert "shade" in arrays
    assert list(bare) == [name for name in arrays if name != "shade"]
    assert bare_header["surface"] == header["surface"]
    assert len(pack(bare_header, bare)) < len(pack(header, arrays)) - 4 * view.shade.size
    _, decoded = decode(pack(header, arrays))
    np.testing.assert_array_equal(decoded["shade"], view.shade.astype(np.float32).ravel())


def test_the_surfaces_key_changes_with_the_surface_alone():
    settings = RunSpec(surface="ravine")
    same = settings.changed(learning_rate=1.0, steps=9, start=(1.0, 2.0), noise="gaussian")
    assert surface_key(same) == surface_key(settings)
    others = [
        settings.changed(surface="booth"),
        settings.changed(parameters={"condition": 7.0}),
        RunSpec(surface="custom", formula="x^2"),
        RunSpec(surface="custom", formula="x^2 + y"),
        RunSpec(surface="custom", formula="x^2", domain=(-1.0, 1.0, -1.0, 1.0)),
    ]
    keys = {surface_key(one) for one in (settings, *others)}
    assert len(keys) == 6


@pytest.mark.parametrize("name", ["plain", "everything", "float32"])
def test_the_size_grows_linearly_with_the_steps(name):
    sizes = []
    for steps in (200, 400, 800):
        *_, header, arrays = made(RUNS[name] | {"steps": steps}, with_surface=False)
        sizes.append(len(pack(header, arrays)) - len(json.dumps(header)))
    first, second = sizes[1] - sizes[0], sizes[2] - sizes[1]
    assert second == pytest.approx(2 * first, rel=0.02)
    assert first / 200 < 220  # bytes a step


@pytest.mark.parametrize("changes", [{}, {"dtype": "float32"}, {"dynamic_loss_scale": False, "loss_scale_factor": 3.0}])
def test_a_thousand_steps_of_everything_stay_below_a_quarter_megabyte(changes):
    settings = RunSpec(**(EVERYTHING | {"steps": 1000} | changes))
    run = run_of(settings)
    every = tuple(chart.key for chart in panels(run))
    assert set(every) == {*DEFAULT_PANELS, "ratio"}
    assert len(pack(*build(settings, run, landscape(settings.problem()), chosen=every))) < 250_000


def test_float32_runs_travel_as_float32():
    *_, header, arrays = made(RUNS["float32"])
    decoded, _ = decode(pack(header, arrays))
    assert {entry["type"] for name, entry in decoded["arrays"].items() if name != "is_update"} == {"f4"}
    *_, header, arrays = made(RUNS["plain"])
    decoded, _ = decode(pack(header, arrays))
    assert decoded["arrays"]["theta"]["type"] == "f8"


def test_a_run_that_stopped_is_sent_up_to_its_stop():
    settings, run, _, header, arrays = made(RUNS["diverged"])
    assert run.status[0].kind == "diverged"
    assert header["steps"] == run.status[0].step + 1 < settings.steps
    assert len(arrays["theta"]) == header["steps"] + 1
    assert "Diverged" in header["diagnosis"][0]
    assert "diverged" in header["summary"]
    assert header["surface"]["levels"]


def test_numbers_that_are_not_finite_become_null_in_the_header():
    header, _ = decode(pack({"a": np.inf, "b": [float("nan"), 1.5], "c": {"d": (-np.inf,)}, "e": "NaN"}, {}))
    assert header == {"a": None, "b": [None, 1.5], "c": {"d": [None]}, "e": "NaN", "arrays": {}}


@pytest.mark.parametrize("name", RUNS)
def test_knobs_come_along(name):
    settings, *_, header, _ = made(RUNS[name])
    assert header["knobs"] == [knob._asdict() for knob in knobs(settings)]
    names = [knob["name"] for knob in header["knobs"]]
    assert names[:5] == ["learning_rate", "beta_1", "beta_2", "epsilon", "steps"]
    on = {"weight_decay", "clipnorm", "clipvalue", "loss_scale_factor", "gradient_accumulation_steps", "tolerance"}
    for knob in on:
        assert (knob in names) == (getattr(settings, knob) is not None), knob
    assert ("ema_momentum" in names) == settings.use_ema


def test_options_travel_only_where_a_page_has_some():
    *_, header, _ = made({"steps": 5})
    assert "options" not in header
    options = {"show": ["landscape"], "ask": None, "present": True}
    *_, header, _ = made({"steps": 5}, options=options)
    assert header["options"] == options
