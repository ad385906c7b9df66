"""What the player is given: a common header, and the scene of one run or of several over one landscape.

A scene is a header of plain values and arrays by name; `adamax_viz.player.pack` makes bytes of them. Every header has
``kind`` (which scene of the player shows it), ``query`` (the link of what is shown), ``tokens`` (colours), ``knobs``,
``locked`` (names of knobs, "start", or "all"), ``answered`` (the last request that is in it), ``complaints`` and
``options`` (what the page asks of the player, see `assets/scenes/options.js`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.problems.surfaces.surface import Domain, SurfaceProblem
from adamax_viz.runs.run import Outcome, Run
from adamax_viz.study.fields import Knob, knobs
from adamax_viz.study.knobs import study_knobs
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, Study
from adamax_viz.views import palette
from adamax_viz.views.run.landscape import Landscape, window
from adamax_viz.views.run.ledger import Ledger, ledger
from adamax_viz.views.run.panels import DEFAULT_PANELS, DERIVED, Panel, choices, derived, is_clipped, panels
from adamax_viz.words.diagnosis import diagnosis
from adamax_viz.words.findings.registry import sentences
from adamax_viz.words.labels import labels
from adamax_viz.words.summary import summary

# Of a comparison without a name: its charts, and what its runs are asked.
COMPARED_PANELS = ("loss", "weights", "m", "u", "step", "difference")
COMPARED_SAYS = ("coincide", "farthest", "ends")
OF_RULES = ("bias_correction", "bias_correction_2", "alpha", "larger", "norm_correction")  # of the ledger's book


def alone(spec: RunSpec, run: Run) -> list[Outcome]:
    """One run as the player's builder takes it."""
    return [Outcome(LETTERS[0], spec, run, None)]


def common_header(
    kind: str,
    query: str,
    of: Iterable[Knob] = (),
    *,
    locked: Iterable[str] = (),
    options: Mapping[str, Any] | None = None,
) -> Header:
    """What every scene's header has."""
    return {
        "kind": kind,
        "query": query,
        "tokens": tokens(),
        "knobs": [knob._asdict() for knob in of],
        "locked": list(locked),
        "answered": 0,
        "complaints": [],
        "options": dict(options or {}),
    }


def build_runs(
    outcomes: Sequence[Outcome],
    view: Landscape,
    *,
    base: RunSpec | None = None,
    query: str | None = None,
    labels: Sequence[str] = (),
    of: Iterable[Knob] | None = None,
    target: str | None = None,
    chosen: Sequence[str] | None = None,
    usual: Sequence[str] = DEFAULT_PANELS,
    line: str = "",
    sentences: Sequence[str] = (),
    first: int | None = None,
    named: str = "",
    locked: Iterable[str] = (),
    options: Mapping[str, Any] | None = None,
    with_surface: bool = True,
) -> tuple[Header, Arrays]:
    """Header and arrays of one run, or of up to twelve; array ``u`` of the second that ran is called ``1.u``.

    Args:
        outcomes: at least one of them with a run, recorded with ``keep="all"``, R = 1. One that stopped early is shown
            up to its stop.
        view: the surface under all of them.
        base: what they have in common; the first one's settings if None.
        query: the link of what is shown; the base's if None.
        labels: what each does otherwise than the base, in a few words.
        of: knobs; those of the base if None.
        target: the letter of the run that the knobs move; all if None.
        chosen: keys of the charts that somebody chose; the usual ones if None.
        usual: keys of the charts, in their order, while nobody has chosen.
        line, sentences: what to look at, and what the runs show, computed from them.
        first: so many first steps are worth enlarging.
        named: the study's name; where it changes, the player begins anew.
        locked: names of knobs that can't be moved, "start", or "all".
        options: what the page asks of the player.
        with_surface: whether the surface's heights come along, or the player has them already.
    """
    base = outcomes[0][1] if base is None else base
    several = len(outcomes) > 1
    labels = labels or [""] * len(outcomes)
    wanted = list(usual if chosen is None else chosen)
    arrays: Arrays = {}
    headers, refused = [], []
    happened: list[Trajectory] = []
    for place, (letter, spec, run, refusal) in enumerate(outcomes):
        who = {"variant": place, "letter": letter if several else "", "label": labels[place]}
        if run is None:
            refused.append(who | {"message": refusal})
            continue
        header, mine = _run(spec, run)
        headers.append(who | header)
        arrays |= {f"{len(happened)}.{name}": values for name, values in mine.items()}
        happened.append(run.happened())
    charts = panels(happened, wanted, several=several)
    if several:
        charts.sort(key=lambda chart: wanted.index(chart.key))
    for i, name in sorted({(line.run, line.array) for chart in charts for line in chart.lines}):
        if name in DERIVED:
            arrays[f"{i}.{name}"] = derived(name, happened[i], happened[0])
    if with_surface:
        arrays["shade"] = view.shade
    problem = base.problem()
    header = common_header(
        "runs",
        to_query(base) if query is None else query,
        knobs(base) if of is None else of,
        locked=locked,
        options=options,
    )
    return header | {
        "title": problem.surface.title,
        "start": list(base.start_point()),
        "window": _union([window(problem.surface.domain, run["theta"][0]) for run in happened]),
        "surface": surface_header(base, problem, view),
        "runs": headers,
        "refused": refused,
        "panels": [panel_header(chart) for chart in charts],
        "choices": [{"key": chart.key, "title": chart.title} for chart in choices(happened, several)],
        "chosen": None if chosen is None else list(chosen),
        "line": line,
        "sentences": list(sentences),
        "first": first,
        "named": named,
        "target": target,
    }, arrays


def build_study(
    study: Study, outcomes: Sequence[Outcome], view: Landscape, *, target: int | None = None, **options: Any
) -> tuple[Header, Arrays]:
    """Header and arrays of a study with its labels and knobs, and of what its effect asks.

    Args:
        study: what is shown.
        outcomes: of its runs, at least one of them with a run.
        view: the surface under all of them.
        target: the run that the knobs move; all if None.
        options: of `build_runs`.
    """
    asked: dict[str, Any] = {}
    if study.effect is not None:
        effect = study.effect
        asked = {"usual": effect.panels, "line": effect.line, "first": effect.first, "named": effect.name}
        asked["sentences"] = sentences(effect.says, outcomes)
    elif not study.is_one:
        asked = {"usual": COMPARED_PANELS, "sentences": sentences(COMPARED_SAYS, outcomes)}
    return build_runs(
        outcomes,
        view,
        base=study.base,
        query=to_query(study),
        labels=() if study.is_one else labels(study),
        target=None if target is None else LETTERS[target],
        **{"of": study_knobs(study, target)} | asked | options,
    )


def _run(spec: RunSpec, ended: Trajectory) -> tuple[Header, Arrays]:
    """A run's own part of the header, and the arrays of which the player computes the rest."""
    problem, optimizer, run = spec.problem(), spec.optimizer(), ended.happened()
    book = ledger(run, optimizer)
    words = {"diagnosis": diagnosis(ended, problem, optimizer), "summary": summary(ended, problem)}
    header = run_header(spec, optimizer.adamax, run, book) | words
    by_hand = {} if spec.average_by_hand is None else {"windows": spec.average_by_hand}
    return header | by_hand, run_arrays(run, book)


def _union(windows: Sequence[Domain]) -> list[list[float]]:
    """The window that holds all of them."""
    corners = np.array(windows)
    return [[float(corners[:, d, 0].min()), float(corners[:, d, 1].max())] for d in (0, 1)]


def surface_key(spec: RunSpec, t: float = 0) -> str:
    """What a surface at step t depends on, as a text."""
    parts = {name: getattr(spec, name) for name in ("surface", "formula", "domain", "parameters")}
    return f"{to_query(RunSpec(**parts))}@{t:g}"


def run_header(spec: RunSpec, adamax: Adamax, run: Trajectory, book: Ledger) -> Header:
    """What the player must know of one run beside its arrays."""
    return {
        "dtype": spec.dtype,
        "steps": run.steps,
        "coordinates": list(run.coordinates),
        "moments": list(run.moments),
        "windows": int(adamax.gradient_accumulation_steps or 1),
        "clipped": is_clipped(run),
        "scaled": "loss_scale" in run or adamax.loss_scale_factor is not None,
        "scale": adamax.loss_scale_factor,
        "norm": "each" if spec.variables == "two" and spec.global_clipnorm is None else "all",
        "ema_momentum": float(np.asarray(adamax.ema_momentum).astype(spec.dtype)),
        "largest": _largest(run),
        "inside": float(np.asarray(run.inside or (0.0,), spec.dtype)[0]),
        "constants": book.constants,
        "ledger": [row._asdict() for row in book.rows],
    }


def surface_header(spec: RunSpec, problem: SurfaceProblem, view: Landscape) -> Header:
    """What a script needs to know of a surface beside its heights."""
    lowest, floor = view.offset
    return {
        "key": surface_key(spec, view.t),
        "moves": problem.functions.moves,
        "t": view.t,
        "domain": problem.surface.domain,
        "size": len(view.x),
        "levels": view.levels,
        "logarithmic": view.logarithmic,
        "lowest": lowest,
        "floor": floor,
        "minima": [m._asdict() for m in view.minima],
    }


def run_arrays(run: Trajectory, book: Ledger) -> Arrays:
    """What the ledger, the arrows and the charts need; what follows exactly by one operation is left to the player."""
    arrays: Arrays = {name: run[name][0] for name in ("theta", "loss", "grad", *run.moments, "step", "lr")}
    arrays |= {name: book.per_step[name] for name in OF_RULES if name in book.per_step}
    windows = not run["is_update"].all()
    if windows:
        arrays |= {name: book.per_step[name] for name in ("grad_accumulated", "bucket")}
        arrays["is_update"] = run["is_update"].astype(np.uint8)
    if windows or not np.array_equal(run["grad_clipped"], run["grad_accumulated"], equal_nan=True):
        arrays["grad_clipped"] = run["grad_clipped"][0]
    if not np.isnan(run["ema"]).all():
        arrays["ema"] = run["ema"][0]
    if "loss_scale" in run:
        arrays |= {"scale": run["loss_scale"][0], "update": run["update"]}
    return arrays


def panel_header(chart: Panel) -> Header:
    """A chart without its values."""
    fields = ("run", "quantity", "coordinate", "label", "array", "column")
    lines = [{name: getattr(line, name) for name in fields} for line in chart.lines]
    header = {"key": chart.key, "title": chart.title, "help": chart.help, "log": chart.logarithmic, "lines": lines}
    return header | ({"limits": chart.limits} if chart.limits else {})


def _largest(run: Trajectory) -> float:
    """The longest gradient or moment of the run, which the longest arrow stands for."""
    lengths = [np.hypot(*run[name][0].T) for name in ("grad_unscaled", "m")]
    finite = np.concatenate(lengths)
    finite = finite[np.isfinite(finite)]
    return float(finite.max()) if finite.size else 1.0


def tokens() -> Header:
    """The table of colours, for both themes."""
    return {
        theme: {
            "ink": palette.INK[theme],
            "quiet": palette.QUIET[theme],
            "grid": palette.GRID[theme],
            "panel": palette.PANEL[theme],
            "background": palette.BACKGROUND[theme],
            "minimum": palette.MINIMUM[theme],
            "landscape": palette.LANDSCAPE[theme],
            "contour": palette.CONTOUR[theme],
            "signs": palette.SIGNS[theme],
            "labels": palette.LABELS[theme],
            "variants": palette.VARIANTS[theme],
            "quantities": {name: q.colour(theme)._asdict() for name, q in palette.QUANTITIES.items()},
        }
        for theme in ("light", "dark")
    }
