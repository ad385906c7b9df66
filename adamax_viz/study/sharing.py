"""A run as a link to pass on: what it locks, its QR code, its frame for another page."""

import html
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from adamax_viz.study.fields import MAIN, groups_of, in_group
from adamax_viz.study.link import to_query
from adamax_viz.study.locked_settings import START, Locks, write_locks
from adamax_viz.study.spec import VERSION, RunSpec
from adamax_viz.study.study import Study


def share_link(
    address: str,
    study: RunSpec | Study,
    *,
    panels: Sequence[str] | None = None,
    locks: Locks = Locks(),  # noqa: B008 - a value, never changed
    present: bool = False,
) -> str:
    """The address of a page that shows this run: what differs from the defaults, and the version.

    >>> share_link("https://lab.example/playground", RunSpec(learning_rate=0.1))
    'https://lab.example/playground?surface=himmelblau&learning_rate=0.1&v=1'
    """
    page: dict[str, str] = {} if panels is None else {"panels": ",".join(panels)}
    if locks:
        page["locked"] = write_locks(locks)
    if present:
        page["present"] = "1"
    page["v"] = str(VERSION)
    return f"{address}?{to_query(study)}&{urlencode(page, quote_via=quote, safe=',!.')}"


def embed_snippet(link: str, title: str, height: int = 860) -> str:
    """HTML that shows the link's page, without the app's own frame, inside another page."""
    source = html.escape(f"{link}&embed=true", quote=True)
    name = html.escape(title, quote=True)
    return f'<iframe src="{source}" title="{name}" style="width: 100%; height: {height}px; border: 0"></iframe>'


def qr_svg(text: str) -> str | None:
    """A QR code of a text as an SVG element, or None if the text is too long for one (2953 bytes)."""
    import segno

    try:
        code = segno.make_qr(text, error="l")
    except segno.DataOverflowError:
        return None
    return code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)


def lockable(settings: RunSpec) -> dict[str, frozenset[str]]:
    """What can be left free or locked, by the words the screen has for it: names of settings."""
    surface = {"surface", "formula", "domain", *(knob.name for knob in settings.own_knobs())}
    singles = {entry.label: [entry] for entry in in_group(RunSpec, MAIN.name)}
    groups = {group.title: in_group(RunSpec, group.name) for group in groups_of(RunSpec)}
    names = {label: frozenset(entry.name for entry in entries) for label, entries in (singles | groups).items()}
    return {"Start point": frozenset({START}), "Surface": frozenset(surface)} | names


def only(settings: RunSpec, free: Sequence[str]) -> Locks:
    """Locks on everything but these words of `lockable`."""
    table = lockable(settings)
    return Locks(frozenset().union(*(table[label] for label in free)), all_but=True)
