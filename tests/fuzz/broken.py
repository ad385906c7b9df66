"""A kind that is broken, for the tests of whoever watches: the third case hangs, the fifth ends its process."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any


def make(_: Random, number: int) -> int:
    """The case's number."""
    return number


@contextmanager
def checking() -> Iterator[Callable[[Any], bool]]:
    """Nothing to prepare."""
    yield check


def check(number: int) -> bool:
    """Even ones are accepted."""
    if number == 3:
        time.sleep(60)
    if number == 5:
        os._exit(1)
    if number == 7:
        raise ValueError("as asked")
    return number % 2 == 0
