"""The page that plays offline: whole, without addresses outside, and readable as data again."""

import base64
import gzip
import hashlib
import json
import re

import numpy as np
import pytest

from adamax_viz.files.reopen import open_file
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.player.standalone import ASSETS, SNAPSHOTS, snapshots, standalone_page
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import run_of, runs_of
from adamax_viz.study.named.effects import find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study, study_of
from adamax_viz.views.run.landscape import landscape
from tests.player.payload import decode

SETTINGS = RunSpec(surface="custom", formula="x**2 + y**2 + 0*x", steps=12)


@pytest.fixture(scope="module")
def page():
    run = run_of(SETTINGS)
    header, arrays = build_runs(Study(SETTINGS), alone(SETTINGS, run), landscape(SETTINGS.problem()))
    header["title"] = "</script><b>x"
    return standalone_page(header, arrays, table=csv_text(run, run.labels), link='https://lab.example/?a="1"&b=<2>')


def test_every_module_is_inside_and_none_is_fetched(page):
    modules = json.loads(re.search(r'<script type="importmap">(.*?)</script>', page)[1])["imports"]
    assert set(modules) == {f"adamax/{path.relative_to(ASSETS).as_posix()}" for path in ASSETS.rglob("*.js")}
    for address in modules.values():
        text = base64.b64decode(address.removeprefix("data:text/javascript;base64,")).decode()
        assert not re.search(r'(from |import |import\()"\.', text)
        for name in re.findall(r'(?:^import |import\().*"(adamax/[^"]+)"', text, re.MULTILINE):
            assert name in modules
    assert not re.search(r'(src|href)="(?!https://lab\.example/)', page)


def test_the_page_may_run_its_own_scripts_and_ask_no_network(page):
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert page.index(policy) < page.index("<style>") < page.index("<script")
    allowed = {name: sources for name, *sources in map(str.split, policy.split(";"))}
    assert allowed["default-src"] == ["'none'"]
    assert "connect-src" not in allowed
    assert "'unsafe-inline'" not in allowed["script-src"]
    sources = [source for name in allowed for source in allowed[name]]
    assert all(source in ("data:", "blob:") or source.startswith("'") for source in sources)
    scripts = re.findall(r'<script type="(?:importmap|module)">(.*?)</script>', page, re.DOTALL)
    plotly = gzip.decompress(base64.b64decode(re.search(r'id="plotly">([^<]*)<', page)[1]))
    digests = [hashlib.sha256(script).digest() for script in (*map(str.encode, scripts), plotly)]
    expected = {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}
    assert len(scripts) == 2
    assert set(allowed["script-src"]) == expected | {"data:"}


def test_words_of_others_stay_words(page):
    assert "&lt;/script&gt;&lt;b&gt;x" in page
    assert "<b>x" not in page.split("<main")[0]
    assert 'href="https://lab.example/?a=&quot;1&quot;&amp;b=&lt;2&gt;"' in page


def test_plotly_is_the_installed_one(page):
    packed = re.search(r'id="plotly">([^<]*)<', page)[1]
    assert b"plotly.js" in gzip.decompress(base64.b64decode(packed))[:200]


def test_the_page_opens_as_data_again(page):
    (opened,) = open_file("page.html", page.encode())
    assert opened.settings == SETTINGS
    assert opened.trajectory.steps == 12


def test_a_surface_that_moves_brings_its_pictures():
    settings = RunSpec(surface="drifting_bowl", steps=100)
    header, arrays = snapshots(settings)
    assert len(header["snapshots"]) == len(arrays) == SNAPSHOTS
    assert (header["snapshots"][0]["t"], header["snapshots"][-1]["t"]) == (0, 99)
    expected = landscape(settings.problem(), 99).shade.ravel()
    np.testing.assert_allclose(arrays[f"shade@{SNAPSHOTS - 1}"], expected, rtol=1e-6)
    assert snapshots(SETTINGS) == ({}, {})


def test_several_runs_play_offline_too():
    study = study_of(find_effect("clipping"))
    header, arrays = build_runs(study, runs_of(study.specs()), landscape(study.base.problem()))
    whole = standalone_page(header, arrays, table="", link="")
    packed = gzip.decompress(base64.b64decode(re.search(r'id="payload">([^<]*)<', whole)[1]))
    sent, _ = decode(packed)
    assert [run["letter"] for run in sent["runs"]] == list("ABCD")
    assert sent["options"]["take"] == ["png", "svg", "gif"]  # it has no table
    assert sent["locked"] == ["all"]


def test_the_way_back_is_an_address_of_the_web():
    run = run_of(SETTINGS)
    header, arrays = build_runs(Study(SETTINGS), alone(SETTINGS, run), landscape(SETTINGS.problem()))
    for link in ("javascript:alert(1)//", "data:text/html,x", "//lab.example", ""):
        assert "<a href" not in standalone_page(header, arrays, table="", link=link).split("<main")[0]


def test_no_title_or_link_ends_a_script_or_begins_a_comment():
    run = run_of(SETTINGS)
    header, arrays = build_runs(Study(SETTINGS), alone(SETTINGS, run), landscape(SETTINGS.problem()))
    odd = "<!--<script></script>-->]]>\"'`&"
    table = csv_text(run, [odd])
    page = standalone_page(header | {"title": odd}, arrays, table=table, link=f"https://lab.example/?{odd}")
    plain = standalone_page(header, arrays, table=table, link="https://lab.example/")
    for mark in ("<!--", "<script", "</script", "]]>"):
        assert page.count(mark) == plain.count(mark)
