"""What is left is freed: sessions that nobody came back to, and what only garbage refers to."""

import gc
import logging
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import cache, hooks
from adamax_viz.ui.server.housekeeping import free


class Session:
    """One that knows whether it was shut down."""

    def __init__(self, name: str) -> None:
        self.id, self.over = name, False

    def shutdown(self) -> None:
        self.over = True


def serve(storage: Any, monkeypatch: pytest.MonkeyPatch) -> WebsocketSessionManager:
    nothing: Any = None
    manager = WebsocketSessionManager(storage, nothing, nothing, nothing)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))
    monkeypatch.setattr(hooks, "_SESSIONS", weakref.WeakSet())
    return manager


def test_a_session_ends_when_nobody_comes_back_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, now = MemorySessionStorage(ttl_seconds=120), [0.0]
    monkeypatch.setattr(storage._cache, "_timer", lambda: now[0])
    serve(storage, monkeypatch)
    sessions = [Session("early"), Session("late")]
    for session in sessions:
        storage.save(SimpleNamespace(session=session))  # type: ignore[arg-type]
        assert hooks.end_lost_sessions() == 0
        now[0] += 100
    assert hooks.end_lost_sessions() == 1
    assert [session.over for session in sessions] == [True, False]
    refs = [weakref.ref(session) for session in sessions]
    del sessions, session
    assert [ref() is None for ref in refs] == [True, False]


def test_one_that_streamlit_drops_to_keep_another_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = MemorySessionStorage(maxsize=1)
    manager = serve(storage, monkeypatch)
    open_, early, late = (Session(name) for name in ("open", "early", "late"))
    manager._active_session_info_by_id["open"] = SimpleNamespace(session=open_)  # type: ignore[assignment]
    for session in (early, late):
        manager._active_session_info_by_id[session.id] = SimpleNamespace(session=session)  # type: ignore[assignment]
    assert hooks.end_lost_sessions() == 0
    for session in (early, late):  # both tabs are closed between two looks
        del manager._active_session_info_by_id[session.id]
        storage.save(SimpleNamespace(session=session))  # type: ignore[arg-type]
    assert hooks.end_lost_sessions() == 1
    assert [session.over for session in (open_, early, late)] == [False, True, False]
    assert hooks.end_lost_sessions() == 0


def test_without_a_server_there_is_nothing_to_end() -> None:
    assert hooks.end_lost_sessions() == 0


def test_another_streamlit_is_complained_about_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    serve(object(), monkeypatch)
    hooks.complain.cache_clear()
    with caplog.at_level(logging.ERROR):
        assert hooks.end_lost_sessions() == hooks.end_lost_sessions() == 0
    assert len(caplog.records) == 1
    assert "streamlit>=1.67" in caplog.text


def test_runs_are_kept_as_long_as_anybody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, study = MemorySessionStorage(), Study(RunSpec(steps=7))
    manager = serve(storage, monkeypatch)
    manager._active_session_info_by_id["one"] = SimpleNamespace(session=Session("one"))  # type: ignore[assignment]
    hooks.end_lost_sessions()
    cache.outcomes(study)
    cache.surface_view(study.base)
    free()
    assert cache.has(study)
    manager._active_session_info_by_id.clear()
    hooks.end_lost_sessions()
    free()
    assert not cache.has(study)
    assert cache.outcomes(study)[0].run is not None


def test_garbage_is_freed() -> None:
    gc.disable()
    try:
        ring = Session("ring")
        ring.itself, kept = ring, weakref.ref(ring)  # type: ignore[attr-defined]
        del ring
        free()
        assert kept() is None
    finally:
        gc.enable()
