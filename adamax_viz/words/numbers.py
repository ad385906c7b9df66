"""Numbers as people write them: every sentence about a run would round in its own way without it."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np


def number(value: float) -> str:
    """A number as people write it: four digits, no needless zeros."""
    if not np.isfinite(value):
        return "not finite"
    text = f"{value + 0.0:.4g}"  # no minus for zero
    return text.replace("e-0", "e-").replace("e+0", "e+").replace("e+", "e").replace("-", "−")


def point(values: Iterable[Any]) -> str:
    """A point as people write it."""
    return f"({', '.join(map(number, values))})"


def counted(count: int, word: str) -> str:
    """``1 step``, ``3 steps``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def rounded(value: float, digits: int = 3) -> str:
    """A measured number with so many digits."""
    return number(float(f"{value:.{digits}g}")) if np.isfinite(value) else number(value)
