"""Sixty people on one server, each moving the learning rate once a second, beside as many on the plain page.

They are connections that say what a browser was heard to say, each with learning rates of its own. As in the browser,
a change on the app is a direct request for the new path (what is timed), and the session, whose page is rerun then, is
told after a rest longer than theirs; on the plain page the rerun is the change.
"""

import asyncio
import json
import time
from typing import NamedTuple
from urllib.parse import quote

import numpy as np
from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.measure import table, verdict
from benchmarks.servers import APP, PLAIN, Server, chromium, new_page, serving

PEOPLE = 60
CHANGES = {APP: 8, PLAIN: 3}
SAVE_AFTER = 1.2  # seconds of rest before the player tells the session
SURFACE = "surface=himmelblau"
KNOWN_SURFACE = quote(f"{SURFACE}@0")  # the player has it since its first picture
SLIDERS = {APP: '[data-knob="learning_rate"] input[type="range"]', PLAIN: "[data-testid=stSlider] input"}


class Heard(NamedTuple):
    """What a browser says on arrival and when the learning rate changes."""

    hello: bytes
    change: bytes


def main() -> None:
    waits = {}
    for script in (APP, PLAIN):
        with serving(script) as server:
            heard = overhear(server, script)
            waits[script] = asyncio.run(crowd(server, heard, CHANGES[script], direct=script == APP))
    yardstick = np.percentile(waits[PLAIN], 95)
    rows = []
    for what, script in (("app", APP), ("plain page", PLAIN)):
        median, slow = np.percentile(waits[script], [50, 95])
        bar = ["500", verdict(slow < 500)] if script == APP else ["", ""]
        rows.append([what, f"{median:.0f}", f"{slow:.0f}", f"{slow / yardstick:.3f}", *bar])
    header = ["what", "median ms", "p95 ms", "p95, times plain", "bar (p95)", "verdict"]
    table(f"{PEOPLE} people, one change a second each, one process, default settings", header, rows)


def overhear(server: Server, script: str) -> Heard:
    """Open the page in a browser, move the learning rate, and keep what was said."""
    said: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda data: said.append(data if isinstance(data, bytes) else data.encode()))

    with chromium() as browser:
        page = new_page(browser)
        page.on("websocket", listen)
        page.goto(server.url(SURFACE))
        page.wait_for_function("bench.shown() !== undefined")
        move(page, SLIDERS[script])
        page.wait_for_function("!bench.root || !bench.state.busy")
    return Heard(said[0], next(data for data in said if changed(data, 0.1) != data))


def move(page: Page, slider: str) -> None:
    """Move the learning rate and wait for the picture."""
    before = page.evaluate("bench.shown()")
    page.locator(slider).focus()
    page.keyboard.press("ArrowRight")
    page.evaluate("(before) => bench.repainted(before)", before)


def changed(message: bytes, rate: float, sequence: int = 1) -> bytes:
    """The same change with another learning rate."""
    back = BackMsg.FromString(message)
    for state in back.rerun_script.widget_states.widgets:
        if state.WhichOneof("value") == "json_trigger_value":
            request = {"fields": {"learning_rate": rate}, "final": True, "sequence": sequence}
            state.json_trigger_value = json.dumps([{"event": "request", "value": request}])
        elif state.WhichOneof("value") == "double_array_value" and len(state.double_array_value.data) == 1:
            state.double_array_value.data[0] = rate
    return bytes(back.SerializeToString())


async def crowd(server: Server, heard: Heard, changes: int, *, direct: bool) -> list[float]:
    """Milliseconds of everybody's changes."""
    arrived = asyncio.Barrier(PEOPLE)
    people = [person(server, heard, number, changes, arrived, direct=direct) for number in range(PEOPLE)]
    return [wait for waits in await asyncio.gather(*people) for wait in waits]


async def person(
    server: Server, heard: Heard, number: int, changes: int, arrived: asyncio.Barrier, *, direct: bool
) -> list[float]:
    """Come, wait until all are there, then change the learning rate once a second, at a moment of one's own."""
    address = f"ws://127.0.0.1:{server.port}/_stcore/stream"
    waits, change = [], b""
    async with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None) as socket:
        await socket.send(heard.hello)
        await answer(socket)
        await arrived.wait()
        begun = time.perf_counter() + number / PEOPLE
        for n in range(changes):
            await asyncio.sleep(max(0.0, begun + n - time.perf_counter()))
            asked = time.perf_counter()
            rate = round(0.02 + 0.001 * number + 0.00001 * n, 5)
            change = changed(heard.change, rate, n + 1)
            if direct:
                await live(server, rate)
            else:
                await tell(socket, change)
            waits.append((time.perf_counter() - asked) * 1000)
        if direct:
            await asyncio.sleep(SAVE_AFTER)
            await tell(socket, change)
    return waits


async def live(server: Server, rate: float) -> None:
    """Ask for the path of a learning rate and read all of the answer.

    Raises:
        RuntimeError: the server refused.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    query = f"{SURFACE}&learning_rate={rate}&have={KNOWN_SURFACE}"
    writer.write(f"GET /live?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    body = await reader.read()
    writer.close()
    if b"application/octet-stream" not in body[:1000]:
        raise RuntimeError("The server refused.")


async def tell(socket: ClientConnection, message: bytes) -> None:
    """Say something to the session and wait until it has answered."""
    await socket.send(message)
    await answer(socket)


async def answer(socket: ClientConnection) -> None:
    """Wait until the server says that it is done.

    Raises:
        RuntimeError: the script failed.
    """
    async for data in socket:
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                raise RuntimeError("The script does not compile.")
            return
