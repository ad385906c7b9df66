"""The process in which formulas are derived, so that none can hang or fill the process that wants it.

``python -m adamax_viz.problems.surfaces.worker`` reads a request a line, as JSON, and forks a child for each: SymPy is
imported once, and a child can be killed. Answers come as they are ready, one a line. It ends when its input ends.
"""

import gc
import json
import os
import resource
import selectors
import signal
import sys
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.derivation import answer_to, refusal

WAITING, WORKING = 0.5, 0.9  # parts of the time for an answer: when a request gives up its place, when a child ends
POLITE_SECONDS = 0.3  # of a processor; an ordinary formula takes less, after that everybody else goes first
STUCK = 0.5  # part of a processor's time that shows that the formula is slow, and not the machine
READY, BUSY = {"ready": True}, {"busy": True}

Request = dict[str, Any]
Answer = dict[str, Any]


# -- a child -------------------------------------------------------------------------------------------------


def work(request: Request, into: int, *, among_others: bool) -> NoReturn:
    """Answer one request within bounds, and end; among others at once behind everybody else."""
    try:
        for ours in (sys.stdin.fileno(), sys.stdout.fileno()):
            os.close(ours)  # an end of the worker's is seen as such, whatever its children do
        _bound_oneself(POLITE_SECONDS * (not among_others))
        text = json.dumps(answer_to(request)).encode()
        while text:
            text = text[os.write(into, text) :]
    finally:
        os._exit(0)


def _bound_oneself(polite_after: float) -> None:
    limits = {resource.RLIMIT_CPU: LIMITS.formula_cpu_seconds, resource.RLIMIT_CORE: 0}
    if os.path.exists("/proc/self/statm"):
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        limits[resource.RLIMIT_AS] = used + LIMITS.formula_bytes
    for what, most in limits.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    if polite_after:
        signal.signal(signal.SIGVTALRM, lambda *_: os.nice(19))
        signal.setitimer(signal.ITIMER_VIRTUAL, polite_after)
    else:
        os.nice(19)


# -- the worker ----------------------------------------------------------------------------------------------


@dataclass
class Job:
    """A request and what becomes of it."""

    request: Request
    since: float = field(default_factory=time.monotonic)
    pid: int = 0
    said: bytes = b""
    was_late: bool = False

    @property
    def until(self) -> float:
        """When it is given up: a place in the queue, or the work."""
        return self.since + (WORKING if self.pid else WAITING) * LIMITS.formula_seconds


class Worker:
    """The queue and the children at work."""

    def __init__(self) -> None:
        self.waiting: deque[Job] = deque()
        self.working: dict[int, Job] = {}  # by the pipe that the child writes into
        self.unread = b""
        self.selector = selectors.DefaultSelector()
        self.source = sys.stdin.fileno()
        self.selector.register(self.source, selectors.EVENT_READ)

    def serve(self) -> None:
        """Answer until nobody can ask any more."""
        self._tell(READY)
        while self._listen():
            self._give_up_late_ones()
            while self.waiting and len(self.working) < LIMITS.formulas_at_once:
                self._start(self.waiting.popleft())
        for job in self.working.values():
            os.kill(job.pid, signal.SIGKILL)

    def _listen(self) -> bool:
        """Wait for something to do; whether there may be more."""
        until = min((job.until for job in self._jobs() if not job.was_late), default=None)
        wait = None if until is None else max(0.0, until - time.monotonic())
        for key, _ in self.selector.select(wait):
            if key.fd in self.working:
                self._hear(key.fd)
                continue
            text = os.read(self.source, 65536)
            *lines, self.unread = (self.unread + text).split(b"\n")
            self.waiting.extend(Job(json.loads(line)) for line in lines)
            if not text:
                return False
        return True

    def _jobs(self) -> Iterable[Job]:
        return [*self.waiting, *self.working.values()]

    def _give_up_late_ones(self) -> None:
        now = time.monotonic()
        while self.waiting and self.waiting[0].until <= now:
            self._tell(BUSY, self.waiting.popleft().request)
        for job in self.working.values():
            if job.until <= now and not job.was_late:
                job.was_late = True
                os.kill(job.pid, signal.SIGKILL)

    def _start(self, job: Job) -> None:
        out, into = os.pipe()
        try:
            job.pid = os.fork()
        except OSError:  # no process can be made just now
            os.close(out)
            os.close(into)
            self._tell(BUSY, job.request)
            return
        if job.pid == 0:
            work(job.request, into, among_others=bool(self.waiting or self.working))
        os.close(into)
        self.working[out] = job
        self.selector.register(out, selectors.EVENT_READ)

    def _hear(self, pipe: int) -> None:
        """Take what a child says; once it has ended, pass it on."""
        job = self.working[pipe]
        text = os.read(pipe, 65536)
        job.said += text
        if text:
            return
        self.selector.unregister(pipe)
        os.close(pipe)
        del self.working[pipe]
        _, status, used = os.wait4(job.pid, 0)
        is_whole = status == 0 and job.said
        answer = json.loads(job.said) if is_whole else verdict(job, status, used.ru_utime + used.ru_stime)
        self._tell(answer, job.request)

    def _tell(self, answer: Answer, request: Request | None = None) -> None:
        text = json.dumps(answer | ({} if request is None else {"id": request["id"]}))
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def verdict(job: Job, status: int, seconds: float) -> Answer:
    """On a formula whose child ended without an answer, after so many seconds of a processor."""
    if seconds >= STUCK * LIMITS.formula_cpu_seconds:
        return refusal("The formula takes too long to differentiate")
    was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    # Killed early, by whomever, it had no time; what ends by itself had no room.
    return BUSY if job.was_late or was_killed else refusal("The formula takes too much memory to differentiate")


def main() -> None:
    """Import SymPy, try out what every formula needs, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server; its end is ours
    answer_to({"formula": "sin(x)^2*abs(y)/2 + sqrt(x + t)*exp(y) - 0.1*x^3", "parameters": [], "hessian": False})
    gc.collect()
    gc.freeze()  # children share what is loaded
    with suppress(BrokenPipeError):  # whoever asked is gone
        Worker().serve()


if __name__ == "__main__":
    main()
