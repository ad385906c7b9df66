"""Timing and tables."""

import statistics
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], repeats: int = 7) -> float:
    """Median time of a call, after one that does not count."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def once(work: Callable[[], object]) -> float:
    """Time of the first call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def verdict(met: bool) -> str:
    """Whether a bar of the design is met, for a table's last column."""
    return "met" if met else "**missed**"


def table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n### {title}\n")
    for line in (header, ["---"] * len(header), *rows):
        print("| " + " | ".join(line) + " |")
