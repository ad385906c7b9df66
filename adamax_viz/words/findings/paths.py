"""Where the runs of a study part, and where they end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adamax_viz.words.findings.variant_run import SAME, VariantRun, distances, nearest_minimum
from adamax_viz.words.numbers import listed, rounded


def coincide(runs: Sequence[VariantRun]) -> list[str]:
    """Groups of variants that walk the same path."""
    sentences, left = [], list(runs)
    while left:
        first, *rest = left
        group = [
            first,
            *(r for r in rest if len(r["theta"]) == len(first["theta"]) and distances(first, r).max() <= SAME),
        ]
        left = [r for r in rest if r not in group]
        if len(group) > 1:
            apart = max(float(distances(first, r).max()) for r in group[1:])
            nearness = "to the last bit" if apart == 0 else f"at most {rounded(apart, 2)} apart"
            sentences.append(f"{listed([r.letter for r in group])} walk the same path, {nearness}.")
    return sentences


def farthest(runs: Sequence[VariantRun]) -> list[str]:
    """Which variant leaves the first one the most, and when."""
    if len(runs) < 2:
        return []
    first, *others = runs
    largest = {r.letter: float(distances(first, r).max()) for r in others}
    letter = max(largest, key=lambda name: largest[name])
    if largest[letter] <= SAME:
        return []
    other = next(r for r in others if r.letter == letter)
    step = int(np.argmax(distances(first, other)))
    return [f"{letter} is the farthest from {first.letter}: {rounded(largest[letter])} at step {step}."]


def ends(runs: Sequence[VariantRun]) -> list[str]:
    """How far from a minimum each run ends."""
    ended = [(r, away) for r in runs if (away := nearest_minimum(r, r.end)) is not None]
    if not ended:
        return []
    places = {place for _, (_, place) in ended}
    if len(places) == 1:
        words = listed([f"{r.letter} {rounded(distance)}" for r, (distance, _) in ended])
        return [f"At the end, the distances from the minimum at {places.pop()} are: {words}."]
    return [
        "At the end "
        + listed([f"{r.letter} is {rounded(distance)} from {place}" for r, (distance, place) in ended])
        + "."
    ]
