"""Somebody's text as Markdown that shows it: nothing is lost, and no sign is left that Markdown knows.

What a browser makes of it: `tests/browser/test_text.py`.
"""

import re
import string

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from adamax_viz.ui.parts.plain import plain

SIGNS = st.text(st.sampled_from(string.punctuation + "ab1 w.\n\t\u202e"), max_size=40)
# What Streamlit looks for in the text that is left once Markdown's own signs are read.
LATER = re.compile(
    r"https?://|www\.|[-.\w+]@[-\w]|:\w[\w+-]*:|(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)", re.IGNORECASE | re.ASCII
)


def shown(markdown: str) -> str:
    """What a reader of Markdown makes of text without any sign that is not escaped."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


@hypothesis_settings(derandomize=True, max_examples=300)
@given(SIGNS | st.text(max_size=40))
def test_every_sign_is_escaped_and_the_text_is_whole(text):
    markdown = plain(text)
    assert not re.search(r"(?<!\\)(\\\\)*[!-/:-@\[^-`{-~]", re.sub(r"\\[!-/:-@\[-`{-~]", "", markdown))
    assert shown(markdown).replace("\u2060", "") == " ".join(text.split()).replace("\u2060", "")
    assert not LATER.search(shown(markdown))
    assert "\n" not in markdown


@pytest.mark.parametrize(
    "text",
    [
        "http://a.example",
        "HTTPS://a.example",
        "WWW.a.example",
        "me@a.example",
        ":streamlit:",
        ":material/home:",
        "a -> b",
    ],
)
def test_what_is_found_after_the_signs_is_taken_apart(text):
    assert not LATER.search(shown(plain(text)))
