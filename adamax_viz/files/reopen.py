"""Files that come back: tables, settings, offline pages and archives of this app, or a table of a user's own loop.

What is replayed are the file's numbers; only a file of settings alone has to be computed.
"""

import base64
import io
import re
import zipfile
import zlib

from adamax_viz.files.loop_table import is_link, read_loop
from adamax_viz.files.refusal import TableError, check_size, quoted
from adamax_viz.files.table import Opened, by_run, columns_of, read_rows, read_run
from adamax_viz.limits import LIMITS
from adamax_viz.runs.run import run_of
from adamax_viz.study.link import from_json, from_query, parse_query

TABLE_ID = "adamax-table"  # the element of an offline page that holds its table
_MEMBER = b"PK\x01\x02"  # begins what an archive's directory says of a file
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may take any memory to unpack
_TABLE = re.compile(rb'<script type="application/octet-stream" id="adamax-table">([A-Za-z0-9+/=]*)</script>')
_FORMULAS = ("formula", "noise_envelope")


def open_file(name: str, data: bytes) -> list[Opened]:
    """The runs of a file, whatever kind it is.

    Raises:
        TableError: it can't be replayed; the message is a sentence for its owner.
    """
    check_size(len(data))
    name = name.encode("utf-8", "replace").decode()  # whoever sends it may call it anything
    if data[:4] == b"PK\x03\x04":
        return _archive(name, data)
    if name.lower().endswith(".zip"):
        raise TableError("The file is called .zip and is no archive, or an empty one.")
    return _unpacked(name, data)


def _unpacked(name: str, data: bytes) -> list[Opened]:
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<"):
        return _page(name, data)
    if start.startswith(b"{") or name.lower().endswith(".json"):
        return [_settings(name, data)]
    return _table(name, data)


def _archive(name: str, data: bytes) -> list[Opened]:
    if (count := data.count(_MEMBER)) > LIMITS.archive_members:
        raise TableError(f"The archive has {count} files; an archive of a run has a few.")
    try:
        body = _member(data)
    except TableError:
        raise
    except Exception:  # there is no end of what damaged bytes make `zipfile` raise
        raise TableError("The archive is damaged or locked.") from None
    if body is None or body.startswith(b"PK"):
        raise TableError("The archive holds no table (.csv) and no settings (.json).")
    return _unpacked(name, body)


def _member(data: bytes) -> bytes | None:
    """The file of an archive that is opened; None if there is none."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        known = [entry for entry in packed.infolist() if entry.filename.lower().endswith((".csv", ".json"))]
        if not known:
            return None
        entry = min(known, key=_rank)
        if entry.compress_type not in _PACKINGS:
            raise TableError("The archive is packed in an uncommon way; save it as a ZIP with deflate, as usual.")
        with packed.open(entry) as file:
            body = file.read(LIMITS.file_bytes + 1)  # what the archive says of its sizes may be untrue
    _check_unpacked(body, quoted(entry.filename))
    return body


def _rank(entry: zipfile.ZipInfo) -> tuple[bool, int, bool, str]:
    """A table comes before settings, then the nearest to the archive's top, and there the one with this app's name."""
    name = entry.filename
    return name.lower().endswith(".json"), name.count("/"), name not in ("run.csv", "run.json"), name


def _check_unpacked(body: bytes, what: str) -> None:
    if len(body) > LIMITS.file_bytes:
        raise TableError(f"{what} unpacks to more than {LIMITS.file_bytes / 1e6:g} MB.")


def _page(name: str, data: bytes) -> list[Opened]:
    table = _TABLE.search(data)
    if not table:
        raise TableError("The page holds no run: it is no page that this app has saved.")
    try:
        body = zlib.decompressobj(wbits=31).decompress(base64.b64decode(table[1]), LIMITS.file_bytes + 1)
    except (ValueError, zlib.error):
        raise TableError("The page's table is damaged.") from None
    _check_unpacked(body, "The page's table")
    return _table(name, body)


def _settings(name: str, data: bytes) -> Opened:
    try:
        settings, complaints = from_json(data)
    except ValueError as error:
        raise TableError(str(error)) from None
    if settings.steps > LIMITS.shown_steps:
        words = f"{settings.steps} steps are more than the screen shows; {LIMITS.shown_steps} were run."
        settings, complaints = settings.changed(steps=LIMITS.shown_steps), [*complaints, words]
    words = "The file has settings and no numbers, so the run was computed from them."
    return Opened(name, settings, run_of(settings), [words, *complaints])


def _table(name: str, data: bytes) -> list[Opened]:
    rows = read_rows(data)
    frame = rows.frame
    labels = frame["run"].cat.categories.tolist() if "run" in frame.columns else [""]
    if not all(map(is_link, labels)):
        return [read_loop(name, frame, rows.weights, rows.notes)]
    _check_labels(labels)
    specs = [from_query(label).settings for label in labels]
    whole = all({*columns_of(spec)} <= {*frame.columns} for spec in specs)
    runs: list[Opened] = []
    for part in by_run(frame):
        _check_steps(len(part) - 1)
        runs.append(read_run(name, part, rows.notes) if whole else read_loop(name, part, rows.weights, rows.notes))
        _check_steps(runs[-1].trajectory.steps)
        if (count := sum(run.trajectory.steps for run in runs)) > LIMITS.file_rows:
            raise TableError(f"The runs of the file have {count} steps; at most {LIMITS.file_rows} are opened at once.")
    return runs


def _check_labels(labels: list[str]) -> None:
    """Refuse more runs, or runs on more formulas, than are opened at once."""
    if len(labels) > LIMITS.file_runs:
        raise TableError(f"The file has {len(labels)} runs; at most {LIMITS.file_runs} are opened at once.")
    links = [parse_query(label)[0] for label in labels]
    formulas = {link[name] for link in links for name in _FORMULAS if name in link}
    if len(formulas) > LIMITS.file_formulas:
        raise TableError(
            f"The runs of the file are on {len(formulas)} formulas; at most {LIMITS.file_formulas} are opened at once."
        )


def _check_steps(count: int) -> None:
    """Refuse longer runs than the screen shows."""
    if count > LIMITS.shown_steps:
        raise TableError(f"A run of the file has {count} steps; the screen shows {LIMITS.shown_steps}.")
