"""The findings by name, as effects name them, and the sentences that they make of the runs of a study."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adamax_viz.runs.run import Outcome
from adamax_viz.words.findings.accumulation import by_hand, rates_seen, updated
from adamax_viz.words.findings.averaging import finalized, first_window, overwritten
from adamax_viz.words.findings.clipping import rescaled, turned
from adamax_viz.words.findings.half_precision import half_precision, scale_walk
from adamax_viz.words.findings.memory import crossings, epsilon_share, fixed_points, late_steps, memory
from adamax_viz.words.findings.paths import coincide, ends, farthest
from adamax_viz.words.findings.rates import first_steps, restarted, swings
from adamax_viz.words.findings.variant_run import Finding, VariantRun

FINDINGS: dict[str, Finding] = {
    finding.__name__: finding
    for finding in (
        coincide,
        farthest,
        ends,
        turned,
        rescaled,
        finalized,
        first_window,
        overwritten,
        updated,
        by_hand,
        rates_seen,
        swings,
        restarted,
        first_steps,
        fixed_points,
        crossings,
        memory,
        epsilon_share,
        late_steps,
        half_precision,
        scale_walk,
    )
}


def sentences(names: Sequence[str], outcomes: Sequence[Outcome]) -> list[str]:
    """All that the findings of these names say of the runs, and how a run stopped early.

    A finding gets the runs that there are and gives the sentences that hold.
    """
    runs = [VariantRun(outcome) for outcome in outcomes if outcome.run is not None]
    with np.errstate(all="ignore"):
        results = [sentence for name in names for sentence in FINDINGS[name](runs)]
    stopped = [f"{r.letter} {r.ended.status[0]}." for r in runs if r.ended.status[0].kind == "diverged"]
    return results + stopped
