"""A process beside this one that answers requests: started on first need, and again when it has died.

It runs a module that first says ``{"ready": true}``, then reads a request a line, as JSON, and answers each with a line
that has its `id`; where that says so many `bytes`, they follow as they are. It ends when its input ends.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from itertools import count
from typing import IO, Any

START = 60.0  # seconds that its imports may take
END = 2.0  # seconds that it has to end
AGAIN = 1.0  # seconds from one start to the next: one that dies at once is not started all the time

Answer = dict[str, Any]
BUSY: Answer = {"busy": True}  # there are too many others
LATE: Answer = {"busy": True}  # there was no answer in time
LOST: Answer = {"lost": True}  # the process died, or can't be made


class Apart:
    """One such process. All methods may be called from any thread.

    Args:
        module: its name.
        at_once: requests that it may have; one more is answered as `BUSY`.
        seconds: for an answer.
        ends_late: whether it is ended, and so started anew, when an answer is late.
        environment: what it finds in its environment beside ours.
    """

    def __init__(
        self,
        module: str,
        at_once: int,
        seconds: float,
        *,
        ends_late: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.module, self.at_once, self.seconds, self.ends_late = module, at_once, seconds, ends_late
        self.environment = environment or {}
        self.link: Link | None = None
        self._lock = threading.Lock()
        _ALL.add(self)

    @property
    def is_ready(self) -> bool:
        """Whether an answer needs no start."""
        link = self.link
        return link is not None and link.is_alive and link.ready.done()

    def start(self) -> bool:
        """Start it if it does not run, without waiting for it; whether it was tried: not twice in a moment."""
        with self._lock:
            if self.link is not None and self.link.is_alive:
                return True
            if self.link is not None and time.monotonic() < self.link.since + AGAIN:
                return False
            self.link = Link(self.module, self.environment)
            return True

    def ask(self, request: dict[str, Any]) -> Answer:
        """The answer, that of one started anew if it died meanwhile; `BUSY`, `LATE` or `LOST` where there is none.

        What follows an answer as bytes is its `body`.
        """
        answer = self._once(request)
        return self._once(request) if answer is LOST else answer

    def _once(self, request: dict[str, Any]) -> Answer:
        try:
            if not self.start():
                return LOST
        except OSError:  # no process can be made just now
            return LOST
        link = self.link
        assert link is not None
        answer = link.ask(request, self.at_once, self.seconds)
        if answer is LATE and self.ends_late:
            link.process.kill()
        return answer

    def end(self) -> None:
        """End it, if it runs."""
        if self.link is not None:
            self.link.end()

    def forget(self) -> None:
        """A forked process has one of its own."""
        self._lock, self.link = threading.Lock(), None


class Link:
    """One process from its start to its end, and the requests that it has not answered yet."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        paths = [os.path.abspath(path) for path in sys.path]
        self.since = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # The same packages as here; one thread, for a process that forks.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1", **environment},
            process_group=0,  # a terminal's Ctrl-C does not reach it
        )
        self.ready: Future[bool] = Future()
        self.lock = threading.Lock()
        self.numbers = count()
        self.asked: dict[int, Future[Answer]] = {}
        self.is_alive = True
        self.listener = threading.Thread(target=self._listen, name=module, daemon=True)
        self.listener.start()

    def ask(self, request: dict[str, Any], at_once: int, seconds: float) -> Answer:
        """The answer, see `Apart.ask`."""
        promise: Future[Answer] = Future()
        with self.lock:
            if not self.is_alive:
                return LOST
            if len(self.asked) >= at_once:
                return BUSY
            number = next(self.numbers)
            self.asked[number] = promise
        try:
            self._say(request | {"id": number})
            return promise.result(seconds) if self.ready.result(START) else LOST
        except TooLate:
            return LATE
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
                    self._hear(json.loads(line), answers)
        finally:
            self._bury()

    def _hear(self, answer: Answer, more: IO[bytes]) -> None:
        if "ready" in answer:
            self.ready.set_result(True)
            return
        if size := answer.pop("bytes", 0):
            answer["body"] = more.read(size)
        with self.lock:
            promise = self.asked.pop(answer.pop("id"), None)
        if promise is not None:
            promise.set_result(answer)

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

    def end(self) -> None:
        """Close its input, which ends it."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.close()
            self.process.wait(END)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
        self.listener.join(END)


_ALL: "weakref.WeakSet[Apart]" = weakref.WeakSet()


@atexit.register
def _end() -> None:
    for each in list(_ALL):
        each.end()


def _forget() -> None:
    for each in list(_ALL):
        each.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
