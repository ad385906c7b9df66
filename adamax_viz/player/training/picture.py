"""What a model says of its data along the training: for itself, for its averaged weights, for its rival."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.problems.models.datasets import Data
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.views.training.frames import Backdrop, backdrop, frames
from adamax_viz.views.training.sampling import theta_steps
from adamax_viz.words.numbers import number

PICTURES, FEWER_PICTURES, MANY_PARAMETERS = 64, 32, 700
CODES = 127  # a weight is a byte: 128 is zero, this many more or less the largest of its variable
TITLES = {
    "classes": "Decision boundary",
    "plane": "Fitted surface",
    "curve": "Fitted curve",
    "pictures": "Pictures held back, and what the model says",
    "signal": "The signal, and what the model says comes next",
    "codes": "Points, and what comes back from the code",
}
# The signs under a picture: before there is a model; a line of its own; what each kind of data adds.
HELD_BACK = {"text": "held back", "mark": "hollow", "colour": "quiet"}
AVERAGED = {"text": "averaged weights", "mark": "line", "colour": "ema"}
BOUNDARY = {"text": "line: both as probable", "mark": "line", "colour": "ink"}
DATA = {"text": "data", "mark": "dots", "colour": "quiet"}
HEARD = {"text": "heard", "mark": "line", "colour": "quiet"}
SIGNAL = {"text": "the signal itself", "mark": "line", "colour": "minimum"}
POINT = {"text": "point", "mark": "hollow", "colour": "quiet"}
CODED = {"text": "what comes back", "mark": "dots", "colour": "ink"}


def data_picture(data: Data) -> tuple[Header, Arrays]:
    """The data before there is a model."""
    alone = backdrop(data)
    return _header(data, alone, "Data", [], []), _arrays(alone)


def picture(
    problem: ModelProblem, run: Trajectory, rival: Trajectory | None, names: tuple[str, str], rest: int | None
) -> tuple[Header, Arrays]:
    """The pictures, and the weights of each for the network's drawing; `names` are those of the two rules."""
    count = PICTURES if len(run.coordinates) <= MANY_PARAMETERS else FEWER_PICTURES
    also = None if rest is None else max(0, int(np.searchsorted(theta_steps(run), rest, side="right")) - 1)
    paths = _paths(problem.data, run, rival)
    pictures = {name: frames(problem.data, problem.predict, path, count, also) for name, path in paths.items()}
    main = pictures["frames"]
    others = [name for name in pictures if name != "frames"]
    arrays = _arrays(main.backdrop) | {"frames.steps": theta_steps(run)[main.steps].astype(np.float32)}
    arrays |= {f"picture.{name}": each.frames.reshape(len(each.frames), -1) for name, each in pictures.items()}
    lines = [{"text": "model" if rival is None else names[0], "mark": "line", "colour": "ink"}]
    lines += [AVERAGED] if "ema" in others else []
    if "rival" in others:
        lines.append({"text": f"{names[1]}, same batches", "mark": "dashed", "colour": "rival"})
    header = _header(problem.data, main.backdrop, TITLES[problem.data.kind], others, lines)
    return header, arrays | _weights(problem, run["theta"][0][main.steps])


def _paths(data: Data, run: Trajectory, rival: Trajectory | None) -> dict[str, NDArray[Any]]:
    """Weights ``(T+1, D)``: the run's; its average's and the rival's where their lines can lie beside it."""
    theta = run["theta"][0]
    paths = {"frames": theta}
    boundary = data.kind == "classes" and len(data.labels) == 2
    if not boundary and data.kind not in ("curve", "signal"):
        return paths
    if not np.isnan(run["ema"]).all():
        paths["ema"] = np.concatenate([theta[:1], run["ema"][0]])
    if rival is not None:
        # It may be a little ahead or behind: it is asked at the same rows as far as it came.
        paths["rival"] = rival["theta"][0][np.minimum(np.arange(len(theta)), rival["theta"].shape[1] - 1)]
    return paths


def _header(data: Data, behind: Backdrop, title: str, others: list[str], lines: list[Header]) -> Header:
    return {
        "kind": data.kind,
        "title": title,
        "words": f"{TITLES[data.kind]}: {data.points} points to train on, {len(data.validation_inputs)} held back.",
        "low": behind.low,
        "high": behind.high,
        "labels": list(data.labels),
        "others": [{"key": key, "dash": [5, 3] if key == "rival" else []} for key in others],
        "legend": _legend(data, behind, lines),
    }


def _legend(data: Data, behind: Backdrop, lines: list[Header]) -> list[Header]:
    """Signs and words under the picture; `lines` are those of the models, none before there is one."""
    trained = bool(lines)
    labels = [{"text": name, "mark": "label", "colour": "label", "label": i} for i, name in enumerate(data.labels)]
    values = [
        {"text": number(value), "mark": "dots", "colour": sign}
        for sign, value in (("minus", behind.low), ("plus", behind.high))
    ]
    legends: dict[str, list[Header]] = {
        "classes": [*labels, HELD_BACK, *([BOUNDARY, *lines[1:]] if trained and len(labels) == 2 else [])],
        "plane": [*values, HELD_BACK],
        "curve": [DATA, HELD_BACK, *lines],
        "pictures": labels,
        "signal": [HEARD, SIGNAL, *lines],
        "codes": [POINT, *([CODED] if trained else [])],
    }
    return legends[data.kind]


def _arrays(behind: Backdrop) -> Arrays:
    return {f"picture.{name}": np.asarray(getattr(behind, name), np.float32) for name in ("at", "points", "validation")}


def _weights(problem: ModelProblem, theta: NDArray[Any]) -> Arrays:
    """The weights of each picture as bytes, and what the largest byte of each variable stands for."""
    if not problem.network:
        return {}
    finite = np.nan_to_num(theta.astype(np.float64), posinf=0, neginf=0)
    scale = np.array([max(np.abs(finite[:, where]).max(), 1e-12) for where in problem.variables.values()])
    sizes = [where.stop - where.start for where in problem.variables.values()]
    coded = 128 + np.round(CODES * finite / np.repeat(scale, sizes))
    return {"weights": coded.astype(np.uint8), "weights.scale": scale.astype(np.float32)}
