"""Answers and progress of lessons as short texts for a link: letters, digits and ``-._~`` only."""

import re
from collections.abc import Mapping

Answer = int | float | tuple[float, float]  # the place of a choice, a value, or a point

_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"
_ANSWER = re.compile(rf"(\d{{1,6}})(?:([a-f])|_({_NUMBER})(?:_({_NUMBER}))?)", re.ASCII)
_SEEN = re.compile(r"([a-z][a-z0-9-]*)\.(\d{1,6})", re.ASCII)


def answers_text(answers: Mapping[int, Answer]) -> str:
    """Answers by scene number.

    >>> answers_text({2: 1, 3: 0.25, 5: (1.5, -0.4)})
    '2b~3_0.25~5_1.5_-0.4'
    """
    return "~".join(f"{scene}{_text(answer)}" for scene, answer in sorted(answers.items()))


def _text(answer: Answer) -> str:
    if isinstance(answer, int):
        return "abcdef"[answer]
    return "".join(f"_{value:.5g}".replace("e+", "e") for value in (answer if isinstance(answer, tuple) else (answer,)))


def answers_of(text: str | None) -> dict[int, Answer]:
    """The answers of a text; what can't be read is left out."""
    answers: dict[int, Answer] = {}
    for part in (text or "").split("~"):
        match = _ANSWER.fullmatch(part)
        if match is None:
            continue
        scene, letter, first, second = match.groups()
        if letter:
            answers[int(scene)] = "abcdef".index(letter)
        else:
            answers[int(scene)] = float(first) if second is None else (float(first), float(second))
    return answers


def seen_text(seen: Mapping[str, int]) -> str:
    """How many scenes of each lesson were seen.

    >>> seen_text({"momentum": 3})
    'momentum.3'
    """
    return "~".join(f"{name}.{count}" for name, count in seen.items())


def seen_of(text: str | None) -> dict[str, int]:
    """The progress of a text; what can't be read is left out."""
    matches = (_SEEN.fullmatch(part) for part in (text or "").split("~"))
    return {match[1]: int(match[2]) for match in matches if match}
