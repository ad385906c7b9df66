"""What is said of a name that nothing has."""

from collections.abc import Collection
from difflib import get_close_matches

_FEW = 3


def unknown(what: str, name: object, names: Collection[str]) -> str:
    """A sentence for whoever has asked for it: the names near it, or some of those that there are.

    >>> unknown("surface", "Banna", ["booth", "banana"])
    'There is no surface “Banna”; near it is banana.'
    >>> unknown("model", "?", ["line", "mlp", "cnn", "gru"])
    'There is no model “?”; there are 4, such as line, mlp and cnn.'
    """
    asked = str(name)
    shown = repr(asked)[1:-1]  # what can't be seen is written out
    near = get_close_matches(asked.lower().replace(" ", "_"), names, n=_FEW, cutoff=0.5)
    *others, last = near or list(names)[:_FEW]
    listed = f"{', '.join(others)} and {last}" if others else last
    hint = f"near it {'are' if others else 'is'}" if near else f"there are {len(names)}, such as"
    return f"There is no {what} “{shown}”; {hint} {listed}."
