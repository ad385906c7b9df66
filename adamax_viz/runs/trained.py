"""A training as a short text for a link: how long it was, and the settings it was changed to on the way.

``500|120?learning_rate=0.05`` is 500 steps with the link's own settings, but for the learning rate from step 120 on.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from adamax_viz.limits import LIMITS
from adamax_viz.runs.growing_run import Segment
from adamax_viz.runs.training import ACTIVE, CHANGEABLE, Training
from adamax_viz.study.link import changes_to_params, read_changes
from adamax_viz.study.training_spec import TrainingSpec
from adamax_viz.study.wrong_values import DEFAULT

_SEGMENT = re.compile(r"(\d{1,6})(?:\?(.*))?", re.ASCII | re.DOTALL)
_WRONG = "The link tells of a training that can't be read ({}); it was left out."


class Trained(NamedTuple):
    """So many steps of a training, and the specs it was trained with, each from its first micro-step on."""

    steps: int
    segments: tuple[Segment, ...]

    def text(self, spec: TrainingSpec) -> str:
        """What a link of this spec says of it; "" where that would be too long."""
        if len(self.segments) > LIMITS.training_changes:
            return ""
        parts = [str(self.steps)]
        for first, each in self.segments:
            changes = changes_to_params(each.changed(steps=spec.steps), spec)
            if first or changes:
                parts.append(f"{first}?{urlencode(changes, quote_via=quote, safe=',')}")
        text = "|".join(parts)
        return text if len(text) <= LIMITS.link_length // 2 else ""


def trained(training: Training) -> Trained | None:
    """What a training has done, and is about to do if it is at work; None if it has not begun."""
    steps = training.total if training.state in ACTIVE else training.done
    planned = [segment for segment in training.planned if segment.first <= steps]
    return Trained(steps, (*training.segments, *planned)) if steps else None


def read_trained(text: str, spec: TrainingSpec) -> tuple[Trained | None, list[str]]:
    """The training of a link's text and spec, or a sentence that says what is wrong with it."""
    try:
        return _read(text, spec), []
    except ValueError as error:
        return None, [_WRONG.format(error)]


def _read(text: str, spec: TrainingSpec) -> Trained:
    steps, *parts = text.split("|", LIMITS.training_changes + 1)
    if len(parts) > LIMITS.training_changes:
        raise ValueError(f"more than {LIMITS.training_changes} changes")
    if not re.fullmatch(r"\d{1,6}", steps, re.ASCII) or not 1 <= int(steps) <= LIMITS.training_steps:
        raise ValueError(f"it has no length from 1 to {LIMITS.training_steps:,} steps")
    segments = [_segment(part, spec) for part in parts]
    if not segments or segments[0].first:
        segments.insert(0, Segment(0, spec))
    firsts = [segment.first for segment in segments]
    if firsts != sorted(set(firsts)) or firsts[-1] > int(steps):
        raise ValueError("its changes are not in order")
    return Trained(int(steps), tuple(segments))


def _segment(text: str, spec: TrainingSpec) -> Segment:
    match = _SEGMENT.fullmatch(text)
    if match is None:
        raise ValueError("a change names no step")
    changes = dict(parse_qsl(match[2] or "", keep_blank_values=True))
    if changes.keys() - CHANGEABLE or "steps" in changes:
        raise ValueError("it changes what can't change on the way")
    changed, complaints = read_changes(spec, changes, DEFAULT)
    if complaints:
        raise ValueError(complaints[0].rstrip("."))
    return Segment(int(match[1]), changed)
