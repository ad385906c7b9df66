"""Requests to a server of its own: every route and method, bodies that lie, clients that leave, noise on its socket."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.servers import APP, ROOT, Server
from tests.fuzz.kind import LONGEST
from tests.fuzz.requests import Sent, head, make

__all__ = ["checking", "make"]

PATIENCE = 15.0  # seconds for an answer to a request that is complete
BRIEF = 0.3  # for one to a request that is not
READ = 40_000_000  # bytes of an answer
UNFORESEEN = "not foreseen"  # what a page says where Streamlit would show a traceback


@contextmanager
def checking() -> Iterator[Callable[[Any], bool]]:
    """With a server; one that failed is replaced."""
    served = [started()]

    def check(sent: Sent) -> bool:
        try:
            accepted = over_socket(served[0], *sent.data) if sent.how == "socket" else over_http(served[0], sent)
            assert served[0].process.poll() is None, "the server has ended"
            return accepted
        except BaseException:
            served[0].stop()
            served[0] = started()
            raise

    try:
        yield check
    finally:
        served[0].stop()


def started() -> Server:
    """A server that has answered a first run."""
    server = Server(APP)
    server.wait()
    for query in ("steps=3", "effect=clipping&steps=3"):
        over_http(server, Sent("whole", head("GET", f"/live?{query}", ["Host: a"])))
    over_socket(server, "/_stcore/stream", [BackMsg(rerun_script={"page_name": "playground"}).SerializeToString()])
    return server


def over_http(server: Server, sent: Sent) -> bool:
    """Whether the answer to a request is a good one; none is due to one that is broken."""
    assert isinstance(sent.data, bytes)
    complete = sent.how == "whole" and is_complete(sent.data)
    patience = PATIENCE if complete else BRIEF
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=patience) as connection:
            answer = exchanged(connection, sent)
    except (TimeoutError, ConnectionError) as error:
        if complete:
            raise AssertionError(f"no answer within {PATIENCE:g} s: {type(error).__name__}") from None
        return False
    assert answer or not complete, "the connection was closed without an answer"
    return judged(answer)


def is_complete(data: bytes) -> bool:
    """Whether a server has to answer: a plain GET or HEAD of the usual form, to the end of its head."""
    first, _, rest = data.partition(b"\r\n")
    plain = re.fullmatch(rb"(GET|HEAD) /[\x21-\x7e]* HTTP/1\.1", first) is not None and len(data) < 40_000
    odd = re.search(
        rb"(?i)^(content-length|transfer-encoding|expect|upgrade|host: b|sec-|connection: up)", rest, re.MULTILINE
    )
    usual = rest.startswith(b"Host: a\r\n") and b"\r\n\r\n" in rest and data.isascii() and b"\0" not in data
    return plain and odd is None and usual


def exchanged(connection: socket.socket, sent: Sent) -> bytes:
    """Send it as it is to be sent, and read what comes."""
    data = sent.data
    assert isinstance(data, bytes)
    match sent.how:
        case "slow":
            for i in range(3):
                connection.sendall(data[i * len(data) // 3 : (i + 1) * len(data) // 3])
                time.sleep(0.02)
        case "half":
            connection.sendall(data[: len(data) // 2])
        case _:
            connection.sendall(data)
    if sent.how == "left":
        return b""
    answer = bytearray()
    while len(answer) < READ and not is_all(answer) and (more := connection.recv(1 << 16)):
        answer += more
    return bytes(answer)


def is_all(answer: bytes | bytearray) -> bool:
    """Whether an answer says how long it is, and is."""
    lines, end, body = answer.partition(b"\r\n\r\n")
    size = re.search(rb"(?i)\r\ncontent-length: (\d+)", lines)
    return bool(end and size) and len(body) >= int(size[1])  # type: ignore[index]


def judged(answer: bytes) -> bool:
    """Whether an answer is that of a request that could be used.

    Raises:
        AssertionError: it is an error of the server, or says too much.
    """
    if not answer:
        return False
    first = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    assert first is not None, f"no answer in HTTP: {answer[:100]!r}"
    status = int(first[1])
    lines, _, body = answer.partition(b"\r\n\r\n")
    assert status < 500 or status == 503, f"{status}: {body[:300]!r}"
    found = re.search(rb"(?i)content-type: (text/plain|application/json|text/html)", lines)
    if found and len(body) < 100_000:
        assert b"Traceback" not in body, f"{status}: a traceback"
        assert str(ROOT).encode() not in body, f"{status}: a path of the server"
        assert b"site-packages" not in body, f"{status}: a path of the server"
    if found and found[1] == b"text/plain":
        assert len(body) < 20 * LONGEST, f"{status}: {len(body)} bytes are said: {body[:100]!r}"
    return status < 400 and not (found and found[1] == b"text/plain")


def over_socket(server: Server, path: str, frames: list[Any]) -> bool:
    """Whether the pages that were asked for came, without a fault on them."""
    address = f"ws://127.0.0.1:{server.port}{path}"
    try:
        with connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None, open_timeout=PATIENCE) as client:
            end = time.monotonic() + PATIENCE
            return all(said(client, each, end) for each in frames)
    except (WebSocketException, ConnectionError):  # it need not talk to everybody
        return False


def said(client: ClientConnection, message: Any, end: float) -> bool:
    """Send a message; if it asks for a page, wait for all of it until then."""
    client.send(message)
    if not (isinstance(message, bytes) and is_for_a_page(message)):
        return True
    while time.monotonic() < end:
        try:
            data = client.recv(timeout=max(0.0, end - time.monotonic()))
        except TimeoutError:
            break
        answer = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
        element = answer.delta.new_element
        if element.HasField("exception"):
            raise AssertionError(f"on the page: {element.exception.type}: {element.exception.message[:300]}")
        assert UNFORESEEN not in element.alert.body, f"on the page: {element.alert.body}"
        if answer.WhichOneof("type") == "script_finished":
            return True
    raise AssertionError("the page did not come")


def is_for_a_page(message: bytes) -> bool:
    """Whether a message asks for a page; a part of one that there is not is never answered."""
    try:
        asked_for = BackMsg.FromString(message)
    except DecodeError:
        return False
    return asked_for.WhichOneof("type") == "rerun_script" and not asked_for.rerun_script.fragment_id
