"""A training as bytes for its player: the same layout as a run's, with what many parameters need.

What is only drawn travels small: heat maps and pictures as bytes, charts at a few hundred steps as float32. The one or
two parameters that are picked travel in full, so that their ledger is exact.
"""

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.player.scene import common_header
from adamax_viz.player.training.loss_plane import loss_plane
from adamax_viz.player.training.parameter import parameter
from adamax_viz.player.training.picture import data_picture, picture
from adamax_viz.player.training.series import chart_series, heat
from adamax_viz.player.training.view import TrainingView
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.views.training.charts import charts, norm_charts
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


def build(view: TrainingView) -> tuple[Header, Arrays]:
    """Header and arrays of a training."""
    problem = view.problem
    header = common_header("training", "") | {
        "steps": 0,
        "windows": 1,
        "picked": list(view.picked),
        "variables": _variables(problem),
        "network": _network(problem),
        "notes": _notes(view),
        "words": [],
        "plane": None,
        "live": view.live,
    }
    if view.trajectory is None:
        picture_header, arrays = data_picture(problem.data)
        return header | {"picture": picture_header}, arrays
    trained, arrays = _trained(view, view.trajectory.happened())
    return header | trained, arrays


def _trained(view: TrainingView, run: Trajectory) -> tuple[Header, Arrays]:
    """What there is only once something happened."""
    most = MEASURED_LIVE if view.live else MEASURED
    measured = scores(view.problem, run, most)
    rival = None if view.rival is None else scores(view.problem, view.rival, most)
    name, rival_name = words_of("rule", view.rule), words_of("rule", view.rival_rule)
    sentences = words(run, measured)
    if rival is not None:
        sentences.append(beside(measured, rival, name, rival_name))
    parts = {
        "picture": picture(view, run),
        "charts": chart_series("chart", charts(run, measured, rival, rival_name)),
        "norms": chart_series("norm", norm_charts(run)),
        "heat": heat(run),
        "pick": parameter(view, run),
        "plane": loss_plane(view),
    }
    header = {
        "steps": done(run),
        "windows": int(view.segments[-1].optimizer.adamax.gradient_accumulation_steps or 1),
        "words": sentences,
    } | {key: part for key, (part, _) in parts.items()}
    return header, {key: values for _, arrays in parts.values() for key, values in arrays.items()}


def _variables(problem: ModelProblem) -> list[Header]:
    shapes = problem.architecture.shapes()
    return [
        {"name": name, "first": where.start, "size": where.stop - where.start, "shape": list(shapes[name])}
        for name, where in problem.variables.items()
    ]


def _network(problem: ModelProblem) -> Header | None:
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


def _notes(view: TrainingView) -> dict[str, str]:
    run = view.trajectory
    return {
        "heat": CLICK_A_ROW + (THINNED.format(run.every) if run is not None and run.every > 1 else ""),
        "network": UNTRAINED.format(len(view.problem.coordinates)) if run is None else NETWORK,
        "norms": NORMS,
    }
