"""What replaces or asks private parts of Streamlit: all of it is here; the log says loudly if one no longer fits."""

import importlib
import inspect
import logging
from functools import cache

from streamlit.runtime.scriptrunner import get_script_run_ctx

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
        lost = runtime.get_instance()._session_mgr._session_storage._cache.expire()
    except AttributeError as error:
        _complain(f"Sessions that were left are kept until the next one is left ({error}).")
        return 0
    for _, info in lost:
        info.session.shutdown()
    return len(lost)


@cache
def _complain(words: str) -> None:
    """Say it once."""
    advice = "Install streamlit>=1.67,<2 as in requirements.txt, or mend"
    logging.getLogger(__name__).error("%s %s %s.", words, advice, __name__)


def _nothing() -> None:
    """In place of what must not happen."""


def forget_upload(file_id: str) -> None:
    """Free the bytes of an uploaded file that was read; Streamlit would keep them as long as the session lasts."""
    context = get_script_run_ctx()
    remove = getattr(context and context.uploaded_file_mgr, "remove_file", None)  # not every keeper of files has it
    if context and remove:
        remove(context.session_id, file_id)
