"""A run as a link to pass on: what it locks, its QR code, its frame for another page.

What the people who open a link may not move: ``locked=beta_1,start``, or ``locked=all,!learning_rate``.
"""

import html
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from adamax_viz.problems.surfaces.catalogue import SURFACES
from adamax_viz.study.fields import MAIN, groups_of, in_group
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import VERSION, RunSpec
from adamax_viz.study.study import LEVEL, PARAMETERS, Study
from adamax_viz.study.training_spec import TrainingSpec

ALL, BUT = "all", "!"
START = "start"
_OWN = frozenset(PARAMETERS + name for surface in SURFACES for name in surface.parameters)
_LOCKABLE = frozenset({LEVEL, *RunSpec.model_fields, *TrainingSpec.model_fields}) | _OWN


class Locks(NamedTuple):
    """Names of settings that are locked, or (if `all_but`) of those that alone are free."""

    names: frozenset[str] = frozenset()
    all_but: bool = False

    def has(self, name: str) -> bool:
        """Whether the setting of this name is locked. A surface's own parameters have names like ``parameters.a``."""
        return (name in self.names) is not self.all_but

    def __bool__(self) -> bool:
        return self.all_but or bool(self.names)


def read_locks(text: str | None) -> Locks:
    """The locks of a link's parameter; names that no setting has lock nothing.

    >>> read_locks("beta_1,start").has("beta_1"), read_locks("beta_1,start").has("beta_2")
    (True, False)
    >>> read_locks("all,!learning_rate").has("learning_rate"), read_locks("all,!learning_rate").has("epsilon")
    (False, True)
    >>> bool(read_locks("foo"))
    False
    """
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    if ALL in parts:
        return Locks(frozenset(part.removeprefix(BUT) for part in parts if part.startswith(BUT)), True)
    return Locks(_LOCKABLE.intersection(parts))


def write_locks(locks: Locks) -> str:
    """The parameter's text, or "" if nothing is locked.

    >>> write_locks(Locks(frozenset({"start", "learning_rate"}), all_but=True))
    'all,!learning_rate,!start'
    """
    if locks.all_but:
        return ",".join([ALL, *(BUT + name for name in sorted(locks.names))])
    return ",".join(sorted(locks.names))


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
