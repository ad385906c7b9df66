"""What is left is freed: sessions that nobody came back to, and what only garbage refers to."""

import gc
import logging
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from adamax_viz.ui.server import hooks
from adamax_viz.ui.server.housekeeping import free


class Session:
    """One that knows whether it was shut down."""

    def __init__(self, name: str) -> None:
        self.id, self.over = name, False

    def shutdown(self) -> None:
        self.over = True


def serve(storage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = SimpleNamespace(_session_storage=storage)
    monkeypatch.setattr(runtime, "exists", lambda: True)
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(_session_mgr=manager))


def test_a_session_ends_when_nobody_comes_back_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, now = MemorySessionStorage(ttl_seconds=120), [0.0]
    monkeypatch.setattr(storage._cache, "_timer", lambda: now[0])
    serve(storage, monkeypatch)
    sessions = [Session("early"), Session("late")]
    for session in sessions:
        storage.save(SimpleNamespace(session=session))  # type: ignore[arg-type]
        now[0] += 100
    assert hooks.end_lost_sessions() == 1
    assert [session.over for session in sessions] == [True, False]
    refs = [weakref.ref(session) for session in sessions]
    del sessions, session
    assert [ref() is None for ref in refs] == [True, False]


def test_without_a_server_there_is_nothing_to_end() -> None:
    assert hooks.end_lost_sessions() == 0


def test_another_streamlit_is_complained_about_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    serve(object(), monkeypatch)
    hooks._complain.cache_clear()
    with caplog.at_level(logging.ERROR):
        assert hooks.end_lost_sessions() == hooks.end_lost_sessions() == 0
    assert len(caplog.records) == 1
    assert "streamlit>=1.67" in caplog.text


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
