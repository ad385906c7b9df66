"""``/take/run.<kind>?<link>``: a run, or the runs of a comparison, as a file, made from the link alone."""

import re
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

import pandas as pd
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.files.archive import archive, text_files
from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.limits import LIMITS
from adamax_viz.player.scene import build_runs
from adamax_viz.player.standalone import snapshots, standalone_page
from adamax_viz.runs.run import Outcome
from adamax_viz.study.link import read_study, to_json
from adamax_viz.study.sharing import share_link
from adamax_viz.study.study import Study
from adamax_viz.ui.server import cache
from adamax_viz.ui.server.assets import base_path
from adamax_viz.ui.server.lanes import LONG, QUICK, BusyError, go_on, reading
from adamax_viz.ui.state.address import NO_SETTINGS
from adamax_viz.ui.state.asked import whole
from adamax_viz.ui.state.shown import PANELS, known_charts

_RECEIVED: set[Request] = set()  # with pictures, which stay in memory until the answer
_LENGTH = re.compile(r"[0-9]{1,12}")
_PICTURES = ("svg", "png", "gif")
_WITHOUT_A_RUN = ("json", "py")
SEVERAL = ("csv", "html")  # what several runs can be taken home as
_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
    "py": "text/x-python",
    "zip": "application/zip",
}


async def route(request: Request) -> Response:
    """Answer one request; what the link says wrongly is refused in a sentence."""
    kind = request.path_params["kind"]
    if kind not in _TYPES:
        return PlainTextResponse(f"There is no file of the kind “{kind}”.", 404)
    if request.method != "POST":
        return await _answer(request, kind, {})
    size = request.headers.get("content-length", "")
    if not _LENGTH.fullmatch(size):
        return PlainTextResponse("Pictures are received with their length only.", 411)
    if int(size) > LIMITS.pictures_bytes:
        return PlainTextResponse(f"The pictures are larger than {LIMITS.pictures_bytes // 1_000_000} MB.", 413)
    if len(_RECEIVED) >= LIMITS.pictures_at_once:
        raise BusyError("Too many archives are being made here just now; please try again in a moment.")
    _RECEIVED.add(request)
    try:
        return await _answer(request, kind, await _pictures(request))
    finally:
        _RECEIVED.discard(request)


async def _answer(request: Request, kind: str, pictures: dict[str, bytes]) -> Response:
    page = dict(request.query_params)
    study, sentences = await reading(page).run(request, partial(_asked, kind, page))
    if sentences:
        return PlainTextResponse(" ".join(sentences), 400)
    lane = QUICK if kind in _WITHOUT_A_RUN else LONG
    body = await lane.run(request, partial(_made, kind, study, page, pictures, _origin(request)))
    name = f"adamax-{study.effect.name if study.effect else study.base.surface}.{kind}"
    return Response(body, media_type=_TYPES[kind], headers={"content-disposition": f'attachment; filename="{name}"'})


def _asked(kind: str, page: dict[str, str]) -> tuple[Study, list[str]]:
    """The study of a link, and the sentences that say why this kind of file can't be made of it."""
    study, sentences = read_study(page, NO_SETTINGS)
    specs = study.specs()
    most = LIMITS.shown_steps if study.is_one else LIMITS.compared_steps
    if max(spec.steps for spec in specs) > most:
        sentences.append(f"A file holds {most} steps at most.")
    if not study.is_one and kind not in SEVERAL:
        sentences.append("Several runs make a table or a page; open one of them alone for its other files.")
    refusals = [refusal for spec in specs if (refusal := spec.refusal())]
    if len(refusals) == len(specs):
        sentences += refusals
    return study, sentences


async def _pictures(request: Request) -> dict[str, bytes]:
    """What the browser has drawn, by file name."""
    async with request.form(max_files=len(_PICTURES), max_part_size=LIMITS.pictures_bytes) as form:
        uploads = {name: form.get(name) for name in _PICTURES}
        return {
            f"run.{name}": await upload.read() for name, upload in uploads.items() if isinstance(upload, UploadFile)
        }


def _origin(request: Request) -> str:
    """The app's address as the browser knows it: behind a proxy only the page that asked can say.

    A page of another host says nothing of this one; then the request's own address counts.
    """
    own = {request.headers.get(name, "").lower() for name in ("host", "x-forwarded-host")} - {""}
    with suppress(ValueError):  # no address
        page = urlsplit(request.headers.get("referer", ""))
        if page.scheme in ("http", "https") and page.netloc.lower() in own:
            return page._replace(query="", fragment="").geturl()
    return f"{str(request.base_url).rstrip('/')}{base_path()}/"


def _made(kind: str, study: Study, page: dict[str, str], pictures: dict[str, bytes], origin: str) -> str | bytes:
    link, settings = share_link(origin, study), study.specs()[0]
    if kind == "json":
        return to_json(settings)
    if kind == "py":
        return f"{keras_code(settings)}\n\n# The same with the adamax_viz package.\n\n{library_code(settings)}"
    outcomes = cache.outcomes(study)
    go_on()
    table = _table(outcomes)
    if kind == "csv":
        return table
    go_on()
    html = _page(study, outcomes, page, table, link)
    if kind == "html":
        return html
    (run,) = (outcome.run for outcome in outcomes)
    assert run is not None
    go_on()
    return archive(settings, {**text_files(settings, run), "run.html": html, **pictures}, link)


def _table(outcomes: list[Outcome]) -> str:
    """Every number of every step, run below run; the column `run` tells them apart, so the same one stands once."""
    runs = {outcome.run.labels[0]: outcome.run for outcome in outcomes if outcome.run}
    frame = pd.concat([run.to_frame() for run in runs.values()], ignore_index=True)
    return frame.to_csv(index=False, lineterminator="\r\n")


def _page(study: Study, outcomes: list[Outcome], page: dict[str, str], table: str, link: str) -> str:
    """The offline page with the charts and the playhead that the screen shows."""
    step, base = whole(page.get("step")), study.base
    view = cache.surface_view(base, min(step or 0, base.steps))
    charts = known_charts(page.get(PANELS), study)
    header, arrays = build_runs(study, outcomes, view, chosen=charts, options={"step": step})
    more, heights = snapshots(base)
    return standalone_page(header | more, arrays | heights, table=table, link=link)
