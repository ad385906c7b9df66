"""What a moving thumb is answered: the payload of a study in an address, or a sentence.

``python -m adamax_viz.ui.server.answers`` is the process that makes the quick ones, see `adamax_viz.apart`: trainings,
pictures and pages of others hold only the interpreter of the server.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from adamax_viz.limits import LIMITS
from adamax_viz.player.pack import pack
from adamax_viz.player.scene import build_runs
from adamax_viz.problems.surfaces.functions import PATIENCE
from adamax_viz.problems.surfaces.worker_client import WORKER
from adamax_viz.runs.run import steps_in_a_row
from adamax_viz.study.link import read_study
from adamax_viz.study.study import Study, apply
from adamax_viz.ui.server import cache
from adamax_viz.ui.state.asked import whole
from adamax_viz.ui.state.shown import PANELS, TARGET, known_charts, on_screen, run_of_letter

_OWN = frozenset({"v", PANELS, "have", "surface_step", "change", TARGET})

Params = Mapping[str, str]


def asked(params: Params) -> tuple[Study, list[str]]:
    """The study of these parameters, and the sentences that say what is wrong with them.

    Parameters of its own: `change` (what a hand has moved since, as a JSON object of fields by name), `target` (the
    letter of the run that knobs move), `panels` (keys of the charts), `have` (key of the surface the player has
    already), `surface_step` (at which step a surface that moves is wanted).
    """
    study, complaints = read_study(params, _OWN)
    try:
        moved = json.loads(params.get("change", "{}"))
        if not isinstance(moved, dict):
            raise ValueError("it is no object of fields by name")
        study, refused = apply(study, moved)
    except (ValueError, RecursionError) as error:
        refused = [f"What was moved can't be read: {error}."]
    return study, complaints + refused + on_screen(study)[1]


def is_quick(study: Study) -> bool:
    """Whether a study takes few steps; what counts are those that are computed one after the other."""
    return steps_in_a_row(study.specs()) <= LIMITS.quick_steps


def answer(study: Study, params: Params) -> bytes | str:
    """The payload of a study, or the sentence that says why it has no run."""
    outcomes = cache.outcomes(study)
    if all(outcome.run is None for outcome in outcomes):
        return " ".join(str(outcome.refusal) for outcome in outcomes)
    header, arrays = build_runs(
        study,
        outcomes,
        cache.surface_view(study.base, whole(params.get("surface_step")) or 0),
        target=run_of_letter(params.get(TARGET), study),
        chosen=known_charts(params.get(PANELS), study),
    )
    if header["surface"]["key"] == params.get("have"):
        del arrays["shade"]
    return pack(header | {"live": True}, arrays)


# -- the process ---------------------------------------------------------------------------------------------


def quickly(params: Params) -> tuple[dict[str, Any], bytes]:
    """An answer as it travels: what there is to say, and the payload."""
    try:
        study, complaints = asked(params)
        if complaints:
            return {"text": " ".join(complaints)}, b""
        if not is_quick(study):
            return {"long": True}, b""
        found = answer(study, params)
    except Exception:
        return {"failed": True}, b""  # the server tries it as well, and has a log
    return ({"text": found}, b"") if isinstance(found, str) else ({}, found)


def main() -> None:
    """Answer until nobody can ask any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server; its end is ours
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # what is printed by the way is no answer
    PATIENCE.set(0)
    WORKER.at_once = 0  # a formula that takes one is the server's to work out
    quickly({})  # the first one need not wait for what it takes once
    requests: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_take, args=(requests,), daemon=True).start()
    with suppress(BrokenPipeError):  # whoever asked is gone
        answers.write(b'{"ready": true}\n')
        while True:
            answers.flush()
            request = json.loads(requests.get())
            said, body = quickly(request["params"])
            answers.write(json.dumps(said | {"id": request["id"], "bytes": len(body)}).encode() + b"\n" + body)


def _take(requests: SimpleQueue[bytes]) -> None:
    """Take requests as they come; with the last of them ends the process, whatever it is at."""
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


if __name__ == "__main__":
    main()
