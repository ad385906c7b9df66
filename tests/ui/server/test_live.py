"""The direct answer: the session's own payload for the same settings, or a sentence."""

import asyncio
import json
import threading
from typing import Any
from urllib.parse import quote

import pytest

from adamax_viz.player.pack import pack
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.runs.run import run_of, runs_of
from adamax_viz.study.link import from_query
from adamax_viz.study.study import Study
from adamax_viz.ui.server import answers, cache, take_home
from adamax_viz.views.run.landscape import landscape
from tests.ui.server.asgi import Client, run, until


def get(query: str) -> Client:
    return run(Client(f"/live?{query}").get)


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
    second = get(f"surface=booth&steps=3&have={quote(known)}").body
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
    assert words in found.text


LONG_RUN = "/live?surface=rosenbrock&steps=20000&use_ema=true&noise=gaussian&schedule=CosineDecay"


def test_runs_of_clients_that_have_gone_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    made: list[Any] = []

    def runs(specs: Any, **options: Any) -> Any:
        begun.append(specs)
        outcomes = runs_of(specs, **options)
        made.append(specs)
        return outcomes

    monkeypatch.setattr(cache, "runs_of", runs)

    async def story() -> Client:
        clients = [Client(f"{LONG_RUN}&seed={seed}&learning_rate=0.0{seed + 1}") for seed in range(12)]
        tasks = [asyncio.create_task(client.get()) for client in clients]
        await until(lambda: bool(begun))
        for client in clients:
            client.left.set()
        await asyncio.gather(*tasks)
        assert {client.status_code for client in clients} == {499}
        return await Client("/live?surface=booth&steps=7&learning_rate=0.123").get()

    assert run(story).status_code == 200
    assert [len(begun), len(made)] == [2, 1]  # the one under way ended in the middle; then the last


def test_long_runs_wait_for_each_other_and_let_short_ones_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, begun = threading.Event(), []

    def runs(specs: Any, **options: Any) -> Any:
        begun.append(specs[0].steps)
        if specs[0].steps > 4000:
            let_go.wait()
        return runs_of(specs, **options)

    monkeypatch.setattr(cache, "runs_of", runs)

    async def story() -> None:
        long = [asyncio.create_task(Client(f"/live?surface=booth&steps={5000 + n}").get()) for n in range(3)]
        await until(lambda: bool(begun))
        assert (await Client("/live?surface=booth&steps=11").get()).status_code == 200
        assert len(begun) == 2
        let_go.set()
        assert {client.status_code for client in await asyncio.gather(*long)} == {200}

    run(story)


@pytest.mark.parametrize(("module", "path"), [(answers, "/live"), (take_home, "/take/run.py")])
def test_who_waits_for_a_formula_keeps_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch, module: Any, path: str
) -> None:
    let_go, real = threading.Event(), module.read_study
    waiting: list[int] = []

    def read(params: dict[str, str], *rest: Any) -> Any:
        if "formula" in params:
            waiting.append(1)
            let_go.wait()
        return real(params, *rest)

    monkeypatch.setattr(module, "read_study", read)

    async def story() -> None:
        slow = [asyncio.create_task(Client(f"{path}?surface=custom&formula=x*y%2B{n}").get()) for n in range(20)]
        await until(lambda: len(waiting) == 20)
        assert (await Client(f"{path}?surface=booth&steps=12").get()).status_code == 200
        let_go.set()
        assert {client.status_code for client in await asyncio.gather(*slow)} == {200}

    run(story)
