"""What is computed once for everybody is kept by what it takes."""

from adamax_viz.core.trajectory import held_bytes
from adamax_viz.limits import LIMITS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import cache


def test_runs_are_kept_by_what_they_take() -> None:
    study = Study(RunSpec(steps=50))
    assert cache.outcomes(study) is cache.outcomes(study)
    assert cache.surface_view(study.base) is cache.surface_view(study.base.changed(learning_rate=0.3))
    assert 0 < cache._OUTCOMES.taken <= LIMITS.run_bytes
    assert 0 < cache._LANDSCAPES.taken <= LIMITS.landscape_bytes


def test_studies_without_a_run_take_something_too() -> None:
    refused = cache.outcomes(Study(RunSpec(), ({"clipnorm": 1.0, "clipvalue": 1.0},) * 2))
    assert all(outcome.run is None for outcome in refused)
    assert cache._of_outcomes(refused) == 2 * cache.LEAST


def test_runs_of_one_batch_count_the_memory_they_share_once() -> None:
    both = cache.outcomes(Study(RunSpec(steps=50), ({"learning_rate": 0.1}, {"learning_rate": 0.2})))
    arrays = [array for outcome in both if outcome.run for array in outcome.run.arrays.values()]
    assert cache._of_outcomes(both) == 2 * cache.LEAST + held_bytes(arrays)
    assert cache._of_outcomes(both) < cache._of_outcomes(both[:1]) + cache._of_outcomes(both[1:])
