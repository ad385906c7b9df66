"""What replaces or asks private parts of Streamlit: all of it is here; the log says loudly if one no longer fits."""

import importlib
import inspect
import logging
from functools import cache
from typing import Any
from weakref import WeakSet

from streamlit.runtime.scriptrunner import get_script_run_ctx

_SESSIONS: WeakSet[Any] = WeakSet()  # as they were at the last look, with a tab or left
_MODULE, _NAME = "streamlit.runtime.scriptrunner.script_runner", "_clean_problem_modules"


def leave_keras_alone() -> bool:
    """Keep Streamlit from clearing Keras's session after every script; whether that worked.

    The clearing happens to all threads at once: a comparison or a training under way in another one would lose its
    variables in the middle of a step and go on with wrong numbers. It also collects garbage, 50 ms at each change of a
    slider.
    """
    try:
        module = importlib.import_module(_MODULE)
        fits = not inspect.signature(getattr(module, _NAME)).parameters
    except (ImportError, AttributeError, TypeError, ValueError):
        fits = False
    if not fits:
        streamlit = importlib.import_module("streamlit")
        logging.getLogger(__name__).error(
            "Streamlit %s has no %s.%s() any more, so it may clear Keras's session in the middle of a training or a "
            "comparison with Keras, whose numbers are then wrong. Install streamlit>=1.67,<2 as in requirements.txt, "
            "or find what clears the session now and replace it in %s.",
            streamlit.__version__,
            _MODULE,
            _NAME,
            __name__,
        )
        return False
    setattr(module, _NAME, _nothing)
    return True


def end_lost_sessions() -> int:
    """End the sessions whose tab was closed and did not come back in time; how many. On the server's event loop.

    Streamlit itself forgets them only when the next tab is closed, and then leaves the rest to the garbage collector:
    the last ones to leave stay for ever, with all that they have computed.
    """
    runtime = importlib.import_module("streamlit.runtime")
    if not runtime.exists():
        return 0
    try:
        manager = runtime.get_instance()._session_mgr
        manager._session_storage._cache.expire()
        there = {info.session for info in manager.list_sessions()}
    except AttributeError as error:
        complain(f"Sessions that were left are kept until the next one is left ({error}).", __name__)
        return 0
    lost = set(_SESSIONS) - there  # Streamlit may have dropped some itself, when it kept another one
    for session in lost:
        session.shutdown()
    _SESSIONS.clear()
    _SESSIONS.update(there)
    return len(lost)


def is_anybody_there() -> bool:
    """Whether there was a session at the last look, with a tab or left."""
    return bool(_SESSIONS)


@cache
def complain(words: str, where: str) -> None:
    """Say once what goes wrong with this Streamlit, and in which module it can be mended."""
    advice = "Install streamlit>=1.67,<2 as in requirements.txt, or mend"
    logging.getLogger(__name__).error("%s %s %s.", words, advice, where)


def _nothing() -> None:
    """In place of what must not happen."""


def forget_upload(file_id: str) -> None:
    """Free the bytes of an uploaded file that was read; Streamlit would keep them as long as the session lasts."""
    context = get_script_run_ctx()
    remove = getattr(context and context.uploaded_file_mgr, "remove_file", None)  # not every keeper of files has it
    if context and remove:
        remove(context.session_id, file_id)
