"""A process beside this one that answers requests: started on first need, and again when it has died.

It runs a module that first says ``{"ready": true}``, then reads a request a line, as JSON, and answers each with a line
that has its `id`; where that says so many `bytes`, they follow as they are. It ends when its input ends.
"""

import atexit
import io
import json
import logging
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from itertools import count
from typing import Any

START = 60.0  # seconds that its imports may take
END = 2.0  # seconds that it has to end
AGAIN = 1.0  # seconds from one start to the next: one that dies at once is not started all the time

Answer = dict[str, Any]
BUSY: Answer = {"busy": True}  # there are too many others
LATE: Answer = {"busy": True, "late": True}  # there was no answer in time
LOST: Answer = {"lost": True}  # the process died, or can't be made


class Apart:
    """One such process. All methods may be called from any thread.

    Args:
        module: its name.
        at_once: requests that it may have; one more is answered as `BUSY`.
        seconds: for an answer.
        tries: how often a request is sent: again where the process died of it, or of something else.
        ends_late: whether it is ended, and so started anew, when an answer is late.
        environment: what it finds in its environment beside ours.
    """

    def __init__(
        self,
        module: str,
        at_once: int,
        seconds: float,
        *,
        tries: int = 2,
        ends_late: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.module, self.at_once, self.seconds = module, at_once, seconds
        self.tries, self.ends_late, self.environment = tries, ends_late, environment or {}
        self.link: Link | None = None
        self._lock = threading.Lock()
        self._tried = -AGAIN  # when it was last started
        _ALL.add(self)

    @property
    def is_ready(self) -> bool:
        """Whether an answer needs no start."""
        link = self.link
        return link is not None and link.is_alive and link.ready.done()

    def start(self) -> bool:
        """Start it if it does not run, without waiting for it; whether it runs then. It is not tried all the time."""
        if os.name != "posix":
            return False
        with self._lock:
            now, link = time.monotonic(), self.link
            if link is not None and link.is_alive:
                if not link.ready.done() and now > self._tried + START:
                    link.kill("it did not come up")
                return True
            if now < self._tried + AGAIN:
                return False
            self._tried = now
            try:
                self.link = Link(self.module, self.environment)
            except (OSError, RuntimeError):  # no process, or no thread, can be made just now
                return False
            return True

    def ask(self, request: dict[str, Any]) -> Answer:
        """The answer; `BUSY`, `LATE` or `LOST` where there is none. What follows it as bytes is its `body`."""
        for _ in range(self.tries):
            answer = self._once(request)
            if answer is not LOST:
                break
        return answer

    def _once(self, request: dict[str, Any]) -> Answer:
        if self.at_once < 1:
            return BUSY
        if not self.start():
            return LOST
        link = self.link
        assert link is not None
        answer = link.ask(request, self.at_once, self.seconds)
        if answer is LATE and self.ends_late:
            link.kill("an answer was late" if link.ready.done() else "it did not come up")
        return answer

    def end(self) -> None:
        """End it, if it runs."""
        if self.link is not None:
            self.link.end()

    def forget(self) -> None:
        """A forked process has one of its own."""
        self._lock, self.link = threading.Lock(), None


class Link:
    """One process from its start to its end, and the requests that it has not answered yet.

    Raises:
        OSError, RuntimeError: no process, or no thread, can be made.
    """

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        paths = [os.path.abspath(path) for path in sys.path]
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            # The same packages as here; one thread, for a process that forks.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1", **environment},
            process_group=0,  # a terminal's Ctrl-C does not reach it
        )
        assert self.process.stdin is not None
        os.set_blocking(self.process.stdin.fileno(), False)
        self.ready: Future[bool] = Future()
        self.lock, self.writing = threading.Lock(), threading.Lock()
        self.numbers = count()
        self.asked: dict[int, Future[Answer]] = {}
        self.is_alive, self.why = True, ""  # why it was ended
        self.listener = threading.Thread(target=self._listen, name=module, daemon=True)
        try:
            self.listener.start()
        except RuntimeError:
            self.process.kill()
            raise

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
            if not self.ready.result(START):
                return LOST
            until = time.monotonic() + seconds
            self._say(request | {"id": number}, until)
            return promise.result(max(0.0, until - time.monotonic()))
        except TooLate:
            return LATE
        except (OSError, ValueError):  # it has just died, or was ended: that will be noticed
            self.listener.join(END)
            return LOST
        finally:
            with self.lock:
                self.asked.pop(number, None)

    def _say(self, request: dict[str, Any], until: float) -> None:
        """Send a request; one that is sent in part only is the end of the process.

        Raises:
            TimeoutError: it takes none.
            OSError, ValueError: it has ended.
        """
        assert self.process.stdin is not None
        text = f"{json.dumps(request)}\n".encode()
        if not self.writing.acquire(timeout=max(0.0, until - time.monotonic())):
            raise TooLate
        try:
            pipe = self.process.stdin.fileno()
            while text:
                if not select.select([], [pipe], [], max(0.0, until - time.monotonic()))[1]:
                    self.kill("it took no request")
                    raise TooLate
                text = text[os.write(pipe, text) :]
        finally:
            self.writing.release()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        try:
            with io.BufferedReader(self.process.stdout) as answers:  # type: ignore[type-var]
                for line in answers:
                    if not line.endswith(b"\n"):
                        raise EOFError
                    self._hear(json.loads(line), answers)
        except EOFError:  # it died in the middle of an answer
            pass
        except Exception as error:  # whatever it is that is no answer
            self.kill(f"it said something else ({type(error).__name__}: {error})")
        finally:
            self._bury()

    def _hear(self, answer: Answer, more: io.BufferedIOBase) -> None:
        if "ready" in answer:
            self.ready.set_result(True)
            return
        if size := answer.pop("bytes", 0):
            answer["body"] = more.read(size)
            if len(answer["body"]) < size:
                raise EOFError
        with self.lock:
            promise = self.asked.pop(answer.pop("id"), None)
        if promise is not None:
            promise.set_result(answer)

    def _bury(self) -> None:
        assert self.process.stdin is not None
        was_asked = self.process.stdin.closed
        self.process.kill()  # if it has not ended by itself
        code = self.process.wait()  # leaves no zombie
        if not was_asked:
            log = logging.getLogger(__name__)
            log.warning("The process of %s has ended (%d): %s", self.listener.name, code, self.why or "by itself")
        with self.lock:
            self.is_alive = False
            left = list(self.asked.values())
        for promise in left:
            if not promise.done():
                promise.set_result(LOST)
        if not self.ready.done():
            self.ready.set_result(False)

    def kill(self, why: str) -> None:
        """End it at once; the log says why, for the first time."""
        self.why = self.why or why
        self.process.kill()

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
def end_all() -> None:
    """End all such processes for good: whoever waits for one has lost it."""
    for each in list(_ALL):
        each.at_once = 0
        each.end()


def _forget() -> None:
    for each in list(_ALL):
        each.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
