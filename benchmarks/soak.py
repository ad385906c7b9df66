"""People come, move knobs, train, leave and come again, for minutes on one server: what that takes, what they leave.

``python -m benchmarks soak --people 20 --minutes 10`` ends some five minutes later than that: before and after the
crowd everybody is away until Streamlit has let go of their sessions.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

import numpy as np

from benchmarks.crowd import live
from benchmarks.measure import table, verdict
from benchmarks.person import Person
from benchmarks.servers import APP, Server, serving
from benchmarks.usage import Usage, usage

EVERY = 5.0  # seconds between two looks at the process
STAYS = 150e6  # bytes more than after the first person that may be left
SLOWER = 1.5  # times the quiet p95 that others may wait
SETTLES = 45.0  # seconds until the server has seen that a session ended, and freed what it had
TRAININGS, ASKS = 10, 120  # at once, and direct answers that somebody else asks for meanwhile
KEPT_WITHIN = 15.0  # seconds in which an address has to say what was changed
TOLD_AGAIN = 5.0  # seconds after which a player tells a session again that has not answered
PAUSE = 0.15  # seconds between two of these
MODELS = ("linear_regression", "logistic_regression", "mlp", "mlp_curve", "cnn", "gru", "autoencoder")
LARGE = {"model": "mlp", "widths": "42,42", "steps": "20000"}
LOOKED_AT = ("", "effects", "adam_to_adamax", "lessons", "reference")
OVER = ("Finished", "Stopped", "diverged", "let go")


class Soak:
    """One server, everybody on it, and what was seen.

    `lost` counts the changes that an address forgot, `again` those that had to be told once more, `changes` all.
    """

    def __init__(self, server: Server) -> None:
        self.server, self.seen = server, list[Usage]()
        self.changes = self.lost = self.again = self.trainings = self.visits = 0
        self.faults: list[str] = []
        self.waits: list[float] = []

    def look(self) -> Usage:
        """What the process takes now."""
        self.seen.append(usage(self.server.process.pid))
        return self.seen[-1]

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    # -- what people do ----------------------------------------------------------------------------------------

    async def life(self, dice: random.Random, until: float) -> None:
        """Visits, one after the other, with some time away between them."""
        while time.perf_counter() < until:
            visit = dice.choice([self.plays, self.trains, self.trains, self.looks])
            await self.visit(visit, dice)
            await asyncio.sleep(dice.uniform(0.5, 4))

    async def visit(self, visit: Callable[[Person, random.Random], Coroutine[Any, Any, None]], dice: Any) -> None:
        """One tab from its opening to its end."""
        person = Person(self.server.port)
        self.visits += 1
        try:
            await visit(person, dice)
        except TimeoutError:
            self.faults.append(f"No answer on the page {person.page!r}.")
        await person.leave()
        self.faults += person.faults
        self.waits += person.waits

    async def plays(self, person: Person, dice: random.Random) -> None:
        """Move the learning rate on the Playground, close the tab, and open its address again."""
        await person.come("playground", {"surface": dice.choice(["beale", "booth", "rosenbrock", "ackley"])})
        for _ in range(dice.randint(1, 4)):
            rate = rate_of(dice, 0.001, 0.5)
            await live(self.server, rate)
            await self.change(person, rate)
            await asyncio.sleep(dice.uniform(0.2, 2))
        kept = person.address
        await person.leave()
        await person.come("playground", kept)
        self.changes += 1
        if person.address != kept:
            self.lost += 1
            self.faults.append(f"The page did not come back as {kept}: {person.address}.")

    async def trains(self, person: Person, dice: random.Random) -> None:
        """Train a model, change its rate on the way or at the end; half of them leave before it is over."""
        address = {"model": dice.choice(MODELS), "steps": str(dice.choice([300, 1000, 3000]))}
        await person.come("models", address | {"seed": str(dice.randint(1, 999))})
        await person.press("Train")
        self.trainings += 1
        patience = time.perf_counter() + dice.choice([5, 60])
        while time.perf_counter() < patience and not any(word in person.words for word in OVER):
            await asyncio.sleep(0.5)
        await self.change(person, rate_of(dice, 0.001, 0.1))
        await asyncio.sleep(dice.uniform(0.5, 5))

    async def looks(self, person: Person, dice: random.Random) -> None:
        """Open a page and read."""
        await person.come(dice.choice(LOOKED_AT), {})
        await asyncio.sleep(dice.uniform(1, 5))

    async def change(self, person: Person, rate: float) -> None:
        """Let go of the learning rate; the address has to say it."""
        await person.move(learning_rate=rate)
        self.changes += 1
        began = time.perf_counter()  # a picture that was on its way may have been the answer
        told = 1
        while person.address.get("learning_rate") != f"{rate:g}":
            waited = time.perf_counter() - began
            if waited > KEPT_WITHIN:
                self.lost += 1
                self.faults.append(f"{person.page}?{person.address} does not say {rate:g} ({person.words!r}).")
                return
            if waited > told * TOLD_AGAIN and person.answered < person.told:
                told += 1
                self.again += 1
                await person.move(learning_rate=rate)
            await asyncio.sleep(0.1)

    # -- the whole of it ---------------------------------------------------------------------------------------

    async def first_person(self) -> None:
        """One of everything: what is loaded and compiled once is there afterwards."""
        dice = random.Random(0)
        for visit in (self.plays, self.looks, self.trains):
            await self.visit(visit, dice)

    async def crowd(self, people: int, minutes: float) -> None:
        """Everybody at once."""
        watching = asyncio.create_task(self.watch())
        until = time.perf_counter() + 60 * minutes
        await asyncio.gather(*(self.life(random.Random(number), until) for number in range(1, people + 1)))
        stop(watching)

    async def ten_trainings(self) -> "Beside":
        """How long another one waits, on a quiet server and while ten large trainings are asked for at once."""
        quiet = await self.asks()
        trainers = [Person(self.server.port) for _ in range(TRAININGS)]
        for number, trainer in enumerate(trainers):
            await trainer.come("models", LARGE | {"seed": str(number)})
        await asyncio.gather(*(trainer.press("Train") for trainer in trainers))
        watching = asyncio.create_task(self.watch())
        first = await self.asks()  # the model is compiled meanwhile
        beside = await self.asks()
        stop(watching)
        words = sorted({trainer.words.partition(":")[0] for trainer in trainers})
        for trainer in trainers:
            await trainer.leave()
        return Beside(quiet, first, beside, words)

    async def asks(self) -> list[float]:
        """Milliseconds of direct answers, one after the other."""
        waits = []
        for n in range(ASKS):
            begun = time.perf_counter()
            await live(self.server, round(0.02 + 1e-5 * n + 1e-3 * random.random(), 7))
            waits.append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(PAUSE)
        return waits


def rate_of(dice: random.Random, low: float, high: float) -> float:
    """A learning rate that no page begins with: an address says only what is not at its default."""
    return round(round(dice.uniform(low, high), 4) + 0.00005, 5)


def stop(watching: asyncio.Task[None]) -> None:
    """End a watch.

    Raises:
        OSError: it has ended by itself: the process could not be looked at.
    """
    if watching.done():
        watching.result()
    watching.cancel()


class Beside(NamedTuple):
    """Waits of somebody else: alone, while models are compiled, and while they train; and what the trainers read."""

    quiet: list[float]
    compiling: list[float]
    training: list[float]
    words: list[str]


def main(arguments: list[str]) -> None:
    options = argparse.ArgumentParser("python -m benchmarks soak", description=__doc__)
    options.add_argument("--people", type=int, default=20)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--timeout", type=int, default=120, help="seconds after which Streamlit drops a closed tab")
    given = options.parse_args(arguments)
    settle = given.timeout + SETTLES
    with serving(APP, f"--server.disconnectedSessionTTL={given.timeout}") as server:
        soak = Soak(server)
        asyncio.run(soaked(soak, given.people, given.minutes, settle))


async def soaked(soak: Soak, people: int, minutes: float, settle: float) -> None:
    await soak.first_person()
    await asyncio.sleep(settle)
    first = soak.look()
    beside = await soak.ten_trainings()
    ten = soak.look()
    await soak.crowd(people, minutes)
    await asyncio.sleep(settle)
    report(soak, first, ten, beside, f"{people} people for {minutes:g} minutes, {soak.trainings} trainings")


def report(soak: Soak, first: Usage, ten: Usage, beside: Beside, title: str) -> None:
    last, peak = soak.look(), max(soak.seen, key=lambda seen: seen.bytes)
    quiet = np.percentile(beside.quiet, 95)
    rows = []
    for what, waits in (("training", beside.training), ("compiling", beside.compiling)):
        slow = np.percentile(waits, 95)
        bar = [f"{SLOWER}", verdict(bool(slow <= SLOWER * quiet))] if what == "training" else ["", ""]
        rows.append([what, f"{np.median(waits):.0f}", f"{slow:.0f}", f"{slow / quiet:.2f}", *bar])
    rows.insert(0, ["quiet", f"{np.median(beside.quiet):.0f}", f"{quiet:.0f}", "1", "", ""])
    header = ["meanwhile", "median ms", "p95 ms", "times quiet", "bar", "verdict"]
    table(f"Direct answers while {TRAININGS} trainings are asked for at once", header, rows)
    print(f"\nThe ten read: {'; '.join(beside.words)}. The process took {ten.bytes / 1e6:.0f} MB.")
    rows = [
        ["after the first person", *first.row(), "", ""],
        ["most", *peak.row(), "", ""],
        ["after everybody", *last.row(), "+150 MB", verdict(last.bytes - first.bytes <= STAYS)],
    ]
    table(title, ["when", "MB", "threads", "descriptors", "bar", "verdict"], rows)
    kept = soak.lost == 0 and not soak.faults
    rows = [[*map(str, (soak.visits, soak.changes, soak.again, soak.lost, len(soak.faults))), verdict(kept)]]
    table("Nothing lost", ["visits", "changes", "told again", "lost", "faults", "verdict"], rows)
    for fault in sorted(set(soak.faults))[:10]:
        print(f"- {fault}")
