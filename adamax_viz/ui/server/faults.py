"""What is said instead of an answer: one sentence. Of what nobody foresaw the log has the traceback, by a number."""

import logging
import secrets
from collections.abc import Awaitable, Callable

import streamlit as st
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.problems.surfaces.formula_text import FormulaBusy
from adamax_viz.ui.server.headers import headers
from adamax_viz.ui.server.lanes import BusyError, GoneError

_SENTENCE = "Something went wrong that was not foreseen; the server's log says what, under the number {}."
_NUMBER = "fault_number"  # an attribute of errors that are in the log
_RELOAD = "Reload the page to go on: its address keeps what you have set."


def logged(error: Exception) -> str:
    """Put an error into the log, unless it is there; the number it has there."""
    known = vars(error)
    if _NUMBER not in known:
        known[_NUMBER] = f"{secrets.randbelow(1_000_000):06}"
        logging.getLogger(__name__).error("Fault %s", known[_NUMBER], exc_info=error)
    return str(known[_NUMBER])


def log_once() -> None:
    """What Streamlit logs of a page before `on_page`, and uvicorn of a route after `on_route`, has a number too."""
    for name in ("streamlit.error_util", "uvicorn.error"):
        logging.getLogger(name).addFilter(_is_no_fault)


def _is_no_fault(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if not isinstance(error, Exception):
        return True
    if not isinstance(error, FormulaBusy):
        logged(error)
    return False


def on_page(error: Exception) -> bool:
    """A page, a fragment or a callback failed: this stands there instead of Streamlit's box."""
    if isinstance(error, FormulaBusy):
        st.warning(f"{error} {_RELOAD}")
        return True
    number = logged(error)
    with st.container(key=f"fault_{number}"):
        st.error(f"{_SENTENCE.format(number)} {_RELOAD}")
    return True


async def on_route(_: Request, error: Exception) -> Response:
    """A route failed; this answer is given outside of all layers."""
    return PlainTextResponse(_SENTENCE.format(logged(error)), 500, headers())


async def _busy(_: Request, error: Exception) -> Response:
    return PlainTextResponse(str(error), 503, {"Retry-After": "1"})


async def _gone(_: Request, _error: Exception) -> Response:
    return Response(status_code=499)  # nobody reads it; the name nginx has for it


# For `st.App(exception_handlers=)`.
HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    BusyError: _busy,
    FormulaBusy: _busy,
    GoneError: _gone,
    ClientDisconnect: _gone,
    Exception: on_route,
}
