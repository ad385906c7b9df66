"""The table of limits is what the docs show, and what Streamlit and the proxy let through."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from adamax_viz.limits import LIMITS, Limits, table
from adamax_viz.study.link import read_study
from adamax_viz.study.study import TABLE

ROOT = Path(__file__).parents[2]


def test_the_docs_show_the_table() -> None:
    assert table() in (ROOT / "docs/limits.md").read_text(encoding="utf-8")


def test_every_bound_says_its_unit() -> None:
    for name, each in Limits.model_fields.items():
        assert re.match(r"[a-z]\w* .", each.description or ""), name


def test_streamlit_and_nginx_let_just_those_files_through_that_are_read() -> None:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    most = Limits().file_bytes
    assert config["server"]["maxUploadSize"] * 1_000_000 == most
    for name in ("nginx.conf", "nginx-replicas.conf"):
        (proxy,) = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy" / name).read_text(encoding="utf-8"))
        assert most <= int(proxy) * 2**20 <= 2 * most, name


def test_a_wrong_bound_ends_the_start_with_a_sentence() -> None:
    code = "import adamax_viz.limits"
    environment = os.environ | {"ADAMAX_SHOWN_STEPS": "many"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr == "ADAMAX_SHOWN_STEPS must be a whole number above 0. Received: 'many'\n"


LOWERED = {
    "formula_exponent": "parse('x^3')",
    "formula_nesting": "parse('((x + 1) * 2 + 1) * 2')",
    "formula_number": "parse('x + 3')",
    "training_points": "TrainingSpec(points=16).problem()",
}


def test_bounds_of_formulas_and_of_data_are_those_of_the_table() -> None:
    code = "\n".join(
        [
            "from adamax_viz.problems.surfaces.formula import parse",
            "from adamax_viz.study.training_spec import TrainingSpec",
            *(f"try: {each}; print('taken')\nexcept ValueError: print('refused')" for each in LOWERED.values()),
        ]
    )
    for most, word in ((None, "taken"), ("2", "refused")):
        changed = {} if most is None else {f"ADAMAX_{name.upper()}": most for name in LOWERED}
        ended = subprocess.run(
            [sys.executable, "-c", code], env=os.environ | changed, cwd=ROOT, capture_output=True, text=True
        )
        assert ended.stdout.split() == [word] * len(LOWERED), ended.stderr


def test_bounds_of_trainings_are_those_of_the_table() -> None:
    code = (
        "from inspect import signature\nfrom adamax_viz.runs.training import Training\n"
        "print(*(signature(Training).parameters[name].default for name in ('budget', 'patience')))"
    )
    changed = {"ADAMAX_ONE_TRAINING_BYTES": "7", "ADAMAX_TRAINING_SECONDS": "8"}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | changed, cwd=ROOT, capture_output=True, text=True
    )
    assert ended.stdout.split() == ["7", "8"], ended.stderr


def test_what_the_docs_say_of_knobs_and_links_is_so() -> None:
    by_hand, accumulated = (TABLE[name] for name in ("average_by_hand", "gradient_accumulation_steps"))
    for entry in (by_hand, accumulated):
        assert entry.control is not None
        assert entry.control.high == 64
    for name, most in (("average_by_hand", LIMITS.averaged_by_hand), ("gradient_accumulation_steps", 10**6)):
        assert read_study({name: str(most)})[1] == []
    assert len(read_study({"average_by_hand": str(LIMITS.averaged_by_hand + 1)})[1]) == 1
