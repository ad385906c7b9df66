"""What a person leaves is freed, and given back to the system, while the server goes on answering."""

import asyncio
import ctypes
import functools
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from adamax_viz.ui.server import cache
from adamax_viz.ui.server.hooks import end_lost_sessions, is_anybody_there

EVERY = 5.0  # seconds between two looks
REST = 15.0  # seconds between two times of freeing: collecting garbage holds everybody up for a moment
SWITCH = 0.001  # seconds that a thread at work may keep the interpreter from one that has an answer to give

# Places from which threads take memory: with one for each, compilers leave holes that nobody can give back.
ARENAS, _M_ARENA_MAX = 2, -8


@asynccontextmanager
async def housekeeping(_: Any) -> AsyncIterator[None]:
    """As long as the server runs."""
    sys.setswitchinterval(SWITCH)
    keeping = asyncio.create_task(_keep())
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


def share_memory() -> None:
    """Let threads take memory from the same few places; before any thread has one of its own."""
    if limit := _of_glibc("mallopt"):
        limit(_M_ARENA_MAX, ARENAS)


async def _keep() -> None:
    """End the sessions that nobody came back to, and free what they had."""
    ended, since = 0, 0.0
    while True:
        await asyncio.sleep(EVERY)
        since += EVERY
        try:
            ended += end_lost_sessions()
            if since >= REST:
                await asyncio.to_thread(free if ended else give_back)
                ended, since = 0, 0.0
        except Exception:  # the next time may go better
            logging.getLogger(__name__).exception("What people left could not be freed")


def free() -> None:
    """Free what nobody needs: what was computed and compiled for those who left, and what only garbage refers to."""
    if not is_anybody_there():
        cache.forget()
    trainings = sys.modules.get("adamax_viz.runs.training")
    if trainings is not None:  # nobody has trained otherwise
        trainings.clear_up()
    gc.collect()
    give_back()


def give_back() -> None:
    """Give unused memory back to the system, where that can be asked for; nobody waits for it."""
    if trim := _of_glibc("malloc_trim"):
        trim(0)


@functools.cache
def _of_glibc(name: str) -> Any:
    """A function of the C library's allocator; None elsewhere."""
    try:
        return getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return None
