"""Runs and landscapes computed once for everybody who looks at the same thing."""

from collections.abc import Callable

from adamax_viz.core.trajectory import held_bytes
from adamax_viz.limits import LIMITS
from adamax_viz.player.scene import surface_key
from adamax_viz.runs.run import Outcome, runs_of
from adamax_viz.shelf import Shelf
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import lanes
from adamax_viz.views.run.landscape import Landscape, landscape

LEAST = 20_000  # bytes of an outcome without its arrays, or with small ones: objects, sentences, its key


def outcomes(study: Study, go_on: Callable[[int], None] = lanes.go_on) -> list[Outcome]:
    """The recorded runs of a study; between two pieces of work `go_on` may end it."""
    return _OUTCOMES.get(to_query(study), lambda: runs_of(study.specs(), progress=go_on))


def has(study: Study) -> bool:
    """Whether its runs are there."""
    return to_query(study) in _OUTCOMES


def is_begun(study: Study) -> bool:
    """Whether its runs are there, or being made."""
    return _OUTCOMES.is_begun(to_query(study))


def surface_view(spec: RunSpec, step: float = 0) -> Landscape:
    """The landscape of a spec; one that moves as it is at a step."""
    t = step if spec.problem().functions.moves else 0
    return _LANDSCAPES.get(surface_key(spec, t), lambda: landscape(spec.problem(), t))


def forget() -> None:
    """Let go of all of them."""
    _OUTCOMES.clear()
    _LANDSCAPES.clear()


def _of_outcomes(kept: list[Outcome]) -> int:
    arrays = (array for outcome in kept if outcome.run for array in outcome.run.arrays.values())
    return LEAST * len(kept) + held_bytes(arrays)


_OUTCOMES: Shelf[list[Outcome]] = Shelf(LIMITS.run_bytes, _of_outcomes)
_LANDSCAPES: Shelf[Landscape] = Shelf(LIMITS.landscape_bytes, held_bytes)
