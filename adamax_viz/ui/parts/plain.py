"""Text that somebody else wrote, for a place where Streamlit reads Markdown: labels, captions, alerts, table cells."""

import re

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# Addresses, e-mail, emoji, icons and arrows are looked for once more in what the escapes have left: a word joiner,
# which has no width, keeps their parts apart.
_JOINED = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=[<~>-])(?=[>=-])", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Markdown that shows this text as it is, on one line.

    >>> print(plain("# *no* [link](x)"))
    \\# \\*no\\* \\[link\\]\\(x\\)
    """
    apart = _JOINED.sub(_WORD_JOINER, " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\g<0>", apart)
