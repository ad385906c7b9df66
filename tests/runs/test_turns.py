"""Turns: first come, first served; nobody's second before another's first; never more at once than there is room."""

import random

from adamax_viz.runs.turns import Ticket, Turns


class Row:
    """Turns, and who got them."""

    def __init__(self, at_once: int = 1) -> None:
        self.turns, self.begun = Turns(at_once), list[Ticket]()

    def ask(self, person: str) -> Ticket:
        ticket = Ticket(person, self.begun.append)
        self.turns.ask(ticket)
        return ticket

    def drain(self) -> str:
        """Everybody's turn, one after the other: whose they were."""
        for ticket in self.begun:  # grows meanwhile
            self.turns.end(ticket)
        return "".join(ticket.person for ticket in self.begun)


def test_who_comes_first_goes_first() -> None:
    row = Row()
    for person in "abc":
        row.ask(person)
    assert [ticket.person for ticket in row.begun] == ["a"]
    assert row.drain() == "abc"
    assert row.turns.idle


def test_nobodys_second_goes_before_anothers_first() -> None:
    row = Row()
    for person in "aaabbc":
        row.ask(person)
    assert row.drain() == "abcaba"


def test_who_comes_late_joins_the_present_round() -> None:
    row = Row()
    for person in "aaabb":
        row.ask(person)
    for _ in range(3):
        row.turns.end(row.begun[-1])
    row.ask("c")
    assert row.drain() == "abab" + "ca"


def test_how_many_come_before() -> None:
    row = Row()
    tickets = [row.ask(person) for person in "aabc"]
    assert [row.turns.before(ticket) for ticket in tickets] == [0, 3, 1, 2]
    row.turns.end(tickets[0])
    assert [row.turns.before(ticket) for ticket in tickets] == [0, 2, 0, 1]


def test_whoever_gives_up_makes_room() -> None:
    row = Row()
    first, second, _ = (row.ask(person) for person in "abc")
    row.turns.end(second)
    row.turns.end(first)
    row.turns.end(first)  # once more changes nothing
    assert [ticket.person for ticket in row.begun] == ["a", "c"]


def test_tickets_that_are_alike_are_not_taken_for_one_another() -> None:
    row = Row()
    one, other = row.ask("a"), row.ask("a")
    row.turns.end(other)
    assert row.begun == [one]
    row.turns.end(one)
    assert len(row.begun) == 1


def test_never_more_at_once_and_everybody_in_the_end() -> None:
    dice = random.Random(0)
    for at_once in (1, 2, 5):
        row, working, asked = Row(at_once), list[Ticket](), 0
        for _ in range(300):
            if dice.random() < 0.6:
                row.ask(dice.choice("abcdef"))
                asked += 1
            elif working:
                row.turns.end(dice.choice(working))
            working = [ticket for ticket in row.begun if any(ticket is other for other in row.turns._working)]
            assert len(working) <= at_once
        assert len(row.drain()) == asked
        assert row.turns.idle


def test_one_that_cannot_begin_does_not_hold_up_the_others() -> None:
    turns, begun = Turns(1), []

    def fail(_: Ticket) -> None:
        raise RuntimeError("can't start new thread")

    turns.ask(Ticket("a", fail))
    turns.ask(Ticket("b", begun.append))
    assert len(begun) == 1
