"""What the server serves beside the pages: Plotly's script from the installed package, and answers about runs."""

import gc
import sys
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module

import streamlit as st
from anyio.to_thread import run_sync
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adamax_viz.player.plotly_script import compressed
from adamax_viz.ui.server.assets import PLOTLY, Compressed, PlayerFiles, base_path
from adamax_viz.ui.server.headers import Headers, headers
from adamax_viz.ui.server.host_config import HostConfig

_IMPORTED: dict[str, Callable[[Request], Awaitable[Response]]] = {}


def routes() -> list[BaseRoute]:
    """Plotly's script; live answers; files of a run to take home; whether the server is well.

    All below `server.baseUrlPath`: Streamlit puts its own routes there, but not ours.
    """
    base = base_path()
    return [
        Route(f"{base}/{PLOTLY}", _plotly),
        Route(f"{base}/live", partial(_from, "live")),
        Route(f"{base}/take/run.{{kind}}", partial(_from, "take_home"), methods=["GET", "POST"]),
        Route(f"{base}/health", partial(_from, "health")),
    ]


def layers() -> list[Middleware]:
    """What stands around all answers, Streamlit's own too, the outermost first.

    Raises:
        SystemExit: the environment has a setting that can't be used; whoever starts the server reads the sentence.
    """
    try:
        said = headers()
    except ValueError as error:
        sys.exit(str(error))
    return [Middleware(Headers, headers=said), Middleware(Compressed), Middleware(PlayerFiles), Middleware(HostConfig)]


def _plotly(_: Request) -> Response:
    said = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=3600"}
    return Response(compressed(), media_type="text/javascript", headers=said)


async def _from(name: str, request: Request) -> Response:
    """The answer of a module of this folder. Its imports are those of a page with a player: nobody waits meanwhile."""
    if name not in _IMPORTED:
        _IMPORTED[name] = (await run_sync(import_module, f"adamax_viz.ui.server.{name}")).route
    return await _IMPORTED[name](request)


def warm_up() -> None:
    """Import in the background what the first visitor would otherwise wait for; SymPy in a process of its own."""
    threading.Thread(target=_import_pages_parts, name="warm-up", daemon=True).start()


def _import_pages_parts() -> None:
    import_module("adamax_viz.ui.screens.playground")
    import_module("adamax_viz.ui.server.live").ANSWERING.start()
    import_module("adamax_viz.ui.parts.controls")
    import_module("adamax_viz.study.spec").RunSpec().problem()  # compiles the default surface
    import_module("adamax_viz.lessons.reader").lessons()  # the home page shows them as cards
    compressed()
    import_module("adamax_viz.problems.surfaces.worker_client").start()


@st.cache_resource(show_spinner=False)
def freeze_startup() -> bool:
    """Tell the garbage collector, once, that what is loaded stays: it never walks through it again."""
    gc.collect()
    gc.freeze()
    return True
