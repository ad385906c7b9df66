"""The direct answer to a moving thumb: settings in an address, the player's payload back, no rerun of a page."""

from __future__ import annotations

from functools import partial

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.player.pack import pack
from adamax_viz.player.scene import alone, build_runs, surface_key
from adamax_viz.study.link import from_params
from adamax_viz.ui.server import cache
from adamax_viz.ui.state.address import whole
from adamax_viz.ui.state.session import SCREEN_STEPS, known_panels

AT_ONCE = 2  # runs computed side by side: more threads would only take the interpreter from each other
_OWN = frozenset({"v", "panels", "have", "surface_step"})
# The floats hardly compress, and compressing them would take longer than sending them.
_HEADERS = {"Content-Encoding": "identity", "Cache-Control": "no-store"}
_limiter: list[anyio.CapacityLimiter] = []


async def live(request: Request) -> Response:
    """`/live?<share query>`: the payload of these settings.

    Parameters of its own: `panels` (keys of the charts), `have` (key of the surface the player has already),
    `surface_step` (at which step a surface that moves is wanted). What the settings refuse is answered with
    the sentence as plain text; the session then decides what is kept.
    """
    if not _limiter:
        _limiter.append(anyio.CapacityLimiter(AT_ONCE))
    return await run_sync(partial(answer, dict(request.query_params)), limiter=_limiter[0])


def answer(params: dict[str, str]) -> Response:
    """The payload of these parameters, or the sentence that says what is wrong with them."""
    settings, complaints = from_params(params, _OWN)
    if settings.steps > SCREEN_STEPS:
        complaints = [*complaints, f"The screen shows at most {SCREEN_STEPS} steps."]
    if complaints:
        return PlainTextResponse(" ".join(complaints))
    t = whole(params.get("surface_step")) or 0 if settings.problem().functions.moves else 0
    header, arrays = build_runs(
        alone(settings, cache.run(settings)),
        cache.surface_view(settings, t),
        chosen=known_panels(params.get("panels")),
        with_surface=params.get("have") != surface_key(settings, t),
    )
    return Response(pack(header | {"live": True}, arrays), media_type="application/octet-stream", headers=_HEADERS)
