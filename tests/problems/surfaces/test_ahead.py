"""The built-in surfaces are derived ahead of time: the file is what its command makes, and nothing else is needed."""

import subprocess
import sys

import pytest

from adamax_viz.problems.surfaces import ahead
from adamax_viz.problems.surfaces.derivation import derive
from adamax_viz.problems.surfaces.noise import Noise


def test_the_file_is_what_is_derived_now() -> None:
    assert ahead.FILE.read_text(encoding="utf-8") == ahead.made(), "python -m adamax_viz.problems.surfaces.ahead"


@pytest.mark.parametrize(("formula", "parameters"), ahead.formulas())
def test_what_is_read_is_what_was_derived(formula: str, parameters: tuple[str, ...]) -> None:
    assert ahead.derived(formula, parameters) == derive(formula, parameters)


def test_other_formulas_are_not_there() -> None:
    assert ahead.derived("x + y/3", ()) is None
    assert ahead.hessian("x + y/3", ()) is None
    assert Noise().envelope == "1"  # which needs no formula


ALL = """
import sys
from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.player.scene import build_runs
from adamax_viz.problems.surfaces import worker_client
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.runs.run import runs_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.views.run.landscape import landscape

for name in CATALOGUE:
    spec = RunSpec(surface=name, steps=20, noise="gaussian")
    study = Study(spec)
    outcomes = runs_of(study.specs())
    assert outcomes[0].run is not None, outcomes[0].refusal
    build_runs(study, outcomes, landscape(spec.problem(), 0))
    spec.problem().hessian(0.5, 0.25)
    assert "def gradient" in keras_code(spec)
    assert name in library_code(spec)
assert worker_client.WORKER.link is None
sys.exit("sympy" in sys.modules)
"""


def test_a_run_of_every_surface_and_its_code_need_no_sympy_and_no_worker() -> None:
    subprocess.run([sys.executable, "-c", ALL], check=True)
