"""The server ends soon after it is told to, whatever is under way."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from queue import SimpleQueue
from types import FrameType
from typing import Any

from adamax_viz.apart import end_all
from adamax_viz.limits import LIMITS
from adamax_viz.ui.server.lanes import LANES

Handler = Callable[[int, FrameType | None], Any]


@asynccontextmanager
async def ends_in_time(_: object) -> AsyncIterator[None]:
    """For `st.App(lifespan=)`: from the first signal on the server has `LIMITS.ending_seconds`.

    uvicorn waits for every connection, and Python for every thread. So what runs or waits in a lane ends at once; where
    something is left all the same when time is up, the process ends as by the signal.
    """
    if threading.current_thread() is threading.main_thread():
        told: SimpleQueue[int] = SimpleQueue()  # a signal may come in the middle of anything: its `put` allows that
        threading.Thread(target=_end, args=(told, asyncio.get_running_loop()), name="ending", daemon=True).start()
        for each in (signal.SIGINT, signal.SIGTERM):
            before = signal.getsignal(each)
            if callable(before):
                signal.signal(each, partial(_pass_on, told, before))
    yield


def _pass_on(told: SimpleQueue[int], before: Handler, number: int, frame: FrameType | None) -> None:
    told.put(number)
    before(number, frame)


def _end(told: SimpleQueue[int], loop: asyncio.AbstractEventLoop) -> None:
    number = told.get()
    for lane in LANES.values():
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(lane.close)
    end_all()
    time.sleep(LIMITS.ending_seconds)
    logging.getLogger(__name__).error(
        "Something was still under way %s s after the server was told to end; it ends without.", LIMITS.ending_seconds
    )
    os._exit(128 + number)
