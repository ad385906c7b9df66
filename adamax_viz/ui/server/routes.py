"""What the server serves beside the pages: Plotly's script from the installed package, and live answers."""

import gc
import threading
from importlib import import_module

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adamax_viz.player.plotly_script import compressed


def routes() -> list[BaseRoute]:
    """Plotly's script; live answers; files of a run to take home.

    All below `server.baseUrlPath`: Streamlit puts its own routes there, but not ours.
    """
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    base = f"/{path}" if path else ""
    return [
        Route(f"{base}/vendor/plotly.min.js", _plotly),
        Route(f"{base}/live", _live),
        Route(f"{base}/take/run.{{kind}}", _take, methods=["GET", "POST"]),
    ]


def _plotly(_: Request) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=3600"}
    return Response(compressed(), media_type="text/javascript", headers=headers)


# The imports of these two are those of a page with a player; they would only delay the server's start.
async def _live(request: Request) -> Response:
    return await import_module("adamax_viz.ui.server.live").live(request)  # type: ignore[no-any-return]


async def _take(request: Request) -> Response:
    return await import_module("adamax_viz.ui.server.take_home").take(request)  # type: ignore[no-any-return]


def warm_up() -> None:
    """Import in the background what the first visitor would otherwise wait for, SymPy above all."""
    threading.Thread(target=_import_pages_parts, name="warm-up", daemon=True).start()


def _import_pages_parts() -> None:
    import_module("adamax_viz.ui.screens.playground")
    import_module("adamax_viz.ui.server.live")
    import_module("adamax_viz.ui.parts.controls")
    import_module("adamax_viz.study.spec").RunSpec()  # compiles the default surface
    import_module("adamax_viz.lessons.reader").lessons()  # the home page shows them as cards
    compressed()


@st.cache_resource(show_spinner=False)
def freeze_startup() -> bool:
    """Tell the garbage collector, once, that what is loaded stays: it never walks through it again."""
    gc.collect()
    gc.freeze()
    return True
