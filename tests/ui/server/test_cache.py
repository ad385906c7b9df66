"""What is computed once for everybody is kept by what it takes."""

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
