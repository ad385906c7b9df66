"""A process for `tests.test_apart`: says what it is told, dies or is silent where it is told so."""

import json
import os
import sys


def main() -> None:
    if os.environ.get("ECHO") == "stillborn":
        sys.exit(1)
    if os.environ.get("ECHO") == "asleep":
        sys.stdin.read()
    sys.stdout.write('{"ready": true}\n')
    sys.stdout.flush()
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("die"):
            sys.exit(1)
        if request.get("silent"):
            continue
        if request.get("junk"):
            sys.stdout.write(request["junk"] + "\n")
            sys.stdout.flush()
            continue
        if request.get("half"):
            sys.stdout.write(json.dumps({"id": request["id"], "bytes": 10}) + "\nhalf")
            sys.stdout.flush()
            os._exit(0)
        body = request.get("body", "").encode()
        sys.stdout.buffer.write(json.dumps({"id": request["id"], "pid": os.getpid(), "bytes": len(body)}).encode())
        sys.stdout.buffer.write(b"\n" + body)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
