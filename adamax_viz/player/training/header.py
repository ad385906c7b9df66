"""A training as bytes for its player: the same layout as a run's, with what many parameters need.

What is only drawn travels small: heat maps and pictures as bytes, charts at a few hundred steps as float32. The one or
two parameters that are picked travel in full, so that their ledger is exact.
"""

from collections.abc import Sequence

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.player.scene import common_header
from adamax_viz.player.training.loss_plane import loss_plane
from adamax_viz.player.training.parameter import parameter
from adamax_viz.player.training.picture import data_picture, picture
from adamax_viz.player.training.series import chart_series, heat
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.runs.growing_run import Segment
from adamax_viz.views.training.charts import charts, norm_charts
from adamax_viz.views.training.plane import Plane
from adamax_viz.views.training.sampling import done
from adamax_viz.views.training.scores import scores
from adamax_viz.words.labels import words_of
from adamax_viz.words.learning import beside, words

MEASURED, MEASURED_LIVE = 128, 64
CLICK_A_ROW = "Click a row: that parameter opens below, with its charts and its arithmetic."
THINNED = " To stay within the memory, one step in {} was kept."
NETWORK = "A line is a weight: its width the size, its colour the sign (brown −, indigo +). Click one to open it below."
UNTRAINED = "{} parameters. Once it trains, a line's width is the size of the weight, its colour the sign."
NORMS = "What the clip meets (g), and what it leaves (ĝ), where it acts."


def build(
    problem: ModelProblem,
    trajectory: Trajectory | None = None,
    segments: Sequence[Segment] = (),
    *,
    rival: Trajectory | None = None,
    rival_rule: str = "adam",
    picked: tuple[int, ...] = (0,),
    plane: Plane | None = None,
    rest: int | None = None,
    live: bool = False,
) -> tuple[Header, Arrays]:
    """Header and arrays of a training.

    Args:
        problem: what is trained.
        trajectory: R = 1, up to what happened so far; without one there is only the data.
        segments: the optimizers of its stretches.
        rival: another rule on the same batches.
        rival_rule: that rule.
        picked: the parameters that are looked at.
        plane: the loss around its path.
        rest: the step at which the playhead rests: its picture is among the others.
        live: whether it goes on: then fewer steps are measured and drawn, and the next picture comes soon.
    """
    every = 1 if trajectory is None else trajectory.every
    shapes = problem.architecture.shapes()
    header = common_header("training", "") | {
        "steps": 0,
        "windows": 1,
        "picked": list(picked),
        "variables": [
            {"name": name, "first": where.start, "size": where.stop - where.start, "shape": list(shapes[name])}
            for name, where in problem.variables.items()
        ],
        "network": _network(problem),
        "notes": {
            "heat": CLICK_A_ROW + (THINNED.format(every) if every > 1 else ""),
            "network": UNTRAINED.format(len(problem.coordinates)) if trajectory is None else NETWORK,
            "norms": NORMS,
        },
        "words": [],
        "plane": None,
        "live": live,
    }
    if trajectory is None:
        picture_header, arrays = data_picture(problem.data)
        return header | {"picture": picture_header}, arrays
    run, optimizer, most = trajectory.happened(), segments[-1].optimizer.adamax, MEASURED_LIVE if live else MEASURED
    name, rival_name = words_of("rule", optimizer.rule.name), words_of("rule", rival_rule)
    measured = scores(problem, run, most)
    rival_measured = None if rival is None else scores(problem, rival, most)
    parts = {
        "picture": picture(problem, run, rival, (name, rival_name), rest),
        "charts": chart_series("chart", charts(run, measured, rival_measured, rival_name)),
        "norms": chart_series("norm", norm_charts(run)),
        "heat": heat(run, live=live),
        "pick": parameter(run, segments, picked),
        "plane": loss_plane(problem, plane),
    }
    header |= {
        "steps": done(run),
        "windows": int(optimizer.gradient_accumulation_steps or 1),
        "words": words(run, measured),
    } | {key: part for key, (part, _) in parts.items()}
    if rival_measured is not None:
        header["words"].append(beside(measured, rival_measured, name, rival_name))
    return header, {key: values for _, arrays in parts.values() for key, values in arrays.items()}


def _network(problem: ModelProblem) -> Header | None:
    if not (layers := problem.network):
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
