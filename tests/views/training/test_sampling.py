"""A picked parameter is the training seen through one column: its ledger must add up to the last bit."""

import numpy as np
import pytest

from adamax_viz.core.engine import run
from adamax_viz.core.optimizer import Adamax
from adamax_viz.views.run.ledger import clip_norms, ledger
from adamax_viz.views.run.panels import panels
from adamax_viz.views.training.sampling import picked
from tests.core.tiny import Bowl

SIZES = {"kernel": 6, "bias": 2}
ARGUMENTS = {
    "plain": {},
    "clipnorm": {"clipnorm": 2.0},
    "global": {"global_clipnorm": 2.0},
    "everything": {"clipnorm": 2.0, "use_ema": True, "gradient_accumulation_steps": 3, "weight_decay": 0.1},
}


def trained(dtype="float32", **arguments):
    optimizer = Adamax(learning_rate=0.1, dtype=dtype, **arguments)
    return run(Bowl(np.linspace(1, 8, 8), SIZES), optimizer, np.arange(1.0, 9.0), 12), optimizer


@pytest.mark.parametrize("name", ARGUMENTS)
def test_each_row_of_the_ledger_gives_the_training_s_own_number(name):
    one, optimizer = trained(**ARGUMENTS[name])
    small = picked(one, [4, 7])
    book = ledger(small, optimizer)
    values = book.per_step | {"norm": clip_norms(one, optimizer, [4, 7])}
    for row in book.rows:
        rows = one["is_update"] if row.when == "update" else np.ones(12, bool)
        names = {n: v[rows] if v.ndim == 2 else v[rows][:, None] for n, v in values.items()}
        constants = {n: np.asarray(v, np.float32) for n, v in book.constants.items()}
        result = eval(row.expression, {"np": np}, names | constants)
        expected = np.broadcast_to(names[row.result], result.shape)
        np.testing.assert_allclose(result, expected, rtol=3e-7, err_msg=row.key)


def test_columns_keep_their_names_and_their_variable_s_clip():
    one, _ = trained(clipnorm=2.0)
    small = picked(one, [4, 7])
    assert small.coordinates == ("p4", "p7")
    assert small.variables == {"p4": slice(0, 1), "p7": slice(1, 2)}
    np.testing.assert_array_equal(small["clip_factor"], one["clip_factor"])
    np.testing.assert_array_equal(picked(one, [7])["clip_factor"][0, :, 0], one["clip_factor"][0, :, 1])
    np.testing.assert_array_equal(small["theta"][0], one["theta"][0][:, [4, 7]])


def test_its_charts_are_the_surface_s_charts():
    one, _ = trained(clipnorm=2.0)
    gradient = next(chart for chart in panels([picked(one, [4])]) if chart.key == "gradient")
    assert [line.label for line in gradient.lines] == ["g p4", "ĝ p4"]
    np.testing.assert_array_equal(gradient.lines[0].values, one["grad"][0, :, 4])
