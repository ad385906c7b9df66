"""``/take/run.<kind>?<link>``: a run as a file, made from its link alone."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.files.archive import archive, text_files
from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.player.standalone import snapshots, standalone_page
from adamax_viz.runs.frame import csv_text
from adamax_viz.study.link import read_params, to_json, to_query
from adamax_viz.study.spec import VERSION, RunSpec
from adamax_viz.study.study import Study
from adamax_viz.ui.server import cache
from adamax_viz.ui.state.address import NO_SETTINGS, PANELS, whole
from adamax_viz.ui.state.study_page import STEPS_ALONE
from adamax_viz.views.run.landscape import landscape

MAX_PICTURES = 20_000_000  # bytes that a browser may send along for an archive
_LENGTH = re.compile(r"[0-9]{1,12}")
_PICTURES = ("svg", "png", "gif")
_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
    "py": "text/x-python",
    "zip": "application/zip",
}


async def take(request: Request) -> Response:
    """Answer one request; what the link says wrongly is refused in a sentence."""
    kind = request.path_params["kind"]
    if kind not in _TYPES:
        return PlainTextResponse(f"There is no file of the kind “{kind}”.", 404)
    page = dict(request.query_params)
    decoded = read_params(RunSpec, page, NO_SETTINGS)
    if decoded.complaints or decoded.settings.steps > STEPS_ALONE:
        sentences = decoded.complaints or [f"A file holds {STEPS_ALONE} steps at most."]
        return PlainTextResponse(" ".join(sentences), 400)
    size = request.headers.get("content-length", "")
    if request.method == "POST" and not (_LENGTH.fullmatch(size) and int(size) <= MAX_PICTURES):
        return PlainTextResponse(f"The pictures are larger than {MAX_PICTURES // 1_000_000} MB.", 413)
    pictures = await _pictures(request) if request.method == "POST" else {}
    body = await run_in_threadpool(_made, kind, decoded.settings, page, pictures, _origin(request))
    name = f"adamax-{decoded.settings.surface}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=_TYPES[kind], headers=headers)


async def _pictures(request: Request) -> dict[str, bytes]:
    """What the browser has drawn, by file name."""
    async with request.form(max_files=len(_PICTURES), max_part_size=MAX_PICTURES) as form:
        uploads = {name: form.get(name) for name in _PICTURES}
        return {
            f"run.{name}": await upload.read() for name, upload in uploads.items() if isinstance(upload, UploadFile)
        }


def _origin(request: Request) -> str:
    """The app's address as the browser knows it: behind a proxy only the page that asked can say."""
    referer = request.headers.get("referer", "")
    return referer.split("?")[0].split("#")[0] or str(request.base_url)


def _made(kind: str, settings: RunSpec, page: dict[str, str], pictures: dict[str, bytes], origin: str) -> str | bytes:
    link = f"{origin}?{to_query(settings)}&v={VERSION}"
    if kind == "json":
        return to_json(settings)
    if kind == "py":
        return f"{keras_code(settings)}\n\n# The same with the adamax_viz package.\n\n{library_code(settings)}"
    run = cache.run(settings)
    if kind == "csv":
        return csv_text(run, run.labels)
    files: dict[str, str | bytes] = dict(text_files(settings, run))
    html = _page(settings, page, str(files["run.csv"]), link)
    return html if kind == "html" else archive(settings, files | {"run.html": html} | pictures, link)


def _page(settings: RunSpec, page: dict[str, str], table: str, link: str) -> str:
    """The offline page with the charts and the playhead that the screen shows."""
    step = whole(page.get("step"))
    view = cache.surface_view(settings, min(step or 0, settings.steps))
    chosen = tuple(page[PANELS].split(",")) if PANELS in page else None
    outcomes = alone(settings, cache.run(settings))
    header, arrays = build_runs(Study(settings), outcomes, view, chosen=chosen, options={"step": step})
    more, heights = snapshots(settings, lambda t: landscape(settings.problem(), t))
    return standalone_page(header | more, arrays | heights, table=table, link=link)
