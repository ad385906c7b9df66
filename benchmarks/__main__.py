"""``python -m benchmarks [NAME ...]``: all of them, or the named ones."""

import importlib
import sys

NAMES = ("core", "models", "player", "crowd", "attack")


def main(names: list[str]) -> None:
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"No benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.")
    for name in names or NAMES:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
