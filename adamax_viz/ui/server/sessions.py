"""Sessions, as Streamlit tells them apart: whose script this is, and whether its tab is open."""

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def session() -> str:
    """The session whose script runs here; "" outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else context.session_id


def is_open(session: str) -> bool:
    """Whether a browser is connected to this session."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)
