"""What the player computes in JavaScript is what Python computes: the same numbers, without a browser."""

import json
import subprocess
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deno import find_deno_bin

from adamax_viz.player.pack import pack
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.ledger import ledger
from tests.player.payload import RUNS
from tests.runs.accumulated import accumulate

RULES = ("adamax_uncorrected", "torch_adamax", "adam", "p=4", "p=7.5")
SETTINGS = RUNS | {
    f"{rule}, {dtype}": {"steps": 30, "rule": rule, "dtype": dtype}
    for rule in RULES
    for dtype in ("float32", "float64")
}


def values(*arguments: str) -> Any:
    """What `values.js` prints."""
    command = [find_deno_bin(), "run", "--quiet", "--no-check", "--no-remote", "--no-npm", "--no-lock", "--allow-read"]
    script = str(Path(__file__).with_name("values.js"))
    done = subprocess.run([*command, script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_number_of_the_ledger_is_python_s_to_the_last_bit(name: str, tmp_path: Path) -> None:
    spec = RunSpec(**SETTINGS[name])
    run = run_of(spec)
    header, arrays = build_runs(Study(spec), alone(spec, run), landscape(spec.problem()))
    payload = tmp_path / "payload"
    payload.write_bytes(pack(header, arrays))
    happened = run.happened()
    book = ledger(happened, spec.optimizer())
    names = list(book.per_step)
    found = values("run", str(payload), *names)
    for quantity, expected in book.per_step.items():
        wanted = expected if expected.ndim == 2 else np.repeat(expected[:, None], 2, axis=1)
        seen = np.array(found[quantity], object).astype(float).reshape(wanted.shape)
        np.testing.assert_array_equal(seen, wanted.astype(float), err_msg=quantity)
    np.testing.assert_array_equal(found["is_update"], happened["is_update"])
    won = happened["u_branch"][0] if "u_branch" in happened else np.zeros((happened.steps, 2), bool)
    np.testing.assert_array_equal(found["branch"], won & happened["is_update"][:, None])


def test_norms_of_any_gradients_are_python_s() -> None:
    rng = np.random.default_rng(1)
    rows = (rng.normal(size=48), np.concatenate([np.zeros(3), rng.normal(size=9) * 1e200]), [1e-300, -1e-200])
    cases = [
        (list(map(float, row)), p, beta_2)
        for row in rows
        for p in (2.0, 2.7, 40.0, 1e5, inf)
        for beta_2 in (0.5, 0.9, 0.999)
    ]
    asked = [
        (row, "inf" if p == inf else p, {"beta_1": 0.9, "beta_2": beta_2, "epsilon": 1e-7}) for row, p, beta_2 in cases
    ]
    for (row, p, beta_2), seen in zip(cases, values("norm", json.dumps(asked)), strict=True):
        expected = accumulate(row, p, beta_2=beta_2)
        np.testing.assert_allclose(seen["u"], expected.u, rtol=1e-12)
        np.testing.assert_allclose(seen["step"], expected.step, rtol=1e-12)
