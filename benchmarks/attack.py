"""A server under attack: what others notice of formulas made to hurt, of clients that leave, and whether it ends.

A person changes the learning rate ten times a second, on a quiet server and while ten such formulas arrive each
second, all of them different. Then clients ask for the longest runs and leave at once; and in the middle of all of it
the server is told to end.
"""

import asyncio
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random
from urllib.parse import quote

import numpy as np

from adamax_viz.limits import LIMITS
from benchmarks.crowd import KNOWN_SURFACE, SURFACE
from benchmarks.measure import table, verdict
from benchmarks.servers import APP, Server, serving
from tests.fuzz import crafted

LASTS = 20.0  # seconds of quiet, and of attack
EACH = 0.1  # seconds between two changes, and between two formulas
GIVEN_UP = 30.0  # seconds that somebody waits for an answer
SLOWER = 2.0  # times the quiet p95 that others may wait
LEAVING, NEXT = 12, 1.0  # who leaves at once, and seconds that the next may wait
ENDS = 10.0  # seconds from SIGTERM to the end
EVERYTHING = (
    "surface=custom&formula=sin(3*x)*cos(2*y)%2B(x^2%2By^2)/10&steps=20000&use_ema=true&clipnorm=1&weight_decay=0.01"
    "&noise=gaussian&gradient_accumulation_steps=4&schedule=CosineDecay"
)
HURT = (
    crafted.zero, crafted.powers_of_constants, crafted.nest, crafted.narrow_nest, crafted.tower, crafted.product
)  # fmt: skip


def main() -> None:
    with serving(APP) as server:
        quiet, attacked, answered = asyncio.run(formulas(server))
    with serving(APP) as server:
        short, long = asyncio.run(left(server))
    with serving(APP) as server:
        ended = asyncio.run(told_to_end(server))
    slow = np.percentile(quiet, 95)
    rows = [_row("a quiet server", quiet, 1.0), _row("ten formulas a second that hurt", attacked, slow, SLOWER)]
    title = f"One person, ten changes a second, for {LASTS:.0f} s; {answered} of the formulas were answered"
    table(title, ["what", "median ms", "p95 ms", "p95, times quiet", "bar", "verdict"], rows)
    rows = [
        [f"the next change after {LEAVING} who left long runs", f"{short:.2f}", f"{NEXT:g}", verdict(short < NEXT)],
        ["the next long run after them", f"{long:.2f}", "", ""],
        ["from SIGTERM to the end, under attack", f"{ended:.1f}", f"{ENDS:g}", verdict(ended < ENDS)],
    ]
    table("Leaving and ending", ["what", "seconds", "bar", "verdict"], rows)


def _row(what: str, waits: list[float], quiet: float, most: float | None = None) -> list[str]:
    median, slow = np.percentile(waits, [50, 95])
    row = [what, f"{median:.0f}", f"{slow:.0f}"]
    if most is None:
        return [*row, "", "", ""]
    return [*row, f"{slow / quiet:.2f}", f"{most:g}", verdict(slow <= most * quiet)]


async def formulas(server: Server) -> tuple[list[float], list[float], int]:
    """Milliseconds of somebody's changes without and with the attack; and how many of its formulas were answered."""
    await changes(server, 2.0)  # everything is imported
    quiet = await changes(server, LASTS)
    async with attack(server) as answered:
        attacked = await changes(server, LASTS)
    return quiet, attacked, sum(answered)


async def changes(server: Server, lasts: float) -> list[float]:
    """Milliseconds of changes, one after the other, each at its time or as soon as the one before was answered."""
    waits: list[float] = []
    begun = time.perf_counter()
    while (elapsed := time.perf_counter() - begun) < lasts:
        rate = round(0.02 + elapsed / 1000, 7)
        waits.append(1000 * await asked(server, f"{SURFACE}&learning_rate={rate}&have={KNOWN_SURFACE}"))
        await asyncio.sleep(max(0.0, begun + len(waits) * EACH - time.perf_counter()))
    return waits


async def asked(server: Server, query: str) -> float:
    """Seconds until a study is answered; who is not answered waits no longer than half a minute."""
    begun = time.perf_counter()
    with suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(GIVEN_UP):
            reader, writer = await send(server, query)
            try:
                await reader.read()
            finally:
                writer.close()
    return time.perf_counter() - begun


async def send(server: Server, query: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask, and don't wait."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET /live?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    await writer.drain()
    return reader, writer


@asynccontextmanager
async def attack(server: Server) -> AsyncIterator[list[bool]]:
    """Ten formulas a second until the block ends; whether each was answered, in the list."""
    answered: list[bool] = []
    asking: set[asyncio.Task[None]] = set()

    async def one(number: int) -> None:
        place = len(answered)
        answered.append(False)
        answered[place] = await asked(server, f"surface=custom&steps=5&formula={quote(hurting(number))}") < GIVEN_UP

    async def all_of_them() -> None:
        begun, number = time.perf_counter(), 0
        while True:
            task = asyncio.create_task(one(number))
            asking.add(task)
            number += 1
            await asyncio.sleep(max(0.0, begun + number * EACH - time.perf_counter()))

    attacker = asyncio.create_task(all_of_them())
    try:
        yield answered
    finally:
        for task in (attacker, *asking):
            task.cancel()
        await asyncio.gather(attacker, *asking, return_exceptions=True)


def hurting(number: int) -> str:
    """A formula that takes long to derive, and no other number's."""
    chance = Random(number)
    factor = f"*{1 + number / 1e4:.4f}"
    while len(text := f"({HURT[number % len(HURT)](chance)}){factor}") > LIMITS.formula_length:
        pass
    return text


async def left(server: Server) -> tuple[float, float]:
    """Seconds of the next change, and of the next long run, after those who asked for long runs and left at once."""
    await changes(server, 2.0)
    for number in range(LEAVING):
        _, writer = await send(server, f"{EVERYTHING}&seed={number}")
        writer.close()
    short = await asked(server, f"{SURFACE}&learning_rate=0.0123")
    return short, await asked(server, f"{EVERYTHING}&seed=99")


async def told_to_end(server: Server) -> float:
    """Seconds that the server takes to end in the middle of it all."""
    await changes(server, 2.0)
    async with attack(server):
        running = [await send(server, f"{EVERYTHING}&seed={number}") for number in range(LEAVING)]
        await changes(server, 3.0)
        begun = time.perf_counter()
        server.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(server.process.wait, GIVEN_UP)
        for _, writer in running:
            writer.close()
    return time.perf_counter() - begun
