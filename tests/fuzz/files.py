"""Files for "Open a file" and for the points of Models: those of the corpus with wounds, and some made to hurt."""

import io
import json
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from struct import pack as packed
from typing import Any

import numpy as np

from adamax_viz.files.point_table import read_points
from adamax_viz.files.reopen import open_file
from adamax_viz.files.strict_csv import TableError
from adamax_viz.files.table import Opened
from adamax_viz.player.pack import pack
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.runs.distance import compare_runs
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import labelled, run_of
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.views.run.landscape import landscape
from adamax_viz.views.run.panels import DEFAULT_PANELS, panels
from tests.corpus.frozen import FILES
from tests.fuzz import formulas, links, values
from tests.fuzz.kind import is_said, often

File = tuple[str, bytes]  # name and content
CORPUS = sorted(path.name for path in FILES.iterdir())
TABLE = b'<script type="application/octet-stream" id="adamax-table">%s</script>'


# -- files -----------------------------------------------------------------------------------------------------


def make(chance: Random, _: int) -> File:
    """A name and bytes."""
    name, data = often(chance, (5, wounded), (3, cells), (1.5, settings), (1.5, archive), (1, page), (0.7, large))(
        chance
    )
    if chance.random() < 0.1:
        name = chance.choice([*values.HARM, "", "a" * 300, name.upper(), name + ".zip", ".csv", "x.json", "x"])
    return name, data


def wounded(chance: Random) -> File:
    """One of the corpus, with wounds in its bytes or among its lines."""
    name = chance.choice(CORPUS)
    data = (FILES / name).read_bytes()
    for _ in range(chance.randint(0, 3)):
        data = often(chance, (3, wound), (2, lines), (1, cut))(chance, data)
    return name, data


def wound(chance: Random, data: bytes) -> bytes:
    """A few bytes that are others, more, or gone."""
    for _ in range(chance.randint(1, 6)):
        at = chance.randint(0, len(data))
        new = often(chance, (2, chance.randbytes(1)), (1, b""), (1, chance.choice(SPLINTERS)))
        data = data[:at] + new + data[at + chance.choice((0, 1, 1, 4)) :]
    return data


def lines(chance: Random, data: bytes) -> bytes:
    """Lines in another order, twice, or gone."""
    rows = data.splitlines(keepends=True)
    if len(rows) > 1:
        i, j = chance.randrange(len(rows)), chance.randrange(len(rows))
        match chance.randint(0, 3):
            case 0:
                rows[i], rows[j] = rows[j], rows[i]
            case 1:
                rows.insert(i, rows[j])
            case 2:
                del rows[i]
            case _:
                rows[i] = wound(chance, rows[i])
    return b"".join(rows)


def cut(chance: Random, data: bytes) -> bytes:
    """Its beginning, its end, or it twice."""
    at = chance.randint(0, len(data))
    return chance.choice([data[:at], data[at:], data + data, data[:at] * 2])


SPLINTERS = [text.encode("utf-8", "surrogatepass") for text in (*values.EDGE, *values.HARM)] + [
    *(
        b",",
        b";",
        b"\t",
        b'"',
        b'""',
        b"\n",
        b"\r",
        b"\r\n\r\n",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"PK\x03\x04",
    ),
    *(
        b"nan",
        b"inf",
        b"-",
        b"1e999",
        b"{",
        b"}",
        b"[",
        b"<",
        b"</script>",
        b",,,,,,,,",
        b"run",
        b"theta_x",
        b"#",
        b"\x1a",
    ),
]


def cells(chance: Random) -> File:
    """A table of its own making: sometimes one that can be read."""
    kind = chance.choice(["loop", "points", "run", "none"])
    header = {
        "loop": ["theta_x", "theta_y", "loss", "grad_x", "grad_y", "run", "step_x", "step_y", "lr"],
        "points": ["x", "y", chance.choice(["label", "value"])],
        "run": (FILES / "plain.csv").read_text().splitlines()[0].split(","),
        "none": [chance.choice([*values.WRONG, *values.HARM]) for _ in range(chance.randint(0, 5))],
    }[kind]
    if chance.random() < 0.4:
        header = chance.choices(header or [""], k=chance.randint(1, len(header) + 2))
    rows = often(chance, (8, chance.randint(0, 30)), (1, chance.randint(30, 300)))
    label = links.query(chance, "playground").replace("\0", "") if chance.random() < 0.5 else "a"
    bad = chance.choice([0, 0, 0.01, 0.2])

    def cell(name: str, row: int) -> str:
        if chance.random() < bad:
            return chance.choice([*values.EDGE, *values.WRONG, *values.HARM])
        if name in ("run", "label"):
            return label if name == "run" else chance.choice("ab")
        return repr(chance.uniform(-3, 3)) if chance.random() < 0.98 else str(row)

    separator = chance.choice(",,,;\t")
    end = chance.choice(["\n", "\n", "\r\n", "\r"])
    text = end.join(separator.join(quoted(cell(name, row)) for name in header) for row in range(rows))
    whole = separator.join(map(quoted, header)) + end + text
    return "table.csv", whole.encode(often(chance, (20, "utf-8"), (1, "utf-16"), (1, "latin-1")), "replace")


def quoted(cell: str) -> str:
    """A cell as CSV has it."""
    return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in ',;\t"\n\r') else cell


def settings(chance: Random) -> File:
    """A JSON of settings, or of something else."""
    names = chance.choices(links.RUN, k=chance.randint(0, 8))
    known: dict[str, Any] = {name: values.value(chance, "run", name) for name in names}
    known |= {
        name: values.tree(chance) for name in chance.choices([*links.RUN, *links.ODD_NAMES], k=chance.randint(0, 4))
    }
    known.setdefault("steps", chance.randint(1, 30))
    if chance.random() < 0.2:
        known["formula"], known["surface"] = formulas.make(chance, 0), "custom"
    try:
        text = json.dumps(known if chance.random() < 0.8 else values.tree(chance))
    except RecursionError:
        text = "[" * 100_000
    return "run.json", text.encode("utf-8", "replace")


def archive(chance: Random) -> File:
    """A ZIP: damaged, lying, nested, crowded, or about to grow."""
    target = io.BytesIO()
    method = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    with zipfile.ZipFile(target, "w", method) as made:
        for _ in range(often(chance, (6, chance.randint(0, 3)), (1, 1200))):
            inner = chance.choice(CORPUS)
            name = often(
                chance, (4, inner), (1, f"../../{inner}"), (1, f"/etc/{inner}"), (1, chance.choice(values.HARM))
            )
            made.writestr(
                name.replace("\0", "0").encode("utf-8", "replace").decode(), (FILES / inner).read_bytes()[:600]
            )
        if chance.random() < 0.5:
            made.writestr("run.csv", often(chance, (3, wounded(chance)[1]), (0.1, b"0" * 30_000_000)))
    data = target.getvalue()
    for _ in range(chance.randint(0, 3)):
        data = often(chance, (2, wound), (1, cut), (3, lie))(chance, data)
    return "archive.zip", data


def lie(chance: Random, data: bytes) -> bytes:
    """Another number in the head of an entry: its method, flags, sizes, places."""
    heads = [at for mark in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06") for at in _places(data, mark)]
    if not heads:
        return data
    at = chance.choice(heads) + chance.choice(range(4, 46, 2))
    new = packed("<H", chance.choice([0, 1, 8, 9, 12, 14, 93, 99, 255, 2048, 65535]))
    return data[:at] + new + data[at + 2 :]


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def page(chance: Random) -> File:
    """A page that plays offline, with another table."""
    _, table = often(chance, (3, wounded), (2, cells), (0.05, swollen))(chance)
    compressor = zlib.compressobj(wbits=chance.choice([31, 31, 31, 15, -15]))
    body = compressor.compress(table) + compressor.flush()
    if chance.random() < 0.3:
        body = wound(chance, body)
    whole = b"<!doctype html>" + TABLE % b64encode(body) + b"</html>"
    return "page.html", wound(chance, whole) if chance.random() < 0.3 else whole


def swollen(_: Random) -> File:
    """What packs well."""
    return "a.csv", b"theta_x,theta_y\n" + b"1,2\n" * 8_000_000


def large(chance: Random) -> File:
    """Much of the same."""
    size = often(chance, (6, 2_000), (3, 20_000), (1, 300_000))
    return often(
        chance,
        (2, ("commas.csv", b"," * size + b"\n1")),
        (2, ("columns.csv", ",".join(f"theta_{i}" for i in range(size // 6)).encode() + b"\n1,2")),
        (2, ("labels.csv", b"run,theta_x,theta_y\n" + b"".join(b"a=%d,1,2\n" % i for i in range(size // 10)))),
        (1, ("rows.csv", b"theta_x,theta_y\n" + b"1,2\n" * (size // 4))),
        (1, ("points.csv", b"x,y,label\n" + b"1,2,a\n2,1,b\n" * (size // 12))),
        (
            1,
            (
                "weights.csv",
                ",".join(f"theta_{i}" for i in range(50)).encode() + b"\n" + (b"1," * 49 + b"1\n") * (size // 100),
            ),
        ),
        (1, ("empty.csv", b"\n" * size)),
        (1, ("quotes.csv", b'"' * size)),
        (1, ("spaces.csv", b"theta_x,theta_y\n" + b" " * size + b",1")),
        (1, ("digits.csv", b"theta_x,theta_y\n" + b"1" * size + b",1\n1,2\n3,4")),
        (1, ("deep.json", b"[" * size)),
        (1, ("deep.json", b'{"a":' * size)),
        (1, ("digits.json", b'{"steps": ' + b"9" * size + b"}")),
        (1, ("names.json", json.dumps({f"n{i}": i for i in range(size // 12)}).encode())),
        (1, ("text.json", json.dumps({"formula": "x+" * (size // 2)}).encode())),
        (1, ("open.html", b'<script type="application/octet-stream" id="adamax-table">' * (size // 60))),
        (1, ("noise.bin", chance.randbytes(size))),
    )


# -- what is checked -------------------------------------------------------------------------------------------


@contextmanager
def checking() -> Iterator[Callable[[Any], bool]]:
    """With a run to compare the others with."""
    formulas.warm()
    other = run_of(RunSpec(steps=20))

    def check(file: File) -> bool:
        name, data = file
        given = name + data[:100_000].decode("utf-8", "replace")
        return any([_points(data, given), _opened(name, data, given, other)])

    yield check


def _points(data: bytes, given: str) -> bool:
    """Points of one's own, or one sentence."""
    try:
        points = read_points(data)
    except TableError as error:
        is_said(str(error), given)
        return False
    is_said(points.notes, given)
    read = points.data(0)
    assert np.isfinite(read.inputs).all()
    return True


def _opened(name: str, data: bytes, given: str, other: Any) -> bool:
    """Runs that can be replayed, compared and saved again; or one sentence."""
    try:
        runs = open_file(name, data)
    except TableError as error:
        is_said(str(error), given)
        return False
    assert runs
    for opened in runs[:2]:
        is_said(opened.complaints, given)
        _replayed(opened, other)
    return True


def _replayed(opened: Opened, other: Any) -> None:
    """As the page does; numbers that can't be drawn are a sentence there."""
    spec = opened.settings
    run = labelled(opened.trajectory, lambda _: to_query(spec) if opened.known else opened.name)
    full = {chart.key for chart in panels([run]) if any(np.isfinite(line.values).any() for line in chart.lines)}
    chosen = tuple(key for key in DEFAULT_PANELS if key in full)
    view = landscape(spec.problem(), 0)
    try:
        header, arrays = build_runs(Study(spec), alone(spec, run), view, locked=["start"], chosen=chosen)
    except Exception:  # the page says so, whatever it is
        return
    assert pack(header, arrays)
    compare_runs(run, other)
    csv_text(run, run.labels)
