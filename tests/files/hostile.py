"""Files that mean no good: every kind that is opened, damaged at random, and some that were thought out.

`hostile_file(rng)` is one at random, the same for the same seed; `CRAFTED` are those that once cost minutes, gigabytes
or a traceback. Whoever opens one gets its runs or one sentence.
"""

import base64
import gzip
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from functools import cache, partial

from adamax_viz.files.archive import archive, text_files
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import run_of
from adamax_viz.study.spec import RunSpec

File = tuple[str, bytes]
SETTINGS = RunSpec(
    surface="booth", steps=40, variables="two", clipnorm=1.0, use_ema=True, gradient_accumulation_steps=2
)
NUMBERS = (
    "1e999",
    "-1e308",
    "nan",
    "inf",
    "",
    "much",
    "1_000",
    "0x1f",
    "٣",
    "9" * 400,
    "1,5",
    "-0.0",
    "5e-324",
    "\0",
    '"',
)
NAMES = (
    "theta_x",
    "theta_y",
    "theta_",
    "run",
    "loss",
    "grad_x",
    "u_x",
    "",
    "x",
    "label",
    "a" * 1000,
    "=1+1",
    "[a](b)",
    "\n",
)
LABELS = (
    "surface=custom&formula=" + "(" * 200,
    "surface=custom&formula=x&domain=0,0,0,0",
    "surface=" + "a" * 25_000,
    "average_by_hand=1000000000",
    "steps=100000&learning_rate=1e300",
    "gradient_accumulation_steps=" + "9" * 30,
    "ema_overwrite_frequency=99999999999999999999&use_ema=true",
    "start=1e308,-1e308",
    "model=mlp",
    "&&&===&v=9",
    "http://[::1",
    "",
)
VALUES = (10**400, 1e308, -1, 0, True, None, "", "x" * 5000, [], [[]], {}, {"a": {"b": []}}, [1] * 5000, "\ud800")


# -- files as they should be ---------------------------------------------------------------------------------------


@cache
def good() -> dict[str, File]:
    """One file of each kind."""
    run, other = run_of(SETTINGS), run_of(SETTINGS.changed(learning_rate=0.1))
    table = csv_text(run, run.labels)
    several = table + csv_text(other, other.labels).split("\r\n", 1)[1]
    own = run.to_frame()[["theta_x", "theta_y", "loss", "grad_x", "grad_y"]].to_csv(index=False)
    points = "x,y,label\n" + "".join(f"{i / 10},{i % 7},{'cat' if i % 3 else 'dog'}\n" for i in range(40))
    return {
        "run": ("run.csv", table.encode()),
        "comparison": ("comparison.csv", several.encode()),
        "loop": ("loop.csv", own.encode()),
        "points": ("points.csv", points.encode()),
        "settings": ("run.json", text_files(SETTINGS, run)["run.json"].encode()),
        "archive": ("run.zip", archive(SETTINGS, text_files(SETTINGS, run), "https://lab.example/")),
        "page": ("run.html", page(gzip.compress(table.encode()))),
    }


def page(payload: bytes) -> bytes:
    """An offline page with this table, packed."""
    text = base64.b64encode(payload)
    return b'<!doctype html><script type="application/octet-stream" id="adamax-table">' + text + b"</script>"


def zipped(*files: File, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these files; names may be there twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as packed:
        for name, content in files:
            packed.writestr(zipfile.ZipInfo(name), content, packing)
    return target.getvalue()


# -- at random -----------------------------------------------------------------------------------------------------


def hostile_file(rng: random.Random) -> File:
    """A file's name and bytes."""
    if rng.random() < 0.05:
        return rng.choice(list(CRAFTED.values()))()
    name, data = good()[rng.choice(list(good()))]
    data = _damaged(rng, name, data)
    match rng.randrange(12):
        case 0:
            return "run.zip", zipped((rng.choice(["run.csv", "run.json", "a/../../b.csv", "/etc/c.csv"]), data))
        case 1:
            return "run.html", page(gzip.compress(data))
        case 2:
            return rng.choice(["a.json", "a.csv", "a.html", "a.zip", "", "](http://a)"]), data
    return name, data


def _damaged(rng: random.Random, name: str, data: bytes) -> bytes:
    """The file with one to three things changed, some of which know what kind it is."""
    ways = [*_OF_BYTES]
    if name.endswith(".csv"):
        ways += _OF_TABLES * 2
    if name.endswith(".json"):
        ways += [_settings] * 8
    for way in rng.choices(ways, k=rng.randint(1, 3)):
        data = way(rng, data)
    return data


def _truncated(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _flipped(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 3, 30])):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _inserted(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    piece = rng.choice([b"\0", b'"', b"\r", b"\n", b"\xff", b"PK\x01\x02", b",", b"<", "é".encode("latin-1")])
    return data[:at] + piece * rng.choice([1, 2, 5000]) + data[at:]


def _repeated(rng: random.Random, data: bytes) -> bytes:
    first, last = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return data[:last] + data[first:last] + data[last:]


def _encoded(rng: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return rng.choice([text.encode("utf-16"), text.encode("utf-32-le"), b"\xef\xbb\xbf" + data, text.encode("utf-7")])


def _ended(rng: random.Random, data: bytes) -> bytes:
    end = rng.choice([b"\r", b"\r\r\n", b"\n\n", b"\x0b", b"\xe2\x80\xa8"])
    return data.replace(b"\r\n", b"\n").replace(b"\n", end)


def _cells(data: bytes) -> list[list[str]]:
    return [line.split(",") for line in data.decode("utf-8", "replace").splitlines()] or [[""]]


def _joined(cells: list[list[str]], separator: str = ",") -> bytes:
    return "\n".join(separator.join(row) for row in cells).encode("utf-8", "replace") + b"\n"


def _separated(rng: random.Random, data: bytes) -> bytes:
    return _joined(_cells(data), rng.choice([";", "\t", "|", " ", ",,"]))


def _number(rng: random.Random, data: bytes) -> bytes:
    cells = _cells(data)
    for _ in range(rng.choice([1, 1, 5])):
        row = rng.choice(cells)
        if row:
            row[rng.randrange(len(row))] = rng.choice(NUMBERS)
    return _joined(cells)


def _header(rng: random.Random, data: bytes) -> bytes:
    cells = _cells(data)
    for _ in range(rng.choice([1, 3])):
        cells[0][rng.randrange(len(cells[0]))] = rng.choice(NAMES)
    return _joined(cells)


def _shuffled(rng: random.Random, data: bytes) -> bytes:
    cells = _cells(data)
    order = rng.choices(range(len(cells[0])), k=len(cells[0])) if rng.random() < 0.5 else []
    order = order or rng.sample(range(len(cells[0])), rng.randint(1, len(cells[0])))
    return _joined([[row[i] for i in order if i < len(row)] for row in cells])


def _rows(rng: random.Random, data: bytes) -> bytes:
    header, *rows = _cells(data)
    rng.shuffle(rows)
    return _joined([header, *rows[: rng.randint(0, len(rows))]])


def _labelled(rng: random.Random, data: bytes) -> bytes:
    header, *rows = _cells(data)
    label = rng.choice(LABELS)
    kept = [row[1:] if header[0] == "run" else row for row in (header, *rows)]
    return _joined([["run", *kept[0]], *([f'"{label}"', *row] for row in kept[1:])])


def _settings(rng: random.Random, data: bytes) -> bytes:
    try:
        values = json.loads(data)
    except ValueError:
        return data
    if not isinstance(values, dict):
        return data
    for _ in range(rng.randint(1, 4)):
        values[rng.choice([*RunSpec.model_fields, "version", "warp", "[a](b)"])] = rng.choice(VALUES)
    return json.dumps(values).encode()


_OF_BYTES = (_truncated, _flipped, _inserted, _repeated, _encoded, _ended)
_OF_TABLES = [_separated, _number, _header, _shuffled, _rows, _labelled]


# -- thought out -----------------------------------------------------------------------------------------------------


def _table(header: str, row: str, count: int) -> File:
    return "a.csv", (header + row * count).encode()


def _linked(labels: list[str]) -> File:
    rows = "".join(f'"{label}",{i},2\n"{label}",2,{i}\n' for i, label in enumerate(labels))
    return "a.csv", f"run,theta_x,theta_y\n{rows}".encode()


def _run_with(old: str, new: str) -> File:
    name, data = good()["run"]
    return name, data.replace(old.encode(), new.encode())


def _patched(data: bytes, *changes: tuple[bytes, int, bytes]) -> bytes:
    """An archive with other bytes so far behind the first of a mark."""
    changed = bytearray(data)
    for mark, offset, new in changes:
        at = data.index(mark) + offset
        changed[at : at + len(new)] = new
    return bytes(changed)


def _broken(packing: int) -> File:
    data = zipped(("run.csv", b"a,b\n" + b"1,2\n" * 2000), packing=packing)
    return "a.zip", _patched(data, (b"run.csv", 9, b"\xff" * 8))


def _lying(*changes: tuple[bytes, int, bytes]) -> File:
    return "a.zip", _patched(zipped(good()["loop"]), *changes)


def _symlink() -> File:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        link = zipfile.ZipInfo("run.csv")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    return "a.zip", target.getvalue()


def _zipped(*files: File, packing: int = zipfile.ZIP_DEFLATED) -> File:
    return "a.zip", zipped(*files, packing=packing)


def _many(count: int) -> File:
    """An archive whose directory has a file so many times."""
    data = zipped(("a.csv", b""))
    at, end = data.index(_DIRECTORY), data.index(_END)
    data = data[:at] + data[at:end] * count + data[end:]
    size = struct.pack("<HHL", count & 0xFFFF, count & 0xFFFF, (end - at) * count)
    return "a.zip", _patched(data, (_END, 8, size))


def _twice() -> File:
    name, data = good()["loop"]
    both = zipped((name, data), (name[:-1] + "w", data[:-40]))
    return "a.zip", both.replace(name[:-1].encode() + b"w", name.encode())


def _bomb_in_bomb() -> File:
    data = b"0" * 10_000_000
    for _ in range(5):
        data = zipped(("run.csv", data))
    return "a.zip", data


def _json(text: str) -> File:
    return "a.json", text.encode()


_XY = "theta_x,theta_y\n"
_DIRECTORY, _END = b"PK\x01\x02", b"PK\x05\x06"
CRAFTED: dict[str, Callable[[], File]] = {
    "a header of commas": partial(_table, "theta_x,theta_y" + "," * 100_000 + "\n", "1,2\n", 2),
    "nothing but commas": partial(_table, "," * 100_000 + "\n", "", 0),
    "a hundred thousand names": lambda: _table(",".join(f"a{i}" for i in range(100_000)) + "\n", "1,2\n", 2),
    "as many weights as are read": lambda: _table(
        ",".join(f"theta_{i}" for i in range(20_000)) + "\n", "1," * 19_999 + "2\n", 400
    ),
    "commas in every row": partial(
        _table, ",".join(map(str, range(19_990))) + ",theta_x,theta_y\n", "," * 19_999 + "\n", 900
    ),
    "a row of commas": partial(_table, _XY, "," * 15_000_000, 1),
    "a name without end": partial(_table, "theta_x,theta_" + "y" * 100_000 + "\n", "1,2\n", 2),
    "many rows": partial(_table, _XY, "1,2\n", 4_500_000),
    "as many rows as are read": partial(_table, "theta_x,theta_y,loss,lr\n", "1,2,3,4\n", 99_000),
    "many points": partial(_table, "x,y,label\n", "1,2,a\n", 300_000),
    "many commas in points": lambda: _table("x,y,label" + "," * 100_000 + "\n", "1,2,a\n1,2,b\n", 30),
    "a long label": lambda: ("points.csv", b"x,y,label\n" + b"1,2,a\n" * 4000 + b"1,2," + b"b" * 19_000 + b"\n"),
    "a million empty rows": partial(_table, _XY, "\n", 10_000_000),
    "a million empty rows first": partial(_table, "\n" * 15_000_000, _XY + "1,2\n2,3\n", 1),
    "line ends of a carriage alone": partial(_table, "theta_x,theta_y\r", "1,2\r", 4_000_000),
    "a quote that is never closed": partial(_table, _XY + '"', "1,2\n", 4_000_000),
    "a row of many lines": partial(_table, _XY, '"\n",', 50_000),
    "a long cell": partial(_table, _XY, "1" * 120_000 + ",1\n", 100),
    "a longer cell": partial(_table, _XY, "1" * 10_000_000 + ",1\n", 1),
    "wide letters": partial(_table, _XY, "\U0001f600" * 5 + ",1\n", 90_000),
    "decimal commas": partial(_table, "theta_x;theta_y;loss\n", "1,5;2,5;,5\n", 99_000),
    "twenty thousand runs": lambda: _linked([f"surface=booth&seed={i}" for i in range(20_000)]),
    "runs on many formulas": lambda: _linked([f"surface=custom&formula=x*{i}" for i in range(20)]),
    "a link of many names": lambda: _linked(["surface=booth" + "".join(f"&k{i}=1" for i in range(2500))]),
    "weights at both ends": partial(_table, _XY, "1.7e308,-1.7e308\n-1.7e308,1.7e308\n", 3),
    "updates that are no counts": lambda: _run_with(",True,", "e300,True,"),
    "a run of a billion gradients a step": lambda: _run_with("steps=40", "average_by_hand=1000000000"),
    "brackets": lambda: _json("[" * 100_000),
    "braces": lambda: _json('{"a":' * 100_000),
    "a start in brackets": lambda: _json('{"start":' + "[" * 900 + "]" * 900 + "}"),
    "a number of a million digits": lambda: _json('{"steps": ' + "9" * 1_000_000 + "}"),
    "a number of four thousand digits": lambda: _json('{"steps": ' + "9" * 4200 + "}"),
    "names without end": lambda: _json("{" + ",".join(f'"k{i}":1' for i in range(1_000_000)) + "}"),
    "a list without end": lambda: _json('{"start":[' + ",".join(["1"] * 5_000_000) + "]}"),
    "parameters without end": lambda: _json('{"parameters":{' + ",".join(f'"k{i}":"a"' for i in range(60_000)) + "}}"),
    "a formula without end": lambda: _json('{"surface":"custom","formula":"' + "x+" * 4_000_000 + '"}'),
    "a billion gradients a step": lambda: _json('{"steps": 1, "average_by_hand": 1000000000}'),
    "an archive of many": partial(_many, 100_000),
    "an archive of one name": _twice,
    "an archive of ways out": lambda: _zipped(("../../run.csv", good()["loop"][1]), ("/etc/passwd.csv", b"a")),
    "an archive in an archive": lambda: _zipped(("run.csv", zipped(good()["loop"]))),
    "a link in an archive": _symlink,
    "a bomb": lambda: _zipped(("run.csv", _XY.encode() + b"1,2\n" * 4_900_000)),
    "a larger bomb": lambda: _zipped(("run.csv", b"0" * 100_000_000)),
    "a bomb of commas": lambda: _zipped(("run.csv", _XY.encode() + b"," * 19_000_000)),
    "a bomb in a bomb": _bomb_in_bomb,
    "a bomb of LZMA": lambda: _zipped(("run.csv", b"0" * 30_000_000), packing=zipfile.ZIP_LZMA),
    "a bomb in a page": lambda: ("a.html", page(gzip.compress(b"0" * 100_000_000))),
    "broken deflate": partial(_broken, zipfile.ZIP_DEFLATED),
    "broken BZIP2": partial(_broken, zipfile.ZIP_BZIP2),
    "broken LZMA": partial(_broken, zipfile.ZIP_LZMA),
    "a packing that is none": lambda: _lying((_DIRECTORY, 10, b"\x63\x00")),
    "encrypted": lambda: _lying((b"PK\x03\x04", 6, b"\x01\x00"), (_DIRECTORY, 8, b"\x01\x00")),
    "a directory that is elsewhere": lambda: _lying((_END, 16, b"\xff\xff\xff\x7f")),
    "a directory of no size": lambda: _lying((_END, 12, b"\xff\xff\xff\x00")),
    "a member that is elsewhere": lambda: _lying((_DIRECTORY, 42, b"\xff\xff\xff\x7f")),
    "a size of four gigabytes": lambda: _lying((_DIRECTORY, 20, b"\xff\xff\xff\xfe" * 2)),
    "sizes of 64 bits": lambda: _lying((_DIRECTORY, 20, b"\xff" * 8)),
    "a name of no letters": lambda: _lying((_DIRECTORY, 8, struct.pack("<H", 0x800)), (_DIRECTORY, 46, b"\xff\xfe")),
    "no archive after all": lambda: ("a.zip", b"PK\x03\x04 and then nothing"),
    "a page of beginnings": lambda: ("a.html", page(b"")[:-9] * 200_000),
    "a page of no base": lambda: ("a.html", page(b"abc").replace(b"YWJj", b"YWJ")),
    "a page of no gzip": lambda: ("a.html", page(b"abcdefgh")),
    "a page that is cut": lambda: ("a.html", page(gzip.compress(good()["run"][1])[:-300])),
}
