"""A training as bytes for its player: the same layout as a run's, with what many parameters need.

What is only drawn travels small: heat maps and pictures as bytes, charts at a few hundred steps as float32. The one or
two parameters that are picked travel in full, so that their ledger is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.payload import panel_header, run_arrays, tokens
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.run import labelled
from adamax_viz.runs.training import Segment
from adamax_viz.views.run.ledger import Ledger, ledger
from adamax_viz.views.run.panels import Line, Panel, extra_arrays, is_clipped, panels
from adamax_viz.views.training.charts import Chart, charts, norm_charts
from adamax_viz.views.training.frames import Frames, data_alone, frames
from adamax_viz.views.training.heat import HeatMaps, heat_maps
from adamax_viz.views.training.pick import clip_norms, picked
from adamax_viz.views.training.plane import Plane
from adamax_viz.views.training.sampling import done, theta_steps
from adamax_viz.views.training.scores import scores
from adamax_viz.words.learning import about_plane, beside, words
from adamax_viz.words.numbers import number

Arrays = dict[str, NDArray[Any]]
PICTURES, FEWER_PICTURES, MANY_PARAMETERS = 64, 32, 700
MEASURED, MEASURED_LIVE = 128, 64
CODES = 127  # a weight is a byte: 128 is zero, this many more or less the largest of its variable
RIVAL = 1  # its place among the colours of variants
PICK_PANELS = ("gradient", "m", "u", "rate", "step", "ratio", "ema", "bucket")
PLANES = {"pca": "Where the path varies most (PCA)", "random": "Two random directions"}
PLANE_LATER = "Computed when the training rests."
DECADES = 30.0  # a loss that varies by more than this factor is shaded by its logarithm
TITLES = {
    "classes": "Decision boundary",
    "plane": "Fitted surface",
    "curve": "Fitted curve",
    "pictures": "Pictures held back, and what the model says",
    "signal": "The signal, and what the model says comes next",
    "codes": "Points, and what comes back from the code",
}
THINNED = (
    "One step in {} was kept to stay within the memory. The arithmetic of a step needs the one before, so it is shown "
    "for shorter trainings and smaller models."
)


class Shown(NamedTuple):
    """What the page knows of a training; without a trajectory there is only the data."""

    problem: ModelProblem
    trajectory: Trajectory | None = None
    segments: Sequence[Segment] = ()
    rival: Trajectory | None = None  # another rule on the same batches
    rival_rule: str = ""
    picked: tuple[int, ...] = (0,)
    plane: Plane | None = None
    at: int | None = None  # the step at which the playhead rests: its picture is among the others
    live: bool = False  # whether it goes on: then fewer steps are measured, and the next picture comes soon


def build(shown: Shown) -> tuple[dict[str, Any], Arrays]:
    """Header and arrays of a training, R = 1, up to what happened so far."""
    problem = shown.problem
    header: dict[str, Any] = {
        "steps": 0,
        "windows": 1,
        "picked": list(shown.picked),
        "variables": _variables(problem),
        "network": _network(problem),
        "notes": _notes(shown),
        "words": [],
        "plane": None,
        "live": shown.live,
        "tokens": tokens(),
    }
    if shown.trajectory is None:
        seen = data_alone(problem.data)
        return header | {"picture": _picture(seen, shown, None)}, _picture_arrays(seen)
    one = shown.trajectory.happened()
    count = PICTURES if len(one.coordinates) <= MANY_PARAMETERS else FEWER_PICTURES
    also = None if shown.at is None else max(0, int(np.searchsorted(theta_steps(one), shown.at, side="right")) - 1)
    seen = frames(problem.data, problem.predict, one["theta"][0], count, also)
    others = _others(shown, one, count, also)
    most = MEASURED_LIVE if shown.live else MEASURED
    measured = scores(problem, one, most)
    said = words(one, measured)
    rival = None if shown.rival is None else scores(problem, shown.rival, most)
    if rival is not None:
        said.append(beside(measured, rival, shown.rival_rule))
    heat = heat_maps(one)
    arrays = _picture_arrays(seen) | {"frames.steps": theta_steps(one)[seen.steps].astype(np.float32)}
    arrays |= {f"picture.{key}": _flat(frames_of.frames) for key, frames_of in others.items()}
    arrays |= _weights(problem, one["theta"][0][seen.steps])
    chart_headers, chart_arrays = _charts("chart", charts(one, measured, rival))
    norm_headers, norm_arrays = _charts("norm", norm_charts(one))
    pick_header, pick_arrays = _pick(shown, one)
    plane_header, plane_arrays = _plane(shown)
    header |= {
        "steps": done(one),
        "windows": int(shown.segments[-1].optimizer.adamax.gradient_accumulation_steps or 1),
        "words": said,
        "picture": _picture(seen, shown, others),
        "charts": chart_headers,
        "norms": norm_headers,
        "heat": _heat(heat),
        "pick": pick_header,
        "plane": plane_header,
    }
    arrays |= {f"heat.{heat_map.quantity}": heat_map.pixels for heat_map in heat.maps}
    return header, arrays | chart_arrays | norm_arrays | pick_arrays | plane_arrays


def _variables(problem: ModelProblem) -> list[dict[str, Any]]:
    shapes = problem.architecture.shapes()
    return [
        {"name": name, "first": where.start, "size": where.stop - where.start, "shape": list(shapes[name])}
        for name, where in problem.variables.items()
    ]


def _network(problem: ModelProblem) -> dict[str, Any] | None:
    layers = problem.network
    if not layers:
        return None
    return {
        "nodes": [layers[0].shape[0], *(layer.shape[1] for layer in layers)],
        "layers": [
            {
                "name": layer.name,
                "inputs": layer.shape[0],
                "outputs": layer.shape[1],
                "kernel": layer.kernel.start,
                "bias": layer.bias.start if layer.bias else None,
            }
            for layer in layers
        ],
    }


def _notes(shown: Shown) -> dict[str, str]:
    parameters = len(shown.problem.coordinates)
    heat = "Click a row: that parameter opens below, with its charts and its arithmetic."
    if shown.trajectory is not None and shown.trajectory.every > 1:
        heat += f" To stay within the memory, one step in {shown.trajectory.every} was kept."
    network = (
        "A line is a weight: its width the size, its colour the sign (brown −, indigo +). Click one to open it below."
    )
    if shown.trajectory is None:
        network = (
            f"{parameters} parameters. Once it trains, a line's width is the size of the weight, its colour the sign."
        )
    return {
        "heat": heat,
        "network": network,
        "norms": "What the clip meets (g), and what it leaves (ĝ), where it acts.",
    }


# -- the picture -----------------------------------------------------------------------------------------------


def _others(shown: Shown, one: Trajectory, count: int, also: int | None) -> dict[str, Frames]:
    """The same picture for the averaged weights and for the rival, where lines can lie side by side."""
    problem = shown.problem
    boundary = problem.data.kind == "classes" and len(problem.data.labels) == 2
    if not boundary and problem.data.kind not in ("curve", "signal"):
        return {}
    others = {}
    if not np.isnan(one["ema"]).all():
        average = np.concatenate([one["theta"][0][:1], one["ema"][0]])
        others["ema"] = frames(problem.data, problem.predict, average, count, also)
    if shown.rival is not None:
        # It may be a little ahead or behind: it is asked at the same rows as far as it came.
        path = shown.rival["theta"][0]
        rows = np.minimum(np.arange(len(one["theta"][0])), len(path) - 1)
        others["rival"] = frames(problem.data, problem.predict, path[rows], count, also)
    return others


def _picture(seen: Frames, shown: Shown, others: dict[str, Frames] | None) -> dict[str, Any]:
    data = shown.problem.data
    trained = others is not None
    return {
        "kind": seen.kind,
        "title": TITLES[seen.kind] if trained else "Data",
        "words": f"{TITLES[seen.kind]}: {data.points} points to train on, {len(data.validation_inputs)} held back.",
        "low": seen.low,
        "high": seen.high,
        "labels": list(seen.labels),
        "others": [{"key": key, "dash": [5, 3] if key == "rival" else []} for key in others or {}],
        "legend": _legend(seen, shown, trained, others or {}),
    }


def _legend(seen: Frames, shown: Shown, trained: bool, others: dict[str, Frames]) -> list[dict[str, Any]]:
    """Signs and words under the picture."""
    held_back = {"text": "held back", "mark": "hollow", "colour": "quiet"}
    line = (
        [{"text": "Adamax" if shown.rival is not None else "model", "mark": "line", "colour": "ink"}] if trained else []
    )
    line += [{"text": "averaged weights", "mark": "line", "colour": "ema"}] if "ema" in others else []
    line += [{"text": "Adam, same batches", "mark": "dashed", "colour": "rival"}] if "rival" in others else []
    labels = [{"text": name, "mark": "label", "colour": "label", "label": i} for i, name in enumerate(seen.labels)]
    heard = {"text": "heard", "mark": "line", "colour": "quiet"}
    wanted = {"text": "the signal itself", "mark": "line", "colour": "minimum"}
    both = [{"text": "line: both as probable", "mark": "line", "colour": "ink"}, *line[1:]] if trained else []
    both = both if len(labels) == 2 else []
    back = [{"text": "what comes back", "mark": "dots", "colour": "ink"}] if trained else []
    ends = (("minus", seen.low), ("plus", seen.high))
    values = [{"text": number(value), "mark": "dots", "colour": sign} for sign, value in ends]
    signs: dict[str, list[dict[str, Any]]] = {
        "classes": [*labels, held_back, *both],
        "plane": [*values, held_back],
        "curve": [{"text": "data", "mark": "dots", "colour": "quiet"}, held_back, *line],
        "pictures": labels,
        "signal": [heard, wanted, *line],
        "codes": [{"text": "point", "mark": "hollow", "colour": "quiet"}, *back],
    }
    return signs[seen.kind]


def _picture_arrays(seen: Frames) -> Arrays:
    arrays = {
        "picture.at": np.asarray(seen.at, np.float32),
        "picture.points": np.asarray(seen.points, np.float32),
        "picture.validation": np.asarray(seen.validation, np.float32),
    }
    return arrays | {"picture.frames": _flat(seen.frames)} if len(seen.frames) else arrays


def _flat(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return values.reshape(len(values), -1)


def _weights(problem: ModelProblem, theta: NDArray[Any]) -> Arrays:
    """The weights of each picture as bytes, and what the largest byte of each variable stands for."""
    if not problem.network:
        return {}
    finite = np.nan_to_num(theta.astype(np.float64), posinf=0, neginf=0)
    scale = np.array([max(np.abs(finite[:, where]).max(), 1e-12) for where in problem.variables.values()])
    sizes = [where.stop - where.start for where in problem.variables.values()]
    coded = 128 + np.round(CODES * finite / np.repeat(scale, sizes))
    return {"weights": coded.astype(np.uint8), "weights.scale": scale.astype(np.float32)}


# -- charts and heat maps --------------------------------------------------------------------------------------


def _charts(prefix: str, made: Sequence[Chart]) -> tuple[list[dict[str, Any]], Arrays]:
    """Charts without values, and their arrays; series at the same steps share the array of these."""
    arrays: Arrays = {}
    headers = []
    for chart in made:
        lines = []
        for series in chart.series:
            name = f"{prefix}.{len(arrays)}"
            steps = np.asarray(series.steps, np.float32)
            at = next((n for n, known in arrays.items() if n.endswith(".at") and np.array_equal(known, steps)), None)
            if at is None:
                at = f"{name}.at"
                arrays[at] = steps
            arrays[name] = np.asarray(series.values, np.float32)
            line = {"quantity": series.quantity, "label": series.label, "coordinate": "", "column": int(series.dashed)}
            line |= {"array": name, "at": at}
            if series.rival:
                line["variant"] = RIVAL
            if series.upper is not None:
                line["upper"] = f"{name}.upper"
                arrays[f"{name}.upper"] = np.asarray(series.upper, np.float32)
            lines.append(line)
        headers.append(
            {"key": chart.key, "title": chart.title, "help": chart.help, "log": chart.logarithmic, "lines": lines}
        )
    return headers, arrays


def _heat(heat: HeatMaps) -> dict[str, Any]:
    return {
        "columns": len(heat.steps),
        "rows": len(heat.parameters),
        "bands": [band._asdict() for band in heat.bands],
        "maps": [
            {
                "quantity": one.quantity,
                "symbol": one.symbol,
                "low": one.low,
                "high": one.high,
                "logarithmic": one.logarithmic,
            }
            for one in heat.maps
        ],
    }


def _plane(shown: Shown) -> tuple[dict[str, Any], Arrays]:
    """The loss on a plane, and the path as the plane sees it."""
    plane = shown.plane
    if plane is None:
        return {"how": None, "kinds": {}, "words": PLANE_LATER}, {}
    loss = np.where(np.isfinite(plane.loss), plane.loss, np.nan)
    finite = loss[np.isfinite(loss)]
    wide = finite.size > 0 and finite.min() > 0 and finite.max() > DECADES * finite.min()
    header = {
        "how": plane.how,
        "kinds": PLANES if len(shown.problem.coordinates) > 2 else {},
        "words": about_plane(plane),
        "x": [plane.a[0], plane.a[-1]],
        "y": [plane.b[0], plane.b[-1]],
    }
    arrays = {
        "plane.shade": np.log10(loss) if wide else loss,
        "plane.path": plane.path,
        "plane.steps": plane.steps,
        "plane.away": plane.distance,
        "plane.loss": plane.path_loss,
        "plane.seen": plane.plane_loss,
    }
    return header, {name: np.asarray(values, np.float32) for name, values in arrays.items()}


# -- the picked parameters -------------------------------------------------------------------------------------


def _pick(shown: Shown, one: Trajectory) -> tuple[dict[str, Any], Arrays]:
    """The picked columns as a run of the Playground's player: coordinates a and b, each stretch with its constants."""
    columns = shown.picked
    small = picked(one, columns)
    letters = tuple("ab"[: len(columns)])
    small = labelled(
        Trajectory(
            letters, dict(zip(letters, small.variables.values(), strict=True)), small.keep, small.status, small.arrays
        ),
        str,
    )
    books = [ledger(small, segment.optimizer) for segment in shown.segments]
    book = _joined(books, shown.segments, small)
    arrays = run_arrays(small, book) | extra_arrays(small)
    last = shown.segments[-1].optimizer.adamax
    clips = [
        s.optimizer.adamax for s in shown.segments if s.optimizer.adamax.clipnorm or s.optimizer.adamax.global_clipnorm
    ]
    if clips:
        arrays["norm"] = clip_norms(one, clips[-1], columns)
    if len(books) > 1 or one.every > 1:
        arrays |= {"is_update": small["is_update"].astype(np.uint8), "update": small["update"]}
    if one.every > 1:
        arrays["micro_step"] = small["micro_step"]
    made = [chart for chart in panels(small) if chart.key in PICK_PANELS]
    charts_shown = [_path(small), *made]
    note = "" if one.every == 1 else THINNED.format(one.every)
    header = {
        "dtype": last.dtype,
        "steps": small.steps,
        "coordinates": list(letters),
        "exact": one.every == 1,
        "note": note,
        "start": [],
        "window": [],
        "largest": 1,
        "clipped": is_clipped(small),
        "norm": "each",
        "panels": [panel_header(chart) for chart in charts_shown],
        "segments": [_segment(s, b, small) for s, b in zip(shown.segments, books, strict=True)],
    }
    return header, {f"pick.{name}": values for name, values in arrays.items()}


def _path(small: Trajectory) -> Panel:
    theta = small["theta"][0]
    lines = tuple(Line("theta", c, f"θ {c}", "theta", d, theta[:, d]) for d, c in enumerate(small.coordinates))
    return Panel("theta", "Weight θ", "The parameter itself, before each step and after the last.", False, lines)


def _joined(books: Sequence[Ledger], segments: Sequence[Segment], small: Trajectory) -> Ledger:
    """The numbers of each stretch from the book of its own optimizer."""
    joined = dict(books[-1].per_step)
    for segment, book in zip(segments[:-1], books[:-1], strict=True):
        before = small["micro_step"] < _next(segments, segment)
        after = small["micro_step"] >= segment.first
        for name in ("bias_correction", "grad_accumulated", "bucket"):
            values = joined[name].copy()
            values[before & after] = book.per_step[name][before & after]
            joined[name] = values
    return Ledger(books[-1].rows, books[-1].constants, joined)


def _next(segments: Sequence[Segment], segment: Segment) -> int:
    return min(s.first for s in segments if s.first > segment.first)


def _segment(segment: Segment, book: Ledger, small: Trajectory) -> dict[str, Any]:
    adamax = segment.optimizer.adamax
    return {
        "first": segment.first,
        "windows": int(adamax.gradient_accumulation_steps or 1),
        "scaled": "loss_scale" in small or adamax.loss_scale_factor is not None,
        "scale": adamax.loss_scale_factor,
        "ema_momentum": float(np.asarray(adamax.ema_momentum).astype(adamax.dtype)),
        "constants": book.constants,
        "ledger": [row._asdict() for row in book.rows],
    }
