"""What the server serves beside the pages: Plotly's script, straight from the installed plotly package."""

from __future__ import annotations

import gc
from importlib.util import find_spec
from pathlib import Path

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles


def routes() -> list[Mount]:
    """``/vendor/plotly.min.js``, compressed by Streamlit's own middleware; no copy of it is kept."""
    return [Mount("/vendor", StaticFiles(directory=_plotly_assets()))]


def _plotly_assets() -> Path:
    """The folder of plotly.min.js, found without importing plotly."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise RuntimeError("plotly is not installed; run `pip install -r requirements.txt`.")
    return Path(spec.origin).parent / "package_data"


def freeze_startup() -> None:
    """Tell the garbage collector that what the start has loaded stays, so that it never walks through it again."""
    gc.collect()
    gc.freeze()
