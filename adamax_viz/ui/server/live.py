"""The direct answer to a moving thumb: a study in an address, the player's payload back, no rerun of a page."""

import json
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adamax_viz.limits import LIMITS
from adamax_viz.player.pack import pack
from adamax_viz.player.scene import build_runs
from adamax_viz.runs.giving_way import ANSWERS
from adamax_viz.runs.run import batches
from adamax_viz.study.link import read_study
from adamax_viz.study.study import Study, apply
from adamax_viz.ui.server import cache
from adamax_viz.ui.server.lanes import LONG, QUICK, Lane, reading
from adamax_viz.ui.state.address import PANELS, TARGET, whole
from adamax_viz.ui.state.study_page import known_charts, on_screen, run_of_letter

_OWN = frozenset({"v", PANELS, "have", "surface_step", "change", TARGET})
# The floats hardly compress, and compressing them would take longer than sending them.
_HEADERS = {"Content-Encoding": "identity", "Cache-Control": "no-store"}


async def route(request: Request) -> Response:
    """`/live?<study>`: the payload of this study.

    Parameters of its own: `change` (what a hand has moved since, as a JSON object of fields by name), `target` (the
    letter of the run that knobs move), `panels` (keys of the charts), `have` (key of the surface the player has
    already), `surface_step` (at which step a surface that moves is wanted). What is refused is answered with the
    sentence as plain text; the session then decides what is kept.
    """
    params = dict(request.query_params)
    study, complaints = await reading(params).run(request, partial(asked, params))
    if complaints:
        return PlainTextResponse(" ".join(complaints))
    if lane_of(study) is LONG:
        return await LONG.run(request, partial(answer, study, params))
    with ANSWERS.answering():
        return await QUICK.run(request, partial(answer, study, params))


def asked(params: dict[str, str]) -> tuple[Study, list[str]]:
    """The study of these parameters, and the sentences that say what is wrong with them."""
    study, complaints = read_study(params, _OWN)
    try:
        moved = json.loads(params.get("change", "{}"))
        if not isinstance(moved, dict):
            raise ValueError("it is no object of fields by name")
        study, refused = apply(study, moved)
    except (ValueError, RecursionError) as error:
        refused = [f"What was moved can't be read: {error}."]
    return study, complaints + refused + on_screen(study)[1]


def lane_of(study: Study) -> Lane:
    """Where a study is run: what counts are the steps that are computed one after the other."""
    specs = study.specs()
    steps = sum(max(specs[i].steps for i in members) for members in batches(specs))
    return QUICK if steps <= LIMITS.quick_steps else LONG


def answer(study: Study, params: dict[str, str]) -> Response:
    """The payload of a study, or the sentence that says why it has no run."""
    outcomes = cache.outcomes(study)
    if all(outcome.run is None for outcome in outcomes):
        return PlainTextResponse(" ".join(str(outcome.refusal) for outcome in outcomes))
    header, arrays = build_runs(
        study,
        outcomes,
        cache.surface_view(study.base, whole(params.get("surface_step")) or 0),
        target=run_of_letter(params.get(TARGET), study),
        chosen=known_charts(params.get(PANELS), study),
    )
    if header["surface"]["key"] == params.get("have"):
        del arrays["shade"]
    return Response(pack(header | {"live": True}, arrays), media_type="application/octet-stream", headers=_HEADERS)
