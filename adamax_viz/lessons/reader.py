"""Lessons as data: one Markdown file each, with TOML between ``+++`` lines, read and checked when they are loaded.

A file begins with the lesson's own data, then come its scenes::

    +++
    title = "What a step is"
    line = "One sentence for the card."
    minutes = 5
    +++

    ## Title of a scene
    +++
    settings = "surface=round_bowl&steps=60"
    step = 0
    +++
    Text in Markdown, with formulas such as $\\m$ and numbers of the run such as {{loss[-1]:.3g}}.
    The loss falls.
    ? loss[-1] < loss[0]

A line that begins with ``?`` is the check of the sentence above it (`adamax_viz.lessons.claims`); the tests run them
all and nobody sees them. If a scene asks for a prediction, a line ``---`` parts what is said before the answer from
what is said after it.
"""

import logging
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from adamax_viz.lessons.claims import check, holes
from adamax_viz.lessons.lesson import Data, Lesson, Scene
from adamax_viz.problems.expressions import Refusal

FOLDER = Path(__file__).parent / "content"
FENCE = "+++"

Model = TypeVar("Model", bound=Data)
Block = list[tuple[int, str]]  # lines of a file with their numbers


class LessonError(ValueError):
    """What is wrong with a lesson's file, with its name and line."""


def read_lesson(path: Path) -> Lesson:
    """A lesson from its file; its name is the file's without the leading number.

    Raises:
        LessonError: what is wrong, with file and line.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    numbered = list(enumerate(lines, 1))
    starts = [0, *(i for i, line in enumerate(lines) if line.startswith("## "))]
    head, *blocks = (numbered[start:end] for start, end in pairwise([*starts, len(lines)]))
    name = path.stem.partition("_")[2].replace("_", "-")
    scenes = [_scene(block, path) for block in blocks]
    return _validated(Lesson, _toml(head, path)[0] | {"name": name, "scenes": scenes}, head, path)


def _toml(block: Block, path: Path) -> tuple[dict[str, Any], Block]:
    """The data between the first two fences, and the lines after them."""
    fences = [i for i, (_, line) in enumerate(block) if line.strip() == FENCE]
    if len(fences) < 2:
        first = block[0][0] if block else 1
        raise LessonError(f"{path.name}:{first}: here belongs TOML between two lines {FENCE}")
    start, end = fences[:2]
    try:
        values = tomllib.loads("\n".join(line for _, line in block[start + 1 : end]))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        number, _ = block[start + int(place[1]) if place else end]
        raise LessonError(f"{path.name}:{number}: {error}") from None
    return values, block[end + 1 :]


def _scene(block: Block, path: Path) -> Scene:
    first, title = block[0]
    values, body = _toml(block, path)
    texts: list[list[str]] = [[]]
    checks = []
    for number, line in body:
        try:
            if line.startswith("? "):
                checks.append(check(line[2:]))
                continue
            list(holes(line))
        except Refusal as error:
            raise LessonError(f"{path.name}:{number}: {error}") from None
        if line.strip() == "---":
            texts.append([])
        else:
            texts[-1].append(line)
    if len(texts) != (2 if "ask" in values else 1):
        wanted = "exactly one line --- before what is said after the answer" if "ask" in values else "no line ---"
        raise LessonError(f"{path.name}:{first}: this scene needs {wanted}")
    before, after, *_ = ("\n".join(lines).strip() for lines in (*texts, []))
    values |= {"title": title[3:].strip(), "before": before, "after": after, "checks": tuple(checks)}
    return _validated(Scene, values, block, path)


def _validated(model: type[Model], values: Mapping[str, Any], block: Block, path: Path) -> Model:
    try:
        return model(**values)
    except ValidationError as error:
        problem = error.errors()[0]
        message = problem["msg"].removeprefix("Value error, ")
        names = [str(part) for part in problem["loc"] if isinstance(part, str)] or re.findall(r"^\w+", message)
        place = f"{'.'.join(names)}: " if problem["loc"] else ""
        raise LessonError(f"{path.name}:{_line_of(names, block)}: {place}{message}") from None


def _line_of(names: list[str], block: Block) -> int:
    """The line that sets a value, or the block's first."""
    for name in reversed(names):
        for number, line in block:
            if re.match(rf"{re.escape(name)}\s*=|\[{re.escape(name)}\]", line):
                return number
    return block[0][0]


@lru_cache(maxsize=1)
def lessons() -> tuple[Lesson, ...]:
    """All lessons in order. A damaged file is left out and logged: a class never sees it, the tests do."""
    readable = []
    for path in sorted(FOLDER.glob("*.md")):
        try:
            readable.append(read_lesson(path))
        except (LessonError, OSError, UnicodeDecodeError) as error:
            logging.getLogger(__name__).error("%s", error)
    return tuple(readable)


def find_lesson(name: str | None) -> Lesson | None:
    """The lesson of that name."""
    return next((lesson for lesson in lessons() if lesson.name == name), None)
