"""Whatever is opened, there are runs or one sentence; nothing else comes out, and it takes no memory to speak of."""

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from adamax_viz.files.point_table import read_points
from adamax_viz.files.refusal import TableError
from adamax_viz.files.reopen import open_file
from adamax_viz.limits import LIMITS
from tests.files.hostile import CRAFTED, hostile_file

MOST_MEMORY = 150  # MB that opening a file may take beside it
PATIENCE = 600  # seconds until a hang is one
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def opened(name: str, data: bytes) -> str:
    """What comes of a file: the sentence that refuses it, or nothing."""
    try:
        if name.startswith("points"):
            points = read_points(data)
            assert len(points.inputs) <= LIMITS.points_rows
            assert np.isfinite(points.inputs).all()
            return ""
        runs = open_file(name, data)
    except TableError as error:
        return str(error)
    assert 1 <= len(runs) <= LIMITS.file_runs
    for run in runs:
        assert 1 <= run.trajectory.steps <= LIMITS.shown_steps
        assert len(run.complaints) < 60
        for complaint in run.complaints:
            is_a_sentence(complaint)
    return ""


def is_a_sentence(text: str) -> None:
    assert "\n" not in text
    assert text.endswith(".")
    assert len(text) < 700, text


@pytest.mark.parametrize("what", CRAFTED)
def test_a_file_that_was_thought_out_gives_runs_or_one_sentence(what: str) -> None:
    if sentence := opened(*CRAFTED[what]()):
        is_a_sentence(sentence)


@pytest.mark.parametrize("seed", range(10))
def test_a_file_that_is_damaged_at_random_gives_runs_or_one_sentence(seed: int) -> None:
    rng = random.Random(seed)
    sentences = [opened(*hostile_file(rng)) for _ in range(60)]
    refusals = [sentence for sentence in sentences if sentence]
    for sentence in refusals:
        is_a_sentence(sentence)
    assert 5 < len(refusals) < 55  # some are opened all the same


MEASURE = """
import json, re
from tests.files.hostile import CRAFTED
from tests.files.test_hostile import opened

def memory(which):
    return int(re.search(which + r":\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1e3

opened(*CRAFTED["an archive of one name"]())  # what is imported and compiled at first
taken = {}
for what, make in CRAFTED.items():
    name, data = make()
    open("/proc/self/clear_refs", "w").write("5")  # begin to look for the peak anew
    before = memory("VmRSS")
    opened(name, data)
    taken[what] = memory("VmHWM") - before
print(json.dumps(taken))
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is known on Linux alone")
def test_no_file_takes_much_memory() -> None:
    command = [sys.executable, "-c", MEASURE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    taken = json.loads(done.stdout)
    assert taken.keys() == CRAFTED.keys()
    assert {what: most for what, most in taken.items() if most > MOST_MEMORY} == {}


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("a header of commas", "there are 100002 columns; at most 20000"),
        ("many rows", "more than 100000 rows"),
        ("twenty thousand runs", "has 20000 runs; at most 24"),
        ("runs on many formulas", "on 20 formulas; at most 2"),
        ("broken BZIP2", "packed in an uncommon way"),
        ("broken LZMA", "packed in an uncommon way"),
        ("a directory that is elsewhere", "damaged or locked"),
        ("an archive of many", "100000 files"),
        ("a name without end", "a column's name has 100006 characters"),
        ("a row of many lines", "Row 2: there are 50001 cells, and 2 in the header"),
        ("weights at both ends", "span more than a picture can show"),
    ],
)
def test_the_sentence_says_what_is_too_much(what: str, words: str) -> None:
    assert words in opened(*CRAFTED[what]())
