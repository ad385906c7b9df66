"""A thread that computes in the background lets the others have the cores first."""

import os
import sys
import threading

NICE = 10


def stand_back() -> None:
    """For this thread and those it begins, where a thread can have a priority of its own."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
