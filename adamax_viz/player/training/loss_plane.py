"""The loss on a plane through weight space, and the path as the plane sees it."""

import numpy as np

from adamax_viz.player.pack import Arrays, Header
from adamax_viz.problems.models.problem import ModelProblem
from adamax_viz.views.training.plane import Plane
from adamax_viz.words.learning import about_plane

KINDS = {"pca": "Where the path varies most (PCA)", "random": "Two random directions"}
LATER = "Computed when the training rests."
DECADES = 30.0  # a loss that varies by more than this factor is shaded by its logarithm


def loss_plane(problem: ModelProblem, plane: Plane | None) -> tuple[Header, Arrays]:
    """Header and arrays; without a plane, a sentence."""
    if plane is None:
        return {"basis": None, "kinds": {}, "words": LATER}, {}
    loss = np.where(np.isfinite(plane.loss), plane.loss, np.nan)
    finite = loss[np.isfinite(loss)]
    wide = finite.size > 0 and finite.min() > 0 and finite.max() > DECADES * finite.min()
    header = {
        "basis": plane.basis,
        "kinds": KINDS if len(problem.coordinates) > 2 else {},
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
