"""The charts and heat maps of a training as header and arrays."""

from collections.abc import Sequence

import numpy as np

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.player.scene import panel_header
from adamax_viz.views.run.panels import Panel
from adamax_viz.views.training.charts import Series
from adamax_viz.views.training.heat import GLANCED, heat_maps
from adamax_viz.views.training.sampling import Steps

RIVAL = 1  # its place among the colours of variants


def chart_series(prefix: str, charts: Sequence[Panel[Series]]) -> tuple[list[Header], Arrays]:
    """Charts without values, and their arrays; series at the same steps share the array of these."""
    arrays: Arrays = {}
    headers = [
        panel_header(chart, [_line(series, f"{prefix}.{i}.{j}", arrays) for j, series in enumerate(chart.lines)])
        for i, chart in enumerate(charts)
    ]
    return headers, arrays


def _line(series: Series, name: str, arrays: Arrays) -> Header:
    """A line; its values, and its steps if they are new, go into `arrays`."""
    arrays[name] = np.asarray(series.values, np.float32)
    line = {
        "quantity": series.quantity,
        "label": series.label,
        "coordinate": "",
        "column": int(series.dashed),
        "array": name,
        "at": _steps(series.steps, name, arrays),
    }
    if series.rival:
        line["variant"] = RIVAL
    if series.upper is not None:
        line["upper"] = f"{name}.upper"
        arrays[f"{name}.upper"] = np.asarray(series.upper, np.float32)
    return line


def _steps(steps: Steps, name: str, arrays: Arrays) -> str:
    """The name of the array with these steps."""
    for known, values in arrays.items():
        if known.endswith(".at") and np.array_equal(values, steps):
            return known
    arrays[f"{name}.at"] = np.asarray(steps, np.float32)
    return f"{name}.at"


def heat(run: Trajectory, *, live: bool = False) -> tuple[Header, Arrays]:
    """Every parameter at every step, or, while it goes on, at some: bands of rows, and a map for each quantity."""
    maps = heat_maps(run, most_steps=GLANCED if live else None)
    header = {
        "columns": len(maps.steps),
        "rows": len(maps.parameters),
        "bands": [band._asdict() for band in maps.bands],
        "maps": [{n: v for n, v in each._asdict().items() if n != "pixels"} for each in maps.maps],
    }
    return header, {f"heat.{each.quantity}": each.pixels for each in maps.maps}
