"""Where the runs of a study part, and where they end."""

from collections.abc import Iterator

import numpy as np

from adamax_viz.words.findings.variant_run import SAME, Runs, distances
from adamax_viz.words.numbers import listed, rounded
from adamax_viz.words.symptoms import nearest_minimum, place_of


def coincide(runs: Runs) -> Iterator[str]:
    """Groups of variants that walk the same path."""
    left = list(runs)
    while left:
        first, *rest = left
        same = [r for r in rest if len(r["theta"]) == len(first["theta"]) and distances(first, r).max() <= SAME]
        left = [r for r in rest if r not in same]
        if same:
            apart = max(distances(first, r).max() for r in same)
            nearness = "to the last bit" if apart == 0 else f"at most {rounded(apart, 2)} apart"
            yield f"{listed([r.letter for r in (first, *same)])} walk the same path, {nearness}."


def farthest(runs: Runs) -> Iterator[str]:
    """Which variant leaves the first one the most, and when."""
    away = {r.letter: distances(runs[0], r) for r in runs}
    letter = max(away, key=lambda letter: away[letter].max(), default="")
    if letter and away[letter].max() > SAME:
        largest, step = away[letter].max(), np.argmax(away[letter])
        yield f"{letter} is the farthest from {runs[0].letter}: {rounded(largest)} at step {step}."


def ends(runs: Runs) -> Iterator[str]:
    """How far from a minimum each run ends."""
    ended = [(r.letter, *nearest) for r in runs if (nearest := nearest_minimum(r.spec.problem(), r.end, r.run.steps))]
    places = {place_of(minimum) for _, _, minimum in ended}
    if len(places) == 1:
        words = listed([f"{letter} {rounded(away)}" for letter, away, _ in ended])
        yield f"At the end, the distances from the minimum at {places.pop()} are: {words}."
    elif ended:
        words = listed([f"{letter} is {rounded(away)} from {place_of(minimum)}" for letter, away, minimum in ended])
        yield f"At the end {words}."
