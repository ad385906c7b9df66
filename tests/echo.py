"""A process for `tests.test_apart`: says what it is told, dies or is silent where it is told so."""

import json
import os
import sys


def main() -> None:
    if os.environ.get("ECHO") == "stillborn":
        sys.exit(1)
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("die"):
            sys.exit(1)
        if request.get("silent"):
            continue
        body = request.get("body", "").encode()
        sys.stdout.buffer.write(json.dumps({"id": request["id"], "pid": os.getpid(), "bytes": len(body)}).encode())
        sys.stdout.buffer.write(b"\n" + body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
