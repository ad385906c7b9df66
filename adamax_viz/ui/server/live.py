"""`/live`: the direct answer to a moving thumb, no rerun of a page."""

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.apart import Apart
from adamax_viz.limits import LIMITS, PREFIX
from adamax_viz.runs.giving_way import ANSWERS
from adamax_viz.ui.server.answers import answer, asked, is_quick
from adamax_viz.ui.server.lanes import FORMULAS, LONG, QUICK, BusyError, reading

# The floats hardly compress, and compressing them would take longer than sending them.
_HEADERS = {"Content-Encoding": "identity", "Cache-Control": "no-store"}
# The process of quick answers. One that it dies of is not sent again; the lane lets as many in, and the health check.
ANSWERING = Apart(
    "adamax_viz.ui.server.answers",
    at_once=LIMITS.quick_at_once + 1,
    seconds=LIMITS.quick_seconds,
    tries=1,
    ends_late=True,
    environment={f"{PREFIX}RUN_BYTES": str(LIMITS.quick_run_bytes)},
)


async def route(request: Request) -> Response:
    """`/live?<study>`: the payload of this study, see `adamax_viz.ui.server.answers.asked`.

    What is refused is answered with the sentence as plain text; the session then decides what is kept. Quick answers
    are made in a process of their own where it runs; formulas and long runs here.
    """
    params = dict(request.query_params)
    lane = reading(params)
    if lane is not FORMULAS and is_answering():
        with ANSWERS.answering():
            found = await QUICK.run(request, partial(from_process, params))
        if found is not None:
            return _response(found)
    study, complaints = await lane.run(request, partial(asked, params))
    if complaints:
        return _response(" ".join(complaints))
    if not is_quick(study):
        return _response(await LONG.run(request, partial(answer, study, params)))
    with ANSWERS.answering():
        return _response(await QUICK.run(request, partial(answer, study, params)))


def is_answering() -> bool:
    """Whether the process can be asked. One that was started once and has died is started again meanwhile."""
    if ANSWERING.link is not None and not ANSWERING.is_ready:
        ANSWERING.start()
    return ANSWERING.is_ready


def from_process(params: Mapping[str, str]) -> bytes | str | None:
    """The answer of the process; None where this is the server's to answer.

    Raises:
        BusyError: it gave none in time, or died of it, perhaps: the server itself shall not.
    """
    said = ANSWERING.ask({"params": dict(params)})
    if "busy" in said or "lost" in said:
        raise BusyError("The answer took too long; please try again in a moment.")
    return said.get("text", said.get("body"))


def _response(found: bytes | str) -> Response:
    if isinstance(found, str):
        return PlainTextResponse(found)
    return Response(found, media_type="application/octet-stream", headers=_HEADERS)
