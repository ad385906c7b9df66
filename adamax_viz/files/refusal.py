"""Why a file is not opened: one sentence for its owner, in which the file's own texts are short."""

from adamax_viz.limits import LIMITS

_QUOTED = 30  # characters of a text of the file that a sentence repeats


class TableError(ValueError):
    """A file that can't be used; the message is one sentence for its owner, with row and column where there are any."""


def quoted(text: str) -> str:
    """A text of the file as a sentence repeats it: in quotation marks, short, on one line."""
    return repr(text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…")


def listed(names: list[str], most: int) -> str:
    """The first of some names, as a sentence repeats them."""
    shown = [quoted(name)[1:-1] for name in names[:most]]
    return ", ".join(shown) + (" and more" if len(names) > most else "")


def check_size(size: int, most: int = LIMITS.file_bytes) -> None:
    """Refuse files with more bytes than that, before anything in them is read."""
    if size > most:
        raise TableError(f"The file has {size / 1e6:.0f} MB; files of more than {most / 1e6:g} MB are not read.")
