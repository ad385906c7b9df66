"""One process that checks cases: a line in, ``kind seed first last``, and a line of JSON out for each of them."""

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import tests.conftest  # noqa: F401 - first of all: it says what NumPy may use, before NumPy is imported
from adamax_viz.problems.surfaces.formula_text import FormulaBusy
from adamax_viz.problems.surfaces.functions import PATIENCE
from tests.fuzz.kind import Case, kind_of, made

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0


def main() -> None:
    """Answer until nobody asks any more."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever prints, prints beside the answers
    with ExitStack() as stack:

        @cache
        def checked(name: str) -> Callable[[Any], bool]:
            return stack.enter_context(kind_of(name).checking())

        for line in sys.stdin:
            name, *numbers = line.split()
            seed, first, last = map(int, numbers)
            check = checked(name)
            print(json.dumps({"ready": True}), file=answers)
            for number in range(first, last):
                print(json.dumps(result(Case(name, seed, number), check)), file=answers)


def end_with(parent: int) -> None:
    """Nothing of this session stays when whoever started it has gone, even in the middle of a case."""
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGKILL)


def result(case: Case, check: Callable[[Any], bool]) -> dict[str, Any]:
    """What a check said of a case, and what it took."""
    given, before = made(case), peak()
    PATIENCE.set(0)
    began = time.perf_counter()
    accepted, fault = None, None
    try:
        accepted = check(given)
    except FormulaBusy:  # the machine has others to serve; whoever asks again may be answered
        accepted = False
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__}: {str(error)[:500]} ({Path(place.filename).name}:{place.lineno})"
    seconds = time.perf_counter() - began
    return {
        "number": case.number,
        "accepted": accepted,
        "fault": fault,
        "seconds": round(seconds, 6),
        "grown": peak() - before,
        "memory": memory() if case.number % 50 == 0 else None,
    }


def peak() -> int:
    """Bytes that this process has had at most so far."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def memory() -> int | None:
    """Bytes of this process and of those that it has started; None where that can't be seen."""
    try:
        return sum(_pages(entry) for entry in Path("/proc").iterdir() if entry.name.isdecimal()) * PAGE
    except OSError:
        return None


def _pages(process: Path) -> int:
    """Resident pages of a process, if it is of this one's session."""
    try:
        after_name = (process / "stat").read_text().rpartition(") ")[2].split()
    except OSError:  # it has just ended
        return 0
    return int(after_name[21]) if int(after_name[3]) == os.getsid(0) else 0


if __name__ == "__main__":
    main()
