"""Where the runs of a study part, and where they end."""

from collections.abc import Sequence

import numpy as np

from adamax_viz.words.findings.variant_run import SAME, VariantRun, distances
from adamax_viz.words.numbers import listed, rounded
from adamax_viz.words.symptoms import nearest_minimum, place_of


def coincide(runs: Sequence[VariantRun]) -> list[str]:
    """Groups of variants that walk the same path."""
    sentences, left = [], list(runs)
    while left:
        first, *rest = left
        same = [r for r in rest if len(r["theta"]) == len(first["theta"]) and distances(first, r).max() <= SAME]
        left = [r for r in rest if r not in same]
        if same:
            apart = max(distances(first, r).max() for r in same)
            nearness = "to the last bit" if apart == 0 else f"at most {rounded(apart, 2)} apart"
            sentences.append(f"{listed([r.letter for r in (first, *same)])} walk the same path, {nearness}.")
    return sentences


def farthest(runs: Sequence[VariantRun]) -> list[str]:
    """Which variant leaves the first one the most, and when."""
    if len(runs) < 2:
        return []
    first, *others = runs
    other = max(others, key=lambda r: distances(first, r).max())
    away = distances(first, other)
    if away.max() <= SAME:
        return []
    return [f"{other.letter} is the farthest from {first.letter}: {rounded(away.max())} at step {np.argmax(away)}."]


def ends(runs: Sequence[VariantRun]) -> list[str]:
    """How far from a minimum each run ends."""
    ended = [(r.letter, *nearest) for r in runs if (nearest := nearest_minimum(r.spec.problem(), r.end, r.run.steps))]
    places = {place_of(minimum) for _, _, minimum in ended}
    if len(places) == 1:
        words = listed([f"{letter} {rounded(away)}" for letter, away, _ in ended])
        return [f"At the end, the distances from the minimum at {places.pop()} are: {words}."]
    words = listed([f"{letter} is {rounded(away)} from {place_of(minimum)}" for letter, away, minimum in ended])
    return [f"At the end {words}."] if ended else []
