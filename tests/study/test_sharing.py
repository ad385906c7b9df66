"""Links for passing on: what they say, what they lock, and that old ones open for ever."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from adamax_viz.study.link import read_params
from adamax_viz.study.sharing import Locks, embed_snippet, lockable, only, qr_svg, read_locks, share_link, write_locks
from adamax_viz.study.spec import RunSpec

ADDRESS = "https://lab.example/base/playground"
SETTINGS = RunSpec(surface="custom", formula="x**2 + 3*y**2", clipnorm=1.0)


def decode(svg):
    """What a camera reads: the code drawn by an independent library's reader."""
    import zxingcpp
    from PIL import Image

    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    image = Image.new("L", (side, side), 255)
    x, y = 0.0, 0.0
    path = re.findall(r'class="qrline"[^>]* d="([^"]+)"', svg)[0]
    for command, arguments in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(n) for n in arguments.split()]
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            for column in range(int(x), int(x + numbers[0])):
                image.putpixel((column, int(y)), 0)
            x += numbers[0]
    (found,) = zxingcpp.read_barcodes(image.resize((side * 4, side * 4), Image.Resampling.NEAREST))
    return found.text


@pytest.mark.parametrize("panels", [None, ("loss", "m")])
def test_the_link_has_what_differs_and_a_version(panels):
    link = share_link(ADDRESS, SETTINGS, panels=panels, locks=read_locks("all,!start"), present=True)
    params = dict(parse_qsl(urlsplit(link).query))
    assert link.startswith(ADDRESS + "?surface=custom")
    assert {"locked": "all,!start", "present": "1", "v": "1"}.items() <= params.items()
    assert params.get("panels") == (None if panels is None else "loss,m")
    own = frozenset({"locked", "present", "v", "panels"})
    assert read_params(RunSpec, params, own) == (SETTINGS, [])
    assert share_link(ADDRESS, RunSpec()).endswith("?surface=himmelblau&v=1")


@pytest.mark.parametrize(
    "extra", [{}, {"noise": "gaussian", "noise_envelope": "exp(-t/100)", "schedule": "CosineDecay"}]
)
def test_the_code_decodes_to_the_link(extra):
    link = share_link(ADDRESS, SETTINGS.changed(**extra))
    assert decode(qr_svg(link)) == link


def test_a_link_too_long_for_a_code_has_none():
    assert qr_svg("x" * 2954) is None


def test_the_snippet_is_one_frame_with_the_link():
    link = share_link(ADDRESS, SETTINGS)
    snippet = embed_snippet(link, 'A "title" & more')
    assert html.unescape(re.search('src="([^"]*)"', snippet)[1]) == link + "&embed=true"
    assert snippet.count("<") == 2
    assert 'title="A &quot;title&quot; &amp; more"' in snippet


@pytest.mark.parametrize("text", ["", "beta_1,start", "all", "all,!learning_rate,!start"])
def test_locks_round_trip(text):
    assert write_locks(read_locks(text)) == text
    assert bool(read_locks(text)) is bool(text)


def test_everything_can_be_left_free_and_the_rest_is_locked():
    settings = RunSpec(surface="ravine")
    table = lockable(settings)
    names = {name for group in table.values() for name in group}
    assert {"start", "surface", "steps", "seed", "use_ema"} <= names
    assert any(name.startswith("parameters.") for name in table["Surface"])
    locks = only(settings, ["Start point", "Clipping"])
    assert {name for name in names if not locks.has(name)} == {"start", *table["Clipping"]}
    assert all(only(settings, []).has(name) for name in names)
    assert not any(Locks().has(name) for name in names)
