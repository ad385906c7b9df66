"""``python -m tests.fuzz --minutes N [--seed S] [KIND ...]``: all kinds until the time is over.

``--count formulas=100000`` runs so many instead; ``--case links:7:123`` runs one alone, and shows it.
"""

import argparse
import sys
import time

from tests.fuzz.driver import GROWTH, HANG, Drive, Report, Worker
from tests.fuzz.kind import NAMES, Case, made

SLOW = 3.0  # seconds of wall time that no case may take


def main(arguments: list[str]) -> int:
    """Exit code 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"some of {', '.join(NAMES)}; all if none is named")
    parser.add_argument("--minutes", type=float, help="how long, all kinds together")
    parser.add_argument("--count", nargs="+", metavar="KIND=N", default=[], help="how many of a kind, however long")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--slow", type=float, default=SLOW, help="seconds that no case may take")
    parser.add_argument("--hang", type=float, default=HANG, help="seconds after which a case is ended")
    parser.add_argument("--case", help="one case as a failure names it: KIND:SEED:NUMBER")
    asked = parser.parse_args(arguments)
    if asked.case:
        name, *numbers = asked.case.split(":")
        return one(Case(name, *map(int, numbers)))
    counts = {name: int(number) for name, _, number in (part.partition("=") for part in asked.count)}
    kinds = asked.kinds or list(counts) or list(NAMES)
    if unknown := {*kinds, *counts} - {*NAMES}:
        parser.error(f"no kind {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    untimed = [kind for kind in kinds if kind not in counts]
    if untimed and not asked.minutes:
        parser.error("--minutes or --count is needed")
    reports = []
    for kind in kinds:
        seconds = None if kind in counts else asked.minutes * 60 / len(untimed)
        drive = Drive(kind, asked.seed, count=counts.get(kind), seconds=seconds, slow=asked.slow, hang=asked.hang)
        began = time.monotonic()
        reports.append(drive.run(asked.processes))
        show(reports[-1], time.monotonic() - began)
    failed = sum(report.failed for report in reports) + sum(report.grown > GROWTH for report in reports)
    print(f"\n{failed} failures." if failed else "\nNothing failed.")
    return int(failed > 0)


def show(report: Report, seconds: float) -> None:
    """What was found of one kind."""
    parts = [
        f"{report.kind}: {report.count} in {seconds:.0f} s ({report.count / max(seconds, 1e-9):.0f} a second)",
        f"{report.accepted} accepted, {report.refused} refused, {report.failed} failed",
        f"slowest {report.slowest * 1000:.0f} ms ({report.slowest_case})",
        f"grew by {report.grown / 1e6:.0f} MB" + (" **too much**" if report.grown > GROWTH else ""),
    ]
    print("; ".join(parts), flush=True)
    for alike in report.failures.values():
        for case, words in alike:
            print(f"  --case {case}  {words}", flush=True)


def one(case: Case) -> int:
    """Show a case, and what becomes of it."""
    print(repr(made(case))[:5000], flush=True)
    worker = Worker()
    try:
        found = next(worker.run(*case, case.number + 1, HANG), None)
    finally:
        worker.stop()
    if found is None:
        print(f"hangs: no answer in {HANG:g} s")
        return 1
    words = found["fault"] or ("accepted" if found["accepted"] else "refused")
    print(f"{words}; {found['seconds'] * 1000:.0f} ms")
    return int(bool(found["fault"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
