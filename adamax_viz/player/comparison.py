"""Several runs as bytes for one player: what they share once, and each run's own header and arrays by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.player.payload import run_arrays, run_header, surface_header, tokens
from adamax_viz.study.named.effects import LETTERS, Study
from adamax_viz.study.study import comparison_knobs, label
from adamax_viz.study.study_link import to_query
from adamax_viz.study.variants import Outcome
from adamax_viz.views.run.compared import VariantPanel, compared, compared_arrays
from adamax_viz.views.run.landscape import Landscape
from adamax_viz.views.run.ledger import ledger
from adamax_viz.words.diagnosis import diagnosis
from adamax_viz.words.summary import summary


def build(
    shown: Study,
    outcomes: Sequence[Outcome],
    view: Landscape,
    sentences: Sequence[str],
    *,
    target: int | None = None,
    chosen: tuple[str, ...] | None = None,
    with_surface: bool = True,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays of the variants that ran; array ``u`` of the second of them is called ``1.u``.

    Args:
        shown: what is compared.
        outcomes: one a variant, at least one of them with a run.
        view: the surface under all of them.
        sentences: what the runs show, computed from them.
        target: the variant whose knobs are shown; those of all together if None.
        chosen: keys of the charts to show; the effect's own if None.
        with_surface: whether the surface's heights come along, or the player has them already.
    """
    ran = [(i, o, o.run.happened()) for i, o in enumerate(outcomes) if o.run is not None]
    charts = compared([run for *_, run in ran])
    wanted = shown.effect.panels if chosen is None else chosen
    names = [label(shown, i) for i in range(len(shown.variants))]
    arrays: dict[str, NDArray[Any]] = {}
    runs = []
    drawn = [(line.variant, line.array) for chart in charts if chart.key in wanted for line in chart.lines]
    for place, (i, outcome, run) in enumerate(ran):
        settings, optimizer = outcome.settings, outcome.settings.optimizer()
        book = ledger(run, optimizer)
        own = run_header(settings, optimizer.adamax, run, book) | {
            "variant": i,
            "letter": LETTERS[i],
            "label": names[i],
            "diagnosis": diagnosis(outcome.run, settings.problem(), optimizer),  # type: ignore[arg-type]
            "summary": summary(outcome.run, settings.problem()),  # type: ignore[arg-type]
        }
        if settings.average_by_hand:
            own["windows"] = settings.average_by_hand
        runs.append(own)
        extra = compared_arrays(run, ran[0][2])
        mine = run_arrays(run, book) | {name: values for name, values in extra.items() if (place, name) in drawn}
        arrays |= {f"{place}.{name}": values for name, values in mine.items()}
    if with_surface:
        arrays["shade"] = view.shade
    surface = shown.base.the_surface()
    header = {
        "query": to_query(shown),
        "effect": shown.effect.name,
        "target": None if target is None else LETTERS[target],
        "title": surface.title,
        "start": list(shown.base.start_point()),
        "window": _union([own["window"] for own in runs]),
        "runs": runs,
        "refused": [
            {"variant": i, "letter": LETTERS[i], "label": names[i], "message": o.refusal}
            for i, o in enumerate(outcomes)
            if o.run is None
        ],
        "first": shown.effect.first,
        "panels": [
            _panel(chart) for chart in sorted(charts, key=lambda c: _place(wanted, c.key)) if chart.key in wanted
        ],
        "choices": [{"key": chart.key, "title": chart.title} for chart in charts],
        "knobs": [knob._asdict() for knob in comparison_knobs(shown, target)],
        "line": shown.effect.line,
        "sentences": list(sentences),
        "surface": surface_header(shown.base, shown.base.problem(), view),
        "tokens": tokens(),
    }
    return header, arrays


def _place(wanted: Sequence[str], key: str) -> int:
    """Charts come in the effect's order."""
    return list(wanted).index(key) if key in wanted else len(wanted)


def _panel(chart: VariantPanel) -> dict[str, Any]:
    return chart._asdict() | {"log": chart.logarithmic, "lines": [line._asdict() for line in chart.lines]}


def _union(windows: Sequence[Any]) -> list[list[float]]:
    """The window that holds all of them."""
    corners = np.array(windows)
    return [[float(corners[:, d, 0].min()), float(corners[:, d, 1].max())] for d in (0, 1)]
