"""Shared bytes: never more than there are; who rests unseen goes first; whoever is gone holds nothing."""

import gc
import random

from adamax_viz.limits import LIMITS
from adamax_viz.runs.shared_memory import SharedMemory


class Record:
    """An owner whose every answer is set by hand."""

    def __init__(self, looked: float = 0, *, watched: bool = False, resting: bool = True) -> None:
        self.looked, self.watched, self.resting, self.gone = looked, watched, resting, False

    def let_go(self) -> bool:
        self.gone = self.resting
        return self.resting


def test_what_fits_is_granted_and_nobody_has_to_go() -> None:
    memory, one, other = SharedMemory(100), Record(), Record()
    assert (memory.reserve(one, 60), memory.reserve(other, 40)) == (60, 40)
    assert not one.gone
    assert memory.reserve(one, 50) == 50  # in place of what it had
    memory.release(other)
    assert memory.taken == 50


def test_the_one_that_was_longest_not_looked_at_goes_first_and_only_as_many_as_must() -> None:
    memory = SharedMemory(100)
    records = [Record(looked) for looked in (3, 1, 2)]
    for record in records:
        memory.reserve(record, 30)
    assert memory.reserve(Record(4), 40) == 40
    assert [record.gone for record in records] == [False, True, False]


def test_what_is_on_the_screen_or_at_work_stays_and_the_new_record_is_coarser() -> None:
    memory = SharedMemory(5 * LIMITS.coarse_bytes)
    seen, busy, old = Record(0, watched=True), Record(0, resting=False), Record(9)
    for record in (seen, busy, old):
        memory.reserve(record, 3 * LIMITS.coarse_bytes // 2)
    assert memory.reserve(Record(10), 4 * LIMITS.coarse_bytes) == 2 * LIMITS.coarse_bytes
    assert (seen.gone, busy.gone, old.gone) == (False, False, True)


def test_what_is_on_the_screen_goes_before_nothing_worth_looking_at_fits() -> None:
    memory = SharedMemory(3 * LIMITS.coarse_bytes)
    early, late = Record(1, watched=True), Record(2, watched=True)
    memory.reserve(late, LIMITS.coarse_bytes)
    memory.reserve(early, 2 * LIMITS.coarse_bytes)
    assert memory.reserve(Record(3), 3 * LIMITS.coarse_bytes) == 2 * LIMITS.coarse_bytes
    assert (early.gone, late.gone) == (True, False)


def test_whatever_is_asked_there_is_never_more() -> None:
    dice, memory, records = random.Random(1), SharedMemory(10 * LIMITS.coarse_bytes), list[Record]()
    for now in range(400):
        if dice.random() < 0.3 and records:
            records.pop(dice.randrange(len(records)))
        else:
            records.append(Record(now, watched=dice.random() < 0.5, resting=dice.random() < 0.6))
            wanted = dice.randrange(1, 5 * LIMITS.coarse_bytes)
            assert 1 <= memory.reserve(records[-1], wanted) <= wanted
        # One byte each is what a record has that nothing is left for.
        assert memory.taken <= memory.most + len(records)


def test_whoever_is_gone_holds_nothing() -> None:
    memory, record = SharedMemory(100), Record()
    memory.reserve(record, 100)
    del record
    gc.collect()
    assert memory.taken == 0
