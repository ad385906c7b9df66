"""``python -m tests.corpus.freeze``: add to the corpus what is published and not yet in it.

What is frozen stays as it is, whatever the code says today: an entry is never written twice. Each run is computed
again with a start and a rate that are a little different, and only the rows before the two part are kept: beyond them
every processor has numbers of its own.
"""

from collections.abc import Callable, Mapping
from functools import cache

import tests.conftest  # noqa: F401 - first of all: it says what NumPy may use, before NumPy is imported
from tests.corpus import draws, publishing
from tests.corpus.frozen import EXACT, FILES, ON_FILES, Entry, kept, last_row, read, tolerance, write
from tests.corpus.opening import OPENERS, Nudge, Opened

DOUBLE, SINGLE = 1e-13, 1.2e-7  # how much a run in float64, and one in float32, is changed
MARGIN = 0.1  # of the tolerance, that a nudge may take
ROWS = {"published": 4, "drawn": 3}


def main() -> None:
    """Freeze what is new, page by page."""
    publishing.export(FILES)
    new = [("published", page, name, what) for page, name, what in publishing.published(FILES)]
    new += [
        ("drawn", page, f"drawn {i}", query) for page, draw in draws.DRAWN.items() for i, query in enumerate(draw())
    ]
    for kind in ROWS:
        for page in OPENERS:
            add(f"{kind}_{page}", page, {what: name for k, p, name, what in new if (k, p) == (kind, page)}, ROWS[kind])


def add(file: str, page: str, named: Mapping[str, str], most: int) -> None:
    """Entries for those links or files that the file of the corpus does not have yet."""
    entries = read(file)
    there = {entry["query"] for entry in entries}
    added = [frozen(page, name, what, most) for what, name in named.items() if what not in there]
    if added:
        write(file, [*entries, *added])
    print(f"{file}: {len(entries)} stay, {len(added)} are new")


def frozen(page: str, name: str, what: str, most: int) -> Entry:
    """One entry: a link or a file, and what it opens."""
    given = FILES / what if page in ON_FILES else what
    opened = OPENERS[page](given)
    allowed = [tolerance(page, run) for run in opened.runs]
    nudged = cache(lambda nudge: OPENERS[page](given, nudge))
    ends = [agreed(opened, i, within, nudged) for i, within in enumerate(allowed)]
    return {"name": name, "page": page, "query": what} | kept(opened, ends, allowed, most)


def agreed(opened: Opened, i: int, within: float, nudged: Callable[[Nudge], Opened]) -> int:
    """The last row at which a run is the same from a start and with a rate that are a little different.

    On a surface it parts at once from the very point where the gradient is zero; there the rate alone is changed.
    """
    size = DOUBLE if within == EXACT else SINGLE
    both = last_row(opened.runs[i], nudged(Nudge(size, size)).runs[i], within * MARGIN)
    if both or within != EXACT:
        return both
    return last_row(opened.runs[i], nudged(Nudge(0, size)).runs[i], within * MARGIN)


if __name__ == "__main__":
    main()
