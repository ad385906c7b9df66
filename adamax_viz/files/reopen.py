"""Files that come back: tables, settings, offline pages and archives of this app, or a table of a user's own loop.

What is replayed are the file's numbers; only a file of settings alone has to be computed.
"""

import base64
import io
import lzma
import re
import zipfile
import zlib

from adamax_viz.files.loop_table import is_link, read_loop
from adamax_viz.files.strict_csv import MAX_BYTES, TableError, check_size
from adamax_viz.files.table import Opened, columns_of, read_rows, read_run
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_json, from_query

MAX_STEPS = 20_000  # rows of one run that a screen shows
MAX_ENTRIES = 1000  # of an archive
TABLE_ID = "adamax-table"  # the element of an offline page that holds its table
_DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError)  # bzip2 has but OSError
_TABLE = re.compile(rb'<script type="application/octet-stream" id="adamax-table">([A-Za-z0-9+/=]*)</script>')


def open_file(name: str, data: bytes) -> list[Opened]:
    """The runs of a file, whatever kind it is.

    Raises:
        TableError: it can't be replayed; the message is a sentence for its owner.
    """
    check_size(len(data))
    if data[:4] == b"PK\x03\x04":
        return _archive(name, data)
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        return _page(name, data)
    if start.startswith(b"{") or name.lower().endswith(".json"):
        return [_settings(name, data)]
    return _table(name, data)


def _archive(name: str, data: bytes) -> list[Opened]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if len(entries) > MAX_ENTRIES:
                raise TableError(f"The archive has {len(entries)} files; an archive of a run has a few.")
            known = [entry for entry in entries if entry.filename.lower().endswith((".csv", ".json"))]
            if known:
                entry = min(known, key=_rank)
                with packed.open(entry) as file:
                    body = file.read(MAX_BYTES + 1)  # what the archive says of its sizes may be untrue
                _check_unpacked(body, f"“{entry.filename}”")
                if not body.startswith(b"PK"):
                    return open_file(name, body)
    except (*_DAMAGES, NotImplementedError, RuntimeError) as error:
        raise TableError(f"The archive is damaged or locked: {error}.") from None
    raise TableError(f"“{name}” holds no table (.csv) and no settings (.json).")


def _rank(entry: zipfile.ZipInfo) -> tuple[bool, int, bool, str]:
    """A table comes before settings, then the nearest to the archive's top, and there the one with this app's name."""
    name = entry.filename
    return name.lower().endswith(".json"), name.count("/"), name not in ("run.csv", "run.json"), name


def _check_unpacked(body: bytes, what: str) -> None:
    if len(body) > MAX_BYTES:
        raise TableError(f"{what} unpacks to more than {MAX_BYTES // 1_000_000} MB.")


def _page(name: str, data: bytes) -> list[Opened]:
    table = _TABLE.search(data)
    if not table:
        raise TableError("The page holds no run: it is no page that this app has saved.")
    try:
        body = zlib.decompressobj(wbits=31).decompress(base64.b64decode(table[1]), MAX_BYTES + 1)
    except (ValueError, zlib.error):
        raise TableError("The page's table is damaged.") from None
    _check_unpacked(body, "The page's table")
    return _table(name, body)


def _settings(name: str, data: bytes) -> Opened:
    try:
        settings, complaints = from_json(data)
    except ValueError as error:
        raise TableError(str(error)) from None
    if settings.steps > MAX_STEPS:
        complaints = [*complaints, f"{settings.steps} steps are more than the screen shows; {MAX_STEPS} were run."]
        settings = settings.changed(steps=MAX_STEPS)
    words = "The file has settings and no numbers, so the run was computed from them."
    return Opened(name, settings, run_of(settings), [words, *complaints])


def _table(name: str, data: bytes) -> list[Opened]:
    frame, complaints = read_rows(data)
    linked = "run" in frame.columns and frame["run"].map(is_link).all()
    parts = [rows for _, rows in frame.groupby("run", sort=False)] if linked else [frame]
    whole = linked and all({*columns_of(from_query(link).settings)} <= {*frame.columns} for link in set(frame["run"]))
    read = read_run if whole else read_loop
    runs = [read(name, rows, complaints) for rows in parts]
    for opened in runs:
        if opened.trajectory.steps > MAX_STEPS:
            raise TableError(f"A run of the file has {opened.trajectory.steps} steps; the screen shows {MAX_STEPS}.")
    return runs
