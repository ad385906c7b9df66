"""The worker as seen from the process that wants formulas: started on first need, and again when it has died.

Where processes can't be forked (Windows), formulas are derived in this process, and a hostile one may hang it.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from itertools import count
from typing import Any

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.derived import Derived, derived_of
from adamax_viz.problems.surfaces.formula_text import FormulaBusy, FormulaError

COMMAND = ("-m", "adamax_viz.problems.surfaces.worker")
START = 60.0  # seconds that SymPy's import may take
END = 2.0  # seconds that the worker has to end

Answer = dict[str, Any]
BUSY: Answer = {"busy": True}
LOST: Answer = {"lost": True}  # the worker died


def derive(formula: str, parameters: tuple[str, ...] = ()) -> Derived:
    """All that is derived from a formula, but for its second derivatives.

    Raises:
        FormulaError: the formula is refused, or takes too long.
        FormulaBusy: there are too many others.
    """
    return derived_of(_ask(formula, parameters, hessian=False)["derived"])


def derive_hessian(formula: str, parameters: tuple[str, ...] = ()) -> str:
    """The text of a formula's second derivatives.

    Raises:
        FormulaError, FormulaBusy: as `derive`.
    """
    return str(_ask(formula, parameters, hessian=True)["hessian"])


def start() -> None:
    """Start the worker now, so that the first formula need not wait for SymPy."""
    if hasattr(os, "fork"):
        _the_link()


class _Link:
    """One worker, and the requests that it has not answered yet."""

    def __init__(self) -> None:
        paths = [os.path.abspath(path) for path in sys.path]
        self.process = subprocess.Popen(
            [sys.executable, *COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The same packages as here; one thread, for a process that forks.
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"},
            process_group=0,  # a terminal's Ctrl-C does not reach it
        )
        self.ready: Future[bool] = Future()
        self.lock = threading.Lock()
        self.numbers = count()
        self.asked: dict[int, Future[Answer]] = {}
        self.is_alive = True
        self.listener = threading.Thread(target=self._listen, name="formulas", daemon=True)
        self.listener.start()

    def ask(self, request: dict[str, Any]) -> Answer:
        promise: Future[Answer] = Future()
        with self.lock:
            if not self.is_alive:
                return LOST
            if len(self.asked) >= LIMITS.formulas_at_once + LIMITS.formulas_waiting:
                return BUSY
            number = next(self.numbers)
            self.asked[number] = promise
        try:
            self._say(request | {"id": number})
            return promise.result(LIMITS.formula_seconds) if self.ready.result(START) else LOST
        except TooLate:
            return BUSY
        except OSError:  # it has just died, and that will be noticed
            self.listener.join(END)
            return LOST
        finally:
            with self.lock:
                self.asked.pop(number, None)

    def _say(self, request: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        with self.lock:
            self.process.stdin.write(f"{json.dumps(request)}\n".encode())
            self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        try:
            with self.process.stdout as answers:
                for line in answers:
                    self._hear(json.loads(line))
        finally:
            self._bury()

    def _bury(self) -> None:
        self.process.kill()  # if it has not ended by itself
        self.process.wait()  # leaves no zombie
        with self.lock:
            self.is_alive = False
            left = list(self.asked.values())
        for promise in left:
            promise.set_result(LOST)
        if not self.ready.done():
            self.ready.set_result(False)

    def _hear(self, answer: Answer) -> None:
        if "ready" in answer:
            self.ready.set_result(True)
            return
        with self.lock:
            promise = self.asked.pop(answer.pop("id"), None)
        if promise is not None:
            promise.set_result(answer)

    def end(self) -> None:
        """Close its input, which ends it."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.close()
            self.process.wait(END)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
        self.listener.join(END)


_lock = threading.Lock()
_links: list[_Link] = []  # none or one


def _the_link() -> _Link:
    with _lock:
        if not _links or not _links[0].is_alive:
            _links[:] = [_Link()]
        return _links[0]


def _ask(formula: str, parameters: tuple[str, ...], *, hessian: bool) -> Answer:
    request = {"formula": formula, "parameters": list(parameters), "hessian": hessian}
    answer = _once(request)
    if "busy" in answer:
        raise FormulaBusy()
    if "refusal" in answer:
        raise FormulaError(*answer["refusal"])
    return answer


def _once(request: dict[str, Any]) -> Answer:
    if not hasattr(os, "fork"):
        from adamax_viz.problems.surfaces.derivation import answer_to

        return answer_to(request)
    answer = _from_worker(request)
    if answer is LOST:
        answer = _from_worker(request)
    return BUSY if answer is LOST else answer


def _from_worker(request: dict[str, Any]) -> Answer:
    try:
        return _the_link().ask(request)
    except OSError:  # no process can be made just now
        return LOST


@atexit.register
def _end() -> None:
    for link in _links:
        link.end()


def _forget() -> None:
    """A forked process has a worker of its own."""
    global _lock
    _lock = threading.Lock()
    _links.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
