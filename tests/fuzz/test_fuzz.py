"""Some of what chance deals, the same at each run: nothing hangs, fails, or says what is inside the server.

``python -m tests.fuzz`` runs far more of it.
"""

from math import inf

import pytest

from tests.fuzz.driver import HANG, Drive, Worker
from tests.fuzz.kind import NAMES, Case, made

COUNTS = {"formulas": 250, "crafted": 13, "links": 350, "pages": 8, "files": 100, "http": 100, "asked": 200}


@pytest.fixture(scope="module")
def worker():
    """One process for all kinds; whoever ends it gets another."""
    workers = [Worker()]
    yield workers
    workers[-1].stop()


@pytest.mark.parametrize("kind", NAMES)
def test_every_case_is_used_or_refused_in_a_sentence(kind, worker):
    drive = Drive(kind, seed=0, count=COUNTS[kind], seconds=None, slow=inf, hang=HANG)
    worker.append(drive.serve(worker.pop()))
    report = drive.report
    failures = [f"--case {case}  {words}" for alike in report.failures.values() for case, words in alike]
    assert not failures, "\n".join(["python -m tests.fuzz repeats them:", *failures])
    assert report.accepted + report.refused == COUNTS[kind]
    assert report.accepted


@pytest.mark.parametrize("kind", NAMES)
def test_a_case_is_the_same_each_time(kind):
    cases = [Case(kind, 7, number) for number in range(20)]
    assert [repr(made(case)) for case in cases] == [repr(made(case)) for case in cases]
    assert len({repr(made(case)) for case in cases}) > 10


def test_a_case_that_hangs_or_ends_its_process_is_found_and_the_rest_goes_on():
    drive = Drive("broken", seed=0, count=12, seconds=None, slow=inf, hang=3.0)
    drive.serve(Worker()).stop()
    found = {case.number: words for alike in drive.report.failures.values() for case, words in alike}
    assert found[3].startswith("hangs")
    assert found[5] == "ends the process"
    assert found[7].startswith("ValueError: as asked")
    assert (drive.report.count, drive.report.failed, drive.report.accepted) == (12, 3, 6)
