"""What a server and its workers take of the machine, as Linux tells."""

from pathlib import Path
from typing import NamedTuple


class Usage(NamedTuple):
    """Of a process and those it started."""

    bytes: int  # in memory, what is shared with others in parts
    threads: int
    descriptors: int

    def row(self) -> list[str]:
        """For a table."""
        return [f"{self.bytes / 1e6:.0f}", str(self.threads), str(self.descriptors)]


def usage(process: int) -> Usage:
    """Of this process and those it started, 0 where that can't be seen."""
    here = Path(f"/proc/{process}")
    try:
        sizes = dict(line.split(":", 1) for line in (here / "smaps_rollup").read_text().splitlines()[1:])
        own = int(sizes["Pss"].split()[0]) * 1024
        descriptors = len(list((here / "fd").iterdir()))
        tasks = list((here / "task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return Usage(0, 0, 0)
    below = [usage(child) for child in children]
    return Usage(
        own + sum(each.bytes for each in below),
        len(tasks) + sum(each.threads for each in below),
        descriptors + sum(each.descriptors for each in below),
    )
