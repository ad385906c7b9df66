"""Who computes in the background waits while somebody is being answered: the interpreter runs one thread at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from adamax_viz.limits import LIMITS


class GivingWay:
    """Answers under way, and who waits for their end. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answers = 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Somebody is being answered, as long as the block takes."""
        with self._changed:
            self._answers += 1
        try:
            yield
        finally:
            with self._changed:
                self._answers -= 1
                self._changed.notify_all()

    def wait(self, most: float) -> bool:
        """Until nobody is being answered, but so many seconds at most; whether that is so."""
        if not self._answers:
            return True
        with self._changed:
            return self._changed.wait_for(lambda: not self._answers, most)


ANSWERS = GivingWay()
# Whoever computes in the background for a while: steps, compiling, pictures and planes of trainings. The other cores
# are for answers.
BACKGROUND = threading.Semaphore(LIMITS.trainings_at_once)
