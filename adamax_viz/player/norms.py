"""The norms between Adam and Adamax as bytes for their component: paths, gradients, and what the rule needs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamax_viz.player.scene import common_header, surface_header
from adamax_viz.runs.norms import nearest_stop, on_surface, sources, stops
from adamax_viz.study.fields import MAIN, in_group, knobs
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.views.run.landscape import Landscape, window

_KNOBS = frozenset(entry.name for entry in in_group(RunSpec, MAIN.name))


def build_norms(
    settings: RunSpec, view: Landscape, p: float, own: list[float] | None = None
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Header and arrays.

    Args:
        settings: surface, start and arguments; `beta_2` is that of Adamax, Adam's is its square.
        view: the surface.
        p: where the slider begins.
        own: gradients that somebody has drawn, to begin with.

    ``paths`` is ``(stops, 2 (T + 1))``: x and y of a path side by side. An infinite p travels as null.
    """
    problem, ps = settings.problem(), stops()
    runs = on_surface(settings, ps)
    theta = runs["theta"]
    own_knobs = [knob for knob in knobs(settings) if knob.name in _KNOBS or "." in knob.name]
    header = common_header("norms", to_query(settings), own_knobs) | {
        "title": problem.surface.title,
        "stops": list(ps),
        "stop": nearest_stop(p),
        "own": own,
        "rates": {name: float(getattr(settings, name)) for name in ("beta_1", "beta_2", "epsilon")},
        "loss": runs["loss"][:, -1].astype(float).tolist(),
        "sources": [
            {"key": source.key, "title": source.title, "gradients": source.gradients.astype(float).tolist()}
            for source in sources(problem, runs.only(len(ps) - 1))
        ],
        "surface": surface_header(settings, view),
        "window": window(problem.surface.domain, theta[[0, -1]].reshape(-1, 2)),
    }
    return header, {"paths": theta.reshape(len(ps), -1).astype(np.float32), "shade": view.shade}
