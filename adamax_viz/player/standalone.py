"""The player and one run as a single HTML file that plays without a server and without a network.

The modules are those of `assets/`, unchanged but for the names in their imports: an import map gives each its text as a
``data:`` address. Plotly comes from the installed package, compressed; the browser unpacks it.
"""

import base64
import gzip
import hashlib
import html
import json
import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from adamax_viz.files.reopen import TABLE_ID
from adamax_viz.player.pack import Arrays, Header, pack
from adamax_viz.player.plotly_script import compressed
from adamax_viz.player.scene import surface_header
from adamax_viz.study.spec import RunSpec
from adamax_viz.views import palette
from adamax_viz.views.run.landscape import landscape

ASSETS = (Path(__file__).parent / "assets").resolve()
SNAPSHOTS = 24  # of a surface that moves
PICTURES = ("png", "svg", "gif")  # what a page alone can make, and its table
STYLES = ("base.css", "runs.css")
_IMPORT = re.compile(r'(from |import |import\()"(\.{1,2}/[\w./-]+\.js)"')


def standalone_page(header: Header, arrays: Arrays, *, table: str, link: str) -> str:
    """An HTML page of its own.

    Args:
        header, arrays: of `adamax_viz.player.scene.build_runs`, with the surface.
        table: the runs as CSV text, so that the page can be opened again as data, or "".
        link: where the same run is live, or "".
    """
    options = {"take": (*PICTURES, "csv") if table else PICTURES, "offline": True}
    complete = header | {"options": header["options"] | options, "locked": ["all"], "link": link}
    leads = link.startswith(("http://", "https://"))  # whoever asked for the page said where the app is
    back = f'<a href="{html.escape(link, quote=True)}">Open it in Adamax Lab</a> to change it.' if leads else ""
    return _PAGE.format(
        policy=_policy(),
        title=html.escape(f"{header['title']}: {'a run' if len(header['runs']) == 1 else 'runs'} of Adamax"),
        style=_style(),
        back=back,
        imports=_imports(),
        script=_SCRIPT,
        plotly=_text(compressed()),
        table_id=TABLE_ID,
        table=_packed(table.encode()),
        payload=_packed(pack(complete, arrays)),
    )


def snapshots(settings: RunSpec) -> tuple[Header, Arrays]:
    """What a page needs of a surface that moves: its part of the header, heights at several steps; else nothing."""
    problem = settings.problem()
    if not problem.functions.moves:
        return {}, {}
    steps = np.unique(np.linspace(0, settings.steps - 1, SNAPSHOTS).round())
    views = [landscape(problem, float(step)) for step in steps]
    arrays = {f"shade@{i}": view.shade.astype(np.float32).ravel() for i, view in enumerate(views)}
    return {"snapshots": [surface_header(settings, view) for view in views]}, arrays


@lru_cache(maxsize=1)
def _policy() -> str:
    """What the page may do: run its own scripts and modules, and ask no network for anything."""
    scripts = _imports().encode(), _SCRIPT.encode(), gzip.decompress(compressed())
    inline = " ".join(f"'sha256-{_text(hashlib.sha256(script).digest())}'" for script in scripts)
    return (
        f"default-src 'none'; script-src data: {inline}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _packed(data: bytes) -> str:
    return _text(gzip.compress(data, 6, mtime=0))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@lru_cache(maxsize=1)
def _imports() -> str:
    """The import map: each module's text by the name others import it under."""
    paths = sorted(ASSETS.rglob("*.js"))
    modules = {_name(path): "data:text/javascript;base64," + _text(_named(path).encode()) for path in paths}
    return json.dumps({"imports": modules})


def _name(path: Path) -> str:
    return f"adamax/{path.relative_to(ASSETS).as_posix()}"


def _named(path: Path) -> str:
    """A module's text with the names of the map in its imports."""
    text = path.read_text(encoding="utf-8")
    return _IMPORT.sub(lambda found: f'{found[1]}"{_name((path.parent / found[2]).resolve())}"', text)


@lru_cache(maxsize=1)
def _style() -> str:
    themes = [_theme("light", ":root", "m"), _theme("dark", ':root[data-theme="dark"]', "ema")]
    return "\n".join([*themes, *((ASSETS / "scenes" / name).read_text(encoding="utf-8") for name in STYLES)])


def _theme(theme: palette.Theme, selector: str, accent: str) -> str:
    """What Streamlit's variables would say."""
    return (
        f"{selector} {{ --st-background-color: {palette.BACKGROUND[theme]}; --st-text-color: {palette.INK[theme]};"
        f" --st-primary-color: {palette.QUANTITIES[accent].colour(theme).line}; color-scheme: {theme}; }}"
    )


_SCRIPT = """
import mount from "adamax/scenes/root.js";

const bytes = async (id) => {
  const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
const script = document.createElement("script");
script.textContent = new TextDecoder().decode(await bytes("plotly"));
document.head.append(script);
const data = await bytes("payload");
const dark = matchMedia("(prefers-color-scheme: dark)");
const show = () => {
  document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  mount({ parentElement: document.getElementById("player"), data, setTriggerValue() {} });
};
dark.addEventListener("change", show);
show();
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
:root {{ --st-font: "Source Sans Pro", "Source Sans", system-ui, sans-serif; }}
body {{ margin: 0 auto; max-width: 1280px; padding: 0.7rem 1.2rem 1.5rem; box-sizing: border-box;
  background: var(--st-background-color); color: var(--st-text-color); font: 16px/1.5 var(--st-font); }}
h1 {{ font-size: 1.15rem; margin: 0; }}
header {{ display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; margin-bottom: 0.5rem; }}
header p {{ margin: 0; font-size: 0.9rem; opacity: 0.85; }}
a {{ color: inherit; }}
</style>
<script type="importmap">{imports}</script>
</head>
<body>
<header><h1>{title}</h1><p>Recorded: knobs and start are as they were. {back}</p></header>
<main id="player"></main>
<script type="application/octet-stream" id="plotly">{plotly}</script>
<script type="application/octet-stream" id="{table_id}">{table}</script>
<script type="application/octet-stream" id="payload">{payload}</script>
<script type="module">{script}</script>
</body>
</html>
"""
