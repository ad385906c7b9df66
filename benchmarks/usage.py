"""What a server and its workers take of the machine, as Linux tells."""

from contextlib import suppress
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
    """Of this process and those it started; one of these that ends meanwhile takes nothing.

    Raises:
        OSError: it has ended, or this system does not tell.
    """
    here = Path(f"/proc/{process}")
    sizes = dict(line.split(":", 1) for line in (here / "smaps_rollup").read_text().splitlines()[1:])
    if "Pss" not in sizes:
        raise ProcessLookupError(f"Process {process} takes no memory: it has ended.")
    own = int(sizes["Pss"].split()[0]) * 1024
    descriptors = len(list((here / "fd").iterdir()))
    tasks = list((here / "task").iterdir())
    below = list[Usage]()
    for task in tasks:
        with suppress(OSError):  # a thread ends at any time, and so does a process
            below += [usage(int(child)) for child in (task / "children").read_text().split()]
    return Usage(
        own + sum(each.bytes for each in below),
        len(tasks) + sum(each.threads for each in below),
        descriptors + sum(each.descriptors for each in below),
    )
