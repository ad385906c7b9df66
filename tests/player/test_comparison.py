"""The payload of several runs: complete, addressed by run, and not larger than it must be."""

import json

import numpy as np
import pytest

from adamax_viz.player.comparison import build
from adamax_viz.player.payload import pack
from adamax_viz.study.named.effects import EFFECTS, comparison, find_effect
from adamax_viz.study.study import change_base, change_variant
from adamax_viz.study.variants import run_variants
from adamax_viz.views.run.landscape import landscape


def built(shown, **options):
    outcomes = run_variants(shown.settings())
    return build(shown, outcomes, landscape(shown.base.problem()), ["One.", "Two."], **options), outcomes


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect.name)
def test_the_header_names_every_run_and_every_line_finds_its_array(effect):
    (header, arrays), outcomes = built(comparison(effect))
    assert [run["letter"] for run in header["runs"]] == [o.letter for o in outcomes]
    assert [panel["key"] for panel in header["panels"]] == list(effect.panels)
    derived = {"grad_unscaled", "lr_t", "grad_accumulated", "grad_clipped", "scale"}
    for panel in header["panels"]:
        for line in panel["lines"]:
            assert f"{line['variant']}.{line['array']}" in arrays or line["array"] in derived, (panel["key"], line)
    for i, outcome in enumerate(outcomes):
        run = outcome.run.happened()
        np.testing.assert_array_equal(arrays[f"{i}.theta"], run["theta"][0])
        assert header["runs"][i]["steps"] == run.steps
    json.dumps(header["panels"])
    assert len(pack(header | {"complaints": [], "answered": 0}, arrays)) < 500_000


def test_refused_variants_keep_their_letter_and_say_why():
    shown = change_variant(comparison(find_effect("clipping")), 1, clipnorm=1.0)
    (header, arrays), _ = built(shown)
    assert [run["letter"] for run in header["runs"]] == ["A", "C", "D"]
    assert [run["variant"] for run in header["runs"]] == [0, 2, 3]
    (refused,) = header["refused"]
    assert refused["letter"] == "B"
    assert refused["message"].startswith("Only one of `clipnorm`")
    assert {name.partition(".")[0] for name in arrays} == {"0", "1", "2", "shade"}


def test_what_is_not_drawn_does_not_travel():
    shown = comparison(find_effect("clipping"))
    (header, arrays), _ = built(shown, chosen=("loss",), with_surface=False)
    assert [panel["key"] for panel in header["panels"]] == ["loss"]
    assert {"turn", "updates", "difference", "ratio"}.isdisjoint(name.partition(".")[2] for name in arrays)
    assert "shade" not in arrays


def test_the_window_holds_all_paths_and_a_batch_by_hand_its_micro_steps():
    shown = change_base(comparison(find_effect("accumulation_by_hand")), start=(4.0, 1.0))
    (header, _), _ = built(shown)
    (x0, x1), _ = header["window"]
    assert x0 <= -3
    assert x1 >= 4
    assert [run["windows"] for run in header["runs"]] == [1, 8, 8]
    assert [run["steps"] for run in header["runs"]] == [320, 320, 320]
