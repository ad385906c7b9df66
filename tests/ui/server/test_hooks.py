"""What replaces a private function of Streamlit fits the installed one, and says so loudly where it does not."""

import logging

import pytest
from streamlit.runtime.scriptrunner import script_runner

from adamax_viz.ui.server import hooks
from adamax_viz.ui.server.hooks import leave_keras_alone


def test_it_fits_the_installed_streamlit(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(script_runner, "_clean_problem_modules", script_runner._clean_problem_modules)  # put back after
    assert leave_keras_alone()
    assert script_runner._clean_problem_modules is hooks._nothing
    assert leave_keras_alone()  # again, as in a server that reloads
    assert not caplog.records


def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(script_runner, "_clean_problem_modules")


def moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_MODULE", "streamlit.runtime.elsewhere")


def changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_runner, "_clean_problem_modules", lambda session: session)


@pytest.mark.parametrize("break_it", [gone, moved, changed])
def test_a_streamlit_without_it_is_said_and_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, break_it: object
) -> None:
    break_it(monkeypatch)  # type: ignore[operator]
    before = vars(script_runner).get("_clean_problem_modules")
    with caplog.at_level(logging.ERROR):
        assert not leave_keras_alone()
    assert vars(script_runner).get("_clean_problem_modules") is before
    (record,) = caplog.records
    assert "Keras's session" in record.getMessage()
    assert "Install streamlit>=1.67,<2" in record.getMessage()
