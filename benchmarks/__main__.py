"""``python -m benchmarks [NAME ...]``: all of them, or the named ones; ``soak`` takes minutes and runs alone."""

import importlib
import sys

NAMES = ("core", "models", "player", "crowd", "attack")
SOAK = "soak"


def main(names: list[str]) -> None:
    if names[:1] == [SOAK]:
        importlib.import_module(f"benchmarks.{SOAK}").main(names[1:])
        return
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"No benchmark {', '.join(sorted(unknown))}; there are {', '.join((*NAMES, SOAK))}.")
    for name in names or NAMES:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
