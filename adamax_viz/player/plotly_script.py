"""Plotly's script from the installed package, compressed once, for the server and for the page that plays offline."""

import gzip
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path


@lru_cache(maxsize=1)
def compressed() -> bytes:
    """``plotly.min.js`` in gzip; found without importing plotly.

    Raises:
        RuntimeError: plotly is not installed.
    """
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise RuntimeError("plotly is not installed; run `pip install -r requirements.txt`.")
    script = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return gzip.compress(script.read_bytes(), 6, mtime=0)
