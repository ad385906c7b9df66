"""Somebody with a page open, as the connection says it: comes, looks, presses buttons, moves knobs, leaves."""

import asyncio
import contextlib
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PLAYER = "player"  # how the name of that component ends
PATIENCE = 90.0  # seconds for an answer
_BUTTONS = "button", "download_button"


class Person:
    """One browser tab, without the browser.

    `address` is what the tab's address says of the page, `buttons` which ones there are by label, `words` what the
    last alert or progress bar says, `told` and `answered` which request of the player was the last, `waits` how long
    each answer took, in seconds.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.page, self.address = "", dict[str, str]()
        self.buttons, self.player, self.words = dict[str, str](), "", ""
        self.waits: list[float] = []
        self.faults: list[str] = []
        self.told = self.answered = 0
        self._script = ""
        self._socket: ClientConnection | None = None
        self._finished = asyncio.Event()
        self._looks: dict[str, asyncio.Task[None]] = {}  # fragments that are drawn again and again
        self._listening: asyncio.Task[None] | None = None

    # -- what a person does ------------------------------------------------------------------------------------

    async def come(self, page: str, address: dict[str, str]) -> None:
        """Open a page in a new tab and wait until it is there."""
        self.page, self.address = page, address
        uri = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        self._socket = await connect(uri, subprotocols=[Subprotocol("streamlit")], max_size=None)
        self._listening = asyncio.create_task(self._listen())
        await self._tell()

    async def press(self, label: str) -> None:
        """Press a button and wait for the page."""
        await self._tell(WidgetState(id=self.buttons[label], trigger_value=True))

    async def move(self, **fields: Any) -> None:
        """Let go of a knob of the player, and wait for the page."""
        self.told += 1
        request = {"fields": fields, "final": True, "sequence": self.told}
        events = json.dumps([{"event": "request", "value": request}])
        await self._tell(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{self.player}__events", json_trigger_value=events))

    async def leave(self) -> None:
        """Close the tab."""
        self._look_no_more(list(self._looks))
        if self._socket is not None:
            await self._socket.close()
        if self._listening is not None:
            await self._listening

    # -- the connection ----------------------------------------------------------------------------------------

    async def _tell(self, *widgets: WidgetState) -> None:
        """Say something and wait for the answer; a script that is begun anew answers once it is through."""
        begun = time.perf_counter()
        self._finished.clear()
        await self._send(widgets)
        async with asyncio.timeout(PATIENCE):
            await self._finished.wait()
        self.waits.append(time.perf_counter() - begun)

    async def _send(self, widgets: tuple[WidgetState, ...] = (), fragment: str = "") -> None:
        said = BackMsg()
        rerun = said.rerun_script
        rerun.query_string, rerun.page_script_hash = urlencode(self.address), self._script
        rerun.page_name = "" if self._script else self.page
        rerun.widget_states.widgets.extend(widgets)
        rerun.fragment_id, rerun.is_auto_rerun = fragment, bool(fragment)
        assert self._socket is not None
        await self._socket.send(said.SerializeToString())

    async def _listen(self) -> None:
        assert self._socket is not None
        with contextlib.suppress(ConnectionClosed):
            async for data in self._socket:
                assert isinstance(data, bytes)
                self._hear(ForwardMsg.FromString(data))

    def _hear(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session" if not message.metadata.run.fragment_ids:
                self._look_no_more(list(self._looks))
                self.buttons.clear()
            case "delta" if message.delta.WhichOneof("type") == "new_element":
                self._see(message.delta.new_element)
            case "navigation":
                self._script = message.navigation.page_script_hash
            case "page_info_changed":
                self.address = dict(parse_qsl(message.page_info_changed.query_string, keep_blank_values=True))
            case "auto_rerun":
                fragment, every = message.auto_rerun.fragment_id, message.auto_rerun.interval
                self._look_no_more([fragment])
                self._looks[fragment] = asyncio.create_task(self._look(fragment, every))
            case "stop_auto_rerun":
                self._look_no_more(list(message.stop_auto_rerun.fragment_ids))
            case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    self.faults.append("The script does not compile.")
                self._finished.set()

    def _see(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind in _BUTTONS:
            shown = getattr(element, kind)
            self.buttons[shown.label] = shown.id
        elif kind == "bidi_component" and element.bidi_component.component_name.endswith(PLAYER):
            self.player = element.bidi_component.id
            scene = element.bidi_component.bytes
            self.answered = json.loads(scene[4 : 4 + int.from_bytes(scene[:4], "little")])["answered"]
        elif kind == "progress":
            self.words = element.progress.text
        elif kind == "alert":
            self.words = element.alert.body
        elif kind == "exception":
            self.faults.append(element.exception.message)

    async def _look(self, fragment: str, every: float) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(every)
                await self._send(fragment=fragment)

    def _look_no_more(self, fragments: list[str]) -> None:
        for fragment in fragments:
            if task := self._looks.pop(fragment, None):
                task.cancel()
