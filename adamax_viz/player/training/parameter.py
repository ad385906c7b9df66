"""The picked parameters as a run of the Playground's player: coordinates a and b, each stretch with its constants."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.player.scene import book_header, panel_header, run_arrays
from adamax_viz.runs.growing_run import Segment
from adamax_viz.views.run.ledger import Ledger, clip_norms, ledger
from adamax_viz.views.run.panels import DERIVED, Line, Panel, derived, is_clipped, panels
from adamax_viz.views.training.sampling import picked

PANELS = ("gradient", "m", "u", "rate", "step", "ratio", "ema", "bucket")
LETTERS = "ab"
THINNED = (
    "One step in {} was kept to stay within the memory. The arithmetic of a step needs the one before, so it is shown "
    "for shorter trainings and smaller models."
)


def parameter(run: Trajectory, segments: Sequence[Segment], columns: Sequence[int]) -> tuple[Header, Arrays]:
    """Charts and ledger of the picked parameters."""
    pair, letters = picked(run, columns), tuple(LETTERS[: len(columns)])
    pair = replace(pair, coordinates=letters, variables=dict(zip(letters, pair.variables.values(), strict=True)))
    books = [ledger(pair, segment.optimizer) for segment in segments]
    charts = panels([pair], PANELS)
    arrays = run_arrays(pair, _joined(books, segments, pair))
    shown = {line.array for chart in charts for line in chart.lines}
    arrays |= {name: derived(name, pair, pair) for name in DERIVED if name in shown}
    clips = [s.optimizer.adamax for s in segments if s.optimizer.adamax.clipnorm or s.optimizer.adamax.global_clipnorm]
    if clips:
        arrays["norm"] = clip_norms(run, clips[-1], columns)
    if len(books) > 1 or run.every > 1:
        arrays |= {"is_update": pair["is_update"].astype(np.uint8), "update": pair["update"]}
    if run.every > 1:
        arrays["micro_step"] = pair["micro_step"]
    header = {
        "dtype": segments[-1].optimizer.adamax.dtype,
        "steps": pair.steps,
        "moments": list(pair.moments),
        "coordinates": list(pair.coordinates),
        "exact": run.every == 1,
        "note": "" if run.every == 1 else THINNED.format(run.every),
        "start": [],
        "window": [],
        "largest": 1,
        "clipped": is_clipped(pair),
        "norm": "each",
        "panels": [panel_header(chart) for chart in (_path(pair), *charts)],
        "segments": [
            {"first": segment.first} | book_header(segment.optimizer.adamax, pair, book)
            for segment, book in zip(segments, books, strict=True)
        ],
    }
    return header, {f"pick.{name}": values for name, values in arrays.items()}


def _path(pair: Trajectory) -> Panel[Line]:
    theta = pair["theta"][0]
    lines = tuple(Line("theta", c, f"θ {c}", "theta", d, theta[:, d]) for d, c in enumerate(pair.coordinates))
    return Panel("theta", "Weight θ", "The parameter itself, before each step and after the last.", False, lines)


def _joined(books: Sequence[Ledger], segments: Sequence[Segment], pair: Trajectory) -> Ledger:
    """The numbers of each stretch from the book of its own optimizer."""
    joined = {name: values.copy() for name, values in books[-1].per_step.items()}
    step = pair["micro_step"]
    for segment, after, book in zip(segments[:-1], segments[1:], books[:-1], strict=True):
        within = (segment.first <= step) & (step < after.first)
        for name in joined.keys() & book.per_step.keys():
            joined[name][within] = book.per_step[name][within]
    return Ledger(books[-1].rows, books[-1].constants, joined)
