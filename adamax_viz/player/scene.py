"""What the player is given: a common header, and the scene of one run or of several over one landscape.

A scene is a header of plain values and arrays by name; `adamax_viz.player.pack` makes bytes of them. Every header has
``kind`` (which scene of the player shows it), ``query`` (the link of what is shown), ``tokens`` (colours), ``knobs``,
``locked`` (names of knobs, "start", or "all"), ``answered`` (the last request that is in it), ``complaints`` and
``options`` (what the page asks of the player, see `assets/scenes/options.js`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.runs.run import Outcome, Run
from adamax_viz.study.fields import Knob
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
SEVERAL = ("png", "svg", "gif", "html", "csv")  # what several runs can be taken home as
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
    study: Study,
    outcomes: Sequence[Outcome],
    view: Landscape,
    *,
    target: int | None = None,
    of: Iterable[Knob] | None = None,
    chosen: Sequence[str] | None = None,
    locked: Iterable[str] = (),
    options: Mapping[str, Any] | None = None,
) -> tuple[Header, Arrays]:
    """Header and arrays of a study's runs; array ``u`` of the second that ran is called ``1.u``.

    Args:
        study: what is shown.
        outcomes: of its runs, at least one of them with a run, recorded with ``keep="all"``, R = 1. One that stopped
            early is shown up to its stop.
        view: the surface under all of them.
        target: the run that the knobs move; all if None.
        of: knobs; those of the study if None.
        chosen: keys of the charts that somebody chose; the usual ones if None.
        locked: names of knobs that can't be moved, "start", or "all".
        options: what the page asks of the player.
    """
    several, effect, base = not study.is_one, study.effect, study.base
    usual = effect.panels if effect else COMPARED_PANELS if several else DEFAULT_PANELS
    wanted = list(usual if chosen is None else chosen)
    arrays: Arrays = {}
    headers, refused = [], []
    happened: list[Trajectory] = []
    words = labels(study) if several else [""]
    for place, ((letter, spec, run, refusal), label) in enumerate(zip(outcomes, words, strict=True)):
        who = {"variant": place, "letter": letter if several else "", "label": label}
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
    problem = base.problem()
    movable = study_knobs(study, target) if of is None else of
    asked = ({"take": SEVERAL} if several else {}) | dict(options or {})
    header = common_header("runs", to_query(study), movable, locked=locked, options=asked)
    return header | {
        "title": problem.surface.title,
        "start": list(base.start_point()),
        "window": window(problem.surface.domain, np.concatenate([run["theta"][0] for run in happened])),
        "surface": surface_header(base, view),
        "runs": headers,
        "refused": refused,
        "panels": [panel_header(chart) for chart in charts],
        "choices": [{"key": chart.key, "title": chart.title} for chart in choices(happened, several)],
        "chosen": None if chosen is None else list(chosen),
        "line": effect.line if effect else "",
        "sentences": sentences(effect.says if effect else COMPARED_SAYS, outcomes) if several else [],
        "first": effect.first if effect else None,
        "named": effect.name if effect else "",
        "target": None if target is None else LETTERS[target],
    }, arrays | {"shade": view.shade}


def _run(spec: RunSpec, ended: Trajectory) -> tuple[Header, Arrays]:
    """A run's own part of the header, and the arrays of which the player computes the rest."""
    problem, optimizer, run = spec.problem(), spec.optimizer(), ended.happened()
    book = ledger(run, optimizer)
    header = book_header(optimizer.adamax, run, book) | {
        "dtype": spec.dtype,
        "steps": run.steps,
        "coordinates": list(run.coordinates),
        "moments": list(run.moments),
        "clipped": is_clipped(run),
        "norm": "each" if spec.variables == "two" and spec.global_clipnorm is None else "all",
        "largest": _largest(run),
        "inside": float(np.asarray(run.inside or (0.0,), spec.dtype)[0]),
        "diagnosis": diagnosis(ended, problem, optimizer),
        "summary": summary(ended, problem),
    }
    if spec.average_by_hand is not None:
        header["windows"] = spec.average_by_hand
    return header, run_arrays(run, book)


def surface_key(spec: RunSpec, t: float = 0) -> str:
    """What a surface at step t depends on, as a text."""
    parts = {name: getattr(spec, name) for name in ("surface", "formula", "domain", "parameters")}
    return f"{to_query(RunSpec(**parts))}@{t:g}"


def book_header(adamax: Adamax, run: Trajectory, book: Ledger) -> Header:
    """The rows of a ledger, and what its optimizer's numbers are."""
    return {
        "windows": int(adamax.gradient_accumulation_steps or 1),
        "scaled": "loss_scale" in run or adamax.loss_scale_factor is not None,
        "scale": adamax.loss_scale_factor,
        "ema_momentum": float(np.asarray(adamax.ema_momentum).astype(adamax.dtype)),
        "constants": book.constants,
        "ledger": [row._asdict() for row in book.rows],
    }


def surface_header(spec: RunSpec, view: Landscape) -> Header:
    """What a script needs to know of a surface beside its heights."""
    problem, (lowest, floor) = spec.problem(), view.offset
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


def panel_header(chart: Panel[Any], lines: list[Header] | None = None) -> Header:
    """A chart without its values; its lines may be given."""
    if lines is None:
        lines = [{name: value for name, value in line._asdict().items() if name != "values"} for line in chart.lines]
    header = {"key": chart.key, "title": chart.title, "help": chart.help, "log": chart.logarithmic, "lines": lines}
    return header | ({"limits": chart.limits} if chart.limits else {})


def _largest(run: Trajectory) -> float:
    """The longest gradient or moment of the run, which the longest arrow stands for."""
    lengths = np.concatenate([np.hypot(*run[name][0].T) for name in ("grad_unscaled", "m")])
    finite = lengths[np.isfinite(lengths)]
    return float(finite.max()) if finite.size else 1.0


def tokens() -> Header:
    """The table of colours, for both themes."""
    tables = ("ink", "quiet", "grid", "panel", "background", "minimum", "landscape", "contour", "signs", "labels")
    return {
        theme: {name: getattr(palette, name.upper())[theme] for name in (*tables, "variants")}
        | {"quantities": {name: q.colour(theme)._asdict() for name, q in palette.QUANTITIES.items()}}
        for theme in ("light", "dark")
    }
