"""The direct answer: the session's own payload for the same settings, or a sentence."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from starlette.responses import Response

from adamax_viz.player.pack import pack
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_query
from adamax_viz.study.study import Study
from adamax_viz.ui.server.live import answer
from adamax_viz.views.run.landscape import landscape


def get(query: str) -> Response:
    return answer(dict(parse_qsl(query)))


def header_of(body: bytes) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(body[4 : 4 + int.from_bytes(body[:4], "little")])
    return header


@pytest.mark.parametrize(
    "query",
    ["surface=rosenbrock&learning_rate=0.1&steps=20", "surface=custom&formula=x**2%2By**2&use_ema=true&steps=5"],
)
def test_it_is_the_payload_of_the_page(query: str) -> None:
    found = get(query)
    settings = from_query(query).settings
    header, arrays = build_runs(Study(settings), alone(settings, run_of(settings)), landscape(settings.problem()))
    assert found.body == pack(header | {"live": True}, arrays)
    assert found.headers["content-encoding"] == "identity"


def test_a_surface_that_is_known_is_not_sent_again() -> None:
    first = get("surface=booth&steps=3").body
    known = header_of(first)["surface"]["key"]
    assert "shade" in header_of(first)["arrays"]
    second = answer({"surface": "booth", "steps": "3", "have": known}).body
    assert "shade" not in header_of(second)["arrays"]


def test_only_the_charts_that_are_wanted() -> None:
    header = header_of(get("surface=booth&steps=3&panels=loss,u,nonsense").body)
    assert [panel["key"] for panel in header["panels"]] == ["loss", "u"]
    assert header["chosen"] == ["loss", "u"]


def test_a_surface_that_moves_comes_as_it_is_at_a_step() -> None:
    moving = header_of(get("surface=drifting_bowl&steps=9&surface_step=7").body)
    assert moving["surface"]["t"] == 7
    still = header_of(get("surface=booth&steps=9&surface_step=7").body)
    assert still["surface"]["t"] == 0
    odd = header_of(get("surface=drifting_bowl&steps=9&surface_step=-1e9").body)
    assert odd["surface"]["t"] == 0


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("beta_1=high", "beta_1 = “high” can't be used"),
        ("steps=100000", "more than the screen shows"),
        ("surface=custom&formula=__import__('os')", "formula"),
        ("clipnorm=1&clipvalue=1", "Only one of"),
        ("nonsense=1", "not a setting"),
    ],
)
def test_what_the_settings_refuse_is_a_sentence(query: str, words: str) -> None:
    found = get(query)
    assert found.headers["content-type"].startswith("text/plain")
    assert words in bytes(found.body).decode()
