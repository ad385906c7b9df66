"""Whether the server still computes: for a container, a proxy or a watchdog that can start another one."""

from contextlib import suppress
from functools import partial

import anyio
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.limits import LIMITS
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import read_study
from adamax_viz.ui.server import live
from adamax_viz.ui.server.lanes import LANES, LINKS, QUICK, BusyError

_SMALL = {"surface": "booth", "steps": "3"}


async def route(_request: Request) -> Response:
    """`/health`: 200 and "ok" once a small run has been made on the way that every moving hand takes; else 503.

    It waits in the same queues as everybody, but is never refused; where its turn does not come in time, the server is
    still well ("busy") if others had theirs. It is ill if nobody had, or if one piece of work has been under way far
    longer than any should.

    A Dockerfile asks with ``HEALTHCHECK``, docker compose with ``healthcheck:``, a balancer before it sends anybody to
    it; the path lies below `server.baseUrlPath`. Who asks waits some seconds longer than `LIMITS.health_seconds`, and
    gives the server a minute to start. It costs some milliseconds; every ten seconds is often enough.
    """
    for name, lane in LANES.items():
        if lane.longest > LIMITS.stuck_seconds:
            return PlainTextResponse(f"Something in the lane “{name}” has not ended for {lane.longest:.0f} s.", 503)
    ended = LINKS.ended + QUICK.ended
    with anyio.move_on_after(LIMITS.health_seconds):
        study, _ = await LINKS.probe(partial(read_study, _SMALL))
        ended += 1  # by itself
        await QUICK.probe(partial(run_of, study.base))
        if live.is_answering():
            with suppress(BusyError):  # it is ended then, and started again
                await QUICK.probe(partial(live.from_process, _SMALL))
        return PlainTextResponse("ok")
    if LINKS.ended + QUICK.ended > ended:
        return PlainTextResponse("busy")
    return PlainTextResponse(f"A small run was not made within {LIMITS.health_seconds} s.", 503)
