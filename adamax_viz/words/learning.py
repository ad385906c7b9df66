"""A training in sentences, computed from it."""

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.problems.models.problem import Measured, Part
from adamax_viz.views.training.charts import bands
from adamax_viz.views.training.plane import Plane
from adamax_viz.views.training.sampling import done
from adamax_viz.views.training.scores import Scores
from adamax_viz.words.numbers import counted, number

PARTS: dict[Part, str] = {"train": "training", "validation": "validation"}


def words(run: Trajectory, measured: Scores) -> list[str]:
    """How far it came, and how its steps were spread."""
    run = run.happened()
    labels = measured.has_labels
    sentences = [f"{counted(done(run), 'step')}: {_losses(measured.raw, right=labels, since_start=True)}."]
    if measured.ema:
        sentences.append(f"With the averaged weights: {_losses(measured.ema, right=labels)}.")
    middle = bands(run).ratio[2]
    if middle.size:
        sentences.append(f"Half of the parameters moved by less than {number(middle[-1])} α_t in the last update.")
    return sentences


def beside(measured: Scores, rival: Scores, name: str, rival_name: str) -> str:
    """Two rules on the same batches, in numbers, whichever way they fall."""
    here, there = (float(scores.raw["validation"].loss[-1]) for scores in (measured, rival))
    ours, theirs = f"{number(here)} with {name}", f"{number(there)} with {rival_name}"
    verdict = "equal" if here == there else f"{name}'s is the {'smaller' if here < there else 'larger'} one"
    if not np.isfinite([here, there]).all():
        verdict = "not both are finite"
    return f"On the same batches, at step {rival.steps[-1]}: the validation loss is {ours} and {theirs}; {verdict}."


def about_plane(plane: Plane) -> str:
    """How much of the path the plane shows."""
    far = int(plane.distance.argmax())
    if plane.distance[far] <= 1e-6 * max(1.0, float(np.abs(plane.origin).max())):
        return "The whole path lies in this plane: the loss under each of its points is the loss of that step."
    with np.errstate(all="ignore"):
        gap = int(np.abs(plane.path_loss - plane.plane_loss).argmax())
    return (
        f"This plane holds {number(round(100 * plane.explained, 1))} % of the path's variance. The path lies up to "
        f"{number(float(plane.distance[far]))} away from it (at step {plane.steps[far]}), so the loss under a point "
        f"is not the loss of that step: at step {plane.steps[gap]} they are {number(float(plane.plane_loss[gap]))} "
        f"and {number(float(plane.path_loss[gap]))}."
    )


def _losses(by_part: dict[Part, Measured], *, right: bool, since_start: bool = False) -> str:
    """The loss of each part at the end, and how much is right where there are labels."""
    sentences = []
    for part, name in PARTS.items():
        loss, accuracy = by_part[part]
        way = f"from {number(loss[0])} to {number(loss[-1])}" if since_start else number(loss[-1])
        share = f", {number(round(100 * float(accuracy[-1]), 1))} % right" if right else ""
        sentences.append(f"{name} loss {way}{share}")
    return "; ".join(sentences)
