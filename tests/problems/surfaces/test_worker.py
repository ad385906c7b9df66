"""The worker outlives whatever it is given, ends with its server, and leaves no process behind."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from adamax_viz import apart
from adamax_viz.apart import Apart
from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces import functions, worker_client
from adamax_viz.problems.surfaces.derivation import refusal
from adamax_viz.problems.surfaces.formula_text import FormulaBusy, FormulaError
from adamax_viz.problems.surfaces.functions import compile_formula
from adamax_viz.study.link import from_query, to_query
from adamax_viz.study.spec import RunSpec
from tests.problems.surfaces.test_hostile import HANG, SLOW, asked

worker = pytest.importorskip("adamax_viz.problems.surfaces.worker", reason="there are no forks")
pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="processes are looked at as Linux shows them")

LONG = "the formula takes too long to differentiate"


def pid() -> int:
    link = worker_client.WORKER.link
    assert link is not None
    return link.process.pid


def children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name_and_more = stat.read_text(encoding="utf-8")
        except OSError:  # it has ended
            continue
        if int(name_and_more.rpartition(")")[2].split()[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def has_ended(process: int) -> bool:
    """Whether a process ends, however busy the machine is."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], HANG)[0])
    finally:
        os.close(handle)


FRESH = count(os.getpid() * 1000)


@pytest.fixture
def numbers() -> Iterator[int]:
    """For formulas that nobody has asked for yet."""
    return FRESH


def value(formula: str) -> float:
    return float(compile_formula(formula).value(2.0, 3.0, 0.0)[0])


def test_a_worker_that_is_killed_is_started_again(numbers: Iterator[int]) -> None:
    compile_formula(f"x + {next(numbers)}")
    killed = pid()
    asking, _ = asked(f"{SLOW} + {next(numbers)}")
    os.kill(killed, signal.SIGKILL)
    assert has_ended(killed)
    assert value("x + y/7") == 2 + 3 / 7
    assert pid() != killed
    asking.join(HANG)
    assert not asking.is_alive()


def test_a_child_that_is_killed_costs_its_own_formula_alone(numbers: Iterator[int]) -> None:
    compile_formula(f"x + {next(numbers)}")
    asking, said = asked(f"{SLOW} + {next(numbers)}")
    while not (working := children(pid())) and asking.is_alive():
        pass
    for child in working:
        os.kill(child, signal.SIGKILL)
    assert value("x + y/11") == 2 + 3 / 11
    asking.join(HANG)
    assert isinstance(said[0], FormulaBusy) or "too long" in said[0].reason


def test_ctrl_c_is_not_for_the_worker(numbers: Iterator[int]) -> None:
    before = pid()
    compile_formula(f"x + {next(numbers)}")
    assert os.getpgid(before) != os.getpgid(0)
    os.kill(before, signal.SIGINT)
    compile_formula(f"x + {next(numbers)}")
    assert pid() == before


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker that has as little time for a formula as a server gives it."""
    monkeypatch.setenv("ADAMAX_FORMULA_SECONDS", "3")
    worker = Apart(worker_client.WORKER.module, worker_client.WORKER.at_once, LIMITS.formula_seconds)
    monkeypatch.setattr(worker_client, "WORKER", worker)
    yield
    worker.end()


@pytest.mark.usefixtures("strict")
def test_a_storm_of_formulas_ends_and_leaves_nothing(numbers: Iterator[int]) -> None:
    formulas = [f"sin(x*{next(numbers)})*exp(y)" for _ in range(28)] + [f"{SLOW}+{next(numbers)}" for _ in range(2)]
    storm = [asked(formula) for formula in formulas]
    most = 0
    while any(thread.is_alive() for thread, _ in storm):
        most = max(most, len(children(pid())))
        storm[-1][0].join(0.01)
    assert [len(said) for _, said in storm] == [1] * 30
    assert most <= LIMITS.formulas_at_once
    assert children(pid()) == []
    assert worker_client.WORKER.link is not None
    assert not worker_client.WORKER.link.asked


@pytest.fixture
def no_patience() -> Iterator[None]:
    before = functions.PATIENCE.set(0)
    yield
    functions.PATIENCE.reset(before)


def test_a_script_asks_again_while_there_are_too_many_others(
    numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [apart.BUSY, apart.LATE, apart.LOST]
    real = worker_client.WORKER.ask
    monkeypatch.setattr(worker_client.WORKER, "ask", lambda request: answers.pop() if answers else real(request))
    assert value(f"x + y*{next(numbers)}") > 3
    assert not answers


@pytest.mark.usefixtures("no_patience")
def test_whoever_finds_too_many_others_is_told_so_and_may_ask_again(
    numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    formula = f"x + y*{next(numbers)}"
    with monkeypatch.context() as patch:
        patch.setattr(worker_client.WORKER, "at_once", 0)
        with pytest.raises(FormulaBusy, match="no time to work out this formula just now; please try again"):
            compile_formula(formula)
        with pytest.raises(FormulaBusy):  # a link is not opened without it
            from_query(to_query(RunSpec(surface="custom", formula=formula)))
    assert value(formula) > 3


@pytest.mark.usefixtures("no_patience")
def test_where_no_process_can_be_made_it_is_busy(numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(worker_client, "WORKER", Apart(worker_client.WORKER.module, 1, 1))
        patch.setattr(apart, "Link", fail)
        with pytest.raises(FormulaBusy):
            compile_formula(f"x + y*{next(numbers)}")


def test_an_answer_comes_in_time_even_if_it_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADAMAX_FORMULA_SECONDS", "1")
    worker = Apart(worker_client.WORKER.module, 1, 1)
    try:
        answer = worker.ask({"formula": SLOW, "parameters": [], "hessian": False})
    finally:
        worker.end()
    assert "busy" in answer or LONG in str(answer).lower()


def test_it_ends_when_its_server_is_killed() -> None:
    code = (
        "from adamax_viz.problems.surfaces import worker_client as w, functions\n"
        "functions.compile_formula('x + y/13'); print(w.WORKER.link.process.pid, flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        there = int(server.stdout.readline())
        server.kill()
    assert has_ended(there)


def test_it_ends_when_its_server_ends() -> None:
    code = (
        "from adamax_viz.problems.surfaces import worker_client as w, functions\n"
        "functions.compile_formula('x + y/13'); print(w.WORKER.link.process.pid)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert has_ended(int(done.stdout))


def test_a_forked_process_has_a_worker_of_its_own(numbers: Iterator[int]) -> None:
    code = (
        "import os\n"
        "from adamax_viz.problems.surfaces import worker_client as w, functions\n"
        "functions.compile_formula('x + y/13'); ours = w.WORKER.link.process.pid\n"
        "child = os.fork()\n"
        "functions.compile_formula('x + y/17')\n"
        "assert (w.WORKER.link.process.pid == ours) == bool(child)\n"
        "if child: assert os.waitpid(child, 0)[1] == 0\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=HANG)


def test_a_child_has_so_much_memory_and_no_more() -> None:
    code = (
        "import os\n"
        "from adamax_viz.problems.surfaces import worker\n"
        "worker._bound_oneself(0.3); bytearray(100_000_000)\n"
        "try: bytearray(400_000_000)\n"
        "except MemoryError: print('bounded', flush=True)\n"
        "os._exit(0)"  # as a child ends
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "bounded\n"


KILLED, CRASHED, ENDED = signal.SIGKILL, signal.SIGSEGV, 0  # as `os.wait4` gives them
TOO_LONG = refusal("The formula takes too long to differentiate")
TOO_LARGE = refusal("The formula takes too much memory to differentiate")


@pytest.mark.parametrize(
    ("was_late", "status", "seconds", "expected"),
    [
        (False, KILLED, 2.0, TOO_LONG),  # by its own limit
        (True, KILLED, 1.5, TOO_LONG),
        (True, KILLED, 0.2, worker.BUSY),  # it hardly ran
        (False, KILLED, 0.2, worker.BUSY),  # by somebody else
        (False, CRASHED, 0.2, TOO_LARGE),
        (False, ENDED, 0.2, TOO_LARGE),
    ],
)
def test_the_verdict_on_a_child_without_an_answer(
    was_late: bool, status: int, seconds: float, expected: dict[str, object]
) -> None:
    assert worker.verdict(worker.Job({}, was_late=was_late), status, seconds) == expected


def test_without_forks_formulas_are_derived_here(numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(worker_client, "WORKER", None)
    assert value(f"x + y*{next(numbers)}") > 3
    with pytest.raises(FormulaError, match="no real value"):
        compile_formula(f"x/0 + {next(numbers)}")
