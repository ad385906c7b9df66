"""Requests as chance deals them: every route and method, bodies that lie, and messages to the socket of a page."""

import json
import re
from contextlib import suppress
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.fuzz import asked, files, links, values
from tests.fuzz.kind import often

PATHS = (
    *("/", "/playground", "/effects", "/models", "/no-such-page", "/health", "/_stcore/health", "/_stcore/host-config"),
    *(
        "/_stcore/script-health-check",
        "/_stcore/metrics",
        "/_stcore/stream",
        "/_stcore/upload_file/a/b",
        "/media/a.png",
    ),
    *("/_stcore/bidi-components/a/b.js", "/component/a/b", "/app/static/a", "/static/a.js", "/vendor/plotly.min.js"),
    *(
        "/vendor/",
        "/live/",
        "/live/x",
        "/take",
        "/take/run.",
        "/take/run.%00",
        "/take/run.c/sv",
        "/take/run.csv/",
        "//",
        "/.",
    ),
    *("//localhost/x", "/%2e%2e/%2e%2e/etc/passwd", "/../../../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%5c..%5cx"),
    *(
        "/app/static/../../app.py",
        "/static/..%2f..%2fapp.py",
        "/_stcore/bidi-components/player/../../../app.py",
        "/%ff%fe",
    ),
    *("/_stcore/bidi-components/adamax_viz.player/%2e%2e/mount.py", "/media/../x", "/\t", "/" + "a/" * 2000, "*", "x"),
)
METHODS = (
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "get",
    "FOO",
    "G=T",
)
LINES = (
    *(
        "Range: bytes=0-10",
        "Range: bytes=-1",
        "Range: bytes=9-1,5-",
        "Range: x",
        "If-None-Match: *",
        'If-None-Match: "a"',
    ),
    *(
        "Accept-Encoding: gzip, br;q=0",
        "Accept-Encoding: \xff",
        "Expect: 100-continue",
        "Cookie: a=b; ;;=;",
        "Upgrade: h2c",
    ),
    *(
        "Referer: javascript:alert(1)",
        "Referer: http://localhost/<script>",
        "Referer: " + "a" * 9000,
        "Host: b",
        "Origin: null",
    ),
    *(
        "Content-Length: 5",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Content-Length: \xb2",
        "X: " + "a" * 70_000,
    ),
    *(
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: x",
        "Content-Type: multipart/form-data",
        "Content-Type: a",
        ": x",
        "no colon",
    ),
    *(
        "X-Forwarded-For: a, b",
        "X-Forwarded-Host: <b>",
        "X-Forwarded-Proto: javascript",
        "Connection: upgrade",
        "If-Modified-Since: x",
    ),
    *(
        "Accept-Language: " + "a," * 900,
        "Sec-WebSocket-Key: x",
        "Sec-WebSocket-Version: 99",
        "Content-Encoding: gzip",
        "Date: \0",
    ),
)


class Sent(NamedTuple):
    """What is sent, and how: whole; slowly; half of it and then nothing; left before the answer; or over a socket."""

    how: str
    data: bytes | tuple[str, list[Any]]


def make(chance: Random, _: int) -> Sent:
    """A request, or a visit over a socket."""
    if chance.random() < 0.04:
        return Sent("socket", (chance.choice(["/_stcore/stream"] * 9 + ["/live"]), [frame(chance) for _ in range(3)]))
    how = often(chance, (20, "whole"), (0.5, "slow"), (1, "half"), (1, "left"))
    data = often(chance, (12, live), (4, take), (6, anything), (1, garbage))(chance)
    return Sent(how, data)


def head(method: str, target: str, lines: list[str], body: bytes = b"") -> bytes:
    """A request's bytes."""
    start = [f"{method} {target} HTTP/1.1", *lines, "Connection: close"]
    return "\r\n".join(start).encode("utf-8", "replace") + b"\r\n\r\n" + body


def live(chance: Random) -> bytes:
    """A moving hand's request."""
    query = links.query(chance, chance.choice(["playground", "effects"]))
    if chance.random() < 0.5:
        fields = asked.fields(chance) if chance.random() < 0.9 else values.tree(chance)
        with suppress(RecursionError):
            query += f"&change={quote(json.dumps(fields).encode('utf-8', 'replace'))}"
    query += (
        f"&surface_step={quote(values.anything(chance)[:50].encode('utf-8', 'replace'))}"
        if chance.random() < 0.1
        else ""
    )
    return head(often(chance, (20, "GET"), (1, "HEAD"), (1, "POST")), target("/live", query), ["Host: a"])


def take(chance: Random) -> bytes:
    """A file to take home, with or without pictures."""
    kind = often(
        chance, (6, "csv"), (4, "json"), (3, "py"), (0.5, "html"), (0.5, "zip"), (2, chance.choice(values.HARM))
    )
    path = f"/take/run.{quote(kind.encode('utf-8', 'replace'), safe='./')}"
    query = links.query(chance, "playground") + ("" if chance.random() < 0.3 else "&steps=5")
    if chance.random() < 0.7:
        return head("GET", target(path, query), ["Host: a", *chance.choices(LINES, k=chance.randint(0, 1))])
    body = multipart(chance)
    lines = ["Host: a", f"Content-Type: multipart/form-data; boundary={chance.choice(['x', 'x', 'y', '', 'a' * 300])}"]
    length = often(chance, (6, len(body)), (1, len(body) // 2), (1, 10**9), (1, 20_000_001))
    return head("POST", target(path, query), [*lines, f"Content-Length: {length}"], body)


def multipart(chance: Random) -> bytes:
    """Parts of a form, whole or damaged."""
    body = b""
    for _ in range(often(chance, (6, chance.randint(0, 3)), (1, 50))):
        name = chance.choice(["svg", "png", "gif", "x", *values.HARM])
        file = chance.choice(["", '; filename="a.png"', f'; filename="{chance.choice(values.HARM)}"'])
        line = f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
        body += line.encode("utf-8", "replace") + chance.randbytes(chance.choice((0, 10, 3000))) + b"\r\n"
    body += chance.choice([b"--x--\r\n", b"--x--\r\n", b"", b"--x"])
    return files.wound(chance, body) if chance.random() < 0.5 else body


def anything(chance: Random) -> bytes:
    """Any method, path, headers and body."""
    method = chance.choice(METHODS)
    path = (
        chance.choice(PATHS)
        if chance.random() < 0.9
        else "/" + quote(values.anything(chance).encode("utf-8", "replace"))
    )
    query = links.query(chance, "playground")[:8000] if chance.random() < 0.3 else ""
    lines = ["Host: a"] * (chance.random() < 0.95) + chance.choices(LINES, k=chance.randint(0, 4))
    body = often(chance, (4, b""), (1, chance.randbytes(100)), (1, multipart(chance)), (1, b"5\r\nabcde\r\nzz\r\n"))
    if body and chance.random() < 0.7:
        lines.append(f"Content-Length: {len(body)}")
    data = head(method, target(path, query), lines, body)
    return files.wound(chance, data) if chance.random() < 0.15 else data


def garbage(chance: Random) -> bytes:
    """No request."""
    return often(
        chance,
        (2, chance.randbytes(chance.randint(0, 300))),
        (1, b"\x16\x03\x01" + chance.randbytes(200)),
        (1, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (1, b"GET / HTTP/9.9\r\n\r\n"),
        (1, b"GET /live\r\n\r\n"),
        (1, b"\r\n" * 3000),
        (1, b"A" * 200_000),
    )


def target(path: str, query: str) -> str:
    """Path and query as one word: what a browser would never send is encoded, mostly harmlessly."""
    word = re.sub(r"\s|[\x00-\x1f]", "+", query)
    return f"{path}?{word}" if word else path


def frame(chance: Random) -> Any:
    """A message to the server's socket."""
    match often(chance, (4, "rerun"), (2, "filled"), (1, "bytes"), (1, "text"), (0.3, "long")):
        case "bytes":
            return chance.randbytes(chance.choice((0, 1, 20, 5000)))
        case "text":
            return values.anything(chance).encode("utf-8", "replace").decode()
        case "long":
            return b"\x5a" * 3_000_000
        case "filled":
            return bytes(filled(BackMsg(), chance).SerializeToString())
    message, state = BackMsg(), BackMsg().rerun_script
    page = chance.choice(["playground", "effects", "adam_to_adamax", "models", "lessons", "reference", "open", "", "x"])
    state.query_string, state.page_name = links.query(chance, page), page
    if chance.random() < 0.4:
        for _ in range(chance.randint(1, 3)):
            widget = state.widget_states.widgets.add()
            filled(widget, chance)
            # Of other names Streamlit wants to know more, and fails for whoever has made them up.
            widget.id = f"$$ID-{chance.randbytes(4).hex()}-{chance.choice(['None', 'c_surface', 'player', 'x'])}"
    if chance.random() < 0.1:
        state.fragment_id = values.anything(chance)[:99].encode("utf-8", "replace").decode()
    message.rerun_script.CopyFrom(state)
    return bytes(message.SerializeToString())


def filled(message: Message, chance: Random, depth: int = 4) -> Message:
    """Some of its fields, with any values."""
    entries = list(message.DESCRIPTOR.fields)
    for entry in chance.sample(entries, min(len(entries), chance.randint(0, 4))):
        if entry.message_type is not None and entry.message_type.GetOptions().map_entry:
            continue
        for _ in range(chance.randint(1, 3) if entry.is_repeated else 1):
            if entry.message_type is not None:
                inner = getattr(message, entry.name)
                if depth:
                    filled(inner.add() if entry.is_repeated else inner, chance, depth - 1)
                continue
            with suppress(ValueError, TypeError):  # out of the field's range
                single = scalar(entry, chance)
                getattr(message, entry.name).append(single) if entry.is_repeated else setattr(
                    message, entry.name, single
                )
    return message


def scalar(entry: FieldDescriptor, chance: Random) -> Any:
    """A value of the field's type."""
    kinds = FieldDescriptor
    match entry.cpp_type:
        case kinds.CPPTYPE_STRING:
            text = values.anything(chance)[:3000].encode("utf-8", "replace")
            return text if entry.type == kinds.TYPE_BYTES else text.decode()
        case kinds.CPPTYPE_BOOL:
            return chance.random() < 0.5
        case kinds.CPPTYPE_DOUBLE | kinds.CPPTYPE_FLOAT:
            return chance.choice([0.0, -1.5, 1e300, float("nan"), float("inf")])
        case _:
            return chance.choice([0, 1, -1, 7, 2**31 - 1, -(2**31), 2**63 - 1])
