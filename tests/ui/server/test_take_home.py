"""The route that makes files of a link."""

import io
import json
import re
import zipfile
from urllib.parse import parse_qsl, quote

import pytest

from adamax_viz.files.reopen import open_file
from adamax_viz.limits import LIMITS
from adamax_viz.runs.run import run_of, runs_of
from adamax_viz.study.link import from_query, read_study, to_query
from adamax_viz.ui.server import take_home
from tests.ui.server.asgi import Client, run

QUERY = "surface=booth&steps=9&clipnorm=1.0&panels=loss&step=4"
PAGE = "https://lab.example/base/playground?surface=booth"


def get(kind: str, query: str = QUERY, body: bytes | None = None, **headers: str) -> Client:
    return run(Client(f"/take/run.{kind}?{query}", body, **{"referer": PAGE, "host": "lab.example"} | headers).get)


def test_the_table_is_the_runs() -> None:
    answer = get("csv")
    (opened,) = open_file("a.csv", answer.body)
    assert opened.settings == from_query("surface=booth&steps=9&clipnorm=1.0").settings
    assert (opened.trajectory["theta"] == run_of(opened.settings)["theta"]).all()
    assert answer.headers["content-disposition"] == 'attachment; filename="adamax-booth.csv"'


def test_settings_code_and_page() -> None:
    assert json.loads(get("json").body)["clipnorm"] == 1.0
    code = get("py").body.decode()
    compile(code, "run.py", "exec")
    assert "keras.optimizers" in code
    assert "av.run(" in code
    page = get("html").body
    assert b'<a href="https://lab.example/base/playground?surface=booth&amp;steps=9&amp;clipnorm=1.0&amp;v=1">' in page
    assert open_file("a.html", page)[0].trajectory.steps == 9


@pytest.mark.parametrize(
    ("page", "host", "origin"),
    [
        ("https://lab.example/base/verify?x#y", "lab.example", "https://lab.example/base/verify"),
        ("https://Lab.Example/base/verify", "lab.example", "https://Lab.Example/base/verify"),
        ("https://evil.example/verify", "lab.example", "http://lab.example/"),
        ("https://lab.example@evil.example/", "lab.example", "http://lab.example/"),
        ("javascript://lab.example/alert(1)", "lab.example", "http://lab.example/"),
        ("https://[lab.example/", "lab.example", "http://lab.example/"),
        ("", "lab.example", "http://lab.example/"),
    ],
)
def test_a_file_s_link_is_of_this_host_whatever_page_is_named(page: str, host: str, origin: str) -> None:
    link = f'<a href="{origin}?surface=booth&amp;steps=9&amp;clipnorm=1.0&amp;v=1">'
    assert link in get("html", referer=page, host=host).body.decode()


def test_without_a_page_the_link_leads_below_the_path_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_home, "base_path", lambda: "/adamax")
    assert b'<a href="http://lab.example/adamax/?surface=booth&amp;' in get("html", referer="").body


def test_behind_a_proxy_the_host_that_it_was_asked_for_counts_too() -> None:
    page = get("html", host="127.0.0.1:8501", x_forwarded_host="lab.example").body
    assert b'<a href="https://lab.example/base/playground?' in page


def test_pictures_of_the_browser_go_into_the_archive() -> None:
    edge = "edge"
    parts = [(n, f"run.{n}", f"picture {n}") for n in ("svg", "png")]
    body = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{n}"; filename="{file}"\r\n\r\n{text}\r\n'
        for n, file, text in parts
    )
    body += f"--{edge}--\r\n"
    answer = get(
        "zip", body=body.encode(), content_type=f"multipart/form-data; boundary={edge}", content_length=str(len(body))
    )
    with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
        assert packed.read("run.svg") == b"picture svg"
        assert {"run.png", "run.csv", "run.html", "README.md"} <= set(packed.namelist())


@pytest.mark.parametrize(
    "query",
    [
        "effect=clipping",
        "surface=booth&steps=9&b.rule=adam&c.dynamic_loss_scale=true&d.clipnorm=1&d.variables=two",
        "surface=booth&steps=9&b=base",  # A and B are the same run
    ],
)
@pytest.mark.parametrize("kind", ["csv", "html"])
def test_a_table_of_several_runs_opens_as_these(kind: str, query: str) -> None:
    study, _ = read_study(dict(parse_qsl(query)))
    runs = {to_query(outcome.spec): outcome.run for outcome in runs_of(study.specs())}
    opened = open_file(f"a.{kind}", get(kind, query).body)
    assert [to_query(one.settings) for one in opened] == list(runs)
    for one in opened:
        expected = runs[to_query(one.settings)]
        assert expected is not None
        assert (one.trajectory["theta"] == expected["theta"]).all()
        assert one.complaints == []


def test_a_refused_run_of_several_is_left_out() -> None:
    query = "surface=booth&steps=9&b.clipnorm=1&b.clipvalue=1"
    (opened,) = open_file("a.csv", get("csv", query).body)
    assert to_query(opened.settings) == "surface=booth&steps=9"


@pytest.mark.parametrize(
    ("kind", "query", "status", "words"),
    [
        ("exe", QUERY, 404, "no file of the kind"),
        ("csv", "surface=booth&learning_rate=fast", 400, "learning_rate"),
        ("csv", "steps=50000", 400, "20000 steps"),
        ("csv", "steps=9&b.steps=20000", 400, "5000 steps"),
        ("json", "steps=9&b.steps=8", 400, "Several runs make a table or a page"),
        ("csv", "a.clipnorm=1&a.clipvalue=1", 400, "Only one of"),
        ("csv", f"surface=custom&formula={quote('__import__(1)')}", 400, "formula"),
    ],
)
def test_what_cannot_be_made_is_said(kind: str, query: str, status: int, words: str) -> None:
    answer = get(kind, query)
    assert answer.status_code == status
    assert words in answer.body.decode()


@pytest.mark.parametrize(("length", "status"), [("", 411), ("many", 411), (str(LIMITS.pictures_bytes + 1), 413)])
def test_too_much_is_refused_before_it_is_read(length: str, status: int) -> None:
    found = get("zip", body=b"", content_type="multipart/form-data; boundary=x", content_length=length)
    assert found.status_code == status


@pytest.mark.parametrize("step", ["²", "-1", "1e3", "9" * 5000, "", "99999999"])
def test_a_step_that_is_no_number_is_left_out(step: str) -> None:
    answer = get("html", f"surface=booth&steps=9&step={quote(step)}")
    assert answer.status_code == 200
    assert open_file("a.html", answer.body)[0].trajectory.steps == 9


@pytest.mark.parametrize("kind", ["json", "csv", "py"])
def test_a_file_s_name_is_made_of_names_of_ours(kind: str) -> None:
    for query in ("surface=custom&formula=x*y&steps=3", "effect=clipping&steps=3", "surface=booth&steps=3"):
        answer = get(kind, query)
        if answer.status_code == 200:
            assert re.fullmatch(r'attachment; filename="adamax-[a-z_]+\.[a-z]+"', answer.headers["content-disposition"])
    refused = get(kind, "surface=" + quote('x"; filename="a.exe\r\nX-Y: z') + "&steps=3")
    assert refused.status_code == 400
    assert refused.headers["content-type"].startswith("text/plain")
    assert "x-y" not in refused.headers


def test_so_many_archives_are_received_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_home, "_RECEIVED", {object() for _ in range(LIMITS.pictures_at_once)})
    found = get("zip", body=b"", content_type="multipart/form-data; boundary=x", content_length="0")
    assert (found.status_code, found.headers["retry-after"]) == (503, "1")
