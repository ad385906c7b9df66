"""Workers, watched: cases are dealt out to processes, and what they find is counted. One that hangs is ended."""

import json
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.kind import Case

ROOT = Path(__file__).parents[2]
HANG = 20.0  # seconds after which a case is ended
START = 120.0  # seconds for a worker to be ready
DEALT = 100  # cases at a time
LARGE = 300_000_000  # bytes that no case may take
GROWTH = 150_000_000  # bytes that a worker may grow by, once it is warm
WARM = 0.3  # part of the cases after which it is
SHOWN = 3  # failures of one sort that are kept, with their cases


class Worker:
    """A process that checks cases."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.fuzz.worker"]
        options: dict[str, Any] = {"start_new_session": True, "cwd": ROOT, "stderr": subprocess.DEVNULL}
        if os.environ.get("FUZZ_LOG"):
            del options["stderr"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
        self.selector = selectors.DefaultSelector()
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.rest = b""
        self.ended = self.lost = False  # whether it ended by itself; whether it is of no use any more

    def run(self, kind: str, seed: int, first: int, last: int, hang: float) -> Iterator[dict[str, Any]]:
        """What it says of each of these cases; it ends early if one hangs or ends the process.

        Raises:
            RuntimeError: it is not ready in time; with FUZZ_LOG set it says why.
        """
        assert self.process.stdin is not None
        self.process.stdin.write(f"{kind} {seed} {first} {last}\n".encode())
        self.process.stdin.flush()
        if self._line(START) is None:
            raise RuntimeError(f"The worker for {kind} did not start; FUZZ_LOG=1 shows why.")
        for _ in range(first, last):
            line = self._line(hang)
            if line is None:
                self.lost = True
                return
            yield json.loads(line)

    def _line(self, patience: float) -> bytes | None:
        end = time.monotonic() + patience
        while b"\n" not in self.rest:
            if not self.selector.select(max(0.0, end - time.monotonic())):
                return None
            assert self.process.stdout is not None
            more = self.process.stdout.read()
            if not more:
                self.ended = True
                return None
            self.rest += more
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def stop(self) -> None:
        """End it, and what it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.selector.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@dataclass
class Report:
    """What was found of one kind."""

    kind: str
    seed: int
    count: int = 0
    accepted: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_case: Case | None = None
    failed: int = 0
    failures: dict[str, list[tuple[Case, str]]] = field(default_factory=dict)  # by their sort
    grown: int = 0  # the most that a worker has grown by

    def take(self, found: dict[str, Any], slow: float) -> bool:
        """Count a case; whether it was too slow, so that it has to be looked at again."""
        case = Case(self.kind, self.seed, found["number"])
        self.count += 1
        self.accepted += found["accepted"] is True
        self.refused += found["accepted"] is False
        self.seconds += found["seconds"]
        if found["fault"]:
            self.fail(case, found["fault"])
        elif found["grown"] > LARGE:
            self.fail(case, f"takes {found['grown'] / 1e6:.0f} MB")
        if found["seconds"] > slow:
            return True
        if found["seconds"] > self.slowest:
            self.slowest, self.slowest_case = found["seconds"], case
        return False

    def fail(self, case: Case, words: str) -> None:
        """One more failure."""
        self.failed += 1
        alike = self.failures.setdefault(re.sub(r"[0-9.-]+|['“].*", "", words)[:70], [])
        if len(alike) < SHOWN:
            alike.append((case, words))


class Drive:
    """All cases of one kind, dealt to a few workers until there are enough or the time is over."""

    def __init__(
        self, kind: str, seed: int, *, count: int | None, seconds: float | None, slow: float, hang: float
    ) -> None:
        self.report = Report(kind, seed)
        self.count, self.slow, self.hang = count, slow, hang
        self.end = None if seconds is None else time.monotonic() + seconds
        self.next = 0
        self.again: list[int] = []  # cases that were slow: maybe something else was
        self.broken: RuntimeError | None = None
        self.lock = threading.Lock()

    def run(self, processes: int) -> Report:
        """Everything, with so many workers.

        Raises:
            RuntimeError: a worker does not start.
        """
        threads = [threading.Thread(target=self._serve) for _ in range(processes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.broken is not None:
            raise self.broken
        for number in self.again:
            self._look_again(number)
        return self.report

    def _deal(self) -> tuple[int, int] | None:
        """The next cases; None if there are enough."""
        with self.lock:
            first = self.next
            last = first + DEALT if self.count is None else min(first + DEALT, self.count)
            if first >= last or self._is_over():
                return None
            self.next = last
            return first, last

    def _serve(self) -> None:
        try:
            self.serve(Worker()).stop()
        except RuntimeError as error:
            self.broken = error

    def serve(self, worker: Worker) -> Worker:
        """Deal cases to a worker until there are no more; the one that is left: another, if it had to be ended.

        Raises:
            RuntimeError: a worker does not start.
        """
        memories: list[int] = []
        while (dealt := self._deal()) is not None:
            at, last = dealt
            while at < last and not self._is_over():
                try:
                    at = self._some(worker, at, last, memories)
                except RuntimeError:
                    worker.stop()
                    raise
                if worker.lost:
                    worker.stop()
                    worker, memories = Worker(), []
        self._grew(memories)
        return worker

    def _is_over(self) -> bool:
        return self.end is not None and time.monotonic() > self.end

    def _some(self, worker: Worker, first: int, last: int, memories: list[int]) -> int:
        """Run these; where to go on."""
        kind, seed, at = self.report.kind, self.report.seed, first
        for found in worker.run(kind, seed, first, last, self.hang):
            at = found["number"] + 1
            with self.lock:
                if self.report.take(found, self.slow):
                    self.again.append(found["number"])
            if found["memory"] is not None:
                memories.append(found["memory"])
        if at == last:
            return at
        words = "ends the process" if worker.ended else f"hangs: no answer in {self.hang:g} s"
        with self.lock:
            self.report.count += 1
            self.report.fail(Case(kind, seed, at), words)
        return at + 1

    def _grew(self, memories: list[int]) -> None:
        """Whether a worker has grown between the time it was warm and its end: by the medians of a few looks."""
        warm = memories[int(len(memories) * WARM) :]
        if len(warm) < 20:
            return
        few = len(warm) // 8 + 1
        grown = sorted(warm[-few:])[few // 2] - sorted(warm[:few])[few // 2]
        with self.lock:
            self.report.grown = max(self.report.grown, grown)

    def _look_again(self, number: int) -> None:
        """A slow case once more, alone."""
        case, worker = Case(self.report.kind, self.report.seed, number), Worker()
        try:
            found = next(worker.run(case.kind, case.seed, number, number + 1, self.hang), None)
        finally:
            worker.stop()
        seconds = self.hang if found is None else found["seconds"]
        if seconds > self.slow:
            self.report.fail(case, f"takes {seconds:.1f} s")
        if seconds > self.report.slowest:
            self.report.slowest, self.report.slowest_case = seconds, case
