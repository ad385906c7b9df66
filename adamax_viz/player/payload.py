"""One run as bytes for the player: a JSON header and the arrays, linear in the steps.

Layout: a little-endian uint32 with the header's length, the header, zeros up to a multiple of 8, then the arrays one
after the other, each starting at a multiple of 8. Numbers of the run travel so that the ledger shows them to the last
digit: as float64, or as float32 where that loses nothing (all numbers of a float32 run, the loss scale, counters).
What is only drawn travels as float32.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.surfaces.surface import SurfaceProblem
from adamax_viz.runs.run import Run
from adamax_viz.study.fields import knobs
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.views import palette
from adamax_viz.views.run.landscape import Landscape, window
from adamax_viz.views.run.ledger import Ledger, ledger
from adamax_viz.views.run.panels import DEFAULT_PANELS, Panel, extra_arrays, is_clipped, panels
from adamax_viz.words.diagnosis import diagnosis
from adamax_viz.words.summary import summary

DRAWN = ("shade", "ratio", "ema_distance", "turn", "updates", "difference")
LARGEST_DRAWN = float(np.finfo(np.float32).max)
TYPES = {"f8": np.float64, "f4": np.float32, "u1": np.uint8}


def build(
    settings: RunSpec,
    run: Run,
    view: Landscape,
    *,
    chosen: tuple[str, ...] | None = None,
    with_surface: bool = True,
    options: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays of one run.

    Args:
        settings: what made the run.
        run: recorded with ``keep="all"``, R = 1.
        view: the surface under it.
        chosen: keys of the charts to show; the default ones if None.
        with_surface: whether the surface's heights come along, or the player has them already.
        options: what the page asks of the player, see `assets/parts/scene.js`: `show` (names of parts, None for all),
            `highlight` (a part or a knob), `ask` (a prediction, with its `answer` and `truth` once it was given),
            `present`, `future` (whether the path still to come shows), `beside` (names of arrays with the weights of
            other runs, and what to call them), and `scene` (key, first `step`, `until` where playing stops, `arrows`
            at the head, its place `at` `of` all). None leaves them as they are.

    A run that stopped early is shown up to its stop.
    """
    problem, optimizer = settings.problem(), settings.optimizer()
    ended = run
    run = run.happened()
    book = ledger(run, optimizer)
    charts = panels(run)
    wanted = DEFAULT_PANELS if chosen is None else chosen
    header = run_header(settings, optimizer.adamax, run, book) | {
        "query": to_query(settings),
        "title": problem.surface.title,
        "panels": [panel_header(chart) for chart in charts if chart.key in wanted],
        "chosen": None if chosen is None else list(chosen),
        "choices": [{"key": chart.key, "title": chart.title} for chart in charts],
        "knobs": [knob._asdict() for knob in knobs(settings)],
        "diagnosis": diagnosis(ended, problem, optimizer),
        "summary": summary(ended, problem),
        "surface": surface_header(settings, problem, view),
        "tokens": tokens(),
    }
    if options is not None:
        header["options"] = options
    drawn = {line.array for chart in charts if chart.key in wanted for line in chart.lines}
    arrays = run_arrays(run, book) | {name: values for name, values in extra_arrays(run).items() if name in drawn}
    if with_surface:
        arrays["shade"] = view.shade
    return header, arrays


def surface_key(settings: RunSpec, t: float = 0) -> str:
    """What a surface at step t depends on, as a text."""
    parts = {name: getattr(settings, name) for name in ("surface", "formula", "domain", "parameters")}
    return f"{to_query(RunSpec(**parts))}@{t:g}"


def run_header(settings: RunSpec, adamax: Adamax, run: Trajectory, book: Ledger) -> dict[str, Any]:
    """What the player must know of one run beside its arrays."""
    return {
        "dtype": settings.dtype,
        "steps": run.steps,
        "moments": list(run.moments),
        "coordinates": list(run.coordinates),
        "windows": int(adamax.gradient_accumulation_steps or 1),
        "start": list(settings.start_point()),
        "window": window(settings.the_surface().domain, run["theta"][0]),
        "clipped": is_clipped(run),
        "scaled": "loss_scale" in run or adamax.loss_scale_factor is not None,
        "scale": adamax.loss_scale_factor,
        "norm": "each" if settings.variables == "two" and settings.global_clipnorm is None else "all",
        "ema_momentum": float(np.asarray(adamax.ema_momentum).astype(settings.dtype)),
        "largest": _largest(run),
        "constants": book.constants,
        "ledger": [row._asdict() for row in book.rows],
    }


def surface_header(settings: RunSpec, problem: SurfaceProblem, view: Landscape) -> dict[str, Any]:
    """What a script needs to know of a surface beside its heights."""
    lowest, floor = view.offset
    return {
        "key": surface_key(settings, view.t),
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


def run_arrays(run: Trajectory, book: Ledger) -> dict[str, NDArray[Any]]:
    """What the ledger, the arrows and the charts need; what follows exactly by one operation is left to the player."""
    arrays = {name: run[name][0] for name in ("theta", "loss", "grad", *run.moments, "step", "lr")}
    of_rules = ("bias_correction", "bias_correction_2", "alpha", "larger", "norm_correction")
    arrays |= {name: book.per_step[name] for name in of_rules if name in book.per_step}
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


def panel_header(chart: Panel) -> dict[str, Any]:
    """A chart without its values."""
    fields = ("quantity", "coordinate", "label", "column", "array")
    lines = [{name: getattr(line, name) for name in fields} for line in chart.lines]
    return {"key": chart.key, "title": chart.title, "help": chart.help, "log": chart.logarithmic, "lines": lines}


def _largest(run: Trajectory) -> float:
    """The longest gradient or moment of the run, which the longest arrow stands for."""
    lengths = [np.hypot(*run[name][0].T) for name in ("grad_unscaled", "m")]
    finite = np.concatenate(lengths)
    finite = finite[np.isfinite(finite)]
    return float(finite.max()) if finite.size else 1.0


def tokens() -> dict[str, Any]:
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


def pack(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> bytes:
    """Header and arrays as bytes."""
    index, parts, offset = {}, [], 0
    for name, values in arrays.items():
        drawn = name.rpartition(".")[2] in DRAWN
        code = "u1" if values.dtype == np.uint8 else "f4" if drawn or _fits_float32(values) else "f8"
        if drawn:
            values = np.clip(values, -LARGEST_DRAWN, LARGEST_DRAWN)
        body = np.ascontiguousarray(values, TYPES[code]).tobytes()
        columns = values.shape[1] if values.ndim == 2 and name != "shade" else 1
        index[name] = {"type": code, "offset": offset, "count": values.size, "columns": columns}
        parts.append(body + bytes(-len(body) % 8))
        offset += len(parts[-1])
    # Browsers know no NaN in JSON; the header's numbers are all finite or null.
    text = json.dumps(
        _finite(header | {"arrays": index}), ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()
    lead = len(text).to_bytes(4, "little") + text
    return b"".join([lead, bytes(-len(lead) % 8), *parts])


def _fits_float32(values: NDArray[Any]) -> bool:
    """Whether float32 holds every value exactly."""
    with np.errstate(all="ignore"):
        return values.dtype == np.float32 or np.array_equal(values, values.astype(np.float32), equal_nan=True)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
