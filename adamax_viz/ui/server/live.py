"""`/live`: the direct answer to a moving thumb, no rerun of a page."""

import os
from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.apart import Apart
from adamax_viz.limits import LIMITS, PREFIX
from adamax_viz.runs.giving_way import ANSWERS
from adamax_viz.ui.server.answers import answer, asked, is_quick
from adamax_viz.ui.server.lanes import FORMULAS, LONG, QUICK, reading

# The floats hardly compress, and compressing them would take longer than sending them.
_HEADERS = {"Content-Encoding": "identity", "Cache-Control": "no-store"}
# One more may be on its way than is computed, so that the process need not wait for the next.
APART = Apart(
    "adamax_viz.ui.server.answers",
    at_once=LIMITS.quick_at_once + 1,
    seconds=LIMITS.quick_seconds,
    ends_late=True,
    environment={f"{PREFIX}RUN_BYTES": str(LIMITS.quick_run_bytes)},
)


async def route(request: Request) -> Response:
    """`/live?<study>`: the payload of this study, see `adamax_viz.ui.server.answers.asked`.

    What is refused is answered with the sentence as plain text; the session then decides what is kept. Quick answers
    are made in a process of their own where it runs and no formula is in the link; all others here.
    """
    params = dict(request.query_params)
    lane = reading(params)
    if lane is not FORMULAS and is_there():
        with ANSWERS.answering():
            found = await QUICK.run(request, partial(apart, params))
        if found is not None:
            return _response(found)
    study, complaints = await lane.run(request, partial(asked, params))
    if complaints:
        return _response(" ".join(complaints))
    if not is_quick(study):
        return _response(await LONG.run(request, partial(answer, study, params)))
    with ANSWERS.answering():
        return _response(await QUICK.run(request, partial(answer, study, params)))


def start() -> None:
    """Start the process of quick answers, where the system has such."""
    if os.name == "posix":
        APART.start()


def is_there() -> bool:
    """Whether that process can be asked; one that has died is started again meanwhile."""
    if APART.link is not None and not APART.is_ready:
        start()
    return APART.is_ready


def apart(params: Mapping[str, str]) -> bytes | str | None:
    """The answer of that process; None where it has none, or should not be asked."""
    said = APART.ask({"params": dict(params)})
    return said.get("text", said.get("body"))


def _response(found: bytes | str) -> Response:
    if isinstance(found, str):
        return PlainTextResponse(found)
    return Response(found, media_type="application/octet-stream", headers=_HEADERS)
