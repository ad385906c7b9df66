"""The findings by name, as effects name them, and the sentences that they make of the runs of a study."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from adamax_viz.runs.run import Outcome
from adamax_viz.words.findings import accumulation, averaging, clipping, half_precision, memory, paths, rates
from adamax_viz.words.findings.variant_run import Runs, VariantRun

FINDINGS: dict[str, Callable[[Runs], Iterator[str]]] = {
    finding.__name__: finding
    for finding in (
        *(paths.coincide, paths.farthest, paths.ends),
        *(accumulation.updated, accumulation.by_hand, accumulation.rates_seen),
        *(averaging.finalized, averaging.first_window, averaging.overwritten),
        *(clipping.turned, clipping.rescaled, half_precision.half_precision, half_precision.scale_walk),
        *(rates.swings, rates.restarted, rates.first_steps),
        *(memory.fixed_points, memory.crossings, memory.memory, memory.epsilon_share, memory.late_steps),
    )
}


def sentences(names: Sequence[str], outcomes: Sequence[Outcome]) -> list[str]:
    """All that the findings of these names say of the runs, and how a run stopped early.

    A finding gets the runs that there are and yields the sentences that hold.
    """
    runs = [VariantRun(outcome) for outcome in outcomes if outcome.run is not None]
    with np.errstate(all="ignore"):
        results = [sentence for name in names for sentence in FINDINGS[name](runs)]
    stopped = [f"{r.letter} {r.ended.status[0]}." for r in runs if r.ended.status[0].kind == "diverged"]
    return results + stopped
