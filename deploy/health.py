"""Ask the server of this container whether it is well: exit code 0 if it is, 1 if not.

With `--end` a server that was well, and then is ill three times in a row, is told to end. Docker itself only marks such
a container; it starts another one where a server has ended.
"""

import os
import signal
import sys
from http.client import HTTPException
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

TIMES = 3
WELL = (b"ok", b"busy")
DIRECT = build_opener(ProxyHandler({}))  # the environment may name a proxy for the world outside
ILL = Path(os.environ.get("TMPDIR", "/tmp")) / "adamax-ill"  # there once it was well; a byte for each time in a row


def address() -> str:
    """Of the health check, below the path at which the app is served."""
    port = os.environ.get("STREAMLIT_SERVER_PORT", "8501")
    path = os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "").strip("/")
    return f"http://127.0.0.1:{port}{'/' if path else ''}{path}/health"


def is_well() -> bool:
    """Whether the server answers in time, with a run or with others' runs."""
    try:
        with DIRECT.open(address(), timeout=6) as answer:
            return bool(answer.status == 200 and answer.read(100) in WELL)
    except (OSError, HTTPException):
        return False


def main(end: bool) -> int:
    """The exit code."""
    if is_well():
        ILL.write_bytes(b"")
        return 0
    times = ILL.read_bytes() + b"." if ILL.exists() else b""  # one that starts has its time
    if end and len(times) >= TIMES:
        ILL.unlink()
        os.kill(1, signal.SIGTERM)  # the server, or the init that passes it on
    elif times:
        ILL.write_bytes(times)
    return 1


if __name__ == "__main__":
    sys.exit(main("--end" in sys.argv))
