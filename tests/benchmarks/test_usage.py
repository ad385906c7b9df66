"""What a process takes is measured, or it is an error: nothing passes a bar with zeros."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.usage import usage

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="this system does not tell")


def test_a_process_takes_something_and_those_it_started_count() -> None:
    alone = usage(os.getpid())
    assert min(alone) > 0
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert usage(os.getpid()).threads > usage(child.pid).threads > 0
        child.communicate(b"\n")


def test_one_that_has_ended_is_an_error_also_before_anybody_asked_for_its_end() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    with pytest.raises(OSError, match=r"ended|No such process"):
        usage(child.pid)
    child.wait()
    with pytest.raises(OSError, match="No such file"):
        usage(child.pid)
