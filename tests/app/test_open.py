"""Files under "Open a file": each is read once and let go, the oldest make room, what is refused stays said."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from adamax_viz.limits import Limits
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.ui.screens import open as opening

NAVIGATION = str(Path(__file__).parents[2] / "pages/navigation.py")


def table(steps: int) -> bytes:
    run = run_of(RunSpec(surface="booth", steps=steps))
    return csv_text(run, run.labels).encode()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read, in order."""
    names: list[str] = []
    really = opening.open_file
    monkeypatch.setattr(opening, "open_file", lambda name, data: names.append(name) or really(name, data))
    return names


@pytest.fixture
def app() -> AppTest:
    page = AppTest.from_file(NAVIGATION, default_timeout=60)
    page.switch_page("open.py")
    return page.run()


def sent(app: AppTest, **files: bytes) -> AppTest:
    app.file_uploader[0].set_value([(f"{name}.csv", data, "text/csv") for name, data in files.items()])
    return app.run()


def said(app: AppTest) -> list[str]:
    """The sentences, without what keeps them from being Markdown."""
    return [each.value.replace("\\", "").replace("\u2060", "") for each in app.error]


def choices(app: AppTest) -> list[str]:
    return list(app.selectbox[0].options)


def test_a_file_is_read_once_and_what_is_refused_stays_said(app: AppTest, read: list[str]) -> None:
    sent(app, good=table(5), bad=b"a,b\n1,2\n")
    assert not app.exception
    for _ in range(2):
        assert len(said(app)) == 1
        assert "can't be opened" in said(app)[0]
        assert choices(app) == ["good.csv"]
        app.run()
    assert read == ["good.csv", "bad.csv"]


def test_the_oldest_file_makes_room_and_is_not_read_again(
    app: AppTest, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LIMITS", Limits(opened_files=2))
    sent(app, a=table(4), b=table(5))
    sent(app, c=table(6))
    assert choices(app) == ["c.csv", "b.csv"]
    assert "was closed to make room" in said(app)[0]
    app.run()
    assert choices(app) == ["c.csv", "b.csv"]
    assert read == ["a.csv", "b.csv", "c.csv"]
    sent(app, d=table(7), e=table(8), f=table(9))
    assert choices(app) == ["e.csv", "d.csv"]
    assert "“f.csv” was not opened: 2 files" in said(app)[0]


def test_files_share_a_lid_on_their_numbers(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LIMITS", Limits(opened_bytes=1))
    sent(app, a=table(4), b=table(5))
    assert choices(app) == ["b.csv"]


def test_what_nobody_foresaw_is_one_sentence(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(name: str, data: bytes) -> None:
        raise ZeroDivisionError("a secret path")

    monkeypatch.setattr(opening, "open_file", fails)
    sent(app, a=table(4))
    assert not app.exception
    assert len(said(app)) == 1
    assert "secret" not in said(app)[0]


def test_files_of_one_name_are_told_apart(app: AppTest) -> None:
    app.file_uploader[0].set_value([("a.csv", b"theta_x,theta_y\n1,2\n2,3\n", "text/csv")] * 2)
    app.run()
    assert choices(app) == ["a.csv (1)", "a.csv (2)"]


def test_what_was_read_is_let_go(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[str] = []
    monkeypatch.setattr(opening, "forget_upload", gone.append)
    sent(app, a=table(4), bad=b"")
    assert len(set(gone)) == 2


def test_a_session_remembers_no_more_files_than_are_open_or_in_the_field(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LIMITS", Limits(opened_files=2))
    for steps in range(3, 8):
        sent(app, good=table(steps), bad=b"a,b\n1,2\n")
    kept = {key: len(each) for key, each in app.session_state.items() if isinstance(each, dict | set)}
    assert {key: count for key, count in kept.items() if count} == {"open_files": 2, "open_read": 2}
