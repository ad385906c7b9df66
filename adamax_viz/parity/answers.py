"""Answers that take Keras a while: without this a page would wait for every comparison, each time it is drawn."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from adamax_viz.limits import LIMITS

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Answers(Generic[Question, Answer]):
    """Answers to questions, found in the background, one at a time, and kept for whoever asks the same.

    Args:
        answer: what finds an answer; runs in a thread of its own.
        key: what is the same of questions that are the same.
        most: answers that are kept.
    """

    def __init__(
        self,
        answer: Callable[[Question], Answer],
        key: Callable[[Question], str],
        most: int = LIMITS.answers_kept,
    ) -> None:
        self._answer, self._key, self._most = answer, key, most
        self._futures: dict[str, Future[Answer]] = {}  # the oldest first
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "keras")

    def ask(self, question: Question) -> None:
        """Put a question, unless it is answered or waiting already."""
        key = self._key(question)
        with self._lock:
            if key in self._futures:
                return
            self._futures[key] = self._pool.submit(self._answer, question)
            for old in [k for k, f in self._futures.items() if f.done()][: max(0, len(self._futures) - self._most)]:
                del self._futures[old]

    def forget(self, question: Question) -> None:
        """Drop an answer, so that the question can be put again; one under way is left alone."""
        key = self._key(question)
        with self._lock:
            if key in self._futures and self._futures[key].done():
                del self._futures[key]

    def asked(self, question: Question) -> bool:
        """Whether somebody has put it."""
        return self._key(question) in self._futures

    def answer(self, question: Question, wait: float | None = 0) -> Answer | None:
        """The answer, or None while there is none; waits so many seconds for it (None: as long as it takes)."""
        future = self._futures.get(self._key(question))
        if future is None:
            return None
        try:
            return future.result(wait)
        except TimeoutError:
            return None
