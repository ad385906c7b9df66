"""Adamax Lab: `keras.optimizers.Adamax`, exactly, one recorded step at a time.

>>> import adamax_viz as av
>>> run = av.run("rosenbrock", av.Adamax(learning_rate=0.05), start=(-1.5, 2.0), steps=500)
>>> run["u"].shape
(1, 500, 2)
"""

from typing import TYPE_CHECKING, Any

from adamax_viz.core import schedules
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax

if TYPE_CHECKING:
    from adamax_viz.runs.run import Run, run

__version__ = "0.1.0"
__all__ = ["Adamax", "LossScaleOptimizer", "Run", "run", "schedules"]


def __getattr__(name: str) -> Any:
    # Runs know surfaces and tables, whose libraries take half a second to import: only when they are asked for.
    if name in ("Run", "run"):
        from adamax_viz.runs import run as runs

        return getattr(runs, name)
    raise AttributeError(f"module 'adamax_viz' has no attribute {name!r}")
