"""What the player is given of one run or of several: complete and exact."""

import json
from xml.etree import ElementTree

import numpy as np
import pytest

from adamax_viz.player.pack import pack
from adamax_viz.player.scene import alone, build_runs, surface_key
from adamax_viz.runs.run import runs_of
from adamax_viz.study.fields import knobs
from adamax_viz.study.link import from_query
from adamax_viz.study.named.effects import EFFECTS, find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study, change_base, change_variant, study_of
from adamax_viz.views.palette import QUANTITIES
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.ledger import ledger
from adamax_viz.views.run.panels import DEFAULT_PANELS, derived, panels
from adamax_viz.words.diagnosis import diagnosis
from adamax_viz.words.summary import summary
from tests.player.payload import EACH, RUNS, decode, payload_of


@EACH
def test_what_is_not_sent_follows_by_one_operation(name):
    """The player computes the rest as here; with what is sent that is the run itself."""
    settings, run, *_, header, arrays = payload_of(RUNS[name])
    _, packed = decode(pack(header, arrays))
    got = {key.removeprefix("0."): values for key, values in packed.items()}
    (own,) = header["runs"]
    happened = run.happened()
    book = ledger(happened, settings.optimizer())
    steps = happened.steps
    assert own["steps"] == steps
    dtype = np.dtype(settings.dtype).type

    def column(name):
        return got[name].astype(dtype)

    with np.errstate(all="ignore"):
        scale = column("scale")[:, None] if "scale" in got else dtype(own["scale"] or 1)
        unscaled = column("grad") / scale if own["scaled"] else column("grad")
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
    counter = got.get("update", np.arange(steps) // own["windows"])
    np.testing.assert_array_equal(counter, happened["update"])
    if "bucket" in got:
        np.testing.assert_array_equal(got["bucket"], book.per_step["bucket"])
    assert ("ema" in got) == settings.use_ema


@EACH
def test_charts_find_their_values(name):
    """Each line's array is sent, or is one that the player computes."""
    *_, header, arrays = payload_of(RUNS[name], chosen=(*DEFAULT_PANELS, "ratio"))
    for panel in header["panels"]:
        for line in panel["lines"]:
            assert line["quantity"] in QUANTITIES
            assert line["run"] == 0
            assert f"0.{line['array']}" in arrays or line["array"] in {
                "grad_unscaled",
                "grad_accumulated",
                "grad_clipped",
                "lr_t",
            }


def test_the_header_tells_the_run():
    settings, run, view, header, _ = payload_of(RUNS["everything"])
    assert from_query(header["query"]).settings == settings
    (own,) = header["runs"]
    assert own["windows"] == 4
    assert own["moments"] == ["m", "u"]
    assert (own["letter"], header["refused"], header["target"], header["named"]) == ("", [], None, "")
    assert header["start"] == list(settings.start_point())
    assert own["clipped"]
    assert own["scaled"]
    assert own["norm"] == "each"
    optimizer = settings.optimizer()
    assert own["diagnosis"] == diagnosis(run, settings.problem(), optimizer)
    assert own["summary"] == summary(run, settings.problem())
    assert [row["key"] for row in own["ledger"]] == [row.key for row in ledger(run, optimizer).rows]
    assert own["constants"] == ledger(run, optimizer).constants
    for row in own["ledger"]:
        ElementTree.fromstring(f"<math>{row['numbers']}</math>")
    lengths = np.hypot(*np.concatenate([run["grad_unscaled"][0], run["m"][0]]).T)
    assert own["largest"] == lengths[np.isfinite(lengths)].max()
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
    settings, run, _, header, _ = payload_of({"steps": 6} | changes)
    assert header["runs"][0]["norm"] == norm
    mean = run["grad_accumulated"][0]
    expected = np.abs(mean) if norm == "each" else np.repeat(np.hypot(*mean.T)[:, None], 2, axis=1)
    np.testing.assert_allclose(ledger(run, settings.optimizer()).per_step["norm"], expected)


def test_only_the_charts_asked_for_are_sent():
    settings, run, view, header, arrays = payload_of(RUNS["everything"])
    keys = [chart.key for chart in panels([run])]
    assert [panel["key"] for panel in header["panels"]] == [key for key in keys if key in DEFAULT_PANELS]
    assert [choice["key"] for choice in header["choices"]] == keys
    assert header["chosen"] is None
    assert "0.ratio" not in arrays
    header, arrays = build_runs(Study(settings), alone(settings, run), view, chosen=("ratio", "u"))
    assert header["chosen"] == ["ratio", "u"]
    assert [panel["key"] for panel in header["panels"]] == ["u", "ratio"]
    assert [choice["key"] for choice in header["choices"]] == keys
    assert "0.ema_distance" not in arrays
    np.testing.assert_array_equal(arrays["0.ratio"], derived("ratio", run, run))
    header, arrays = build_runs(Study(settings), alone(settings, run), view, chosen=())
    assert header["panels"] == []
    assert "0.theta" in arrays


def test_the_surface_travels_with_its_key():
    settings, _, view, header, arrays = payload_of(RUNS["plain"])
    assert header["surface"]["key"] == surface_key(settings)
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


def test_a_run_that_stopped_is_sent_up_to_its_stop():
    settings, run, _, header, arrays = payload_of(RUNS["diverged"])
    assert run.status[0].kind == "diverged"
    (own,) = header["runs"]
    assert own["steps"] == run.status[0].step + 1 < settings.steps
    assert len(arrays["0.theta"]) == own["steps"] + 1
    assert "Diverged" in own["diagnosis"][0]
    assert "diverged" in own["summary"]
    assert header["surface"]["levels"]


@pytest.mark.parametrize("name", RUNS)
def test_knobs_come_along(name):
    settings, *_, header, _ = payload_of(RUNS[name])
    assert header["knobs"] == [knob._asdict() for knob in knobs(settings)]
    names = [knob["name"] for knob in header["knobs"]]
    assert names[:5] == ["learning_rate", "beta_1", "beta_2", "epsilon", "steps"]
    on = {"weight_decay", "clipnorm", "clipvalue", "loss_scale_factor", "gradient_accumulation_steps", "tolerance"}
    for knob in on:
        assert (knob in names) == (getattr(settings, knob) is not None), knob
    assert ("ema_momentum" in names) == settings.use_ema


def test_options_and_locks_are_what_the_page_asks():
    *_, header, _ = payload_of({"steps": 5})
    assert (header["options"], header["locked"]) == ({}, [])
    options = {"show": ["landscape"], "ask": None, "present": True}
    *_, header, _ = payload_of({"steps": 5}, options=options, locked=["start"])
    assert (header["options"], header["locked"]) == (options, ["start"])


# -- several runs -----------------------------------------------------------------------------------------------


def built(shown, **options):
    outcomes = runs_of(shown.specs())
    return build_runs(shown, outcomes, landscape(shown.base.problem()), **options), outcomes


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_the_header_names_every_run_and_every_line_finds_its_array(effect):
    (header, arrays), outcomes = built(study_of(effect))
    assert [run["letter"] for run in header["runs"]] == [o.letter for o in outcomes]
    assert [panel["key"] for panel in header["panels"]] == list(effect.panels)
    computed = {"grad_unscaled", "lr_t", "grad_accumulated", "grad_clipped", "scale"}
    for panel in header["panels"]:
        for line in panel["lines"]:
            assert f"{line['run']}.{line['array']}" in arrays or line["array"] in computed, (panel["key"], line)
    for i, outcome in enumerate(outcomes):
        run = outcome.run.happened()
        np.testing.assert_array_equal(arrays[f"{i}.theta"], run["theta"][0])
        assert header["runs"][i]["steps"] == run.steps
    json.dumps(header["panels"])
    assert len(pack(header, arrays)) < 500_000


def test_refused_variants_keep_their_letter_and_say_why():
    shown = change_variant(study_of(find_effect("clipping")), 1, clipnorm=1.0)
    (header, arrays), _ = built(shown)
    assert [run["letter"] for run in header["runs"]] == ["A", "C", "D"]
    assert [run["variant"] for run in header["runs"]] == [0, 2, 3]
    (refused,) = header["refused"]
    assert refused["letter"] == "B"
    assert refused["message"].startswith("Only one of `clipnorm`")
    assert {name.partition(".")[0] for name in arrays} == {"0", "1", "2", "shade"}


def test_what_is_not_drawn_does_not_travel():
    shown = study_of(find_effect("clipping"))
    (header, arrays), _ = built(shown, chosen=("loss",))
    assert [panel["key"] for panel in header["panels"]] == ["loss"]
    assert {"turn", "updates", "difference", "ratio"}.isdisjoint(name.partition(".")[2] for name in arrays)


def test_the_window_holds_all_paths_and_a_batch_by_hand_its_micro_steps():
    shown = change_base(study_of(find_effect("accumulation_by_hand")), start=(4.0, 1.0))
    (header, _), _ = built(shown)
    (x0, x1), _ = header["window"]
    assert x0 <= -3
    assert x1 >= 4
    assert [run["windows"] for run in header["runs"]] == [1, 8, 8]
    assert [run["steps"] for run in header["runs"]] == [320, 320, 320]
